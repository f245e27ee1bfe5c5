"""Further pictures of products: what they measure, and how they are packed."""

from collections.abc import Iterator

from apps.demo.catalogue.attributes import ATTRIBUTES
from apps.demo.catalogue.shelf import Shelf
from apps.demo.pictures import Gallery
from apps.demo.pictures.measured import measured
from apps.demo.pictures.packing import box

COLUMNS = ("product_id", "file", "caption", "position")
ACROSS = ("length_mm", "length_m", "stroke_mm", "width_mm", "diameter_mm", "outside_mm")
UPRIGHT = ("height_mm", "thickness_mm", "outside_mm", "diameter_mm", "bore_mm", "width_mm")


def view_rows(shelf: Shelf, share: int) -> Iterator[tuple]:
    """Pictures of every `share`-th product, drawn once for each set of measures."""
    gallery = Gallery({"measured": measured, "carton": carton})
    for of in shelf.ranges:
        for pk, variant in of.products():
            if pk % share:
                continue
            sides = _sides(variant.values)
            if sides:
                yield pk, gallery.picture(("measured", *sides)), "Measures", 1
            if of.family.packs:
                yield pk, gallery.picture(("carton",)), f"Packed: {of.family.packs[-1][0]}", 2


def _sides(values: dict) -> tuple[str, ...]:
    across = next((axis for axis in ACROSS if axis in values), None)
    upright = next((axis for axis in UPRIGHT if axis in values and axis != across), None)
    if across is None:
        return ()
    return tuple(_written(axis, values[axis]) for axis in (across, upright) if axis)


def _written(axis: str, value: object) -> str:
    name, _kind, unit = ATTRIBUTES[axis]
    return f"{name} {value:g} {unit}" if isinstance(value, int | float) else f"{name} {value}"


def carton() -> str:
    return box(300)
