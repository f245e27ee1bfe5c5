"""What comes in the next order of each account: the ranking of products, from all orders at once.

1. A basket is what an account ordered on one occasion; how many pieces plays no part, only that it is in.
2. An account's vector: its baskets in `GROUPS` groups as equal as can be, the larger ones latest; with fewer baskets
   each is a group. A basket weighs `WITHIN` to the power of its age, a group `BETWEEN` to the power of how many come
   after it, of `GROUPS` also where there are fewer: a short history says less. A group is the mean of its baskets, the
   vector that of its groups. (Hu, He, Gao, Zhang: Modeling Personalized Item Frequency Information for Next-basket
   Recommendation, SIGIR 2020, as their published code groups, not as the text.)
3. Steady: the share of the account's baskets that have the product.
4. Near: the mean vector of the `NEAREST` other accounts by the distance of their vectors (the same paper).
5. Together: what is bought by the same accounts as the latest baskets, a basket weighing `FADING` less for each later
   one. Common accounts are divided by both products' own accounts, `POPULAR` of the exponent on what was bought (an
   uneven cosine: Faggioli, Polato, Aiolli: Recency Aware Collaborative Filtering for Next Basket Recommendation, UMAP
   2020); `DOUBT` accounts are added, so that a single common one proves little.
6. The score is the weighted sum of 2 to 5 (`Mix`). Which mix is not set by hand: `chosen_mix` holds the latest basket
   of a sample of accounts out, and moves away from the published one only for what is better by more than a standard
   error.
7. Where an account's own score ends, what most accounts bought goes on; equal scores go by the product's number.

Arrays in, arrays out; no framework. Needs scipy: what answers a page never imports this module.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

WITHIN, BETWEEN, GROUPS = 0.9, 0.9, 11
NEAREST = 300
FADING, POPULAR, DOUBT = 0.8, 0.7, 5
LATEST_PRODUCTS, MOST_ALIKE, PRODUCTS_AT_ONCE = 100, 100, 1_000
SAMPLE, LEAST_SAMPLE = 1_500, 50
BLOCK_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each part says."""

    own: float = 0.1
    steady: float = 0.0
    near: float = 0.9
    together: float = 0.0


PUBLISHED = Mix()
#: What `chosen_mix` tries in place of each weight, one after the other; `near` makes up what `own` leaves of 1.
TRIED = (("own", (0.05, 0.2, 0.35, 0.5, 0.7)), ("steady", (0.05, 0.15, 0.4)), ("together", (0.05, 0.2, 0.5, 1.0)))


@dataclass(frozen=True, slots=True)
class Baskets:
    """Who had which product in which basket: three equally long arrays of one row a product in a basket.

    `accounts` and `products` count from 0 to below `of_accounts` and `of_products`; `ages` is 0 in an account's latest
    basket, 1 in the one before. Made by `baskets_of`.
    """

    accounts: np.ndarray
    products: np.ndarray
    ages: np.ndarray
    of_accounts: int
    of_products: int

    def without_latest(self) -> "Baskets":
        """The same without each account's latest basket."""
        earlier = self.ages > 0
        rest = self.accounts[earlier], self.products[earlier], self.ages[earlier] - 1
        return Baskets(*rest, self.of_accounts, self.of_products)

    def matrix(self, weights: np.ndarray) -> sparse.csr_array:
        """Accounts by products; the weights of one pair are added up."""
        at = (self.accounts, self.products)
        return sparse.csr_array((weights.astype(np.float32), at), shape=(self.of_accounts, self.of_products))


def baskets_of(
    accounts: np.ndarray, products: np.ndarray, occasions: np.ndarray, of_accounts: int, of_products: int
) -> Baskets:
    """Baskets from order lines: lines of one account with one occasion (a day or any rising number) are one basket.

    Raises `ValueError` where the arrays differ in length or a number is out of its range.
    """
    if not len(accounts) == len(products) == len(occasions):
        raise ValueError("accounts, products and occasions are of different length")
    for name, numbers, bound in (("account", accounts, of_accounts), ("product", products, of_products)):
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < bound:
            raise ValueError(f"an {name} is below 0 or not below {bound}")
    lines = np.unique(np.column_stack([accounts, occasions, products]).astype(np.int64), axis=0)
    account, occasion, product = lines.T
    begins = np.ones(len(lines), bool)
    begins[1:] = (account[1:] != account[:-1]) | (occasion[1:] != occasion[:-1])
    basket = np.cumsum(begins)
    last = np.zeros(of_accounts, np.int64)
    np.maximum.at(last, account, basket)
    return Baskets(account, product, last[account] - basket, of_accounts, of_products)


class Forecast:
    """The parts of the score for every account, reckoned once; `top` is read in blocks of bounded size."""

    def __init__(self, baskets: Baskets):
        count = np.zeros(baskets.of_accounts, np.int64)
        np.maximum.at(count, baskets.accounts, baskets.ages + 1)
        self.baskets = baskets
        self.own = _vectors(baskets, count)
        self.steady = baskets.matrix(1 / np.maximum(count[baskets.accounts], 1))
        self.latest = baskets.matrix(FADING**baskets.ages)
        self.bought_by = np.bincount(self.steady.indices, minlength=baskets.of_products)
        self.alike = _alike(self.latest, self.bought_by)
        self._lengths = np.asarray(self.own.multiply(self.own).sum(axis=1), np.float32).ravel()
        self._across = self.own.T.tocsr()

    def top(self, accounts: np.ndarray, length: int, mix: Mix) -> np.ndarray:
        """The `length` most likely products of each account, best first: accounts by `length`, product numbers."""
        found = np.empty((len(accounts), min(length, self.baskets.of_products)), np.int64)
        for begin, parts in self.parts(accounts):
            found[begin : begin + parts["own"].shape[0]] = self.ranked(parts, length, mix)
        return found

    def parts(self, accounts: np.ndarray) -> Iterator[tuple[int, dict[str, sparse.csr_array]]]:
        """Steps 2 to 5 for a block of accounts after the other: (where it begins, part -> block by products)."""
        size = max(BLOCK_BYTES // (4 * max(self.baskets.of_accounts, 1)), 1)
        for begin in range(0, len(accounts), size):
            block = accounts[begin : begin + size]
            together = self.latest[block] @ self.alike
            yield (
                begin,
                {
                    "own": self.own[block],
                    "steady": self.steady[block],
                    "near": self._nearest(block) @ self.own,
                    "together": _shares(together),
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
        said = [getattr(mix, name) * part for name, part in parts.items() if getattr(mix, name)]
        score = sum(said, sparse.csr_array(parts["own"].shape, dtype=np.float32)).tocsr()
        length = min(length, self.baskets.of_products)
        popular = np.lexsort((np.arange(len(self.bought_by)), -self.bought_by))
        found = np.empty((score.shape[0], length), np.int64)
        for row in range(score.shape[0]):
            begin, end = score.indptr[row : row + 2]
            found[row] = _first(score.indices[begin:end], score.data[begin:end], length, popular)
        return found


def _vectors(baskets: Baskets, count: np.ndarray) -> sparse.csr_array:
    """Step 2. A group of a short history is a basket, and the latest of those is `GROUPS` less its baskets old."""
    many = count[baskets.accounts]
    place = many - 1 - baskets.ages
    least, longer = np.divmod(many, GROUPS)
    shorter = (GROUPS - longer) * least
    is_short = place < shorter
    group = np.where(is_short, place // np.maximum(least, 1), GROUPS - longer + (place - shorter) // (least + 1))
    size = np.where(is_short, least, least + 1)
    is_whole = many >= GROUPS
    group, size, groups = (np.where(is_whole, *pair) for pair in ((group, place), (size, 1), (GROUPS, many)))
    return baskets.matrix(WITHIN**baskets.ages / size * BETWEEN ** (GROUPS - 1 - group) / np.maximum(groups, 1))


def _alike(latest: sparse.csr_array, bought_by: np.ndarray) -> sparse.csr_array:
    """Step 5: products by products. Of each account only the latest `LATEST_PRODUCTS` speak, so that an account which
    buys everything costs no more than others; of each product only the `MOST_ALIKE` most alike are kept."""
    kept = np.concatenate(
        [
            begin + np.argsort(-latest.data[begin:end], kind="stable")[:LATEST_PRODUCTS]
            for begin, end in zip(latest.indptr[:-1], latest.indptr[1:], strict=True)
        ]
        or [np.empty(0, np.int64)]
    ).astype(np.int64)
    row = np.repeat(np.arange(latest.shape[0]), np.diff(latest.indptr))[kept]
    has = sparse.csr_array((np.ones(len(kept), np.float32), (row, latest.indices[kept])), shape=latest.shape)
    bought = has.T.tocsr()
    by = bought_by.astype(np.float32)
    whole, rest = by**POPULAR, by ** (1 - POPULAR)
    most, columns, shares = np.zeros(len(by), np.int64), [], []
    # A block after the other: all pairs at once take more memory than everything else together.
    for begin in range(0, len(by), PRODUCTS_AT_ONCE):
        block = (bought[begin : begin + PRODUCTS_AT_ONCE] @ has).tocsr()
        of = begin + np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
        block.data /= whole[of] * rest[block.indices] + DOUBT
        block.data[of == block.indices] = 0
        for row in range(block.shape[0]):
            first, end = block.indptr[row : row + 2]
            found, share = block.indices[first:end], block.data[first:end]
            if len(found) > MOST_ALIKE:
                best = _best(found, share, MOST_ALIKE)
                found, share = found[best], share[best]
            most[begin + row] = len(found)
            columns.append(found)
            shares.append(share)
    if not columns:
        return sparse.csr_array((len(by), len(by)), dtype=np.float32)
    starts = np.concatenate([[0], most.cumsum()])
    return sparse.csr_array((np.concatenate(shares), np.concatenate(columns), starts), shape=(len(by), len(by)))


def _shares(matrix: sparse.csr_array) -> sparse.csr_array:
    """Rows that sum to 1; empty ones stay empty."""
    totals = np.asarray(matrix.sum(axis=1)).ravel()
    matrix.data /= np.repeat(np.where(totals > 0, totals, 1), np.diff(matrix.indptr))
    return matrix


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


def chosen_mix(baskets: Baskets, length: int = 10) -> Mix:
    """Step 6: the mix that would have told most of the latest baskets (recall in the first `length`).

    Accounts with one basket cannot be held out; with fewer than `LEAST_SAMPLE` others the published mix stays.
    """
    earlier = baskets.without_latest()
    able = np.unique(earlier.accounts)
    if len(able) < LEAST_SAMPLE:
        return PUBLISHED
    able = able[:: -(-len(able) // SAMPLE)]
    forecast = Forecast(earlier)
    blocks = [parts for _begin, parts in forecast.parts(able)]
    latest = baskets.ages == 0
    came = sparse.csr_array(
        (np.ones(latest.sum(), bool), (baskets.accounts[latest], baskets.products[latest])),
        shape=(baskets.of_accounts, baskets.of_products),
    )[able]

    def told(mix: Mix) -> np.ndarray:
        return recall(np.vstack([forecast.ranked(parts, length, mix) for parts in blocks]), came)

    best, reached = PUBLISHED, told(PUBLISHED)
    for name, weights in TRIED:
        tried = [
            replace(best, **{name: weight} | ({"near": 1 - weight} if name == "own" else {})) for weight in weights
        ]
        for mix, now in [(mix, told(mix)) for mix in tried]:
            gain = now - reached
            if gain.mean() > gain.std() / np.sqrt(len(gain)):
                best, reached = mix, now
    return best


def recall(top: np.ndarray, came: sparse.csr_array) -> np.ndarray:
    """Of each row of `came` (rows by products, what was ordered), the share that is among the `top` of that row."""
    hits = [np.isin(came.indices[came.indptr[i] : came.indptr[i + 1]], row).sum() for i, row in enumerate(top)]
    return np.asarray(hits) / np.maximum(np.diff(came.indptr), 1)
