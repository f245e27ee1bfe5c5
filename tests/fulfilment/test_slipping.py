"""Supply changes its day, or is less than was said: who waits for it is promised anew, and told once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from apps.availability.errors import SupplyRefused
from apps.availability.models import IncomingSupply, Reservation, StockLevel, SupplierOffer
from apps.availability.services import change_offer, receive, reschedule, take_stock
from apps.core.feeds import Told
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import services, tasks
from apps.fulfilment.models import Slip
from apps.fulfilment.selectors import slips_ahead
from apps.fulfilment.services import slipping
from apps.ordering.models import ApprovalPolicy
from apps.ordering.services import approve, confirm_order
from tests.ordering.trade import actor, confirmed, place

LATER = date(2026, 3, 19)


@pytest.fixture
def waiting(world):
    """Fifty gloves: forty lie there, ten come with the incoming supply."""
    order, shipments = confirmed(world, world.boris, (world.gloves, 50))
    return order, next(each for each in shipments if each.ready_on == world.incoming.due_on)


def follow(world, because="supply_late"):
    return services.follow_supply(world.gloves.sku, because=because, now=world.now)


def slip(world, due_on=LATER):
    reschedule(world.incoming, due_on, now=world.now, on=world.today)
    return follow(world)


def told():
    return Event.objects.filter(name="order.slipped").order_by("pk")


def test_a_later_day_is_promised_anew_and_the_first_promise_is_kept(world, waiting):
    order, shipment = waiting
    first = shipment.promised_on
    assert slip(world) == 1
    shipment.refresh_from_db()
    assert shipment.ready_on == LATER and shipment.promised_on == first == order.lines.get().promised_on
    kept = Slip.objects.get()
    assert (kept.first_on, kept.comes_on, kept.quantity) == (first, shipment.comes_on, 10)
    assert kept.comes_on > LATER and kept.reason == "supply_late" and kept.net == 10 * order.lines.get().unit_price
    [line] = told().get().facts["lines"]
    assert (line["was"], line["comes_on"]) == (first.isoformat(), kept.comes_on.isoformat())


def test_a_change_is_told_once_an_order_and_only_while_it_holds(world, waiting):
    slip(world)
    assert slip(world) == 0 and told().count() == 1
    event = told().get()
    for _again in range(2):
        tasks.send_slip_notice(event.pk)
    [letter] = mail.outbox
    assert "10 x GLV-NIT-L" in letter.body and reverse("portal:later", args=[waiting[0].number]) in letter.body
    assert slip(world, LATER + timedelta(days=7)) == 1
    mail.outbox.clear()
    tasks.send_slip_notice(event.pk)
    assert mail.outbox == []


def test_one_letter_tells_of_all_lines_that_a_change_moves(world):
    """An order that goes complete waits for its last line: both lines move, and one letter says so."""
    order, _shipments = confirmed(world, world.boris, (world.gloves, 50), (world.oil, 2), is_complete=True)
    assert slip(world) == 2
    assert {each.order_line.sku: each.reason for each in order.slips.select_related("order_line")} == {
        "GLV-NIT-L": "supply_late",
        "OIL-5L": "together",
    }
    tasks.send_slip_notice(told().get().pk)
    [letter] = mail.outbox
    assert "GLV-NIT-L" in letter.body and "OIL-5L" in letter.body


def test_a_day_that_is_sooner_again_but_still_late_is_told_kindly_and_keeps_the_answer(world, waiting):
    slip(world)
    Slip.objects.update(choice="wait", chosen_at=world.now, chosen_by_name="Boris")
    assert slip(world, LATER - timedelta(days=2)) == 1
    event = told().last()
    assert event.facts["earlier"] and Slip.objects.get().choice == "wait"
    tasks.send_slip_notice(event.pk)
    assert "good news" in mail.outbox[-1].body


def test_a_later_day_asks_anew(world, waiting):
    slip(world)
    Slip.objects.update(choice="wait", chosen_at=world.now, chosen_by_name="Boris")
    slip(world, LATER + timedelta(days=7))
    assert Slip.objects.get().choice == ""


def test_what_comes_early_again_keeps_its_first_promise_and_alarms_nobody(world, waiting):
    _order, shipment = waiting
    slip(world)
    assert slip(world, date(2026, 3, 12)) == 0
    shipment.refresh_from_db()
    assert shipment.expected_on is None and told().count() == 1
    assert Slip.objects.get().ending == "kept" and not Slip.objects.open().exists()


def test_what_is_past_is_ready_the_next_day_and_what_came_is_refused(world, waiting):
    reschedule(world.incoming, world.today - timedelta(days=3), now=world.now, on=world.today)
    assert Reservation.objects.get(incoming=world.incoming).ready_on == world.today + timedelta(days=1)
    receive(world.incoming, now=world.now, on=world.today)
    with pytest.raises(SupplyRefused):
        reschedule(world.incoming, LATER, now=world.now, on=world.today)


def test_operations_change_the_day_in_the_admin(world, waiting, signed_in):
    supply = world.incoming
    data = {"number": supply.number, "warehouse": supply.warehouse_id, "product": supply.product_id,
            "quantity": supply.quantity, "due_on": LATER.isoformat()}  # fmt: skip
    answer = signed_in(world.otto).post(reverse("admin:availability_incomingsupply_change", args=[supply.pk]), data)
    assert answer.status_code == 302
    supply.refresh_from_db()
    event = Event.objects.get(name="supply.rescheduled")
    assert supply.due_on == LATER and event.actor_name == "Otto"
    assert Reservation.objects.get(incoming=supply).ready_on >= LATER


# --- other things that fail -------------------------------------------------------------------------------------------


def test_a_short_receipt_is_noticed(world, waiting):
    receive(world.incoming, now=world.now, on=world.today, quantity=4)
    assert Event.objects.filter(name="supply.received").exists() and follow(world, "supply_short") == 1
    kept = Slip.objects.get()
    assert (kept.quantity, kept.reason) == (6, "supply_short")


def test_stock_that_the_erp_corrects_is_promised_to_nobody(world):
    """Of forty reserved gloves the ERP finds twenty-five: who was promised last gets the rest from what comes."""
    first, _shipments = confirmed(world, world.boris, (world.gloves, 20))
    last, _shipments = confirmed(world, world.boris, (world.gloves, 20))
    row = {"sku": "GLV-NIT-L", "warehouse": "LDS", "on_hand": "25"}
    take_stock([row], Told(source="ERP"), now=world.now)
    stock = StockLevel.objects.get(product=world.gloves)
    assert (stock.on_hand, stock.reserved, stock.missing) == (40, 40, 15)
    assert Event.objects.get(name="stock.short").facts["missing"] == 15
    services.follow_missing_stock("GLV-NIT-L", "LDS", now=world.now)
    stock.refresh_from_db()
    assert (stock.on_hand, stock.reserved, stock.missing) == (25, 25, 0)
    kept = Slip.objects.get()
    assert (kept.order_id, kept.quantity, kept.reason) == (last.pk, 15, "stock_short")
    assert IncomingSupply.objects.get(pk=world.incoming.pk).reserved == 15
    assert not first.slips.exists()
    take_stock([row], Told(source="ERP"), now=world.now)
    assert Event.objects.filter(name="stock.short").count() == 1


def test_what_is_being_picked_stays_until_the_picker_finds_out(world):
    order, _shipments = confirmed(world, world.boris, (world.gloves, 40))
    services.release_wave(SYSTEM, world.north, now=world.now)
    take_stock([{"sku": "GLV-NIT-L", "warehouse": "LDS", "on_hand": "30"}], Told(source="ERP"), now=world.now)
    assert services.follow_missing_stock("GLV-NIT-L", "LDS", now=world.now) == 0
    assert not order.slips.exists() and StockLevel.objects.get(product=world.gloves).missing == 10


def test_a_short_pick_can_be_decided_about_and_is_told_by_its_own_letter(world):
    order, [shipment] = confirmed(world, world.boris, (world.gloves, 40))
    services.release_wave(SYSTEM, world.north, now=world.now)
    shipment.refresh_from_db()
    services.confirm_picks(SYSTEM, shipment, {shipment.lines.get().pk: 30}, now=world.now)
    services.notice_slips(order.pk, because="stock_short", tells=False, now=world.now)
    assert order.slips.get().quantity == 10 and not told().exists()


def test_a_supplier_who_has_sold_out_or_takes_longer_is_noticed(world):
    """One drill lies there, three come from the supplier in six days."""
    order, _shipments = confirmed(world, world.boris, (world.drill, 4))
    offer = SupplierOffer.objects.get()
    change_offer(offer, stock=25, lead_days=400, now=world.now, on=world.today)
    services.follow_supply("DRL-18V", because="offer", now=world.now)
    kept = order.slips.get()
    assert (kept.quantity, kept.reason) == (3, "offer")
    before = kept.comes_on
    change_offer(offer, stock=0, lead_days=400, now=world.now, on=world.today)
    assert Reservation.objects.filter(offer=offer, state="held").count() == 0
    offer.refresh_from_db()
    assert (offer.stock, offer.reserved) == (0, 0)
    services.follow_supply("DRL-18V", because="offer", now=world.now)
    kept.refresh_from_db()
    assert kept.comes_on < before and kept.comes_on > kept.first_on


def test_operations_change_an_offer_in_the_admin(world, signed_in):
    confirmed(world, world.boris, (world.drill, 4))
    offer = SupplierOffer.objects.get()
    data = {"product": world.drill.pk, "supplier": "Torvik", "stock": "0", "lead_days": "6"}
    answer = signed_in(world.otto).post(reverse("admin:availability_supplieroffer_change", args=[offer.pk]), data)
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.stock, offer.reserved) == (0, 0) and Event.objects.filter(name="offer.changed").exists()


def test_a_longer_lead_time_of_the_product_is_noticed(world):
    SupplierOffer.objects.all().delete()
    order, _shipments = confirmed(world, world.boris, (world.drill, 4))
    world.drill.lead_days = 400
    world.drill.save()
    event = Event.objects.create(
        name="product.changed", subject="product:DRL-18V", facts={"sku": "DRL-18V", "fields": ["lead_days"]},
        occurred_at=world.now,
    )  # fmt: skip
    tasks.follow_lead_time(event.pk)
    assert order.slips.get().reason == "lead_time"


# --- orders that are not confirmed yet --------------------------------------------------------------------------------


def test_an_order_that_waits_for_a_yes_shows_the_new_day_and_is_told_when_it_is_placed(world):
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Large orders")
    policy.steps.create(above=100)
    order = place(world, world.anna, (world.gloves, 50))
    slip(world)
    assert order.slips.get().told_at is None and not told().exists()
    approve(actor(world.boris), order, now=world.now)
    tasks.tell_of_slips(Event.objects.get(name="order.placed").pk)
    assert told().get().subject == f"order:{order.number}"
    order.refresh_from_db()
    confirm_order(SYSTEM, order, now=world.now)
    assert follow(world) == 0 and told().count() == 1


def test_a_placed_order_is_told_before_it_is_confirmed(world):
    place(world, world.boris, (world.gloves, 50))
    assert slip(world) == 1 and told().count() == 1


# --- many orders ------------------------------------------------------------------------------------------------------


def test_a_run_that_is_cut_off_is_run_again_and_tells_each_order_once(world, monkeypatch):
    orders = [confirmed(world, world.boris, (world.gloves, 50))[0] for _ in range(3)]
    monkeypatch.setattr(slipping, "LOT", 2)
    reschedule(world.incoming, LATER, now=world.now, on=world.today)
    looked_at, notice = [], slipping.notice_slips

    def cut_off(order_id, **more):
        if looked_at:
            raise KeyboardInterrupt
        looked_at.append(order_id)
        return notice(order_id, **more)

    monkeypatch.setattr(slipping, "notice_slips", cut_off)
    with pytest.raises(KeyboardInterrupt):
        follow(world)
    assert told().count() == 1
    monkeypatch.setattr(slipping, "notice_slips", notice)
    assert follow(world) == 2 and told().count() == 3
    assert {slip.order_id for slip in Slip.objects.all()} == {order.pk for order in orders}


def test_an_order_takes_as_many_queries_however_many_lines_have_slipped(world, django_assert_max_num_queries):
    order, _shipments = confirmed(world, world.boris, (world.gloves, 50), (world.oil, 20), (world.drill, 4))
    reschedule(world.incoming, LATER, now=world.now, on=world.today)
    with django_assert_max_num_queries(40):
        services.notice_slips(order.pk, because="supply_late", now=world.now)


def test_what_comes_later_is_read_for_home_with_all_that_it_says_in_one_query(
    world, waiting, django_assert_num_queries
):
    slip(world)
    (order, _), boris = waiting, actor(world.boris)

    with django_assert_num_queries(1):
        (ahead,) = slips_ahead(boris)
        said = (ahead.order.number, bool(ahead.order_line.name), ahead.comes_on > ahead.first_on, ahead.choice)

    assert said == (order.number, True, True, "")
