"""What comes in the next order, on orders made by hand."""

import numpy as np
import pytest

from apps.recommendations.baskets import PUBLISHED, Mix, baskets_of
from apps.recommendations.following import RIDGE, Following
from apps.recommendations.forecast import Forecast, HeldOut, day_to_part


def made(*histories, of_products=9):
    """Baskets of accounts, each the products of its orders from the first to the latest."""
    rows = [
        (account, product, occasion)
        for account, history in enumerate(histories)
        for occasion, basket in enumerate(history)
        for product in basket
    ]
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return baskets_of(*columns, len(histories), of_products)


def top(baskets, account, length, mix):
    return Forecast(baskets).top(np.array([account]), length, mix)[0].tolist()


def test_a_later_order_counts_more_and_by_the_published_weights():
    own = Forecast(made([[1], [2], [1, 3]])).own.toarray()[0]

    assert own[[1, 2, 3]] == pytest.approx([(0.9**8 + 0.9**12) / 3, 0.9**10 / 3, 0.9**8 / 3])


def test_an_older_group_of_orders_counts_less_and_the_latest_group_is_the_larger():
    own = Forecast(made([[1], *[[2]] * 10, [3]])).own.toarray()[0]

    assert own[[1, 3]] == pytest.approx([0.9**11 * 0.9**10 / 11, 1 / 2 / 11])


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        (Mix(own=1, near=0), [4, 3]),
        (Mix(own=0, steady=1, near=0), [3, 4]),
        (Mix(own=0, near=0), [1, 2]),
    ],
)
def test_each_part_ranks_by_its_own_rule(mix, expected):
    often_then_lately = [[3]] * 6 + [[4]] * 5

    assert top(made(often_then_lately, [[1, 2]], [[2, 1]], [[1]]), 0, 2, mix) == expected


def test_a_neighbour_brings_what_the_account_never_bought_and_a_stranger_does_not():
    forecast = Forecast(made([[1, 2]], [[1, 2, 5]], [[6, 7]]))
    _begin, parts = next(forecast.parts(np.array([0])))

    assert parts["near"].toarray()[0][5] == pytest.approx(0.9**10 / 2)


def test_what_came_after_baskets_like_the_latest_follows_and_nothing_else():
    always = [[[1], [5]]] * 30 + [[[2], [6]]] * 30
    following = Following(made(*always, [[1]], [[8]], [], of_products=9))
    asked = np.array([60, 61, 62])

    scores = following.block(asked).toarray()

    assert scores[0].argmax() == 5
    assert scores[0][[2, 6]].tolist() == [0, 0]
    assert not scores[1:].any()  # nothing ever came after what the second bought; the third bought nothing


def test_what_follows_is_learned_as_ridge_regression_learns_it():
    following = Following(made([[0], [1]], [[0], [1, 2]], of_products=3))
    half = 1 / (2 + RIDGE)

    assert following.learnt[0] == pytest.approx([0, half + half / np.sqrt(2), half / np.sqrt(2)])


def test_only_the_commonest_products_take_part_and_only_the_best_are_told(monkeypatch):
    monkeypatch.setattr("apps.recommendations.following.COMMONEST", 3)
    monkeypatch.setattr("apps.recommendations.following.MOST", 1)
    following = Following(made(*[[[0], [1, 2]], [[0], [1]]] * 9, [[0]], [[3], [1]], of_products=9))

    assert following.products.tolist() == [0, 1, 2]
    assert np.flatnonzero(following.block(np.array([18])).toarray()[0]).tolist() == [1]


@pytest.mark.parametrize("histories", [[], [[]], [[[1]]]])
def test_with_nothing_to_learn_from_nothing_follows(histories):
    baskets = made(*histories)
    assert Following(baskets).block(np.arange(len(histories))).nnz == 0


def test_who_has_no_history_gets_what_most_bought_each_once():
    assert top(made([], [[3, 4]], [[4]], of_products=6), 0, 6, PUBLISHED)[:2] == [4, 3]
    assert sorted(top(made([], [[3, 4]], [[4]], of_products=6), 0, 6, PUBLISHED)) == list(range(6))


def test_lines_in_any_order_and_twice_give_the_same():
    account, product, occasion = np.array([[0, 1, 0, 0, 1], [2, 3, 1, 2, 2], [5, 1, 9, 5, 4]])
    mixed = [4, 2, 0, 1, 3, 0]
    once = Forecast(baskets_of(account, product, occasion, 2, 4)).top(np.arange(2), 4, PUBLISHED)
    again = Forecast(baskets_of(account[mixed], product[mixed], occasion[mixed], 2, 4)).top(np.arange(2), 4, PUBLISHED)

    assert once.tolist() == again.tolist()


def test_with_too_few_to_hold_out_the_published_mix_stays():
    assert HeldOut(made(*[[[n], [n]] for n in range(9)])).mix() == PUBLISHED


@pytest.mark.parametrize(
    ("since", "before", "held"),
    [
        (None, [(0, 1, 0), (1, 4, 0)], [(0, 2), (1, 5)]),
        (20, [(0, 1, 0)], [(0, 2), (1, 4)]),
        (10, [], [(0, 1), (1, 4)]),
        (40, [(0, 1, 1), (0, 2, 0), (1, 4, 1), (1, 5, 0)], []),
    ],
)
def test_a_basket_is_held_out_by_its_place_or_by_a_day_for_all(since, before, held):
    account, product, day = np.array([[0, 0, 1, 1], [1, 2, 4, 5], [10, 30, 20, 35]])
    baskets = baskets_of(account, product, day, 2, 6)
    earlier, rows = baskets.parted(since)
    assert list(zip(earlier.accounts, earlier.products, earlier.ages, strict=True)) == before
    assert list(zip(baskets.accounts[rows], baskets.products[rows], strict=True)) == held


def test_the_day_that_parts_a_history_leaves_a_tenth_of_its_baskets_after_it():
    days = np.arange(100)
    baskets = baskets_of(days % 7, days % 5, days, 7, 5)
    assert day_to_part(baskets) == 90
    assert day_to_part(baskets_of(*np.zeros((3, 0), int), 0, 0)) is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [(([0], [9], [1]), "product is below"), (([2], [1], [1]), "account is"), (([0, 1], [1], [1]), "length")],
)
def test_numbers_out_of_range_are_refused(lines, words):
    with pytest.raises(ValueError, match=words):
        baskets_of(*map(np.array, lines), 2, 9)
