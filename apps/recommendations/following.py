"""What follows: which products come after those an account bought lately, learned from the baskets of all accounts.

1. Lately bought: a product's basket counts `FADING` less for each later one; a row for each account, divided by the
   square root of its length, so that who buys everything does not outweigh the rest.
2. For each of the latest `CUTS` baskets of every account: what had been bought before it (a row of X) and what came (a
   row of Y, divided by the square root of how many came). Of all products the `COMMONEST` take part.
3. B = (X'X + `RIDGE` I)^-1 X'Y: ridge regression (Hoerl, Kennard: Ridge Regression, Technometrics 1970) from what was
   bought to what came next. It is the item-to-item model of Steck, Embarrassingly Shallow Autoencoders for Sparse Data,
   WWW 2019, with the next basket for a target, so that it also learns what is bought again.
4. What follows for an account is its row of 1 times B: the `MOST` highest that are above 0.

Arrays in, arrays out; no framework. Needs scipy.
"""

from collections.abc import Iterator

import numpy as np
from scipy import linalg, sparse

from apps.recommendations.baskets import Baskets

FADING, CUTS, COMMONEST, RIDGE, MOST = 0.8, 10, 2_000, 200, 400


class Following:
    """Steps 1 to 3, reckoned once for all baskets; `block` is step 4."""

    def __init__(self, baskets: Baskets):
        times = np.bincount(baskets.products, minlength=baskets.of_products)
        order = np.lexsort((np.arange(len(times)), -times))
        self.products = np.sort(order[: min(COMMONEST, np.count_nonzero(times))])
        self.of_products = baskets.of_products
        self.lately = self._lately(baskets)
        self.learnt = self._learnt(baskets)

    def block(self, accounts: np.ndarray) -> sparse.csr_array:
        """What follows for each of these accounts: accounts by products."""
        shape = (len(accounts), self.of_products)
        if not len(self.products):
            return sparse.csr_array(shape, dtype=np.float32)
        told = np.asarray(self.lately[accounts] @ self.learnt)
        if len(self.products) > MOST:
            told[told < np.partition(told, -MOST, axis=1)[:, [-MOST]]] = 0
        row, column = np.nonzero(told > 0)
        return sparse.csr_array((told[row, column], (row, self.products[column])), shape=shape)

    def _learnt(self, baskets: Baskets) -> np.ndarray:
        many = len(self.products)
        before, after = (np.zeros((many, many), np.float32) for _ in range(2))
        for lately, came in self._cuts(baskets):
            before += (lately.T @ lately).toarray()
            after += (lately.T @ came).toarray()
        before[np.diag_indices(many)] += RIDGE
        return linalg.solve(before, after, assume_a="pos", overwrite_a=True, overwrite_b=True)

    def _cuts(self, baskets: Baskets) -> Iterator[tuple[sparse.csr_array, sparse.csr_array]]:
        """Step 2, one basket of every account after the other."""
        for age in range(CUTS):
            earlier, held = baskets.before(age)
            lately = self._lately(earlier)
            came = self._matrix(baskets.accounts[held], baskets.products[held], np.ones(held.sum()), lately.shape[0])
            yield lately, _scaled(came, np.diff(came.indptr))

    def _lately(self, baskets: Baskets) -> sparse.csr_array:
        bought = self._matrix(baskets.accounts, baskets.products, FADING**baskets.ages, baskets.of_accounts)
        return _scaled(bought, np.sqrt(np.asarray(bought.multiply(bought).sum(axis=1)).ravel()))

    def _matrix(
        self, accounts: np.ndarray, products: np.ndarray, weights: np.ndarray, of_accounts: int
    ) -> sparse.csr_array:
        """Accounts by the products that take part; the weights of one pair are added up."""
        place = np.full(self.of_products, -1)
        place[self.products] = np.arange(len(self.products))
        column = place[products]
        kept = column >= 0
        at = (accounts[kept], column[kept])
        return sparse.csr_array((weights[kept].astype(np.float32), at), shape=(of_accounts, len(self.products)))


def _scaled(matrix: sparse.csr_array, size: np.ndarray) -> sparse.csr_array:
    """Each row divided by the square root of its size; empty ones stay empty."""
    matrix.data /= np.sqrt(np.repeat(size, np.diff(matrix.indptr)).astype(np.float32))
    return matrix
