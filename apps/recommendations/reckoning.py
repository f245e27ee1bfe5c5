"""The lines of next orders, from what accounts bought and what others say: the same for a night's training as for one
account after its order.

1. The score of a product is what the account's own baskets say (`baskets.own_scores`) and what other accounts say, as
   reckoned in the last training. What was bought since by others waits for the next night.
2. What is overdue by more than `GIVEN_UP_AFTER` of its own rhythms has been given up and leaves its place to others.
3. The `length` highest scores of each account are its lines; equal ones go by the product's number.
4. How sure a line is: the share of the bin its score falls into (`forecast.measured_bins`).

Arrays in, arrays out; no framework, and no scipy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from apps.recommendations.baskets import PUBLISHED, Baskets, Mix, own_scores
from apps.recommendations.rules import GIVEN_UP_AFTER, LEAST_OCCASIONS
from apps.recommendations.timing import CERTAIN, USUAL_GAP, Bought, expected, rhythms_of

DIGITS = 6


class Said(NamedTuple):
    """What other accounts say: equally long arrays of one row for an account and product."""

    accounts: np.ndarray
    products: np.ndarray
    others: np.ndarray


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a training leaves behind for those that come after it."""

    mix: Mix = PUBLISHED
    bins: Sequence[tuple[float, float]] = ()
    spread: Sequence[float] = CERTAIN
    usual_gap: float = USUAL_GAP


class Lines(NamedTuple):
    """Equally long arrays, the lines of an account one after the other.

    `place` begins with 1; `times`, `last`, `gap` (days), `due` and `expected` (day numbers) and `quantity` are 0 for
    what the account never bought; `sure` is of 100, and -1 where nothing was measured.
    """

    accounts: np.ndarray
    products: np.ndarray
    place: np.ndarray
    others: np.ndarray
    sure: np.ndarray
    times: np.ndarray
    last: np.ndarray
    gap: np.ndarray
    due: np.ndarray
    expected: np.ndarray
    quantity: np.ndarray


def lines_of(baskets: Baskets, bought: Bought, said: Said, learnt: Learnt, today: int, length: int) -> Lines:
    """The next order of every account in `baskets`; `today` is the number of the day in `bought.days`."""
    many = max(baskets.of_products, 1)
    own_accounts, own_products, own = own_scores(baskets, learnt.mix)
    own_keys, said_keys = own_accounts * many + own_products, said.accounts * many + said.products
    keys = np.union1d(own_keys, said_keys).astype(np.int64)
    score, others = np.zeros(len(keys)), np.zeros(len(keys))
    score[np.searchsorted(keys, own_keys)] = own
    others[np.searchsorted(keys, said_keys)] = said.others
    score = np.round(score + others, DIGITS)

    rhythm = rhythms_of(bought, learnt.usual_gap)
    rhythm_at = np.searchsorted(keys, rhythm.accounts * many + rhythm.products)
    times, last, gap, quantity = (np.zeros(len(keys), np.int64) for _ in range(4))
    for column, values in ((times, rhythm.times), (last, rhythm.last), (quantity, rhythm.quantity)):
        column[rhythm_at] = values
    gap[rhythm_at] = np.rint(rhythm.gap)
    due = last + gap
    coming = np.zeros(len(keys), np.int64)
    coming[rhythm_at] = rhythm.last + np.rint(
        expected(rhythm.gap, np.maximum(today - rhythm.last, 0), np.asarray(learnt.spread))
    ).astype(np.int64)

    given_up = (times >= LEAST_OCCASIONS) & (today - due > GIVEN_UP_AFTER * gap)
    kept = np.flatnonzero((score > 0) & ~given_up)
    accounts = keys[kept] // many
    order = kept[np.lexsort((keys[kept], -score[kept], accounts))]
    accounts = keys[order] // many
    begins = np.searchsorted(accounts, accounts)
    place = np.arange(len(order)) - begins + 1
    order, place = order[place <= length], place[place <= length]
    return Lines(
        keys[order] // many, keys[order] % many, place, others[order], _sure(score[order], learnt.bins),
        times[order], last[order], gap[order], due[order], coming[order], quantity[order],
    )  # fmt: skip


def _sure(scores: np.ndarray, bins: Sequence[tuple[float, float]]) -> np.ndarray:
    """Of 100; what scores lower than all that was measured is as sure as the lowest bin."""
    if not bins:
        return np.full(len(scores), -1)
    lowest, shares = np.array(bins, float).T
    return np.rint(100 * shares[np.maximum(np.searchsorted(lowest, scores, "right") - 1, 0)]).astype(np.int64)
