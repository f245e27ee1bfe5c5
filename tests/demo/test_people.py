"""Accounts and calendars of the demo: names that tell apart, trees that hold, holidays on the right day."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from apps.accounts.rules import ids_on_path
from apps.demo.accounts import parties
from apps.demo.assortments import rules_of
from apps.demo.catalogue.tree import Tree
from apps.demo.clock import Clock
from apps.demo.delivery import easter, holidays
from apps.demo.house import House
from apps.demo.sizes import DEMO, FULL, SMALL, size_of


def test_ten_thousand_accounts_have_names_and_domains_of_their_own():
    found = parties(10_000, House(FULL.reps))
    assert [party.pk for party in found] == list(range(1, 10_001))
    assert len({party.name for party in found}) == 10_000
    assert len({party.domain for party in found}) == 10_000


def test_subsidiaries_stand_below_a_parent_that_comes_first_and_share_its_rep():
    found = parties(200, House(SMALL.reps))
    for party in found:
        assert ids_on_path(party.path)[-1] == party.pk
        if party.parent:
            parent = found[party.parent - 1]
            assert parent.pk < party.pk and parent.parent is None and parent.rep == party.rep
    assert any(party.parent for party in found[3:])


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter(year, day):
    assert easter(year) == day


def test_british_holidays_on_a_weekend_are_kept_on_the_next_working_day():
    kept = {on: name for country, on, name in holidays(2027) if country == "GB"}
    assert kept[date(2027, 12, 27)] == "Christmas Day" and kept[date(2027, 12, 28)] == "Boxing Day"
    assert kept[date(2027, 5, 3)] == "Early May bank holiday" and kept[date(2027, 8, 30)] == "Summer bank holiday"
    assert all(on.isoweekday() <= 5 for on in kept)


@pytest.mark.parametrize(
    ("skus", "accounts", "small", "months", "lists", "assortments"),
    [
        (None, None, False, 12, 12, 12),
        (None, None, True, 6, 6, 2),
        (1_000_000, 10_000, False, 36, 200, 200),
        (20_000, 300, False, 12, 12, 12),
    ],
)
def test_a_size_far_beyond_the_demo_is_made_as_for_the_benches(skus, accounts, small, months, lists, assortments):
    size = size_of(skus, accounts, small=small)
    assert (size.months, size.price_lists, size.assortments) == (months, lists, assortments)


@pytest.mark.parametrize("size", [SMALL, DEMO, FULL], ids=["small", "demo", "full"])
def test_there_are_as_many_assortments_as_wished_and_none_reaches_the_family_of_the_buyer(size):
    found = parties(size.accounts, House(size.reps))
    no_regulars = SimpleNamespace(regulars_of=lambda party: SimpleNamespace(products=np.array([], int)))
    rules = list(rules_of(size, Tree(), no_regulars, found, Clock(datetime(2026, 3, 4, tzinfo=UTC))))
    whom = {(account, tree, group) for _effect, _category, _brand, _product, account, tree, group, *_ in rules}
    assert len(whom) == size.assortments
    assert not {1, 2, 3} & {pk for account, tree, _group in whom for pk in (account, tree)}
