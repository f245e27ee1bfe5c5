"""Regulars that run short before they are needed: who is warned, when, and what can be done."""

from datetime import date, timedelta

import pytest

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.availability.models import IncomingSupply, StockLevel, SupplierOffer
from apps.availability.services import receive
from apps.catalogue.models import AssortmentRule, Product
from apps.core.models import Event
from apps.core.scoping import NOBODY
from apps.insights.selectors import today_for
from apps.recommendations.models import RegularSku, Shortage
from apps.recommendations.selectors import shortages_ahead, shortages_by_account
from apps.recommendations.services import block, dismiss, look_for_all_shortages, look_for_shortages
from apps.recommendations.tasks import look_for_shortages_of_event, refresh_regulars_after_order
from apps.recommendations.words import ready_words, short_words
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def regular(world, product, *, due_in: int, quantity: int, account=None, gap=20) -> RegularSku:
    due_on = world.today + timedelta(days=due_in)
    return RegularSku.objects.create(
        account=account or world.brightwater, product=product, times_bought=5, last_on=due_on - timedelta(days=gap),
        gap_days=gap, usual_quantity=quantity, due_on=due_on,
    )  # fmt: skip


def plain(words: str) -> str:
    return words.replace("\u2068", "").replace("\u2069", "")


def test_a_warning_says_what_is_needed_what_is_there_and_what_comes(world, anna):
    """Forty gloves are on hand, and two hundred come on 12 March: sixty on the 9th run short."""
    regular(world, world.gloves, due_in=5, quantity=60)
    assert look_for_all_shortages(now=world.now) == 1
    [short] = shortages_ahead(anna, world.today)
    assert (short.product, short.quantity, short.needed_on) == (world.gloves, 60, date(2026, 3, 9))
    assert (short.on_hand, short.comes_on, short.ready_on) == (40, date(2026, 3, 12), date(2026, 3, 12))
    assert not short.is_in_time
    assert short.substitute is None
    said = plain(short_words(short, world.today))
    assert said.startswith("You need 60 on ")
    assert "40 are on hand, the next delivery comes on " in said
    assert ready_words(short).startswith("Ordered now it is ready on ")


@pytest.mark.parametrize(
    ("due_in", "quantity", "is_warned"),
    [
        (5, 40, False),  # what is on hand does
        (8, 60, False),  # the delivery comes in time
        (-10, 60, True),  # overdue: needed now
        (-70, 60, False),  # given up
        (15, 300, True),  # more than is on hand and comes: to be sourced within its lead time
        (22, 300, False),  # there is a week and the lead time still
    ],
)
def test_who_is_warned(world, anna, due_in, quantity, is_warned):
    regular(world, world.gloves, due_in=due_in, quantity=quantity)
    look_for_all_shortages(now=world.now)
    assert bool(shortages_ahead(anna, world.today)) is is_warned


def test_ordered_now_it_may_still_be_in_time(world, anna):
    regular(world, world.drill, due_in=9, quantity=5)  # one is here, the supplier takes six days
    look_for_all_shortages(now=world.now)
    [short] = shortages_ahead(anna, world.today)
    assert short.is_in_time
    assert ready_words(short).endswith(", in time")
    Shortage.objects.all().delete()
    RegularSku.objects.update(due_on=world.today + timedelta(days=14))
    assert look_for_all_shortages(now=world.now) == 0  # a week and the supplier's days are left


def test_the_substitute_is_named_where_it_is_sooner_and_seen(world, anna):
    StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
    regular(world, world.bolt, due_in=3, quantity=8_950)
    look_for_all_shortages(now=world.now)
    [short] = shortages_ahead(anna, world.today)
    assert (short.substitute, short.substitute_on, short.substitute_quantity) == (world.bolt_long, world.today, 9_000)
    assert short.quantity == 9_000  # raised to the pack
    AssortmentRule.objects.create(effect="exclude", product=world.bolt_long, account=world.brightwater)
    [short] = shortages_ahead(actor_for(world.anna.user), world.today)
    assert (short.product, short.substitute, short.substitute_on) == (world.bolt, None, None)


def test_who_is_due_first_is_served_first(world, anna):
    regular(world, world.gloves, due_in=1, quantity=30, account=world.calder)
    regular(world, world.gloves, due_in=3, quantity=20)
    look_for_all_shortages(now=world.now)
    assert shortages_ahead(actor_for(world.xaver.user), world.today) == []
    [short] = shortages_ahead(anna, world.today)
    assert (short.is_claimed, short.on_hand, short.ready_on) == (True, 40, world.today)
    assert "others are expected to need them before" in short_words(short, world.today)


def test_who_is_late_by_more_than_a_rhythm_takes_nothing_from_others(world, anna):
    regular(world, world.gloves, due_in=-30, quantity=30, account=world.calder)
    regular(world, world.gloves, due_in=3, quantity=20)
    look_for_all_shortages(now=world.now)
    assert shortages_ahead(anna, world.today) == []


def test_dismissed_blocked_gone_or_strange_ones_are_not_shown(world, anna):
    row = regular(world, world.gloves, due_in=3, quantity=60)
    look_for_all_shortages(now=world.now)
    assert shortages_ahead(actor_for(world.xaver.user), world.today) == [] == shortages_ahead(NOBODY, world.today)
    dismiss(anna, world.gloves, "not_now", world.now)
    look_for_all_shortages(now=world.now)
    assert shortages_ahead(anna, world.today) == [] == shortages_by_account([row.account_id], world.today)
    later = world.today + timedelta(days=20)
    [short] = shortages_ahead(anna, later)
    assert (short.needed_on, short.comes_on) == (later, None)
    block(actor_for(world.rhea.user), world.brightwater, world.gloves, "", world.now)
    assert shortages_ahead(anna, later) == []
    Product.objects.filter(pk=world.gloves.pk).update(status="discontinued")
    assert look_for_all_shortages(now=world.now) == 0
    assert not Shortage.objects.exists()


def test_services_and_test_accounts_run_short_of_nothing(world):
    regular(world, world.cutting, due_in=1, quantity=500)
    trial = Account.objects.create(number="T-1", name="Trial", is_test=True)
    regular(world, world.gloves, due_in=1, quantity=500, account=trial)
    assert look_for_all_shortages(now=world.now) == 0


def test_looked_at_again_the_row_stays_and_its_first_notice_too(world):
    regular(world, world.gloves, due_in=3, quantity=60)
    look_for_all_shortages(now=world.now)
    before = Shortage.objects.get()
    RegularSku.objects.update(usual_quantity=70)
    look_for_shortages(product_ids=[world.gloves.pk, world.gloves.pk], now=world.now + timedelta(hours=3))
    after = Shortage.objects.get()
    assert (after.pk, after.quantity, after.noticed_at) == (before.pk, 70, world.now)


def test_a_delivery_that_comes_ends_the_warning(world, anna, monkeypatch):
    monkeypatch.setattr("apps.recommendations.tasks.timezone.now", lambda: world.now)
    regular(world, world.gloves, due_in=3, quantity=60)
    look_for_all_shortages(now=world.now)
    receive(world.incoming, now=world.now, on=world.today)
    event = Event.objects.get(name="supply.received")
    for _ in range(2):
        look_for_shortages_of_event(event.pk)
    assert shortages_ahead(anna, world.today) == []


def test_an_order_ends_its_own_warning(world, anna, monkeypatch):
    monkeypatch.setattr("apps.recommendations.tasks.timezone.now", lambda: world.now)
    for n in range(4):
        order(world.brightwater, world.today - timedelta(days=17 + 20 * n), (world.gloves, 60))
    placed = order(world.brightwater, world.today, (world.gloves, 60))
    regular(world, world.gloves, due_in=3, quantity=60)
    look_for_all_shortages(now=world.now)
    assert shortages_ahead(anna, world.today)
    event = Event.objects.create(
        name="order.placed", subject=f"order:{placed.number}", account_ref=world.brightwater.pk, occurred_at=world.now
    )
    refresh_regulars_after_order(event.pk)
    assert shortages_ahead(anna, world.today) == []


def test_the_reps_morning_says_so_from_the_same_rows(world):
    regular(world, world.gloves, due_in=3, quantity=60)
    look_for_all_shortages(now=world.now)

    def said(rep):
        found = today_for(actor_for(rep.user), now=world.now)
        return [reason.text for each in found for reason in each.reasons if reason.kind == "shortage_ahead"]

    assert said(world.rhea) == ["1 regular product runs short, needed on 7 Mar"]
    assert said(world.ruben) == []


@pytest.mark.parametrize("names", [["gloves"], ["gloves", "drill", "oil", "bolt"]])
def test_as_many_queries_for_many(world, anna, names, django_assert_num_queries):
    for name in names:
        regular(world, getattr(world, name), due_in=1, quantity=60_000)
    SupplierOffer.objects.all().delete()
    IncomingSupply.objects.all().delete()
    with django_assert_num_queries(10):
        assert look_for_all_shortages(now=world.now) == len(names)
    with django_assert_num_queries(2):
        assert [each.product.brand.name for each in shortages_ahead(anna, world.today)] == ["Torvik"] * len(names)
