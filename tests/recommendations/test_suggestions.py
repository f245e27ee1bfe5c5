"""Rhythms from orders, and what is suggested from them."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.errors import AccountNotFound, PermissionMissing
from apps.accounts.selectors import actor_for
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import NOBODY
from apps.ordering.models import Order, OrderLine
from apps.recommendations.errors import PickNotFound
from apps.recommendations.models import Dismissal, RegularSku
from apps.recommendations.rules import Rhythm, rhythm
from apps.recommendations.selectors import due_to_reorder, goes_with, picks_of, regulars_of
from apps.recommendations.services import (
    dismiss,
    pick,
    rebuild_popularity,
    rebuild_regulars,
    refresh_regulars,
    unpick,
)
from apps.recommendations.tasks import refresh_regulars_after_order

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def order(account, on: date, *bought, status="delivered", hour=10):
    """An order of `account` with (product, quantity)..."""
    placed = Order.objects.create(
        number=f"SO-{Order.objects.count() + 1}",
        account=account,
        currency="GBP",
        status=status,
        placed_at=datetime(on.year, on.month, on.day, hour, tzinfo=LONDON),
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=placed, position=position, product=product, sku=product.sku, name=product.name, quantity=quantity,
            unit_price=1, price_source="base", net=quantity,
        )
        for position, (product, quantity) in enumerate(bought, 1)
    )  # fmt: skip
    return placed


def every_week(world, account, product, *, last: date, times=4, quantity=100):
    for n in range(times):
        order(account, last - timedelta(days=7 * n), (product, quantity))
    refresh_regulars(account.pk)


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


def test_what_is_bought_every_week_is_due_a_week_after_the_last_order(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=9))
    [due] = due_to_reorder(anna, world.today)
    assert (due.product, due.quantity, due.gap_days, due.times_bought) == (world.bolt, 100, 7, 4)
    assert (due.last_on, due.due_on, due.days_over) == (date(2026, 2, 23), date(2026, 3, 2), 2)


def test_the_longest_overdue_in_its_own_rhythm_comes_first(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=8))
    every_week(world, world.brightwater, world.oil, last=world.today - timedelta(days=20))
    every_week(world, world.brightwater, world.gloves, last=world.today - timedelta(days=3))
    assert [due.product.sku for due in due_to_reorder(anna, world.today)] == ["OIL-5L", "BLT-M8-40", "GLV-NIT-L"]


@pytest.mark.parametrize("days_ago", [29, 90])
def test_what_was_given_up_is_not_suggested_but_still_known(world, anna, days_ago):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=days_ago))
    assert due_to_reorder(anna, world.today) == []
    assert [due.product for due in regulars_of(anna)] == [world.bolt]


def test_what_is_not_sold_any_more_is_not_suggested(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=7))
    world.bolt.status = "discontinued"
    world.bolt.save()
    assert due_to_reorder(anna, world.today) == [] == regulars_of(anna)


def test_cancelled_orders_have_no_rhythm_and_a_rhythm_that_ends_is_forgotten(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=7), times=3)
    Order.objects.filter(placed_at__date=world.today - timedelta(days=7)).update(status="cancelled")
    refresh_regulars(world.brightwater.pk)
    assert not RegularSku.objects.exists()


def test_days_are_days_where_the_account_is(world):
    world.brightwater.time_zone = "Asia/Bangkok"
    world.brightwater.save()
    for day in (2, 9, 16):
        order(world.brightwater, date(2026, 2, day), (world.bolt, 100), hour=23)
    refresh_regulars(world.brightwater.pk)
    assert RegularSku.objects.get().last_on == date(2026, 2, 17)


def test_a_dismissed_one_stays_away_until_its_day_even_when_reckoned_anew(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=7))
    dismiss(anna, world.bolt, "not_now", world.now)
    refresh_regulars(world.brightwater.pk)
    assert due_to_reorder(anna, world.today) == []
    Dismissal.objects.update(until=world.today)
    assert len(due_to_reorder(anna, world.today)) == 1


def test_the_stranger_sees_and_dismisses_nothing_of_brightwater(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=7))
    xaver = actor_for(world.xaver.user)
    assert due_to_reorder(xaver, world.today) == [] == regulars_of(xaver) == due_to_reorder(NOBODY, world.today)
    dismiss(xaver, world.bolt, "never", world.now)
    assert len(due_to_reorder(anna, world.today)) == 1


def test_an_order_moves_its_accounts_rhythm_on_and_the_task_may_run_twice(world, anna):
    every_week(world, world.brightwater, world.bolt, last=world.today - timedelta(days=8))
    order(world.brightwater, world.today, (world.bolt, 100))
    event = record("order.placed", "order:SO-5", account_id=world.brightwater.pk, at=world.now)
    for _ in range(2):
        refresh_regulars_after_order(event.pk)
    assert [due.due_on for due in due_to_reorder(anna, world.today)] == [world.today + timedelta(days=7)]


def test_all_accounts_at_once_come_out_like_one_by_one(world):
    every_week(world, world.brightwater, world.bolt, last=world.today)
    every_week(world, world.calder, world.oil, last=world.today, times=5, quantity=3)
    one_by_one = list(RegularSku.objects.order_by("account").values_list("account", "product", "due_on"))
    RegularSku.objects.all().delete()
    assert rebuild_regulars() == 2
    assert list(RegularSku.objects.order_by("account").values_list("account", "product", "due_on")) == one_by_one
    assert rebuild_regulars() == 0


def test_the_statement_reckons_as_the_rule_says(world):
    chance = Random(4)
    histories = {
        product: [
            (date(2026, 1, 1) + timedelta(days=chance.randint(0, 40)), chance.randint(1, 9))
            for _ in range(chance.randint(1, 9))
        ]
        for product in (world.bolt, world.bolt_long, world.gloves, world.drill, world.oil, world.cutting)
    }
    for product, history in histories.items():
        for on, quantity in history:
            order(world.brightwater, on, (product, quantity))
    refresh_regulars(world.brightwater.pk)
    stored = RegularSku.objects.values_list(
        "product__sku", "times_bought", "last_on", "gap_days", "usual_quantity", "due_on"
    )
    expected = {product.sku: found for product, history in histories.items() if (found := rhythm(history))}
    assert len(expected) > 2
    assert {row[0]: Rhythm(row[1], row[2], row[3], row[4], row[5]) for row in stored} == expected


def test_what_is_ordered_together_goes_together_and_popularity_alone_does_not_count(world, anna):
    for n in range(4):
        order(world.calder, world.today - timedelta(days=n), (world.bolt, 100), (world.cutting, 1), (world.gloves, 1))
    for n in range(30):
        order(world.calder, world.today - timedelta(days=n), (world.gloves, 1))
    order(world.calder, world.today, (world.bolt, 100), (world.drill, 1))
    rebuild_popularity()
    found = goes_with(anna, [world.bolt.pk])
    assert [(pair.product, pair.with_product_id, pair.together) for pair in found] == [
        (world.cutting, world.bolt.pk, 4),
        (world.gloves, world.bolt.pk, 4),
    ]
    assert goes_with(anna, []) == []
    assert [pair.product for pair in goes_with(anna, [world.bolt.pk, world.cutting.pk])] == [world.gloves]


def test_popularity_counts_orders_of_the_last_year_on_record(world):
    order(world.calder, world.today, (world.bolt, 100))
    order(world.calder, world.today - timedelta(days=30), (world.bolt, 100), (world.oil, 1))
    order(world.calder, world.today - timedelta(days=500), (world.drill, 1))
    assert rebuild_popularity() == 2
    world.bolt.refresh_from_db()
    assert world.bolt.popularity == 2


def test_a_rep_picks_says_why_and_takes_it_back(world, anna, rhea):
    pick(rhea, world.brightwater, world.drill, " New, and quieter. ", world.now)
    pick(rhea, world.brightwater, world.oil, "", world.now)
    pick(rhea, world.brightwater, world.drill, "Quieter.", world.now)
    assert [(p.product.sku, p.note, p.rep_name) for p in picks_of(anna)] == [
        ("DRL-18V", "Quieter.", "Rhea"),
        ("OIL-5L", "", "Rhea"),
    ]
    unpick(rhea, world.brightwater, world.drill, world.now)
    assert [p.product.sku for p in picks_of(anna)] == ["OIL-5L"]
    with pytest.raises(PickNotFound):
        unpick(rhea, world.brightwater, world.drill, world.now)
    told = Event.objects.filter(subject="account:AC-1").order_by("pk")
    assert [event.name for event in told] == ["pick.added", "pick.added", "pick.removed"]


def test_nobody_picks_for_an_account_that_is_not_theirs(world, anna, rhea):
    with pytest.raises(AccountNotFound):
        pick(rhea, world.calder, world.drill, "", world.now)
    with pytest.raises(PermissionMissing):
        pick(anna, world.brightwater, world.drill, "", world.now)
    assert picks_of(actor_for(world.xaver.user)) == []


@pytest.mark.parametrize("products", [["bolt"], ["bolt", "oil", "gloves", "drill", "bolt_long"]])
def test_queries_do_not_grow_with_rows(world, anna, rhea, products, django_assert_num_queries):
    for name in products:
        every_week(world, world.brightwater, getattr(world, name), last=world.today - timedelta(days=7))
        pick(rhea, world.brightwater, getattr(world, name), "", world.now)
    with django_assert_num_queries(2):  # the account's assortment is read first
        assert [due.product.brand_name for due in due_to_reorder(anna, world.today)] == ["Torvik"] * len(products)
    with django_assert_num_queries(1):
        assert [picked.product.brand_name for picked in picks_of(anna)] == ["Torvik"] * len(products)
    for _ in range(3):
        order(
            world.calder,
            world.today,
            (world.bolt, 1),
            *((getattr(world, name), 1) for name in products[1:]),
            (world.cutting, 1),
        )
    with django_assert_num_queries(3):
        assert [pair.product.brand_name for pair in goes_with(anna, [world.bolt.pk])] == ["Torvik"] * len(products)
