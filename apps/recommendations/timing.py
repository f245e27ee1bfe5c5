"""When an account orders a product again, and how much of it.

1. An occasion is a day on which an account ordered a product; what was ordered on it is added up.
2. The gap of an account and a product: the mean of the logarithms of the gaps between its occasions, a gap weighing
   `FADING` of the next one, shrunk by `DOUBT` gaps to what is usual in the account, and that to what is usual in the
   house (empirical Bayes: what is seen rarely says little about itself). Both constants were chosen on the orders of
   the Online Retail data set before August 2011.
3. How far a gap strays from the expected one: the house's own spread, measured as each product's latest gap over what
   the gaps before it let expect, kept as percentiles.
4. The day it is expected: the median of the gaps that are still possible, given that it has not come by today.
5. The quantity: the median of what was ordered on an occasion, an occasion weighing `FADING` of the next one.

Arrays in, arrays out; no framework.
"""

from typing import NamedTuple

import numpy as np

FADING, DOUBT = 0.8, 4.0
PERCENTILES = 101
_LONGEST_GAP = 1_500
#: Before anything was measured: every gap is as expected.
CERTAIN = (1.0,) * PERCENTILES
USUAL_GAP = 30.0


class Bought(NamedTuple):
    """One row an occasion, in the order of account, product and day; equally long arrays of whole numbers."""

    accounts: np.ndarray
    products: np.ndarray
    days: np.ndarray
    quantities: np.ndarray


class Rhythms(NamedTuple):
    """One row for each account and product it has bought, in that order: `gap` days expected between occasions."""

    accounts: np.ndarray
    products: np.ndarray
    times: np.ndarray
    last: np.ndarray
    gap: np.ndarray
    quantity: np.ndarray


def bought_of(accounts: np.ndarray, products: np.ndarray, days: np.ndarray, quantities: np.ndarray) -> Bought:
    """Occasions from order lines in any order (step 1)."""
    keys, row = np.unique(np.column_stack([accounts, products, days]), axis=0, return_inverse=True)
    added = np.bincount(row.ravel(), quantities, len(keys)).astype(np.int64)
    return Bought(*keys.T, added)


def usual_gap_of(bought: Bought) -> float:
    """The gap that is usual in the house, in days."""
    first, pair = _pairs(bought)
    _weights, follows, gaps = _gaps(bought, first, pair)
    return float(np.exp(gaps.mean())) if follows.any() else USUAL_GAP


def rhythms_of(bought: Bought, usual_gap: float) -> Rhythms:
    """Steps 2 and 5 for every account and product; `usual_gap` is that of the house, in days."""
    first, pair = _pairs(bought)
    times = np.bincount(pair, minlength=len(first))
    weights, follows, gaps = _gaps(bought, first, pair)
    said = np.bincount(pair[follows], weights[follows] * gaps, len(first))
    weight = np.bincount(pair[follows], weights[follows], len(first))
    account = bought.accounts[first]
    usual = _usual(account, said, weight, np.log(usual_gap))
    gap = np.exp((said + DOUBT * usual[account]) / (weight + DOUBT))
    last = bought.days[first + times - 1]
    quantity = _medians(bought.quantities, weights, pair, len(first))
    return Rhythms(account, bought.products[first], times, last, gap.clip(1, _LONGEST_GAP), quantity)


def _pairs(bought: Bought) -> tuple[np.ndarray, np.ndarray]:
    """Where each account and product begins, and to which of them a row belongs."""
    begins = np.ones(len(bought.days), bool)
    for keys in (bought.accounts, bought.products):
        begins[1:] &= keys[1:] == keys[:-1]
    begins[1:] = ~begins[1:]
    return np.flatnonzero(begins), np.cumsum(begins) - 1


def _gaps(bought: Bought, first: np.ndarray, pair: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How much each occasion weighs, which of them follow another, and the logarithms of those gaps."""
    times = np.bincount(pair, minlength=len(first))
    ages = (first + times)[pair] - 1 - np.arange(len(pair))
    follows = np.ones(len(pair), bool)
    follows[first] = False
    return FADING**ages, follows, np.log(np.diff(bought.days, prepend=0)[follows].clip(1))


def _usual(account: np.ndarray, said: np.ndarray, weight: np.ndarray, house: float) -> np.ndarray:
    """The logarithm of the usual gap in each account, shrunk to that of the house."""
    return (np.bincount(account, said) + DOUBT * house) / (np.bincount(account, weight) + DOUBT)


def _medians(values: np.ndarray, weights: np.ndarray, pair: np.ndarray, of: int) -> np.ndarray:
    """The weighted median of each pair's values."""
    order = np.lexsort((values, pair))
    heaped = np.cumsum(weights[order])
    total = np.bincount(pair, weights, of)
    half = np.cumsum(total) - total / 2
    return values[order[np.searchsorted(heaped, half - 1e-9)]]


def spread_of(bought: Bought) -> np.ndarray:
    """Step 3: `PERCENTILES` of the latest gap over the expected one, from what was bought three times and more."""
    first, pair = _pairs(bought)
    times = np.bincount(pair, minlength=len(first))
    latest = (first + times - 1)[times >= 3]
    if not len(latest):
        return np.array(CERTAIN)
    earlier = np.ones(len(pair), bool)
    earlier[latest] = False
    before = Bought(*(column[earlier] for column in bought))
    gap = rhythms_of(before, usual_gap_of(before)).gap[times >= 3]
    return np.quantile((bought.days[latest] - bought.days[latest - 1]) / gap, np.linspace(0, 1, PERCENTILES))


def expected(gap: np.ndarray, since: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Step 4: days from the last occasion to the next, `since` days having passed without one; at least those."""
    share = np.interp(since / gap, spread, np.linspace(0, 1, len(spread)))
    still = np.interp((1 + share) / 2, np.linspace(0, 1, len(spread)), spread)
    return np.maximum(still * gap, since)
