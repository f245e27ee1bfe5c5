from decimal import Decimal as D

import pytest

from apps.ordering.rules import approvals, carts, statuses, totals


@pytest.mark.parametrize(
    ("wished", "minimum", "multiple", "quantity", "raised_from"),
    [
        (100, 100, 100, 100, None),
        ("100", 100, 100, 100, None),
        (1, 100, 100, 100, 1),
        (101, 100, 100, 200, 101),
        (3, 1, 1, 3, None),
        ("٣", 1, 1, 3, None),  # as typed on an Arabic keyboard
        ("12.0", 1, 1, 12, None),
        (5, 6, 4, 8, 5),
    ],
)
def test_a_quantity_is_raised_to_what_can_be_ordered(wished, minimum, multiple, quantity, raised_from):
    assert carts.orderable(wished, minimum=minimum, multiple=multiple) == carts.Orderable(quantity, raised_from)


@pytest.mark.parametrize("wished", [-3, 0, "NaN", "1e308", "Infinity", "2.5", "", "ten", None, 10_000_000, "9999999"])
def test_a_quantity_that_is_none_is_refused(wished):
    assert carts.orderable(wished, minimum=1, multiple=100) is None


@pytest.mark.parametrize(
    ("shown", "now", "is_told"),
    [
        ("0.16", "0.16", False),
        ("0.16", "0.1600", False),
        ("0.16", "0.17", True),
        ("0.17", "0.16", True),
        (None, "1", False),
    ],
)
def test_a_changed_price_is_told(shown, now, is_told):
    found = carts.differences([(1, "BLT", "Bolt", D(shown) if shown else None, D(now))])
    assert bool(found) is is_told


@pytest.mark.parametrize(
    ("quantity", "break_from", "multiple", "more"),
    [(100, 500, 100, 400), (100, 450, 100, 400), (500, 500, 100, None), (1, None, 1, None), (9, 10, 1, 1)],
)
def test_the_next_break_is_named_on_a_quantity_that_can_be_ordered(quantity, break_from, multiple, more):
    assert carts.more_for_break(quantity, break_from, minimum=multiple, multiple=multiple) == more


def test_tax_is_taken_once_for_each_rate():
    found = totals.totals(
        [(D(20), D("0.33")), (D(20), D("0.33")), (D(5), D("10.00"))],
        "GBP",
        freight_net=D("6.90"),
        freight_percent=D(20),
    )
    assert found.taxes == (
        totals.TaxLine(D(5), D("10.00"), D("0.50")),
        totals.TaxLine(D(20), D("7.56"), D("1.51")),
    )
    assert (found.goods_net, found.net, found.tax, found.gross) == (D("10.66"), D("17.56"), D("2.01"), D("19.57"))


@pytest.mark.parametrize(
    ("reasons", "status"),
    [
        (set(), "placed"),
        ({"credit_limit"}, "awaiting_release"),
        ({"spend_limit"}, "awaiting_approval"),
        ({"spend_limit", "credit_limit"}, "awaiting_approval"),
    ],
)
def test_an_order_waits_for_its_own_account_first(reasons, status):
    assert statuses.status_while_waiting(reasons) == status


@pytest.mark.parametrize(
    ("target", "sources"),
    [
        ("cancelled", {"awaiting_approval", "awaiting_release", "awaiting_payment", "placed", "confirmed"}),
        ("confirmed", {"placed"}),
        ("delivered", {"shipped"}),
        ("placed", {"awaiting_approval", "awaiting_release", "awaiting_payment"}),
    ],
)
def test_an_order_moves_one_way(target, sources):
    assert statuses.sources_of(target) == sources


@pytest.mark.parametrize(
    ("net", "limit", "waits"),
    [("1000", "1000", False), ("1000.01", "1000", True), ("5", None, False), ("0.01", "0", True)],
)
def test_above_the_spend_limit_waits(net, limit, waits):
    assert approvals.needs_approval(D(net), D(limit) if limit else None) is waits


def test_nobody_in_person_orders_under_the_lowest_limit():
    assert approvals.limit_without_contact([None, D(500), D(200)]) == D(200)
    assert approvals.limit_without_contact([None]) is None


@pytest.mark.parametrize(
    ("by_contact", "by_user", "contact", "user", "own"),
    [
        (1, 7, 1, 7, True),
        (1, 7, 2, 7, True),
        (1, 7, 2, 8, False),
        (None, None, 2, 8, False),
        (None, None, None, None, False),
    ],
)
def test_an_order_is_own_through_any_contact_of_the_person(by_contact, by_user, contact, user, own):
    asked = {"ordered_by_contact": by_contact, "ordered_by_user": by_user, "contact_id": contact, "user_id": user}
    assert approvals.is_own_order(**asked) is own
