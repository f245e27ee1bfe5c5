"""Standing orders: when they come, that they come once, and when they ask first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import ShipTo
from apps.ordering.errors import StandingOrderNotFound, StandingOrderRefused, WrongStatus
from apps.ordering.models import Order, StandingOrder
from apps.ordering.rules.standing import following, nth, risen, upcoming
from apps.ordering.selectors import standing_order_for
from apps.ordering.services import standing as services
from apps.pricing.models import Price
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, place
from tests.world import build


@pytest.mark.parametrize(
    ("first", "every", "unit", "n", "on"),
    [
        ("2026-03-04", 2, "week", 1, "2026-03-18"),
        ("2026-01-31", 1, "month", 1, "2026-02-28"),
        ("2026-01-31", 1, "month", 2, "2026-03-31"),  # not the 28th for ever
        ("2028-01-31", 1, "month", 1, "2028-02-29"),
        ("2026-11-15", 3, "month", 1, "2027-02-15"),
    ],
)
def test_the_rhythm_is_counted_from_the_first_day(first, every, unit, n, on):
    first, on = date.fromisoformat(first), date.fromisoformat(on)
    assert nth(first, every, unit, n) == on
    assert following(first, every, unit, on - timedelta(days=1)) == on
    assert following(first, every, unit, on) > on


def test_no_date_comes_after_the_end():
    assert upcoming(date(2026, 3, 4), 1, "week", date(2026, 3, 11), date(2026, 3, 20)) == (
        date(2026, 3, 11),
        date(2026, 3, 18),
    )


def test_what_has_risen_needs_a_yes():
    prices = [("A", Decimal(10), Decimal("10.50")), ("B", Decimal(10), Decimal("10.51")), ("C", Decimal(10), None)]
    assert risen(prices, Decimal(5)) == ("B", "C")


def standing(world, who=None, **more):
    said = {
        "name": "Gloves",
        "lines": [(world.gloves.pk, 10)],
        "ship_to_id": world.dock.pk,
        "every": 2,
        "unit": "week",
        "first_on": world.today,
        "now": world.now,
    }
    return services.make_standing_order(actor(who or world.anna), **(said | more))


def later(world, days):
    return world.now + timedelta(days=days)


def test_each_date_is_one_order_in_the_name_of_its_contact(world):
    made = standing(world, po_number="PO-7")
    assert [services.place_due(now=later(world, days)) for days in (0, 0, 13, 14)] == [1, 0, 0, 1]
    first, second = Order.objects.order_by("pk")
    assert (first.contact, first.channel, first.po_number, first.status) == (world.anna, "standing", "PO-7", "placed")
    made.refresh_from_db()
    assert (made.last_order, made.next_on) == (second, world.today + timedelta(days=28))


def test_it_promises_the_day_that_any_order_would(world):
    standing(world, lines=[(world.bolt.pk, 200)])
    services.place_due(now=world.now)
    other = place(world, world.anna, (world.bolt, 200))

    assert Order.objects.get(channel="standing").promised_on == other.promised_on


def test_where_nothing_can_be_delivered_it_waits_and_says_why(world):
    ShipTo.objects.update(receiving_days="7")
    made = standing(world)
    services.place_due(now=world.now)
    made.refresh_from_db()

    assert "Standard: It does not run on any day on which you receive goods." in made.review
    assert not Order.objects.exists()


def test_a_limit_sends_it_to_approval_like_any_order(world):
    standing(world, lines=[(world.drill.pk, 6)])
    services.place_due(now=world.now)
    assert Order.objects.get().status == "awaiting_approval"


def test_what_was_missed_is_made_up_for_once(world):
    made = standing(world)
    assert services.place_due(now=later(world, 40)) == 1
    made.refresh_from_db()
    assert made.next_on == world.today + timedelta(days=42)


def test_a_risen_price_waits_for_a_yes_and_is_then_ordered_for_its_date(world):
    made = standing(world)
    Price.objects.filter(product=world.gloves).update(unit_price="9.9900")
    assert services.place_due(now=world.now) == 0
    made.refresh_from_db()
    assert (made.state, made.next_on) == ("review", world.today)
    assert "GLV-NIT-L" in made.review
    services.agree(actor(world.anna), made, now=world.now)
    assert services.place_due(now=world.now) == 1
    assert Order.objects.get().lines.get().unit_price == Decimal("9.9900")


def test_what_is_no_longer_sold_waits_too(world):
    made = standing(world, lines=[(world.gloves.pk, 10), (world.oil.pk, 1)])
    type(world.oil).objects.filter(pk=world.oil.pk).update(status="discontinued")
    assert services.place_due(now=world.now) == 0
    made.refresh_from_db()
    assert made.state == "review"
    services.agree(actor(world.anna), made, now=world.now)
    assert services.place_due(now=world.now) == 1
    assert Order.objects.get().lines.get().sku == "GLV-NIT-L"


def test_a_contact_who_left_orders_no_more(world):
    made = standing(world)
    type(world.anna).objects.filter(pk=world.anna.pk).update(is_active=False)
    assert services.place_due(now=world.now) == 0
    made.refresh_from_db()
    assert made.state == "review"


def test_skipped_paused_and_ended(world):
    made, anna = standing(world), actor(world.anna)
    services.skip_once(anna, made, world.today, now=world.now)
    with pytest.raises(WrongStatus):  # the same press again
        services.skip_once(anna, made, world.today, now=world.now)
    assert services.place_due(now=world.now) == 0
    services.change_state(anna, made, "paused", now=world.now)
    assert services.place_due(now=later(world, 30)) == 0
    back = services.change_state(anna, made, "active", now=later(world, 30))
    assert back.next_on == world.today + timedelta(days=42)
    services.change_state(anna, made, "ended", now=world.now)
    assert services.place_due(now=later(world, 60)) == 0
    with pytest.raises(WrongStatus):
        services.change_state(anna, made, "active", now=world.now)


def test_it_ends_after_its_last_day(world):
    made = standing(world, ends_on=world.today + timedelta(days=20))
    assert [services.place_due(now=later(world, days)) for days in (0, 14, 28)] == [1, 1, 0]
    made.refresh_from_db()
    assert made.state == "ended"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("lines", []), ("every", 0), ("unit", "day"), ("first_on", date(2026, 3, 3)),
     ("ends_on", date(2026, 3, 1)), ("rise_percent", Decimal(-1))],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_field(world, field, value):
    with pytest.raises(StandingOrderRefused) as refused:
        standing(world, **{field: value})
    assert field in refused.value.fields


def test_a_stranger_finds_none(world):
    made = standing(world)
    with pytest.raises(StandingOrderNotFound):
        standing_order_for(actor(world.xaver), made.pk)


@pytest.mark.django_db(transaction=True)
def test_sixteen_sweeps_place_one_order():
    world = build()
    standing(world)
    placed = at_once(lambda _sweep: services.place_due(now=world.now), range(16), threads=16)
    assert sum(placed) == Order.objects.count() == 1
    assert StandingOrder.objects.get().next_on == world.today + timedelta(days=14)


def test_its_lines_can_be_changed(world):
    made = standing(world)
    line, me = made.lines.get(), actor(world.anna)
    Price.objects.filter(product=world.gloves).update(unit_price="7.9500")
    services.change_lines(me, made, quantities={line.pk: "10"}, more=[(world.oil.pk, "2")], now=world.now)
    assert list(made.lines.values_list("product__sku", "quantity", "agreed_price").order_by("product__sku")) == [
        ("GLV-NIT-L", 10, Decimal("7.9000")),  # not changed: what was agreed to
        ("OIL-5L", 2, Decimal("32.4000")),
    ]
    services.change_lines(me, made, quantities={line.pk: 12}, now=world.now)
    assert made.lines.get(product=world.gloves).agreed_price == Decimal("7.9500"), "changed: agreed to today's"
    gone = made.lines.get(product=world.oil)
    services.change_lines(me, made, quantities={gone.pk: 0}, now=world.now)
    last = made.lines.get()
    for wrong in (
        {"quantities": {last.pk: 0}},
        {"quantities": {gone.pk: 1}},
        {"quantities": {}, "more": [(world.gloves.pk, 1)]},
        {"quantities": {}, "more": [(0, 1)]},
    ):
        with pytest.raises(StandingOrderRefused):
            services.change_lines(me, made, **wrong, now=world.now)
    with pytest.raises(StandingOrderNotFound):
        services.change_lines(actor(world.xaver), made, quantities={last.pk: 1}, now=world.now)
    services.change_state(me, made, "ended", now=world.now)
    with pytest.raises(WrongStatus):
        services.change_lines(me, made, quantities={last.pk: 1}, now=world.now)
