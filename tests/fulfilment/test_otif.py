"""The facts of deliveries, and what share of lines and orders was perfect."""

from datetime import date, timedelta

import pytest

from apps.accounts.selectors import actor_for
from apps.core.scoping import NOBODY, SYSTEM
from apps.fulfilment import services
from apps.fulfilment.models import DeliveryFact, LineFact, Shipment
from apps.fulfilment.rules.otif import Part, line_verdict
from apps.fulfilment.selectors import facts_of
from apps.fulfilment.selectors.kept import Kept, failed_in, kept_in
from apps.fulfilment.selectors.otif import otif_by, otif_of_account, otif_of_house
from apps.fulfilment.services.facts import freeze_missing
from tests.feedback.deliveries import delivered
from tests.ordering.trade import actor, shipped

MON, TUE, WED = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


@pytest.mark.parametrize(
    ("promised", "ordered", "parts", "found"),
    [
        (TUE, 10, [Part(MON, 10)], (True, True, True, True)),
        (TUE, 10, [Part(TUE, 4), Part(MON, 6)], (True, True, True, True)),
        (TUE, 10, [Part(MON, 4), Part(WED, 6)], (False, True, True, True)),
        (TUE, 10, [Part(MON, 9)], (True, False, True, True)),
        (TUE, 10, [Part(MON, 10, missing=1)], (True, False, True, True)),
        (TUE, 10, [Part(MON, 10, damaged=1)], (True, True, False, True)),
        (TUE, 10, [Part(MON, 10, wrong=10)], (True, True, False, True)),
        (TUE, 10, [Part(MON, 10, papers_right=False)], (True, True, True, False)),
        (None, 10, [Part(WED, 10)], (True, True, True, True)),
    ],
)
def test_a_line_is_perfect_where_everything_holds(promised, ordered, parts, found):
    verdict = line_verdict(promised, ordered, parts)
    assert (verdict.on_time, verdict.in_full, verdict.condition_right, verdict.papers_right) == found
    assert verdict.is_perfect == all(found)


def deliver(world, shipment, lines=None, days=0):
    at = world.now + timedelta(days=days, hours=2)
    services.confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=at, lines=lines, now=at)


def test_facts_are_frozen_with_the_delivery_and_say_what_was_paid_before(world):
    shipped(world, world.anna, (world.gloves, 1), now=world.now - timedelta(hours=1))
    order, [shipment] = shipped(world, world.anna, (world.gloves, 10))
    Shipment.objects.filter(pk=shipment.pk).update(expected_on=world.today + timedelta(days=9))
    line = order.lines.get()
    deliver(world, shipment, {line.pk: (9, 2)})
    fact, of_line = DeliveryFact.objects.get(), LineFact.objects.get()
    assert (fact.first_promised_on, fact.last_promised_on) == (line.promised_on, world.today + timedelta(days=9))
    assert (fact.channel, fact.carrier, fact.warehouse, fact.net) == ("portal", "Northern Parcels", world.north, 79)
    assert (of_line.ordered, of_line.delivered, of_line.damaged) == (10, 9, 2)
    assert (str(of_line.unit_price), str(of_line.last_paid)) == ("7.9000", "8.5000")
    assert freeze_missing(since=world.today, now=world.now) == 0


def test_figures_join_lines_by_and_and_wait_for_what_is_under_way(world, django_assert_num_queries):
    on = world.today + timedelta(days=60)
    _order, [perfect] = shipped(world, world.anna, (world.gloves, 1), (world.bolt, 100))
    deliver(world, perfect)
    damaged, [one] = shipped(world, world.anna, (world.gloves, 1), (world.bolt, 100))
    deliver(world, one, {damaged.lines.first().pk: (1, 1)})
    _order, [late] = shipped(world, world.anna, (world.gloves, 1))
    deliver(world, late, days=30)
    _order, [here, _there] = shipped(world, world.boris, (world.gloves, 60))
    deliver(world, here)  # the rest of the line is under way
    with django_assert_num_queries(1):
        found = otif_of_account(SYSTEM, world.brightwater.pk, on)
    assert (found.lines, found.perfect, found.orders, found.perfect_orders) == (5, 3, 3, 1)
    assert (found.on_time, found.in_full) == (4, 5)
    assert otif_of_account(actor(world.xaver), world.brightwater.pk, on).lines == 0
    assert otif_by(SYSTEM, "carrier", on)["Northern Parcels"] == found
    assert otif_by(SYSTEM, "warehouse", on)["Leeds"].lines == 5 and otif_by(actor(world.anna), "supplier", on) == {}


def test_a_reported_fault_counts_with_the_facts(world, signed_in):
    _order, [shipment] = shipped(world)
    deliver(world, shipment)
    pk = shipment.lines.get().pk
    services.report_fault(actor(world.rick), shipment, {pk: ("wrong", 10)}, key="1", now=world.now + timedelta(days=1))
    assert LineFact.objects.get().wrong == 10
    assert otif_of_account(SYSTEM, world.brightwater.pk, world.today + timedelta(days=2)).perfect == 0
    page = signed_in(world.otto).get("/admin/fulfilment/deliveryfact/")
    assert page.status_code == 200 and shipment.number in page.content.decode()


@pytest.mark.parametrize(
    ("came", "reported", "days", "fault"),
    [
        ({}, {}, 0, ""),
        ({}, {}, 30, "late"),
        ({"bolt": (90, 0)}, {}, 0, "short"),
        ({"bolt": (100, 10)}, {}, 0, "damaged"),
        ({}, {"bolt": ("missing", 10)}, 0, "short"),
        ({}, {"bolt": ("damaged", 10)}, 0, "damaged"),
        ({}, {"bolt": ("wrong", 10)}, 0, "wrong"),
        ({}, {"bolt": ("papers", 1)}, 0, "wrong"),
    ],
)
def test_what_the_house_kept_is_what_the_figures_call_perfect(world, came, reported, days, fault):
    """Of a delivery without and one with a fault, the share is the same wherever it is told."""
    shipped_now = [shipped(world, who, (world.gloves, 1), (world.bolt, 100)) for who in (world.anna, world.boris)]
    (_order, [perfect]), (order, [faulty]) = shipped_now
    deliver(world, perfect)
    lines = {line.product_id: line for line in order.lines.all()}
    deliver(world, faulty, {lines[getattr(world, name).pk].pk: said for name, said in came.items()}, days=days)
    later = world.now + timedelta(days=days, hours=3)
    if reported:
        said = {faulty.lines.get(order_line=lines[getattr(world, name).pk]).pk: what for name, what in reported.items()}
        services.report_fault(actor(world.rick), faulty, said, key="1", now=later)
    kept = kept_in(SYSTEM, since=world.now, until=later)
    house = otif_of_house(SYSTEM, later.date())
    faults = {name: int(name == fault) for name in ("late", "short", "damaged", "wrong")}
    assert kept == Kept(2, **faults, kept=2 - bool(fault))
    assert kept.perfect == house.perfect_orders / house.orders
    assert len(failed_in(SYSTEM, since=world.now, until=later)) == bool(fault)
    assert (facts_of(faulty)["otif"], kept_in(NOBODY, since=world.now, until=later).perfect) == (not fault, None)


def test_a_delivery_without_facts_counts_by_what_was_found(world):
    delivered(world, is_late=True)
    delivered(world, world.xaver, is_short=True)
    period = {"since": world.now - timedelta(days=1), "until": world.now + timedelta(days=1)}
    assert kept_in(SYSTEM, **period) == Kept(2, late=1, short=1)
    assert kept_in(actor_for(world.ruben.user), **period) == Kept(1, short=1)
    assert kept_in(actor(world.anna), **period) == Kept(1, late=1)


def test_an_order_counts_once_all_of_it_is_over(world):
    on = world.today + timedelta(days=60)
    _order, [first, second] = shipped(world, world.boris, (world.bolt, 100), (world.gloves, 60))
    deliver(world, first)  # the bolts are there, the order is not over
    house = otif_of_house(SYSTEM, on)
    assert (house.lines, house.orders, house.perfect_orders) == (1, 0, 0)
    deliver(world, second)
    house = otif_of_house(SYSTEM, on)
    assert (house.lines, house.orders, house.perfect_orders) == (2, 1, 1)
    assert otif_of_house(actor(world.anna), on).lines == 0
