"""What comes in the next order of each account: the ranking of products, from all orders at once.

1. A basket is what an account ordered on one occasion; how many pieces plays no part, only that it is in.
2. An account's vector: its baskets in `GROUPS` groups as equal as can be, the larger ones latest; with fewer baskets
   each is a group. A basket weighs `WITHIN` to the power of its age, a group `BETWEEN` to the power of how many come
   after it, of `GROUPS` also where there are fewer: a short history says less. A group is the mean of its baskets, the
   vector that of its groups. (Hu, He, Gao, Zhang: Modeling Personalized Item Frequency Information for Next-basket
   Recommendation, SIGIR 2020, as their published code groups, not as the text.)
3. Steady: the share of the account's baskets that have the product.
4. Near: the mean vector of the `NEAREST` other accounts by the distance of their vectors (the same paper).
5. Following: what came after baskets like the account's latest, learned from all accounts (`following`).
6. The score is the weighted sum of 2 to 5 (`Mix`). Which mix is not set by hand: a basket of a sample of accounts is
   held out, and only what is better there by more than a standard error moves away from the published mix. Where
   occasions are days, it is the first basket after a day that parts the history for all (`day_to_part`): on latest
   baskets, which others' later ones tell of, what others buy looked better than it turned out to be.
7. Where an account's own score ends, what most accounts bought goes on; equal scores go by the product's number.
8. How sure a score is: how many of the products with about that score came in the held-out baskets.

Arrays in, arrays out; no framework. Needs scipy: what answers a page never imports this module.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from apps.recommendations.baskets import PUBLISHED, Baskets, Mix, own_weights
from apps.recommendations.following import Following

NEAREST = 300
SAMPLE, LEAST_SAMPLE, LATER = 3_000, 50, 0.1
BINS, LEAST_OF_BIN = 20, 100
BLOCK_BYTES = 32 * 2**20


#: What `HeldOut.mix` tries in place of each weight, one after the other; `near` makes up what `own` leaves of 1.
TRIED = (("own", (0.05, 0.2, 0.35, 0.5, 0.7)), ("steady", (0.05, 0.15, 0.4)), ("following", (0.1, 0.2, 0.3, 0.5)))


class Told(NamedTuple):
    """Equally long arrays, a row for each account and product: the score, and how much of it other accounts say."""

    accounts: np.ndarray
    products: np.ndarray
    scores: np.ndarray
    others: np.ndarray


class Forecast:
    """The parts of the score for every account, reckoned once; `top` is read in blocks of bounded size."""

    def __init__(self, baskets: Baskets):
        count = baskets.counts()
        self.baskets = baskets
        self.own = _matrix(baskets, own_weights(baskets, count))
        self.steady = _matrix(baskets, 1 / np.maximum(count[baskets.accounts], 1))
        self.bought_by = np.bincount(self.steady.indices, minlength=baskets.of_products)
        self.following = Following(baskets)
        self._lengths = np.asarray(self.own.multiply(self.own).sum(axis=1), np.float32).ravel()
        self._across = self.own.T.tocsr()

    def top(self, accounts: np.ndarray, length: int, mix: Mix) -> np.ndarray:
        """The `length` most likely products of each account, best first: accounts by `length`, product numbers."""
        found = np.empty((len(accounts), min(length, self.baskets.of_products)), np.int64)
        for begin, parts in self.parts(accounts):
            found[begin : begin + parts["own"].shape[0]] = self.ranked(parts, length, mix)
        return found

    def told(self, accounts: np.ndarray, length: int, mix: Mix) -> Iterator[Told]:
        """What speaks for the `length` most likely products of each account, block after block; none by popularity."""
        for begin, parts in self.parts(accounts):
            yield self._told(accounts[begin : begin + parts["own"].shape[0]], parts, length, mix)

    def _told(self, block: np.ndarray, parts: dict[str, sparse.csr_array], length: int, mix: Mix) -> Told:
        score = self._score(parts, mix)
        others = self._score(parts, replace(mix, own=0, steady=0))
        others.sort_indices()
        rows = []
        for row, account in enumerate(block):
            begin, end = score.indptr[row : row + 2]
            best = begin + _best(score.indices[begin:end], score.data[begin:end], length)
            best = best[score.data[best] > 0]
            products = score.indices[best].astype(np.int64)
            begin, end = others.indptr[row : row + 2]
            found = begin + np.searchsorted(others.indices[begin:end], products)
            is_there = found < end
            is_there[is_there] = others.indices[found[is_there]] == products[is_there]
            said = np.zeros(len(best))
            said[is_there] = others.data[found[is_there]]
            rows.append(Told(np.full(len(best), account), products, score.data[best].astype(np.float64), said))
        return Told(*(np.concatenate(columns) for columns in zip(*rows, strict=True)))

    def parts(self, accounts: np.ndarray) -> Iterator[tuple[int, dict[str, sparse.csr_array]]]:
        """Steps 2 to 5 for a block of accounts after the other: (where it begins, part -> block by products)."""
        size = max(BLOCK_BYTES // (4 * max(self.baskets.of_accounts, 1)), 1)
        for begin in range(0, len(accounts), size):
            block = accounts[begin : begin + size]
            yield (
                begin,
                {
                    "own": self.own[block],
                    "steady": self.steady[block],
                    "near": self._nearest(block) @ self.own,
                    "following": self.following.block(block),
                },
            )

    def _nearest(self, block: np.ndarray) -> sparse.csr_array:
        """Who counts how much for each account of the block: the nearest, all alike; itself not."""
        closeness = 2 * (self.own[block] @ self._across).toarray() - self._lengths
        closeness[np.arange(len(block)), block] = -np.inf
        many = min(NEAREST, self.baskets.of_accounts - 1)
        if many < 1:
            return sparse.csr_array((len(block), self.baskets.of_accounts), dtype=np.float32)
        nearest = np.argpartition(-closeness, many - 1, axis=1)[:, :many]
        weights = np.full(nearest.size, 1 / many, np.float32)
        at = (np.repeat(np.arange(len(block)), many), nearest.ravel())
        return sparse.csr_array((weights, at), shape=closeness.shape)

    def ranked(self, parts: dict[str, sparse.csr_array], length: int, mix: Mix) -> np.ndarray:
        """Steps 6 and 7 for one block."""
        score = self._score(parts, mix)
        length = min(length, self.baskets.of_products)
        popular = np.lexsort((np.arange(len(self.bought_by)), -self.bought_by))
        found = np.empty((score.shape[0], length), np.int64)
        for row in range(score.shape[0]):
            begin, end = score.indptr[row : row + 2]
            found[row] = _first(score.indices[begin:end], score.data[begin:end], length, popular)
        return found

    @staticmethod
    def _score(parts: dict[str, sparse.csr_array], mix: Mix) -> sparse.csr_array:
        said = [getattr(mix, name) * part for name, part in parts.items() if getattr(mix, name)]
        return sum(said, sparse.csr_array(parts["own"].shape, dtype=np.float32)).tocsr()


def _matrix(baskets: Baskets, weights: np.ndarray) -> sparse.csr_array:
    """Accounts by products; the weights of one pair are added up."""
    at, shape = (baskets.accounts, baskets.products), (baskets.of_accounts, baskets.of_products)
    return sparse.csr_array((weights.astype(np.float32), at), shape=shape)


def _best(products: np.ndarray, scores: np.ndarray, length: int) -> np.ndarray:
    """Where the `length` highest scores are, highest first; equal ones by the product's number."""
    at = np.arange(len(products))
    if len(products) > length:
        at = np.flatnonzero(scores >= np.partition(scores, len(scores) - length)[len(scores) - length])
    return at[np.lexsort((products[at], -scores[at]))][:length]


def _first(products: np.ndarray, scores: np.ndarray, length: int, popular: np.ndarray) -> np.ndarray:
    best = products[_best(products, scores, length)]
    if len(best) < length:
        more = popular[: 2 * length]
        best = np.concatenate([best, more[~np.isin(more, best)]])[:length]
    return best


class HeldOut:
    """A basket of a sample of accounts (see `Baskets.parted`), and what all before tells of it; none sampled with too
    few."""

    def __init__(self, baskets: Baskets, since: int | None = None):
        earlier, held = baskets.parted(since)
        able = np.intersect1d(earlier.accounts, baskets.accounts[held])
        self.able = able[:: -(-len(able) // SAMPLE)] if len(able) >= LEAST_SAMPLE else able[:0]
        if not len(self.able):
            return
        self.forecast = Forecast(earlier)
        self.blocks = list(self.forecast.parts(self.able))
        self.came = sparse.csr_array(
            (np.ones(held.sum(), bool), (baskets.accounts[held], baskets.products[held])),
            shape=(baskets.of_accounts, baskets.of_products),
        )[self.able]

    def recall(self, mix: Mix, length: int) -> np.ndarray:
        """Of each sampled basket the share that `mix` has among the first `length`."""
        tops = [self.forecast.ranked(parts, length, mix) for _begin, parts in self.blocks]
        return recall(np.vstack(tops), self.came)

    def mix(self, length: int = 10) -> Mix:
        """Step 6: the mix that would have told most of the held-out baskets (recall in the first `length`)."""
        if not len(self.able):
            return PUBLISHED
        best, reached = PUBLISHED, self.recall(PUBLISHED, length)
        for name, weights in TRIED:
            tried = [
                replace(best, **{name: weight} | ({"near": 1 - weight} if name == "own" else {})) for weight in weights
            ]
            told = [(mix, self.recall(mix, length)) for mix in tried]
            better = [(mix, now) for mix, now in told if _is_shown(now - reached)]
            best, reached = max(better, key=lambda each: each[1].mean(), default=(best, reached))
        return best

    def bins(self, mix: Mix, length: int) -> list[tuple[float, float]]:
        """Step 8: (lowest score, share that came), lowest first; empty where too few would stand behind a share."""
        if not len(self.able):
            return []
        scores, hits = [], []
        for begin, parts in self.blocks:
            rows = np.arange(begin, begin + parts["own"].shape[0])
            told = self.forecast._told(rows, parts, length, mix)
            scores.append(told.scores)
            hits.append(np.asarray(self.came[told.accounts, told.products]).ravel())
        return measured_bins(np.concatenate(scores), np.concatenate(hits))


def _is_shown(gain: np.ndarray) -> bool:
    """Whether the mean is above its standard error."""
    return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))


def measured_bins(scores: np.ndarray, hits: np.ndarray) -> list[tuple[float, float]]:
    """Up to `BINS` equally large bins of at least `LEAST_OF_BIN`; neighbours whose shares fall are made one."""
    order = np.argsort(scores, kind="stable")
    many = min(BINS, len(order) // LEAST_OF_BIN)
    bins: list[tuple[float, int, int]] = []
    for part in np.array_split(order, many) if many else ():
        lowest, came, of = float(scores[part[0]]), int(hits[part].sum()), len(part)
        while bins and bins[-1][1] * of >= came * bins[-1][2]:
            lowest, earlier, those = bins.pop()
            came, of = came + earlier, of + those
        bins.append((lowest, came, of))
    return [(lowest, came / of) for lowest, came, of in bins]


def day_to_part(baskets: Baskets) -> int | None:
    """The day from which on a `LATER` share of all baskets came; None without any."""
    days = np.unique(np.column_stack([baskets.accounts, baskets.occasions]), axis=0)[:, 1]
    return int(np.quantile(days, 1 - LATER, method="higher")) if len(days) else None


def recall(top: np.ndarray, came: sparse.csr_array) -> np.ndarray:
    """Of each row of `came` (rows by products, what was ordered), the share that is among the `top` of that row."""
    hits = [np.isin(came.indices[came.indptr[i] : came.indptr[i + 1]], row).sum() for i, row in enumerate(top)]
    return np.asarray(hits) / np.maximum(np.diff(came.indptr), 1)
