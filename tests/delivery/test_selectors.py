"""Options and arrivals in the world: Leeds and Reading deliver to York."""

from copy import copy
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from apps.availability.rules import Ask, Lot
from apps.availability.selectors import promises_for
from apps.delivery.models import Closure, DeliveryOption, Holiday, Lane, Rate, Slot, SlotWindow, Zone
from apps.delivery.rules import Goods
from apps.delivery.selectors import arrivals_for, closed_days, options_for, options_to

FRIDAY = date(2026, 3, 6)


def lot(world, warehouse=None, ready_on=None):
    return Lot(1, ready_on or world.today, "stock", (warehouse or world.north).pk, 1)


def quotes(world, *lots, weight="10", net="100", currency="GBP", ship_to=None, **more):
    found = options_for(
        ship_to=ship_to or world.dock,
        goods=Goods(tuple((lot,) for lot in lots), Decimal(weight), net=Decimal(net), **more),
        currency=currency,
        now=world.now,
    )
    return {quote.option.code: quote for quote in found}


def test_each_option_has_its_price_and_date(world):
    found = quotes(world, lot(world))

    assert {code: (q.charge, q.arrives_on, q.free_gap, q.refused) for code, q in found.items()} == {
        "standard": (Decimal("6.90"), FRIDAY, Decimal(50), None),
        "express": (Decimal("14.50"), date(2026, 3, 5), None, None),
    }


def test_free_from_a_value_on(world):
    assert quotes(world, lot(world), net="150")["standard"].charge == 0


def test_the_last_lot_decides(world):
    split = quotes(world, lot(world), lot(world, world.south, date(2026, 3, 12)))["standard"]

    assert (split.dispatch_on, split.arrives_on) == (date(2026, 3, 12), date(2026, 3, 16))


def test_too_heavy_is_said(world):
    assert quotes(world, lot(world), weight="30.5")["express"].refused == "It carries up to 30 kg; this weighs 30.5 kg."


def test_another_currency_is_said(world):
    assert quotes(world, lot(world), currency="EUR")["standard"].refused == "Its rates are in GBP only."


def test_where_nothing_goes(world):
    found = quotes(world, lot(world), ship_to=("FR", "12345", "Europe/Paris"))["standard"]

    assert (found.arrives_on, found.refused) == (None, "It does not go from our warehouse to your country.")


@pytest.fixture
def counter(world):
    return DeliveryOption.objects.create(code="counter", name="Trade counter", kind="pick_up", position=9)


def test_pick_up_where_everything_is(world, counter):
    found = quotes(world, lot(world))["counter"]

    assert (found.pick_up_at, found.arrives_on, found.charge, found.refused) == ("Leeds", world.today, 0, None)


@pytest.mark.parametrize("places", ["both", "no branch"])
def test_no_pick_up_from_two_places_or_no_branch(world, counter, places):
    lots = [lot(world, world.south)] + ([lot(world)] if places == "both" else [])

    assert quotes(world, *lots)["counter"].refused == "Not everything is at one branch."


def test_services_alone_have_no_way_to_go(world):
    assert quotes(world)["standard"].arrives_on == world.today


def test_inactive_options_are_not_offered(world):
    DeliveryOption.objects.filter(code="express").update(is_active=False)

    assert list(quotes(world, lot(world))) == ["standard"]


@pytest.mark.parametrize("many", [1, 20])
def test_options_cost_two_queries(world, django_assert_num_queries, many):
    lots = [lot(world, ready_on=world.today + timedelta(days=n)) for n in range(many)]

    with django_assert_num_queries(2):
        quotes(world, *lots, lot(world, world.south))


def arrivals(world, *asks, ship_to=None, option=None):
    promises = promises_for(asks, world.today)
    return arrivals_for(ship_to or world.dock, promises, world.now, option=option)


def test_arrivals_of_what_is_there_of_what_is_not_and_of_services(world):
    bolt, gloves, cutting = Ask(world.bolt.pk, 100), Ask(world.gloves.pk, 50), Ask(world.cutting.pk, 1)

    assert arrivals(world, bolt, gloves, cutting) == {bolt: FRIDAY, gloves: date(2026, 3, 16), cutting: FRIDAY}


def test_arrivals_by_a_chosen_option(world, counter):
    bolt = Ask(world.bolt.pk, 100)

    assert arrivals(world, bolt, option=world.express) == {bolt: date(2026, 3, 5)}
    assert arrivals(world, bolt, option=counter) == {bolt: world.today}


def test_another_option_stands_in_where_there_is_no_standard(world):
    Lane.objects.filter(option=world.standard).delete()

    assert list(arrivals(world, Ask(world.bolt.pk, 100)).values()) == [date(2026, 3, 5)]


def test_a_new_holiday_counts_at_once(world):
    bolt = Ask(world.bolt.pk, 100)
    assert arrivals(world, bolt)[bolt] == FRIDAY

    Holiday.objects.create(country="GB", day_on=FRIDAY, name="Fair day")
    assert arrivals(world, bolt)[bolt] == date(2026, 3, 9)


def test_no_date_where_nothing_goes_or_nobody_waits(world):
    bolt = Ask(world.bolt.pk, 100)

    assert arrivals(world, bolt, ship_to=("FR", "12345", "Europe/Paris")) == {bolt: None}
    assert arrivals_for(None, promises_for([bolt], world.today), world.now) == {bolt: None}


@pytest.mark.parametrize("many", [1, 6])
def test_arrivals_cost_one_query(world, django_assert_num_queries, many):
    products = [world.bolt, world.bolt_long, world.gloves, world.drill, world.oil, world.cutting][:many]
    promises = promises_for([Ask(product.pk, 10) for product in products], world.today)

    with django_assert_num_queries(1):
        assert None not in arrivals_for(world.dock, promises, world.now).values()


@pytest.fixture
def highlands(world):
    world.dock.postal_code, world.dock.receiving_from, world.dock.receiving_to = "IV2 3AA", time(8), time(16)
    return Zone.objects.create(name="Highlands", country="GB", prefixes=["IV", "KW"])


def test_a_lane_to_a_zone_counts_there_and_only_there(world, highlands):
    Lane.objects.create(option=world.standard, warehouse=world.north, country="GB", zone=highlands, transit_days=4)
    Lane.objects.create(
        option=world.express, warehouse=world.north, country="GB", zone=highlands, transit_days=0, is_served=False
    )
    found = quotes(world, lot(world))

    assert found["standard"].arrives_on == date(2026, 3, 10)
    assert found["express"].refused == "It does not go from our warehouse to your country."
    world.dock.postal_code = "YO1 1AA"
    assert {code: each.arrives_on for code, each in quotes(world, lot(world)).items()} == {
        "standard": FRIDAY,
        "express": date(2026, 3, 5),
    }


def test_rates_of_a_zone_and_what_they_do_not_hold(world, highlands):
    Rate.objects.create(option=world.standard, price="6.50", up_to_kg=20)
    Rate.objects.create(option=world.standard, zone=highlands, price="18", up_to_kg=20)

    assert quotes(world, lot(world))["standard"].charge == 18
    assert quotes(world, lot(world), weight="21")["standard"].refused == (
        "It has no rate for 21 kg and 0 m³ to this address."
    )


def test_days_nobody_works_move_the_date(world, highlands):
    Closure.objects.create(warehouse=world.north, from_on=world.today, until_on=date(2026, 3, 5), name="Stocktaking")
    assert quotes(world, lot(world))["standard"].dispatch_on == FRIDAY

    Closure.objects.create(option=world.standard, from_on=date(2026, 3, 9), until_on=date(2026, 3, 9), name="Strike")
    Holiday.objects.create(country="GB", zone=highlands, day_on=date(2026, 3, 11), name="Fair day")
    world.dock.closed_days = "2026-03-12"
    found = quotes(world, lot(world))

    assert found["standard"].arrives_on == date(2026, 3, 13)
    assert found["express"].arrives_on == date(2026, 3, 9)


def test_an_option_runs_on_its_own_days(world):
    DeliveryOption.objects.filter(code="standard").update(working_days="2")

    assert quotes(world, lot(world))["standard"].arrives_on == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("field", "goods", "why"),
    [
        ("carries_dangerous", {"dangerous": ("Hydraulic oil",)}, "It does not carry dangerous goods: Hydraulic oil."),
        ("carries_bulky", {"bulky": ("Rail", "Pipe")}, "It does not carry what is bulky: Rail, Pipe."),
    ],
)
def test_what_an_option_does_not_carry_is_said(world, field, goods, why):
    DeliveryOption.objects.filter(code="express").update(**{field: False})
    found = quotes(world, lot(world), **goods)

    assert (found["express"].refused, found["standard"].refused) == (why, None)


def test_straight_from_the_supplier_is_for_what_they_have(world):
    direct = DeliveryOption.objects.create(code="direct", name="Direct", kind="drop_ship", position=9)
    Lane.objects.create(option=direct, warehouse=world.north, country="GB", transit_days=1)
    Closure.objects.create(warehouse=world.north, from_on=world.today, until_on=FRIDAY, name="Stocktaking")
    theirs = Lot(1, date(2026, 3, 5), "supplier", world.north.pk, 1, "Torvik")

    assert quotes(world, theirs)["direct"].arrives_on == FRIDAY
    assert "directly" in quotes(world, theirs, lot(world))["direct"].refused
    assert "directly" in quotes(world, theirs._replace(direct_from=""))["direct"].refused


@pytest.fixture
def direct(world):
    """Torvik sends drills straight to whoever ordered them, in a day, for 9.50."""
    option = DeliveryOption.objects.create(
        code="direct", name="Straight from the maker", kind="drop_ship", base_rate="9.50", position=9
    )
    Lane.objects.create(option=option, warehouse=world.north, country="GB", transit_days=1)
    return option


def goods_of(world, *, theirs_on=date(2026, 3, 5)):
    theirs = Lot(3, theirs_on, "supplier", world.north.pk, 1, "Torvik")
    return Goods.of([
        (world.drill, 4, Decimal(756), [Lot(1, world.today, "stock", world.north.pk, 1), theirs]),
        (world.gloves, 10, Decimal(79), [Lot(10, world.today, "stock", world.north.pk, 2)]),
    ])  # fmt: skip


def test_a_part_comes_straight_from_its_supplier_where_it_is_sent_as_it_is_ready(world, direct):
    found = options_for(ship_to=world.dock, goods=goods_of(world), currency="GBP", now=world.now)
    express = next(quote for quote in found if quote.option.code == "express")

    assert (express.direct, express.direct_charge) == (direct, Decimal("9.50"))
    assert (express.charge, express.parts_charge) == (Decimal("14.50"), Decimal("24.00"))
    assert express.days == (date(2026, 3, 5), FRIDAY)  # ours, theirs
    assert express.comes_on(is_complete=True) == FRIDAY  # through Leeds
    assert express.goes_complete(None, prefers=False)  # nobody pays for parts unasked


def test_what_an_option_cannot_carry_may_come_straight_from_the_supplier(world, direct):
    DeliveryOption.objects.filter(code="express").update(max_weight_kg=8)
    found = options_for(ship_to=world.dock, goods=goods_of(world), currency="GBP", now=world.now)
    express = next(quote for quote in found if quote.option.code == "express")

    assert (express.refused, express.only_in_parts) == (None, True)
    assert not express.goes_complete(True, prefers=True)
    assert express.charged(is_complete=False) == express.charge == Decimal("24.00")


def test_several_deliveries_in_the_queries_of_one(world, django_assert_num_queries, highlands):
    Lane.objects.create(option=world.standard, warehouse=world.north, country="GB", zone=highlands, transit_days=4)
    goods, far, near = goods_of(world), world.dock, copy(world.dock)
    near.postal_code = "YO1 1AA"
    alone = [options_for(ship_to=to, goods=goods, currency="GBP", now=world.now) for to in (far, near)]
    with django_assert_num_queries(2):
        found = options_to([(far, goods), (near, goods)], currency="GBP", now=world.now)

    assert found[0] != found[1]

    assert found == alone


def test_a_branch_to_which_the_goods_are_brought(world, counter):
    Lane.objects.create(option=counter, warehouse=world.south, branch=world.north, transit_days=1)
    found = quotes(world, lot(world, world.south), lot(world))["counter"]

    assert [(each.name, each.ready_on) for each in found.branches] == [("Leeds", date(2026, 3, 5))]


def test_slots_from_the_day_the_goods_are_there_within_receiving_hours(world, highlands):
    for starts, ends in ((time(6), time(8)), (time(8), time(10)), (time(14), time(16))):
        SlotWindow.objects.create(option=world.express, starts_at=starts, ends_at=ends, capacity=1)
    morning = SlotWindow.objects.get(starts_at=time(8))
    Slot.objects.create(window=morning, day_on=date(2026, 3, 5), capacity=1, booked=1)
    found = quotes(world, lot(world))["express"]

    assert [(each.day_on.day, each.starts_at.hour) for each in found.slots[:2]] == [(5, 14), (6, 8)]


def test_in_parts_each_further_delivery_costs(world):
    DeliveryOption.objects.filter(code="standard").update(part_charge=4)
    found = quotes(world, lot(world), lot(world, world.south, date(2026, 3, 12)))["standard"]

    assert (found.days, found.charge, found.parts_charge) == (
        (FRIDAY, date(2026, 3, 16)),
        Decimal("6.90"),
        Decimal("10.90"),
    )


def test_days_whole_countries_are_closed(world, django_assert_num_queries):
    highlands = Zone.objects.create(country="GB", name="Highlands", prefixes=["IV"])
    for country, day, zone in (("GB", 6, None), ("GB", 9, highlands), ("GB", 31, None), ("IR", 21, None)):
        Holiday.objects.create(country=country, zone=zone, day_on=date(2026, 3, day), name="Fair day")
    with django_assert_num_queries(1):
        closed = closed_days(["GB", "IR", "TH"], since=date(2026, 3, 6), until=date(2026, 3, 21))
    assert closed == {"GB": {FRIDAY}, "IR": {date(2026, 3, 21)}, "TH": frozenset()}
