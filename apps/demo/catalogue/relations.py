"""What replaces, goes with, serves or succeeds a product."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator

from apps.demo.catalogue.family import Values, Variant
from apps.demo.catalogue.shelf import Range, Shelf

COLUMNS = ("product_id", "other_id", "kind", "note")
# A substitute may differ in these, never in a dimension.
SOFT = frozenset({"material", "coating", "colour", "scent", "rating", "strength", "food_safe", "light_k", "ip", "seal"})
SHARED = ("thread", "bore_mm", "outside_mm", "pipe_size", "diameter_mm", "size", "width_mm", "colour")
SAMPLE = 60  # products kept of a family to choose accessories from
SUBSTITUTES, ACCESSORIES = 3, 2
NEIGHBOURS = 16  # products looked at to choose substitutes from: families may have thousands of equal dimensions


def relation_rows(shelf: Shelf, share: int) -> Iterator[tuple]:
    """Relations of every `share`-th product, so that a million SKUs do not bring five million of them."""
    offered, companions = shelf.service_ids(), _Companions(_samples(shelf))
    for of in shelf.ranges:
        alike = _alike(of)
        for pk, variant in of.products():
            if pk % share == 0:
                yield from _substitutes(pk, variant, alike[_hard(variant)])
                yield from companions.of(pk, variant)
                yield from ((pk, offered[sku], "service", "") for sku in of.family.services)
            if shelf.is_sold_off(pk, of):
                yield pk, pk + 1, "successor", "Takes its place"


def _hard(variant: Variant) -> tuple:
    return tuple(value for axis, value in variant.values.items() if axis not in SOFT)


def _alike(of: Range) -> dict[tuple, list[tuple[int, Variant]]]:
    """Members of a family with the same dimensions."""
    alike = defaultdict(list)
    for pk, variant in of.products():
        alike[_hard(variant)].append((pk, variant))
    return alike


def _substitutes(pk: int, variant: Variant, alike: list[tuple[int, Variant]]) -> Iterator[tuple]:
    at = bisect(alike, pk, key=lambda found: found[0])
    others = [*alike[at : at + NEIGHBOURS], *alike[: min(max(at + NEIGHBOURS - len(alike), 0), at)]]
    others = [(other, it) for other, it in others if other != pk]
    others.sort(key=lambda found: (len(_differences(variant, found[1])), (found[0] - pk) % 1009))
    for other, it in others[:SUBSTITUTES]:
        yield pk, other, "substitute", ", ".join(_differences(variant, it))[:160]


def _differences(of: Variant, other: Variant) -> list[str]:
    words = [str(other.values[axis]) for axis in of.values if other.values[axis] != of.values[axis]]
    return [*words, f"by {other.brand}"] if other.brand != of.brand else words


def _samples(shelf: Shelf) -> dict[str, list[tuple[int, Values]]]:
    """Some products of each family, spread over it."""
    found = {}
    for of in shelf.ranges:
        step = max(of.count // SAMPLE, 1)
        found[of.family.code] = [(pk, it.values) for pk, it in of.products() if (pk - of.start) % step == 0]
    return found


class _Companions:
    """For each family that goes with a product, the products that fit best: the same thread, bore, size."""

    def __init__(self, samples: dict[str, list[tuple[int, Values]]]):
        self.samples = samples
        self._ranked: dict[tuple, list[tuple[int, str]]] = {}

    def of(self, pk: int, variant: Variant) -> Iterator[tuple]:
        families = variant.family.goes_with
        shared = tuple((axis, variant.values[axis]) for axis in SHARED if axis in variant.values)
        for code in families:
            ranked = self._best(code, shared)
            for turn in range(min(ACCESSORIES if len(families) < 3 else 1, len(ranked))):
                other, note = ranked[(pk + turn) % len(ranked)]
                yield pk, other, "accessory", note

    def _best(self, code: str, shared: tuple) -> list[tuple[int, str]]:
        """(product, what fits) of the products that share the most, at least two of them."""
        if (code, shared) not in self._ranked:
            fits = [(pk, [v for axis, v in shared if values.get(axis) == v]) for pk, values in self.samples[code]]
            fits.sort(key=lambda fit: -len(fit[1]))
            best = [fit for fit in fits if len(fit[1]) == len(fits[0][1])]  # nothing where the family is empty
            self._ranked[code, shared] = [
                (pk, f"fits {common[0]}" if common else "") for pk, common in (best if len(best) > 1 else fits[:2])
            ]
        return self._ranked[code, shared]
