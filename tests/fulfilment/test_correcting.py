"""What was said about a delivery was not so."""

from datetime import timedelta

import pytest

from apps.accounts.errors import PermissionMissing
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import services
from apps.fulfilment.errors import DeliveryRefused, DeliverySettled, ShipmentMovedOn
from apps.fulfilment.models import DeliveryFact, LineFact, TrackingEvent
from apps.fulfilment.selectors import facts_of, shipment_for
from apps.fulfilment.selectors.kept import kept_in
from apps.fulfilment.selectors.otif import otif_of_account
from apps.insights.selectors.timeline import timeline_of
from apps.invoicing.services import issue_invoice
from apps.invoicing.services.crediting import issue_credit_note
from apps.ordering.errors import UnderReturn
from tests.fulfilment.test_services import CARRIER, deliver
from tests.ordering.trade import actor, shipped


def correct(world, shipment, who=SYSTEM, **more):
    said = {"received_by": "Rick", "delivered_at": world.now + timedelta(hours=2), "lines": {}, "reason": "Miscounted"}
    return services.correct_delivery(who, shipment, **said | {"now": world.now + timedelta(days=1)} | more)


def void(world, shipment, who=SYSTEM, reason="Left at a neighbour", **more):
    return services.void_delivery(who, shipment, reason=reason, now=more.get("now", world.now + timedelta(days=1)))


def kept(world):
    return kept_in(SYSTEM, since=world.now - timedelta(days=30), until=world.now + timedelta(days=90))


def test_a_delivery_counted_wrong_is_counted_anew_everywhere(world):
    order, [shipment] = shipped(world)
    line = order.lines.get()
    deliver(world, shipment, lines={line.pk: (7, 1)})
    assert kept(world).short == kept(world).damaged == 1
    corrected = correct(world, shipment)
    line.refresh_from_db()
    assert (line.delivered_quantity, corrected.lines.get().delivered_quantity) == (10, 10)
    assert not (corrected.is_late or corrected.is_short or corrected.is_damaged)
    assert facts_of(shipment_for(SYSTEM, shipment.number))["otif"]
    assert (kept(world).deliveries, kept(world).kept) == (1, 1)
    figures = otif_of_account(SYSTEM, order.account_id, (world.now + timedelta(days=1)).date())
    assert (figures.lines, figures.perfect) == (1, 1)
    event = Event.objects.get(name="shipment.corrected")
    assert (event.facts["reason"], event.facts["was"]["short"], event.facts["short"]) == ("Miscounted", True, False)
    entry = timeline_of(SYSTEM, order.account)[0]
    assert (entry.text, entry.note) == (f"What was said about delivery {shipment.number} was corrected", "Miscounted")


def test_a_delivery_that_came_on_another_day_is_late_or_no_longer(world):
    _order, [shipment] = shipped(world)
    deliver(world, shipment)
    later = world.now + timedelta(days=20)
    corrected = correct(world, shipment, delivered_at=later, received_by="Lena", now=later)
    assert corrected.is_late and DeliveryFact.objects.get().delivered_on == later.date()
    heard = TrackingEvent.objects.filter(kind="delivered").order_by("pk")
    assert list(heard.values_list("applied", "happened_at", "note")) == [
        (False, world.now + timedelta(hours=2), "Rick"),
        (True, later, "Lena"),
    ]
    corrected = correct(world, shipment, now=later)
    assert not corrected.is_late and DeliveryFact.objects.get().delivered_on == world.today


def test_what_was_reported_since_stays_with_the_facts_frozen_anew(world):
    order, [shipment] = shipped(world, world.anna, (world.gloves, 10), (world.bolt, 100))
    gloves, bolt = order.lines.all()
    shipment = deliver(world, shipment, lines={gloves.pk: (10, 2)})
    rows = {row.order_line_id: row.pk for row in shipment.lines.all()}
    services.report_fault(
        actor(world.rick), shipment, {rows[gloves.pk]: ("damaged", 3), rows[bolt.pk]: ("papers", 1)}, key="1",
        now=world.now + timedelta(days=1),
    )  # fmt: skip
    correct(world, shipment, lines={gloves.pk: (8, 1)})
    facts = {fact.line_id: fact for fact in LineFact.objects.all()}
    assert (facts[rows[gloves.pk]].delivered, facts[rows[gloves.pk]].damaged) == (8, 4)
    assert not facts[rows[bolt.pk]].papers_right


def test_what_says_nothing_new_changes_nothing(world):
    _order, [shipment] = shipped(world)
    deliver(world, shipment)
    frozen = DeliveryFact.objects.get()
    correct(world, shipment)
    assert DeliveryFact.objects.get() == frozen and not Event.objects.filter(name="shipment.corrected").exists()


def test_a_delivery_that_was_never_received_is_on_its_way_again(world):
    order, [shipment] = shipped(world)
    deliver(world, shipment, lines={order.lines.get().pk: (7, 0)})
    voided = void(world, shipment)
    order.refresh_from_db()
    assert (voided.status, voided.delivered_at, voided.received_by, order.status) == ("shipped", None, "", "shipped")
    assert (order.lines.get().delivered_quantity, voided.lines.get().delivered_quantity) == (0, None)
    assert not DeliveryFact.objects.exists() and kept(world).deliveries == 0
    assert TrackingEvent.objects.get().unapplied_because == "the delivery was taken back"
    event = Event.objects.get(name="shipment.voided")
    assert (event.facts["reason"], event.facts["order"]) == ("Left at a neighbour", order.number)
    entry = timeline_of(SYSTEM, order.account)[0]
    assert entry.text == f"Delivery {shipment.number} was taken back: it had not been received"
    with pytest.raises(ShipmentMovedOn):
        void(world, shipment)

    deliver(world, shipment)
    order.refresh_from_db()
    assert (order.status, order.lines.get().delivered_quantity) == ("delivered", 10)
    assert DeliveryFact.objects.count() == kept(world).kept == 1


def test_the_message_of_a_delivery_that_was_taken_back_does_not_bring_it_back(world):
    _order, [shipment] = shipped(world)
    more = {"source": "northern", "message_id": "m-1"}
    deliver(world, shipment, CARRIER, **more)
    void(world, shipment)
    assert deliver(world, shipment, CARRIER, **more).status == "shipped"
    assert deliver(world, shipment, CARRIER, **more | {"message_id": "m-2"}).status == "delivered"


def test_of_two_deliveries_of_a_line_one_is_taken_back(world):
    order, shipments = shipped(world, world.boris, (world.gloves, 60))
    assert len(shipments) == 2
    for shipment in shipments:
        deliver(world, shipment)
    pieces = shipments[0].lines.get().quantity
    void(world, shipments[0])
    order.refresh_from_db()
    assert (order.status, order.lines.get().delivered_quantity) == ("shipped", 60 - pieces)


def test_what_was_credited_keeps_its_quantities_and_may_have_another_time(world):
    order, [shipment] = shipped(world)
    deliver(world, shipment, lines={order.lines.get().pk: (7, 0)})
    invoice = issue_invoice(shipment.pk, now=world.now)
    void(world, shipment)  # an invoice alone is that of any goods that have left
    deliver(world, shipment, lines={order.lines.get().pk: (7, 0)})
    note = issue_credit_note(SYSTEM, invoice, quantities={invoice.lines.first().pk: 3}, reason="Missing", now=world.now)
    for deed in (correct, void):
        with pytest.raises(DeliverySettled, match=note.number):
            deed(world, shipment)
    at = world.now + timedelta(hours=5)
    corrected = correct(world, shipment, delivered_at=at, lines={order.lines.get().pk: (7, 0)})
    assert (corrected.delivered_at, corrected.is_short) == (at, True)


def test_what_comes_back_was_received(world):
    order, [shipment] = shipped(world)
    line = order.lines.get()
    deliver(world, shipment)
    type(line).objects.filter(pk=line.pk).update(returned_quantity=2, returning_quantity=1)
    with pytest.raises(UnderReturn, match="3 x GLV-NIT-L"):
        void(world, shipment)
    with pytest.raises(UnderReturn):
        correct(world, shipment, lines={line.pk: (2, 0)})
    shipment.refresh_from_db()
    assert shipment.status == "delivered" and shipment.lines.get().delivered_quantity == 10
    correct(world, shipment, lines={line.pk: (3, 0)})
    line.refresh_from_db()
    assert line.delivered_quantity == 3


@pytest.mark.parametrize(
    "more, words",
    [
        ({"reason": "  "}, "Say why"),
        ({"delivered_at": timedelta(days=9)}, "has not come"),
        ({"delivered_at": timedelta(days=-9)}, "before they were ordered"),
        ({"lines": {999_999: (1, 0)}}, "not in this shipment"),
        ({"lines": (11, 0)}, "cannot be what was received"),
        ({"lines": (5, 6)}, "cannot be what was received"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(world, more, words):
    order, [shipment] = shipped(world)
    deliver(world, shipment)
    if isinstance(more.get("delivered_at"), timedelta):
        more = {"delivered_at": world.now + more["delivered_at"]}
    if isinstance(more.get("lines"), tuple):
        more = {"lines": {order.lines.get().pk: more["lines"]}}
    with pytest.raises(DeliveryRefused, match=words):
        correct(world, shipment, **more)
    shipment.refresh_from_db()
    assert (shipment.delivered_at, shipment.lines.get().delivered_quantity) == (world.now + timedelta(hours=2), 10)
    assert not Event.objects.filter(name="shipment.corrected").exists()


def test_only_our_own_people_correct_and_only_what_was_delivered(world):
    _order, [shipment] = shipped(world)
    for deed in (correct, void):
        with pytest.raises(ShipmentMovedOn, match="on its way"):
            deed(world, shipment)
    deliver(world, shipment)
    for who in (CARRIER, actor(world.rick), actor(world.rhea), actor(world.sam)):
        for deed in (correct, void):
            with pytest.raises(PermissionMissing):
                deed(world, shipment, who)
    with pytest.raises(DeliveryRefused, match="Say why"):
        void(world, shipment, reason="")
    assert void(world, shipment, actor(world.otto)).status == "shipped"
