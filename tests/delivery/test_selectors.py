"""Options and arrivals in the world: Leeds and Reading deliver to York."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.availability.rules import Ask, Lot
from apps.availability.selectors import promises_for
from apps.delivery.models import DeliveryOption, Holiday, Lane
from apps.delivery.selectors import arrivals_for, options_for

FRIDAY = date(2026, 3, 6)


def lot(world, warehouse=None, ready_on=None):
    return Lot(1, ready_on or world.today, "stock", (warehouse or world.north).pk, 1)


def quotes(world, *lots, weight="10", net="100", currency="GBP", ship_to=None):
    found = options_for(
        ship_to=ship_to or world.dock,
        lots=lots,
        weight_kg=Decimal(weight),
        goods_net=Decimal(net),
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
