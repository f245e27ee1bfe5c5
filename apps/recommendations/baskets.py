"""Baskets, and what an account's own say of its next one: steps 1 to 3 of `forecast`, without scipy.

Arrays in, arrays out; no framework. One account is reckoned anew by these alone, after each of its orders.
"""

from dataclasses import dataclass

import numpy as np

WITHIN, BETWEEN, GROUPS = 0.9, 0.9, 11


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each part says."""

    own: float = 0.1
    steady: float = 0.0
    near: float = 0.9
    following: float = 0.0


PUBLISHED = Mix()


@dataclass(frozen=True, slots=True)
class Baskets:
    """Who had which product in which basket: equally long arrays of one row a product in a basket.

    `accounts` and `products` count from 0 to below `of_accounts` and `of_products`; `ages` is 0 in an account's latest
    basket, 1 in the one before; `occasions` is when. Made by `baskets_of`.
    """

    accounts: np.ndarray
    products: np.ndarray
    ages: np.ndarray
    occasions: np.ndarray
    of_accounts: int
    of_products: int

    def parted(self, since: int | None = None) -> tuple["Baskets", np.ndarray]:
        """What was before one basket of each account, and which rows are that basket: its first on or after the
        occasion `since`, so that nobody's future tells of it; without one its latest."""
        age = np.zeros(self.of_accounts, np.int64)
        if since is not None:
            age -= 1
            later = self.occasions >= since
            np.maximum.at(age, self.accounts[later], self.ages[later])
        beyond = self.ages - age[self.accounts]
        earlier = beyond > 0
        rest = (self.accounts[earlier], self.products[earlier], beyond[earlier] - 1, self.occasions[earlier])
        return Baskets(*rest, self.of_accounts, self.of_products), beyond == 0

    def before(self, age: int) -> tuple["Baskets", np.ndarray]:
        """What was before the basket of this age of each account, and which rows are that basket."""
        earlier = self.ages > age
        rest = (self.accounts[earlier], self.products[earlier], self.ages[earlier] - age - 1, self.occasions[earlier])
        return Baskets(*rest, self.of_accounts, self.of_products), self.ages == age

    def counts(self) -> np.ndarray:
        """How many baskets each account has."""
        count = np.zeros(self.of_accounts, np.int64)
        np.maximum.at(count, self.accounts, self.ages + 1)
        return count


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
    return Baskets(account, product, last[account] - basket, occasion, of_accounts, of_products)


def own_weights(baskets: Baskets, count: np.ndarray) -> np.ndarray:
    """What each row adds to its account's vector (step 2).

    A group of a short history is a basket, and the latest of those is `GROUPS` less its baskets old.
    """
    many = count[baskets.accounts]
    place = many - 1 - baskets.ages
    least, longer = np.divmod(many, GROUPS)
    shorter = (GROUPS - longer) * least
    is_short = place < shorter
    group = np.where(is_short, place // np.maximum(least, 1), GROUPS - longer + (place - shorter) // (least + 1))
    size = np.where(is_short, least, least + 1)
    is_whole = many >= GROUPS
    group, size, groups = (np.where(is_whole, *pair) for pair in ((group, place), (size, 1), (GROUPS, many)))
    return WITHIN**baskets.ages / size * BETWEEN ** (GROUPS - 1 - group) / np.maximum(groups, 1)


def own_scores(baskets: Baskets, mix: Mix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accounts, products and what steps 2 and 3 say of them, one row for each that was bought, in that order."""
    count = baskets.counts()
    said = mix.own * own_weights(baskets, count) + mix.steady / np.maximum(count[baskets.accounts], 1)
    pairs, row = np.unique(baskets.accounts * baskets.of_products + baskets.products, return_inverse=True)
    accounts, products = np.divmod(pairs, max(baskets.of_products, 1))
    return accounts, products, np.bincount(row.ravel(), said, len(pairs))
