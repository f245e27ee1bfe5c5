"""Spare parts, and what kits contain: by family, a fitting member of another family and how many of it."""

from collections.abc import Iterator

from apps.demo.catalogue.family import Variant
from apps.demo.catalogue.shelf import Shelf

SPARE_PARTS = {
    "MOT": (("DGB", 2), ("OSL", 2)),
    "PMP": (("OSL", 1), ("DGB", 2)),
    "PBU": (("DGB", 1), ("OSL", 2)),
    "PCY": (("PTF", 2), ("OSL", 2)),
    "GRD": (("DSC", 1),),
    "FAN": (("DGB", 2), ("AFL", 1)),
    "TRL": (("CAS", 4),),
    "RCK": (("HXB", 16),),
    "BVL": (("OSL", 1),),
    "HHS": (("HFT", 2),),
    "DSP": (("HSP", 1),),
    "QRC": (("OSL", 2),),
}
KITS = {
    "AID": (("GDP", 2), ("WIP", 1), ("GLS", 1)),
    "PBU": (("DGB", 1), ("HXB", 100)),
    "ENC": (("GLD", 4), ("MCB", 3)),
    "ANC": (("HXN", 100), ("WSH", 100)),
    "HEL": (("EAR", 1), ("GLS", 1)),
    "BOX": (("TAP", 1), ("VOI", 1)),
    "MOP": (("CLN", 1), ("WIP", 2)),
    "TRL": (("CAS", 4), ("HXB", 100)),
}
SHARED = ("bore_mm", "thread", "pipe_size", "voltage_v", "diameter_mm", "outside_mm", "size")


def part_rows(shelf: Shelf, share: int) -> Iterator[tuple]:
    """(product, part, kind, note, quantity) of every `share`-th product."""
    stock = {of.family.code: of for of in shelf.ranges}
    samples = {code: _sample(stock[code]) for code in _wanted() if code in stock and stock[code].count}
    for kind, table in (("spare_part", SPARE_PARTS), ("component", KITS)):
        for code, parts in table.items():
            for pk, variant in stock[code].products():
                if pk % share == 0:
                    yield from _parts(pk, variant, kind, parts, samples)


def _wanted() -> set[str]:
    return {code for table in (SPARE_PARTS, KITS) for parts in table.values() for code, _quantity in parts}


def _sample(of) -> list[tuple[int, Variant]]:
    step = max(of.count // 40, 1)
    return [found for at, found in enumerate(of.products()) if at % step == 0]


def _parts(pk: int, variant: Variant, kind: str, parts: tuple, samples: dict) -> Iterator[tuple]:
    for code, quantity in parts:
        candidates = samples.get(code)
        if not candidates:
            continue
        other, it = max(candidates, key=lambda found: (_fit(variant, found[1]), -((found[0] * 31 + pk) % 1009)))
        common = next((it.values[axis] for axis in SHARED if _same(variant, it, axis)), None)
        yield pk, other, kind, f"fits {common}" if common is not None else "", quantity


def _fit(variant: Variant, other: Variant) -> int:
    return sum(_same(variant, other, axis) for axis in SHARED)


def _same(variant: Variant, other: Variant, axis: str) -> bool:
    return axis in variant.values and variant.values[axis] == other.values.get(axis)
