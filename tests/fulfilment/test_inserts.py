"""What goes into boxes beside the goods, from the release of a wave to the buyer's order page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.availability.models import Reservation, StockLevel
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import papers, services, tasks
from apps.fulfilment.models import BoxTerms, Complaint, Insert, InsertBudget, InsertRule, Shipment, ShipmentInsert
from apps.fulfilment.selectors.inserts import effects, occasions_of
from apps.pricing.models import Coupon
from tests.ordering.trade import confirmed


def rule(kind="leaflet", *, held_out_percent=0, name="Thing", **more):
    """A rule without conditions, unless told."""
    own = {key: more.pop(key) for key in ("product", "percent", "cost", "text") if key in more}
    own |= {"percent": 10} if kind == "coupon" else {}
    insert = more.pop("insert", None) or Insert.objects.create(name=name, kind=kind, **own)
    return InsertRule.objects.create(name=name, insert=insert, held_out_percent=held_out_percent, **more)


def released(world, who=None, *, at=None, **more):
    """A shipment of Boris's whose wave was released."""
    _order, [shipment] = confirmed(world, who or world.boris, (world.gloves, 1), **more)
    services.release_wave(SYSTEM, world.north, now=at or world.now)
    shipment.refresh_from_db()
    return shipment


def states(shipment):
    return sorted(shipment.inserts.values_list("kind", "state"))


def test_a_sample_is_held_ticked_off_and_gone_with_the_shipment(world):
    rule("sample", product=world.drill, budget=10, cost=Decimal("2.50"))
    shipment = released(world)
    level = StockLevel.objects.get(product=world.drill)
    assert (states(shipment), level.reserved, level.on_hand) == ([("sample", "chosen")], 1, 1)
    services.confirm_picks(SYSTEM, shipment, {}, put_in={shipment.inserts.get().pk}, now=world.now)
    services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    level.refresh_from_db()
    assert (states(shipment), level.reserved, level.on_hand) == ([("sample", "put_in")], 0, 0)
    assert InsertBudget.objects.get().spent == Decimal("2.50")


def test_what_is_not_ticked_goes_back(world):
    rule("sample", product=world.drill, budget=10, cost=2)
    rule("coupon")
    shipment = released(world)
    assert Coupon.objects.count() == 1
    services.confirm_picks(SYSTEM, shipment, {}, put_in=(), now=world.now)
    assert states(shipment) == [("coupon", "left_out"), ("sample", "left_out")]
    assert StockLevel.objects.get(product=world.drill).reserved == 0
    assert InsertBudget.objects.get().spent == 0 and not Coupon.objects.exists()


def test_a_shipment_that_is_called_off_gives_everything_back(world):
    rule("sample", product=world.drill, budget=10, cost=2)
    shipment = released(world)
    services.confirm_picks(SYSTEM, shipment, {shipment.lines.get().pk: 0}, now=world.now)
    assert states(shipment) == [("sample", "left_out")]
    assert not Reservation.objects.filter(state="held", product=world.drill).exists()


def test_a_sample_is_never_oversold_and_the_next_rule_has_its_turn(world):
    rule("sample", product=world.drill, priority=1)
    rule("sample", product=world.bolt, priority=2, name="Bolts")
    confirmed(world, world.boris, (world.gloves, 1))
    second = released(world, world.xaver, ship_to=world.calder_dock)
    names = ShipmentInsert.objects.order_by("insert__name").values_list("insert__name", flat=True)
    assert list(names) == ["Bolts", "Thing"] and second.inserts.count() == 1
    assert StockLevel.objects.get(product=world.drill).reserved == 1


def test_a_budget_is_never_overspent(world):
    spends = rule(budget=5, cost=3)
    confirmed(world, world.boris, (world.gloves, 1))
    released(world, world.xaver, ship_to=world.calder_dock)
    assert ShipmentInsert.objects.count() == 1
    assert InsertBudget.objects.get(rule=spends).spent == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        InsertBudget.objects.update(spent=6)


def test_the_same_thing_rests_whatever_the_rule(world):
    first = rule(rest_days=30)
    rule(insert=first.insert, rest_days=30)
    released(world)
    again = released(world, at=world.now + timedelta(days=1))
    assert states(again) == []
    assert states(released(world, at=world.now + timedelta(days=30))) == [("leaflet", "chosen")]


def test_a_coupon_is_the_accounts_own_and_for_one_order(world):
    rule("coupon")
    code = released(world).inserts.get().coupon_code
    coupon = Coupon.objects.get(code=code)
    assert (coupon.account, coupon.limit, coupon.percent) == (world.brightwater, 1, 10)


def test_who_is_held_out_costs_nothing_and_is_on_record(world, monkeypatch):
    monkeypatch.setattr("apps.fulfilment.rules.inserts.is_held_out", lambda *args: True)
    rule("sample", product=world.drill, budget=5, cost=3, held_out_percent=50)
    shipment = released(world)
    assert states(shipment) == [("sample", "held_out")]
    assert StockLevel.objects.get(product=world.drill).reserved == 0 and InsertBudget.objects.get().spent == 0


def test_a_complaint_is_heard_of_once(world):
    rule("message", text="Sorry", complaint_days=30)
    with transaction.atomic():
        record(
            "case.opened", "case:CA-9", account_id=world.brightwater.pk, at=world.now, origin="portal", cause="price"
        )
    event = Event.objects.get(name="case.opened")
    tasks.remember_complaint(event.pk)
    tasks.remember_complaint(event.pk)
    row = released(world).inserts.get()
    assert row.why == "Days since a complaint: 0"


def test_what_is_known_of_shipments_is_asked_at_a_constant_number_of_queries(world, django_assert_num_queries):
    for _ in range(2):
        confirmed(world, world.boris, (world.gloves, 1))
    shipments = list(Shipment.objects.order_by("pk"))
    with django_assert_num_queries(4):
        found = occasions_of(shipments, categories=[world.gloves.category_id], on=world.today)
    one, two = (found[shipment.pk] for shipment in shipments)
    assert (one.nth_order, two.nth_order) == (1, 2)
    assert one.persona == "decision_maker" and two.categories == {world.gloves.category_id}
    assert (one.days_since_order, two.days_since_order) == (None, 0)


def test_picker_and_buyer_see_what_is_theirs(world, client):
    rule("sample", product=world.drill, name="Try this drill")
    rule("message", name="Thank you", text="Your first order with us.", order_to=1)
    rule("box", name="Gift box")
    shipment = released(world)
    client.force_login(world.otto.user if hasattr(world.otto, "user") else world.otto)
    page = f"/workspace/picking/{shipment.wave_id}/{shipment.number}/"
    seen = client.get(page).content.decode()
    assert "Try this drill" in seen and "Order number 1 of the account" in seen
    line = shipment.lines.get()
    ticked = shipment.inserts.exclude(kind="message").values_list("pk", flat=True)
    client.post(page, {f"picked-{line.pk}": 1, f"box-{line.pk}": 1, "asked-inserts": "1", "put-in": list(ticked)})
    assert states(shipment) == [("box", "put_in"), ("message", "left_out"), ("sample", "put_in")]
    client.force_login(world.boris.user)
    order_page = f"/orders/{shipment.order.number}/"
    assert "Try this drill" not in client.get(order_page).content.decode()
    services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    seen = client.get(order_page).content.decode()
    assert "In your parcel" in seen and "Try this drill" in seen
    assert "Thank you" not in seen and "Gift box" not in seen


def test_the_pick_list_shows_what_goes_in(world):
    rule("sample", product=world.drill)
    shipment = released(world)
    assert papers.pick_list(shipment.wave).startswith(b"%PDF")


def test_an_effect_is_shown_only_where_there_is_one(world):
    given = rule()
    shipment = released(world)
    ShipmentInsert.objects.update(state="put_in")
    [effect] = effects(SYSTEM, days=30, now=world.now + timedelta(days=31))
    assert (effect.rule, effect.chosen.accounts, effect.chosen.reordered, effect.rate) == (given, 1, 0, None)
    [early] = effects(SYSTEM, days=30, now=world.now + timedelta(days=29))
    assert early.waiting == 1 and early.chosen.accounts == 0
    assert shipment.account == world.brightwater


def test_what_the_picker_left_out_still_counts_on_its_side(world):
    rule()
    released(world)
    ShipmentInsert.objects.update(state="left_out")
    [effect] = effects(SYSTEM, days=30, now=world.now + timedelta(days=31))
    assert (effect.chosen.accounts, effect.put_in, effect.held_out.accounts) == (1, 0, 0)


def test_operations_say_how_much_goes_into_a_box(world, signed_in):
    for kind in ("leaflet", "box", "message"):
        rule(kind, name=kind)
    desk = signed_in(world.otto)
    assert desk.post(reverse("admin:fulfilment_boxterms_add"), {"most": "6"}).status_code == 200
    assert desk.post(reverse("admin:fulfilment_boxterms_add"), {"most": "2"}).status_code == 302
    assert released(world).inserts.count() == 2
    only = reverse("admin:fulfilment_boxterms_change", args=[BoxTerms.objects.get().pk])  # one row is enough
    assert desk.get(reverse("admin:fulfilment_boxterms_add")).headers["Location"] == only


def test_a_question_is_no_complaint(world):
    with transaction.atomic():
        told = {"account_id": world.brightwater.pk, "at": world.now}
        record("case.opened", "case:CA-1", origin="portal", cause="range", **told)
        record("case.opened", "case:CA-2", origin="staff", cause="delivery", **told)
        record("case.opened", "case:CA-3", origin="survey", cause="other", **told)
    for event in Event.objects.filter(name="case.opened"):
        tasks.remember_complaint(event.pk)
    assert Complaint.objects.get().source_ref == "case:CA-3"
