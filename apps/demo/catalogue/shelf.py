"""Which products there are: how many of each family, in which order, and what each costs on the base list.

Products of a family stand together; their ids are a range. Nothing is kept for a product but numbers: names, texts and
attributes are made again from the id's place in its family whenever rows are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

import numpy as np

from apps.demo.catalogue import building, electrical, facility, fasteners, fluids, motion, safety, workshop
from apps.demo.catalogue.family import Family, Variant
from apps.demo.catalogue.services_offered import SERVICES, Offered
from apps.demo.chance import numbers, shares

FAMILIES: tuple[Family, ...] = (
    *fasteners.FAMILIES,
    *safety.FAMILIES,
    *motion.FAMILIES,
    *fluids.FAMILIES,
    *electrical.FAMILIES,
    *facility.FAMILIES,
    *workshop.FAMILIES,
    *building.FAMILIES,
)
PRICE_SCALE = 10_000  # unit prices are whole ten-thousandths here
FIRST_OF_BRANDS = (1.12, 1.0, 0.9)


@dataclass(frozen=True)
class Range:
    """The ids of one family: `start` is the first, `count` how many."""

    family: Family
    start: int
    count: int

    def products(self) -> Iterator[tuple[int, Variant]]:
        return enumerate(self.family.variants(self.count), self.start)


class Shelf:
    """All products of a demo of `skus` products; goods have the ids from 1 on, services follow."""

    def __init__(self, skus: int):
        self.goods = skus - len(SERVICES)
        counts = shares(self.goods, [family.share for family in FAMILIES])
        starts = np.cumsum([1, *counts])
        self.ranges = [Range(f, int(s), n) for f, s, n in zip(FAMILIES, starts, counts, strict=False)]
        self.skus = skus
        self.noise = numbers("prices").uniform(0.94, 1.06, skus + 1)
        self.popularity = _popularity(skus)
        self.discontinued = numbers("discontinued").random(skus + 1) < 0.02
        # By id, in ten-thousandths; in memory that the process which makes the rows of products shares.
        self.base_price = np.frombuffer(mmap(-1, 8 * (skus + 1)), dtype=np.int64)

    def services(self) -> Iterator[tuple[int, Offered]]:
        return enumerate(SERVICES, self.goods + 1)

    def service_ids(self) -> dict[str, int]:
        return {service.sku: pk for pk, service in self.services()}

    def is_sold_off(self, pk: int, of: Range) -> bool:
        """Discontinued, in favour of the next product of its family."""
        return bool(self.discontinued[pk]) and pk + 1 < of.start + of.count and not self.discontinued[pk + 1]

    def price_of(self, pk: int, variant: Variant) -> int:
        """The base price of a product in ten-thousandths, as a price looks: pence from a pound on."""
        brand = FIRST_OF_BRANDS[variant.family.brands.index(variant.brand) % 3]
        price = float(variant.family.price(variant.values)) * brand * self.noise[pk] * (1 + 0.03 * (variant.series % 7))
        grain = 5 if price < 1 else 100 if price < 20 else 500 if price < 100 else 10_000
        self.base_price[pk] = max(round(price * PRICE_SCALE / grain), 1) * grain
        return int(self.base_price[pk])


def _popularity(skus: int) -> np.ndarray:
    """How much each product is asked for: few very much, most hardly."""
    rank = numbers("popularity").permutation(skus + 1) + 1
    return (1_000_000 / rank**0.7).astype(np.int64)
