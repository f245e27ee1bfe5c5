"""A buyer decides about a line that comes late: over HTTP, with totals, credit and reservations looked at after."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.availability.models import IncomingSupply, Reservation, StockLevel
from apps.availability.services import reschedule
from apps.core.errors import Refusal
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.delivery.models import DeliveryOption
from apps.fulfilment import tasks
from apps.fulfilment.models import Shipment, Slip
from apps.fulfilment.services import answer_slip, confirm_delivery, dispatch_shipment, follow_supply, plan_shipments
from apps.invoicing.services import issue_invoice, settle_roundings
from apps.ordering.models import ApprovalPolicy, Order
from apps.ordering.services import add_freight, approve, confirm_order, decline
from apps.pricing.models import AccountTerms, Price
from tests.ordering.trade import actor, place
from tests.world import build


def late(world, who=None, *more, is_complete=None, stock=100):
    """Two hundred bolts were promised; one hundred of them come ten days later than that."""
    now, on = timezone.now(), timezone.localdate()
    StockLevel.objects.filter(product=world.bolt, warehouse=world.north).update(on_hand=stock)
    StockLevel.objects.filter(product=world.bolt, warehouse=world.south).update(on_hand=0)
    StockLevel.objects.get_or_create(warehouse=world.north, product=world.bolt_long, defaults={"on_hand": 500})
    supply = IncomingSupply.objects.create(
        number="PO-2-1", warehouse=world.north, product=world.bolt, quantity=1000, due_on=on + timedelta(days=7)
    )
    order = place(world, who or world.boris, (world.bolt, 200), *more, now=now, is_complete=is_complete)
    order = confirm_order(SYSTEM, order, now=now)
    plan_shipments(order.pk, now=now)
    reschedule(supply, on + timedelta(days=17), now=now, on=on)
    follow_supply(world.bolt.sku, because="supply_late", now=now)
    return order


def decide(client, order, choice, **more):
    slip = order.slips.order_by("pk").first()
    form = {"position": slip.order_line.position, "comes_on": slip.comes_on.isoformat(), "choice": choice}
    return client.post(reverse("portal:choose_later", args=[order.number]), form | more)


def held(order):
    """(ready in stock, to come) of what is held for an order."""
    rows = Reservation.objects.filter(demand_ref__startswith=f"{order.number}/", state="held")
    return tuple(
        sum(row.quantity for row in rows if (row.incoming_id is None) == is_there) for is_there in (True, False)
    )


def owed(world):
    return AccountTerms.objects.get(account=world.brightwater).exposure


def money(order):
    order.refresh_from_db()
    return order.goods_net, order.freight_net, order.gross


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_each_choice_with_its_day_and_price(world, signed_in):
    order = late(world)
    page = signed_in(world.boris).get(reverse("portal:later", args=[order.number]))
    [row] = page.context["rows"]
    [other] = row.substitutes
    assert (other.product.sku, other.quantity, other.net, other.more) == ("BLT-M8-60", 100, 25, 9)
    assert other.arrives_on < row.slip.comes_on and row.split_on is None
    text = page.content.decode()
    for value in ("wait", "substitute:BLT-M8-60", "cancel"):
        assert f'value="{value}"' in text
    assert "20 mm longer" in text and "£9.00" in text
    for name in ("portal:home", "portal:orders"):
        assert signed_in(world.boris).get(reverse(name)).status_code == 200
    assert "1 line will come later" in signed_in(world.boris).get(reverse("portal:home")).content.decode()
    shown = signed_in(world.boris).get(reverse("portal:order", args=[order.number])).content.decode()
    assert reverse("portal:later", args=[order.number]) in shown and "1 line comes later" in shown


def test_a_receiver_sees_and_cannot_choose_and_a_stranger_sees_nothing(world, signed_in):
    order = late(world)
    page = signed_in(world.rick).get(reverse("portal:later", args=[order.number]))
    assert page.status_code == 200 and b'name="choice"' not in page.content and b"16.00" not in page.content
    assert decide(signed_in(world.rick), order, "cancel").status_code == 403
    for stranger in (world.xaver, world.lena):
        assert signed_in(stranger).get(reverse("portal:later", args=[order.number])).status_code == 404
        assert decide(signed_in(stranger), order, "cancel").status_code == 404
    assert Slip.objects.get().choice == ""


def test_the_page_asks_as_often_for_three_lines_as_for_one(world, signed_in):
    one = late(world)
    client = signed_in(world.boris)
    with CaptureQueriesContext(connection) as first:
        client.get(reverse("portal:later", args=[one.number]))
    three = place(world, world.boris, (world.bolt, 200), (world.gloves, 60), (world.drill, 3), now=timezone.now())
    for line in three.lines.all():
        Slip.objects.create(
            account=three.account, order=three, order_line=line, reason="supply_late", quantity=1, noticed_at=world.now,
            told_at=world.now, first_on=line.promised_on, was_on=line.promised_on,
            comes_on=line.promised_on + timedelta(days=40),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as third:
        client.get(reverse("portal:later", args=[three.number]))
    assert len(third) <= len(first) + 1


# --- each choice ------------------------------------------------------------------------------------------------------


def test_to_wait_changes_nothing_but_that_it_was_chosen(world, signed_in):
    order = late(world)
    before = money(order)
    assert decide(signed_in(world.boris), order, "wait").status_code == 302
    slip = Slip.objects.get()
    assert (slip.choice, slip.chosen_by_name, slip.ended_at) == ("wait", "Boris", None)
    assert money(order) == before and held(order) == (100, 100)
    assert Event.objects.get(name="order.slip_answered").facts["choice"] == "wait"
    again = decide(signed_in(world.anna), order, "cancel")
    assert again.status_code == 409 and "Boris chose to wait" in again.content.decode()
    assert money(order) == before
    story = signed_in(world.boris).get(reverse("portal:order", args=[order.number])).content.decode()
    assert "What to do about it was chosen" in story


def test_to_call_off_takes_the_late_part_off_the_order_and_frees_what_it_held(world, signed_in):
    order = late(world)
    owed_before, gross_before = owed(world), order.gross
    assert decide(signed_in(world.boris), order, "cancel").status_code == 302
    line = order.lines.get()
    assert (line.quantity, line.cancelled_quantity, line.net) == (100, 100, Decimal("16.00"))
    goods, freight, gross = money(order)
    assert (goods, freight, gross) == (Decimal("16.00"), Decimal("6.90"), Decimal("27.48"))
    assert owed(world) == owed_before - (gross_before - gross)
    assert held(order) == (100, 0) and IncomingSupply.objects.get(number="PO-2-1").reserved == 0
    [shipment] = Shipment.objects.filter(order=order, status="planned")
    assert shipment.lines.get().quantity == 100 and shipment.expected_on is None
    slip = Slip.objects.get()
    assert (slip.ending, slip.choice) == ("cancelled", "cancel") and not Slip.objects.open().exists()
    amended = Event.objects.get(name="order.amended").facts["lines"]
    assert [(each["was"], each["quantity"]) for each in amended] == [(200, 100)]


def test_what_is_left_after_calling_off_is_invoiced_and_owed_to_the_penny(world, signed_in):
    order = late(world)
    now = timezone.now()
    here = Shipment.objects.filter(order=order).order_by("ready_on").first()
    dispatch_shipment(SYSTEM, here, now=now)
    invoice = issue_invoice(here.pk, now=now)
    assert decide(signed_in(world.boris), order, "cancel").status_code == 302
    for _again in range(2):
        settle_roundings(order.number, now=now)
    order.refresh_from_db()
    assert owed(world) == invoice.gross == order.gross and order.status == "shipped"
    confirm_delivery(SYSTEM, here, received_by="Rick", delivered_at=now, source="carrier", message_id="m", now=now)
    order.refresh_from_db()
    assert order.status == "delivered"


def test_an_order_is_delivered_where_the_rest_is_called_off_after_the_delivery(world, signed_in):
    order, now = late(world), timezone.now()
    here = Shipment.objects.filter(order=order).order_by("ready_on").first()
    dispatch_shipment(SYSTEM, here, now=now)
    confirm_delivery(SYSTEM, here, received_by="Rick", delivered_at=now, source="carrier", message_id="m", now=now)
    decide(signed_in(world.boris), order, "cancel")
    order.refresh_from_db()
    assert order.status == "delivered"
    assert not Shipment.objects.filter(order=order, status="planned").exists()


def test_calling_off_all_there_is_cancels_the_order(world, signed_in):
    order = late(world, stock=0)
    assert owed(world) == order.gross
    page = signed_in(world.boris).get(reverse("portal:later", args=[order.number]))
    assert page.context["rows"][0].is_whole_order
    decide(signed_in(world.boris), order, "cancel")
    order.refresh_from_db()
    assert order.status == "cancelled" and owed(world) == 0 and held(order) == (0, 0)
    assert not Shipment.objects.filter(order=order, status="planned").exists()


def test_something_else_that_costs_more_but_breaks_no_rule_is_ordered_at_once(world, signed_in):
    order = late(world)
    answer = decide(signed_in(world.boris), order, "substitute:BLT-M8-60", **{"price-BLT-M8-60": "0.2500"})
    assert answer.status_code == 302
    slip = Slip.objects.get()
    instead = slip.substitute
    assert (instead.status, instead.freight_net, instead.goods_net) == ("placed", 0, Decimal("25.00"))
    assert instead.ship_to_id == order.ship_to_id and slip.ending == "substituted"
    assert money(order)[0] == Decimal("16.00") and held(order) == (100, 0)
    assert owed(world) == order.gross + instead.gross
    assert StockLevel.objects.get(product=world.bolt_long).reserved == 100
    tasks.settle_substitute(Event.objects.filter(name="order.placed").latest("pk").pk)
    assert held(order) == (100, 0)


@pytest.fixture
def waits(world, signed_in):
    """A substitute that takes the order above what its buyer's company lets pass."""
    order = late(world, world.anna)
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Large orders")
    policy.steps.create(above=40)
    decide(signed_in(world.anna), order, "substitute:BLT-M8-60", **{"price-BLT-M8-60": "0.2500"})
    return order, Slip.objects.get().substitute


def test_a_limit_looks_at_both_orders_as_one_and_what_was_ordered_stays_until_the_yes(world, waits):
    order, instead = waits
    assert instead.status == "awaiting_approval" and instead.goods_net < 40
    assert held(order) == (100, 100) and held(instead) == (100, 0)
    assert Slip.objects.get().choice == "substitute" and Slip.objects.open().exists()
    approve(actor(world.boris), instead, now=timezone.now())
    tasks.settle_substitute(Event.objects.filter(name="order.placed").latest("pk").pk)
    instead.refresh_from_db()
    assert money(order)[0] == Decimal("16.00") and held(order) == (100, 0)
    assert owed(world) == order.gross + instead.gross and Slip.objects.get().ending == "substituted"


def test_without_the_yes_the_line_is_open_for_another_choice(world, waits, signed_in):
    order, instead = waits
    decline(actor(world.boris), instead, now=timezone.now())
    tasks.settle_substitute(Event.objects.get(name="order.declined").pk)
    slip = Slip.objects.get()
    assert (slip.choice, slip.substitute, slip.ended_at) == ("", None, None) and held(order) == (100, 100)
    assert owed(world) == order.gross
    assert decide(signed_in(world.anna), order, "wait").status_code == 302


def test_a_substitute_that_costs_no_more_is_covered_by_the_yes_that_was_given(world, signed_in):
    order = late(world, world.anna)
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Everything")
    policy.steps.create(above=1)
    Price.objects.filter(product=world.bolt_long).update(unit_price="0.1000")
    decide(signed_in(world.anna), order, "substitute:BLT-M8-60", **{"price-BLT-M8-60": "0.1000"})
    assert Slip.objects.get().substitute.status == "placed"


def test_a_substitute_above_the_spend_limit_waits(world, signed_in):
    order = late(world, world.anna)
    world.anna.spend_limit = 45
    world.anna.save()
    decide(signed_in(world.anna), order, "substitute:BLT-M8-60", **{"price-BLT-M8-60": "0.2500"})
    assert [each.reason for each in Slip.objects.get().substitute.approvals.all()] == ["spend_limit"]


def test_a_price_that_has_moved_refuses_and_leaves_everything(world, signed_in):
    order = late(world)
    answer = decide(signed_in(world.boris), order, "substitute:BLT-M8-60", **{"price-BLT-M8-60": "0.2000"})
    assert answer.status_code == 409 and Order.objects.count() == 1
    assert held(order) == (100, 100) and Slip.objects.get().choice == ""


def test_a_day_that_has_moved_refuses(world, signed_in):
    order = late(world)
    answer = decide(signed_in(world.boris), order, "cancel", comes_on=timezone.localdate().isoformat())
    assert answer.status_code == 409 and held(order) == (100, 100)


@pytest.mark.parametrize("choice", ["", "keep", "substitute", "split", "substitute:NONE", "substitute:SVC-CUT"])
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(world, signed_in, choice):
    order = late(world)
    before = money(order)
    assert decide(signed_in(world.boris), order, choice).status_code in (404, 422)
    assert money(order) == before and Slip.objects.get().choice == "" and Order.objects.count() == 1


def test_an_order_that_goes_complete_can_be_sent_in_parts_at_no_charge(world, signed_in):
    order = late(world, world.boris, (world.oil, 2), is_complete=True)
    assert {slip.order_line.sku: slip.reason for slip in order.slips.all()} == {
        "BLT-M8-40": "supply_late",
        "OIL-5L": "together",
    }
    before = money(order)
    page = signed_in(world.boris).get(reverse("portal:later", args=[order.number]))
    assert all(row.split_on for row in page.context["rows"])
    assert decide(signed_in(world.boris), order, "split").status_code == 302
    assert money(order) == before
    [still] = Slip.objects.open()
    assert (still.order_line.sku, still.choice, still.quantity) == ("BLT-M8-40", "split", 100)
    assert len({each.ready_on for each in Shipment.objects.filter(order=order, status="planned")}) > 1


@pytest.fixture
def parts_cost(world):
    """The order is placed while each delivery after the first costs 4.50; later it is 99."""
    options = DeliveryOption.objects.filter(pk=world.standard.pk)
    options.update(part_charge=Decimal("4.50"))
    order = late(world, world.boris, (world.oil, 2), is_complete=True)
    options.update(part_charge=99)
    return order


def test_sent_in_parts_it_costs_what_it_was_ordered_with_and_is_invoiced_once(world, parts_cost, signed_in):
    order, buyer = parts_cost, signed_in(world.boris)
    freight, gross, due = order.freight_net, order.gross, owed(world)
    page = buyer.get(reverse("portal:later", args=[order.number])).content.decode()
    assert "<bdi>£4.50</bdi> more" in page and 'name="split_charge" value="4.5"' in page
    for shown in ("", "0", "99", "x"):
        answer = decide(buyer, order, "split", split_charge=shown)
        assert answer.status_code == 422 and "£4.50" in answer.content.decode()
    assert decide(buyer, order, "split", split_charge="4.50").status_code == 302
    order.refresh_from_db()
    assert (order.freight_net, order.gross) == (freight + Decimal("4.50"), gross + Decimal("5.40"))
    assert owed(world) == due + Decimal("5.40")
    assert Event.objects.get(name="order.freight_added").facts["charge"] == "4.50"
    first, *_rest = Shipment.objects.filter(order=order, status="planned").order_by("ready_on")
    dispatch_shipment(SYSTEM, first, now=timezone.now())
    invoice = issue_invoice(first.pk, now=timezone.now())
    assert invoice.lines.get(order_line=None).net == order.freight_net


def test_what_is_added_to_the_freight_after_an_invoice_stands_on_the_next(world, signed_in):
    order = place(world, world.anna, (world.gloves, 2), (world.drill, 2), now=timezone.now())
    order = confirm_order(SYSTEM, order, now=timezone.now())
    first, second = plan_shipments(order.pk, now=timezone.now())
    dispatch_shipment(SYSTEM, first, now=timezone.now())
    was = issue_invoice(first.pk, now=timezone.now()).lines.filter(order_line=None)
    before = sum(line.net for line in was)
    order.refresh_from_db()
    add_freight(actor(world.anna), order, None, Decimal("4.50"), now=timezone.now())
    dispatch_shipment(SYSTEM, second, now=timezone.now())
    charged = issue_invoice(second.pk, now=timezone.now()).lines.get(order_line=None)
    assert (charged.name, charged.net, before) == ("Delivery", Decimal("4.50"), order.freight_net - Decimal("4.50"))


@pytest.mark.parametrize("bar", ["policy", "credit"])
def test_parts_that_cost_more_go_round_no_limit(world, parts_cost, signed_in, bar):
    order, buyer = parts_cost, signed_in(world.boris)
    order.refresh_from_db()
    if bar == "policy":
        policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Large orders")
        policy.steps.create(above=order.goods_net + order.freight_net, role="approver")
    else:
        AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=owed(world))
    before = money(order)
    assert decide(buyer, order, "split", split_charge="4.50").status_code == 409
    assert money(order) == before and Slip.objects.filter(choice="").count() == 2


def test_a_rep_chooses_in_their_name_and_it_says_so(world, signed_in):
    order = late(world)
    client = signed_in(world.rhea)
    into = client.post(reverse("workspace:start_acting", args=[world.boris.pk]), {"later": order.number})
    assert into.url == reverse("portal:later", args=[order.number])
    assert decide(client, order, "wait").status_code == 302
    event = Event.objects.get(name="order.slip_answered")
    assert event.actor_name == "Rhea" and event.acting_for_ref == world.boris.pk
    assert Slip.objects.get().chosen_by_name == "Rhea"


# --- the desk, the API, the same minute -------------------------------------------------------------------------------


def test_the_rep_has_the_lines_at_risk_and_another_rep_has_not(world, signed_in):
    order = late(world)
    page = signed_in(world.rhea).get(reverse("workspace:slips"))
    assert [slip.order_id for slip in page.context["page"].rows] == [order.pk]
    assert "16.00" in page.content.decode()
    today = signed_in(world.rhea).get(reverse("workspace:today")).content.decode()
    assert f"1 line of {order.number} comes later" in today
    assert signed_in(world.ruben).get(reverse("workspace:slips")).context["page"].rows == ()
    for asked, found in (("?status=yes", 0), ("?status=", 1), ("?q=BLT-M8-40", 1), ("?q=nothing", 0)):
        assert len(signed_in(world.sam).get(reverse("workspace:slips") + asked).context["page"].rows) == found
    story = signed_in(world.rhea).get(reverse("workspace:account", args=["AC-1"])).content.decode()
    assert "comes later than was promised" in story


def test_the_api_shows_first_and_current_promise_and_decides_once(world, signed_in):
    order, client = late(world), signed_in(world.boris)
    [line] = client.get(reverse("api:order", args=[order.number])).json()["lines"]
    slip = Slip.objects.get()
    assert line["promised_on"] == slip.first_on.isoformat() and line["expected_on"] == slip.comes_on.isoformat()
    assert line["late_quantity"] == 100
    body = {"choice": "cancel", "expected_on": line["expected_on"]}
    address = reverse("api:choice", args=[order.number, 1])
    answers = [
        client.post(address, body, "application/json", headers={"Idempotency-Key": "one"}) for _again in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert answers[0].json()["page"]["lines"][0]["cancelled_quantity"] == 100
    other = client.post(address, body, "application/json", headers={"Idempotency-Key": "two"})
    assert other.status_code == 409 and other.json()["type"].endswith("already_chosen")
    assert client.post(address, body, "application/json").status_code == 422


def test_a_day_moved_in_the_admin_is_on_the_buyers_page_and_in_their_mail_at_once(world, signed_in):
    """From the admin's form through the outbox and its reactions to the letter."""
    now, on = timezone.now(), timezone.localdate()
    IncomingSupply.objects.filter(pk=world.incoming.pk).update(due_on=on + timedelta(days=5))
    order = confirm_order(SYSTEM, place(world, world.boris, (world.gloves, 50), now=now), now=now)
    plan_shipments(order.pk, now=now)
    Event.objects.update(dispatched_at=now)
    supply = world.incoming
    data = {"number": supply.number, "warehouse": supply.warehouse_id, "product": supply.product_id,
            "quantity": supply.quantity, "due_on": (on + timedelta(days=30)).isoformat()}  # fmt: skip
    signed_in(world.otto).post(reverse("admin:availability_incomingsupply_change", args=[supply.pk]), data)
    react()
    slip = order.slips.get()
    assert slip.comes_on > on + timedelta(days=30) and slip.noticed_at - now < timedelta(minutes=1)
    [letter] = mail.outbox
    assert letter.to == [world.boris.email] and reverse("portal:later", args=[order.number]) in letter.body
    react()
    assert len(mail.outbox) == 1


def react():
    """Do what the outbox holds, as a worker would, until it is empty."""
    while waiting := list(Event.objects.filter(dispatched_at=None).order_by("pk")):
        for event in waiting:
            for name in settings.REACTIONS[event.name]:
                import_string(name)(event.pk)
            Event.objects.filter(pk=event.pk).update(dispatched_at=timezone.now())


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_one_chooses_and_the_other_is_told():
    world = build()
    order = late(world)
    slip, now = Slip.objects.get(), timezone.now()
    ways = {
        world.anna: {"choice": "cancel"},
        world.boris: {"choice": "substitute", "product_id": world.bolt_long.pk, "quantity": 100},
    }

    def work(who):
        try:
            return answer_slip(actor(who), order, 1, comes_on=slip.comes_on, now=now, **ways[who])
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, ways))
    [refused] = [each for each in found if isinstance(each, Refusal)]
    assert refused.code == "already_chosen" and refused.detail
    assert held(order) == (100, 0)
    orders = Order.objects.exclude(status="cancelled")
    assert owed(world) == sum(each.gross for each in orders)
