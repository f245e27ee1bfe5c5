"""From the rows of PostgreSQL to entries of the index.

1. Products are read some thousand at a time, each batch in one statement, with their codes, translations and stock.
2. Names of categories, brands and attributes are few: they are read once and kept.
3. English is left to the engine. Here sizes are reckoned, codes cut into runs of four, other languages taken apart.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from tantivy import Document

from apps.catalogue.index import analysis
from apps.catalogue.index.measures import Units
from apps.catalogue.index.schema import ENTRY, schema
from apps.catalogue.models import Attribute, Brand, Category, Product
from apps.core.text import folded

BATCH = 4_000
LONGEST_PROSE = 8_000
MOST_POPULAR = 2**23
HIGHEST_ID = 2**40 - 1
GRAM = 4
LONGEST_KEY = 240
_DIGIT, _DIGITS = re.compile(r"\d"), re.compile(r"\d+")
_TIMES = re.compile(r"(?<=\d)\s*[x×]\s*(?=\d)", re.IGNORECASE)  # "M8x40" is said as "M8 x 40" too


@dataclass(frozen=True)
class Names:
    """What products are sorted by, by id: path of categories with their names, brands, attributes with their units."""

    categories: dict[int, tuple[list[int], str]]
    brands: dict[int, str]
    attributes: dict[str, tuple[str, str]]

    @classmethod
    def read(cls) -> "Names":
        rows = {pk: (path, name) for pk, path, name in Category.objects.values_list("pk", "path", "name")}
        categories = {}
        for pk, (path, _name) in rows.items():
            ids = [int(part) for part in path.split("/") if part]
            categories[pk] = (ids, " ".join(rows[above][1] for above in ids if above in rows))
        attributes = {code: (name, unit) for code, name, unit in Attribute.objects.values_list("code", "name", "unit")}
        return cls(categories, dict(Brand.objects.values_list("pk", "name")), attributes)


def _rows(condition: str) -> str:
    stock = Product._meta.get_field("stock").related_model._meta.db_table
    return f"""
WITH chosen AS MATERIALIZED (SELECT * FROM catalogue_product p WHERE {condition}),
stocked AS (
    SELECT DISTINCT s.product_id FROM {stock} s JOIN chosen p ON p.id = s.product_id
    WHERE s.on_hand > s.reserved + s.safety_stock
),
coded AS (
    SELECT k.product_id, array_agg(DISTINCT k.normal) AS codes
    FROM catalogue_productcode k JOIN chosen p ON p.id = k.product_id GROUP BY 1
),
translated AS (
    SELECT t.product_id, array_agg(ARRAY[t.name, concat_ws(' ', t.summary, left(t.description, {LONGEST_PROSE}))]) texts
    FROM catalogue_producttext t JOIN chosen p ON p.id = t.product_id GROUP BY 1
)
SELECT p.id, p.name, p.summary, left(p.description, {LONGEST_PROSE}), p.category_id, p.brand_id, p.attributes::text,
    p.status, p.popularity, s.product_id IS NOT NULL, c.codes, t.texts
FROM chosen p LEFT JOIN stocked s ON s.product_id = p.id LEFT JOIN coded c ON c.product_id = p.id
    LEFT JOIN translated t ON t.product_id = p.id
"""


def entries_of(ids: Iterable[int], units: Units) -> Iterator[Document]:
    """The entries of these products; what is gone has none."""
    ids, writer = list(ids), _Writer(Names.read(), units)
    for start in range(0, len(ids), BATCH):
        yield from writer.written("p.id = ANY(%s)", [ids[start : start + BATCH]])


def all_entries(units: Units) -> Iterator[Document]:
    """The entries of all products, in the order of their ids."""
    writer, low = _Writer(Names.read(), units), 0
    while (high := _end_of_batch(low)) is not None:
        yield from writer.written("p.id >= %s AND p.id <= %s", [low, high])
        low = high + 1


def _end_of_batch(low: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM catalogue_product WHERE id >= %s ORDER BY id LIMIT %s) p", [low, BATCH]
        )
        return cursor.fetchone()[0]


class _Writer:
    """Writes entries with the names and units it was given."""

    def __init__(self, names: Names, units: Units):
        self.names, self.units = names, units

    def written(self, condition: str, params: list) -> list[Document]:
        with connection.cursor() as cursor:
            cursor.execute(_rows(condition), params)
            rows = cursor.fetchall()
        return [self.entry(*row) for row in rows]

    def entry(
        self, id_, name, summary, prose, category_id, brand_id, attributes, status, popularity, in_stock, codes, texts
    ) -> Document:
        path, above = self.names.categories.get(category_id, ([], ""))
        brand = self.names.brands.get(brand_id, "")
        traits, attr, measures = self._attributes(json.loads(attributes))
        said = {
            "kind": ENTRY,
            "id": id_,
            "status": status,
            "name": _parted(name),
            "kin": f"{brand} {above}",
            "traits": traits,
            "prose": _parted(f"{summary} {prose}"),
            "word": [name, brand, above],
            "measures": " ".join([*measures, *self._measures(f"{name} {summary}")]),
            "codes": " ".join(codes or ()),
            "grams": " ".join(gram for code in codes or () for gram in grams(f"^{code}$")),
            "attr": attr,
            "path": path,
            "category": category_id,
            "stock": int(in_stock),
            "rank": rank_of(popularity, id_),
            "by_name": name_key(name, id_),
            "weight": weight_of(popularity),
        }
        if brand_id is not None:
            said["brand"] = brand_id
        if texts:
            said["foreign"] = " ".join(token for text in texts for token in analysis.tokens_of(text[0]))
            said["foreign_prose"] = " ".join(token for text in texts for token in analysis.tokens_of(text[1]))
        return Document.from_dict(said, schema())

    def _attributes(self, attributes: dict) -> tuple[str, list[str], list[str]]:
        """Words of the attributes, their terms for filters and facets, their sizes."""
        words, attr, measures = [], [], []
        for code, value in attributes.items():
            label, unit = self.names.attributes.get(code, ("", ""))
            written = value_text(value)
            attr.append(f"{code}={written}")
            if isinstance(value, bool):
                words += [label] if value else []
                continue
            words.append(f"{written} {unit} {label}")
            if unit and not isinstance(value, str):
                words.append(f"{written}{unit}")
                measures.append(self.units.token(float(value), unit))
            elif _DIGIT.search(written):
                measures += self._measures(written)
        return _parted(" . ".join(words)), attr, list(filter(None, measures))

    def _measures(self, text: str) -> list[str]:
        if not _DIGIT.search(text):
            return []
        return [measure.token for measure in self.units.measures(text if text.isascii() else folded(text))]


def value_text(value: object) -> str:
    """How the value of an attribute stands in the index: true, a plain number, or the text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


def _parted(text: str) -> str:
    return _TIMES.sub(" ", text)


def grams(code: str) -> list[str]:
    """The runs of four characters of a code, in their order."""
    return [code[place : place + GRAM] for place in range(len(code) - GRAM + 1)]


def rank_of(popularity: int, id_: int) -> int:
    """The place by popularity, higher first; of equals the older one first. No two products share one."""
    return min(popularity, MOST_POPULAR) * (HIGHEST_ID + 1) + HIGHEST_ID - id_


def id_of_rank(rank: int) -> int:
    """The product that has that place by popularity."""
    return HIGHEST_ID - (rank & HIGHEST_ID)


def name_key(name: str, id_: int) -> str:
    """What stands in the order of names: case and accents aside, M8 before M10, of equals the older one first."""
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    return f"{_DIGITS.sub(_padded, plain.casefold().strip())[:LONGEST_KEY]}\x1f{id_:013d}"


def _padded(digits: re.Match) -> str:
    return digits[0].zfill(8)


def weight_of(popularity: int) -> float:
    """What popularity adds to a score: up to a half; enough to decide near ties, too little to lift what fits less.

    The engine multiplies a score by log2(2 + weight).
    """
    return 2 ** (1 + min(math.log10(1 + popularity) / 4, 0.5)) - 2
