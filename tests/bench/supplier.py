"""A supplier's file of a million products with 500 bad rows among them: made, taken in, looked for.

`python -m tests.bench.supplier prepare` makes ready a database for it, `... found` builds the search index and looks
for good and bad rows; both answer in JSON and are run in processes of their own over the database DATABASE_URL names.
"""

import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

HEAD = [
    "sku", "name", "brand", "category", "gtin", "uom", "moq", "weight_kg", "price", "attribute:Length mm",
    "attribute:Coating", "UNSPSC", "description",
]  # fmt: skip
THINGS = ("hex bolt", "washer", "threaded rod", "wing nut", "anchor", "rivet", "clamp", "bracket", "hose", "bearing")
COATINGS = ("zinc", "plain", "nickel", "brass")
CATEGORIES, BRANDS = 40, 200
#: How a row is spoilt, by the reason it is to be found in quarantine with.
SPOILT = {
    "bad_gtin": {"gtin": "4006381333932"},
    "unknown_unit": {"uom": "QQQ"},
    "bad_number": {"moq": "some"},
    "bad_price": {"price": "ask us"},
    "no_name": {"name": ""},
    "no_sku": {"sku": ""},
    "twice": {"sku": "SUP-0000000"},
    "too_long": {"name": "long " * 60},
    "unknown_category": {"category": "Nowhere"},
    "no_category": {"category": ""},
}
REASONS = list(SPOILT)


def write(path: Path, rows: int, bad: int) -> None:
    """A file of `rows` rows, of which `bad` are spoilt, spread evenly."""
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEAD)
        sheet.writerows(lines(rows, bad))


def lines(rows: int, bad: int) -> Iterator[list[str]]:
    spacing = rows // bad
    for n in range(rows):
        row = good(n)
        if n % spacing == spacing - 1 and n // spacing < bad:
            row |= SPOILT[REASONS[n // spacing % len(REASONS)]]
        yield list(row.values())


def good(n: int) -> dict[str, str]:
    thing, coating, length = THINGS[n % 10], COATINGS[n // 10 % 4], 5 + n % 400
    values = [
        f"SUP-{n:07d}", f"{thing.capitalize()} M{4 + n % 20} x {length} {coating}, series {n // 1000}",
        f"Maker {n % BRANDS}", f"Range {n % CATEGORIES}", gtin(n), "C62", str(1 + n % 5), f"{(n % 900) / 1000:.3f}",
        f"{1 + n % 5000 / 100:.4f}", str(length), coating, f"3116{n % 10000:04d}",
        f"A {thing} with a {coating} finish, {length} mm long, for the daily work of a workshop.",
    ]  # fmt: skip
    return dict(zip(HEAD, values, strict=True))


def gtin(n: int) -> str:
    """Thirteen digits with their check digit."""
    body = f"29{n:010d}"
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def prepare() -> dict:
    """Categories, a price list, and a product that is bought while the file is taken in."""
    from datetime import date

    from apps.catalogue.services import ProductRow, ensure_category_path, load_products
    from apps.pricing.services import ensure_base_list

    slugs = [ensure_category_path([f"Range {n}"]).slug for n in range(CATEGORIES)]
    prices = ensure_base_list("GBP", name="List", valid_from=date(2026, 1, 1))
    load_products([ProductRow("PROBE", "Probe", slugs[0])])
    return {"price_list": prices.code}


def found(rows: int, bad: int) -> dict:
    """How many of some good rows are found by their SKU and by their words, and how many of the bad ones."""
    import time

    from apps.catalogue.index import build, places
    from apps.catalogue.search import Query, find
    from apps.core.scoping import NOBODY

    started = time.perf_counter()
    places.serve(build())
    seconds = time.perf_counter() - started
    spacing = rows // bad
    good_ones = range(0, rows - 1, max(1, rows // 200))
    good_ones = [n for n in good_ones if n % spacing != spacing - 1]
    bad_ones = list(range(spacing - 1, rows, spacing))[:200]

    def seen(n: int, text: str) -> bool:
        return f"SUP-{n:07d}" in {product.sku for product in find(NOBODY, Query(text)).products}

    return {
        "asked": len(good_ones),
        "by_sku": sum(seen(n, f"SUP-{n:07d}") for n in good_ones),
        "by_gtin": sum(seen(n, gtin(n)) for n in good_ones),
        "bad": sum(seen(n, f"SUP-{n:07d}") for n in bad_ones),
        "index_s": round(seconds, 1),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    import django

    django.setup()
    print(json.dumps(prepare() if sys.argv[1] == "prepare" else found(int(sys.argv[2]), int(sys.argv[3]))))
