"""Sums over accounts of different currencies: by the rate of the day, or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from apps.ordering.models import Order
from apps.ordering.selectors.revenue import LeftOut, revenue_of
from apps.pricing.models import ExchangeRate
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def rates(db):
    for currency, rate, begins in (("EUR", "0.80", JANUARY), ("EUR", "0.90", MARCH), ("THB", "0.02", MARCH)):
        ExchangeRate.objects.create(currency=currency, rate=rate, valid_from=begins)


def ordered(world, contact, currency, net, day, hour=9, **more):
    order = delivered(world, contact).order
    at = datetime(2026, *day, hour, tzinfo=UTC)
    Order.objects.filter(pk=order.pk).update(currency=currency, goods_net=net, placed_at=at, **more)


DAYS = [  # currency, the day it was ordered, what 100 of it are worth; None: left out
    ("GBP", (3, 2), D(100)),
    ("GBP", (1, 1), D(100)),
    ("EUR", (1, 1), D(80)),  # the day a rate begins counts
    ("EUR", (2, 28), D(80)),
    ("EUR", (3, 1), D(90)),
    ("EUR", (12, 31), D(90)),
    ("THB", (3, 2), D(2)),
    ("THB", (2, 28), None),  # before the first rate
    ("KRW", (3, 2), None),  # no rate at all
]


@pytest.mark.parametrize(("currency", "day", "worth"), DAYS)
def test_an_order_counts_at_the_rate_of_its_day(currency, day, worth, world, rates):
    ordered(world, world.anna, currency, 100, day)

    assert revenue_of(Order.objects.all()).by_account.get(world.brightwater.pk) == worth


def test_an_account_with_an_order_that_has_no_rate_is_left_out_and_named(world, rates, django_assert_num_queries):
    ordered(world, world.anna, "GBP", 100, (3, 2))
    ordered(world, world.anna, "KRW", 900_000, (3, 3))
    ordered(world, world.xaver, "EUR", 100, (3, 2))
    ordered(world, world.xaver, "THB", 100, (2, 2), status="cancelled")

    with django_assert_num_queries(1):
        found = revenue_of(Order.objects.all())

    assert found.by_account == {world.calder.pk: D(90)} and found.total == D(90)
    assert found.left_out == LeftOut(1, ("KRW",))


def test_the_last_second_of_a_day_has_the_rate_of_that_day(world, rates):
    ordered(world, world.anna, "EUR", 100, (2, 28), hour=23)

    assert revenue_of(Order.objects.all()).total == D(80)
