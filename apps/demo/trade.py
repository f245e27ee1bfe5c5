"""What each account buys: its own range, out of what its trade needs and everybody asks for."""

from dataclasses import dataclass

import numpy as np

from apps.demo.accounts import Party
from apps.demo.catalogue.shelf import PRICE_SCALE, Shelf
from apps.demo.chance import numbers

TRADED_AT_MOST = 60_000  # of a very large catalogue only the better known part is ever bought
RANGE = (14, 60)  # SKUs an account buys again and again
FAVOURITES = {
    "Facility management": {"Cleaning & hygiene": 6, "HVAC & plumbing": 4, "Electrical": 3, "Safety": 3},
    "Manufacturing": {"Fasteners": 5, "Bearings & drives": 5, "Tools": 3, "Lubricants & chemicals": 3, "Safety": 2},
    "Food & drink": {"Cleaning & hygiene": 5, "Safety": 4, "Packaging": 4, "Hydraulics & pneumatics": 2},
    "Construction": {"Fasteners": 5, "Tools": 5, "Safety": 5, "Electrical": 3},
    "Logistics": {"Packaging": 7, "Storage & handling": 4, "Safety": 2},
    "Public sector": {"Cleaning & hygiene": 5, "Electrical": 4, "HVAC & plumbing": 3, "Safety": 2},
    "Energy & water": {"Hydraulics & pneumatics": 5, "Electrical": 4, "Bearings & drives": 3, "Safety": 3},
}


@dataclass(frozen=True)
class Regulars:
    """The range of one account, as equally long arrays: product, usual quantity, days between two orders of it."""

    products: np.ndarray
    quantities: np.ndarray
    gaps: np.ndarray


class Trade:
    """Answers what an account buys; the same account is always answered the same."""

    def __init__(self, shelf: Shelf):
        self.shelf = shelf
        goods = np.arange(1, shelf.goods + 1)
        wanted = goods[np.argsort(-shelf.popularity[1 : shelf.goods + 1], kind="stable")][:TRADED_AT_MOST]
        self.pool = np.sort(wanted[~shelf.discontinued[wanted]])
        self.multiples = self._by_family(lambda family: family.multiple)
        departments = self._by_family(lambda family: family.path[0])
        self._reach = {
            segment: np.cumsum(
                np.sqrt(shelf.popularity[self.pool]) * np.vectorize(lambda d, f=favours: f.get(d, 0.6))(departments)
            )
            for segment, favours in FAVOURITES.items()
        }

    def _by_family(self, of) -> np.ndarray:
        """A property of the family, for each product of the pool."""
        starts = np.array([found.start for found in self.shelf.ranges])
        values = np.array([of(found.family) for found in self.shelf.ranges])
        return values[np.searchsorted(starts, self.pool, side="right") - 1]

    def regulars_of(self, party: Party) -> Regulars:
        chance = numbers(f"regulars {party.pk}")
        reach = self._reach[party.segment]
        count = 70 if party.pk == 2 else int(chance.integers(*RANGE))
        count = min(count, len(self.pool) // 3)
        at = np.unique(np.searchsorted(reach, chance.random(count) * reach[-1]))
        products = self.pool[at]
        multiples = self.multiples[at]
        price = self.shelf.base_price[products] / PRICE_SCALE
        spend = chance.lognormal(4.1, 0.8, len(at))
        quantities = np.maximum(1, np.rint(spend / price / multiples)).astype(np.int64) * multiples
        gaps = np.clip(chance.lognormal(3.5, 0.55, len(at)), 9, 120).astype(np.int64)
        return Regulars(products, np.minimum(quantities, 5_000 * multiples), gaps)
