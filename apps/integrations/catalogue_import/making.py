"""New products of a lot go live in a handful of statements, whatever their number.

1. The lot's rows that are still new, with a category that is there or may be made, are put aside in a temporary table;
   a property that turned out to be a choice becomes text on the way.
2. The catalogue makes the products. What somebody made since, and what only Python can read, stays waiting.
3. What hangs on them is set: classes, texts, packaging, further codes, prices. Only rows that say so are fetched.
4. The rows of what was made are live; with choices among them they keep what was really written, for undoing.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.catalogue.selectors import category_names
from apps.catalogue.services import make_products, set_classifications, set_further_codes, set_packaging, set_texts
from apps.integrations.catalogue_import.staging import TABLE
from apps.integrations.catalogue_import.writing import categories
from apps.integrations.models import CatalogueImport
from apps.pricing.services import set_list_prices

_NEW = "run_id = %(run)s AND row_number > %(reached)s AND row_number <= %(last)s AND kind = 'new' AND state = ''"
_CATEGORIES = f"SELECT DISTINCT wanted->>'category' FROM {TABLE} WHERE {_NEW}"
_AS_CHOICES = """
wanted || coalesce((
    SELECT jsonb_object_agg(
        key, CASE value #>> '{}' WHEN 'true' THEN 'Yes' WHEN 'false' THEN 'No' ELSE value #>> '{}' END
    )
    FROM jsonb_each(wanted) WHERE key = ANY(%(choices)s) AND jsonb_typeof(value) IN ('number', 'boolean')
), '{}')
"""
_SAID = f"""
DROP TABLE IF EXISTS pg_temp.said_product;
CREATE TEMPORARY TABLE said_product ON COMMIT DROP AS
SELECT id AS row_id, sku, {{facts}} AS facts FROM {TABLE}
WHERE {_NEW} AND wanted->>'category' = ANY(%(categories)s)
"""
_PIECES = """
SELECT s.sku, e.key, e.value FROM said_product s, jsonb_each(s.facts) e
WHERE split_part(e.key, '.', 1) IN ('classifications', 'texts', 'packaging', 'codes', 'prices')
"""
_LIVE = f"""
UPDATE {TABLE} r SET state = 'applied' {{and_facts}}
FROM said_product s JOIN made_product m USING (sku) WHERE r.id = s.row_id
"""


def put_new_live(run: CatalogueImport, last: int, choices: set[str], *, on: date) -> list[str]:
    """Make what is new up to the row `last`; the slugs of the categories that had to be made."""
    lot = {"run": run.pk, "reached": run.reached, "last": last, "choices": sorted(choices)}
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, lot)
        wanted = {name for (name,) in cursor.fetchall() if name}
        if not wanted:
            return []
        made = categories(wanted)[1] if run.profile.make_categories else []
        ids = {name: id_ for id_, name in category_names().items() if name in wanted}
        cursor.execute(_SAID.format(facts=_AS_CHOICES if choices else "wanted"), lot | {"categories": list(ids)})
        cursor.execute("ANALYZE said_product")
        _set_pieces(run, make_products("said_product", ids), cursor, on)
        cursor.execute(_LIVE.format(and_facts=", wanted = s.facts" if choices else ""))
    return made


def _set_pieces(run: CatalogueImport, made: dict[str, int], cursor, on: date) -> None:
    """What hangs on the products that were made."""
    cursor.execute(_PIECES)
    pieces: dict[str, list[tuple]] = {}
    for id_, part, piece, value in _of_made(cursor, made):
        pieces.setdefault(part, []).append((id_, piece, value))
    for part, rows in pieces.items():
        ids = list({id_ for id_, _piece, _value in rows})
        if part == "classifications":
            set_classifications(ids, rows)
        elif part == "texts":
            set_texts(ids, [(id_, language, *text) for id_, language, text in rows])
        elif part == "prices":
            _set_prices(run, ids, rows, on)
        else:
            setter = {"packaging": set_packaging, "codes": set_further_codes}[part]
            setter(ids, [(id_, *one) for id_, _piece, listed in rows for one in listed])


def _of_made(cursor, made: dict[str, int]) -> Iterator[tuple[int, str, str, object]]:
    for sku, name, value in cursor.fetchall():
        if id_ := made.get(sku):
            part, _dot, piece = name.partition(".")
            yield id_, part, piece, json.loads(value)


def _set_prices(run: CatalogueImport, ids: list[int], rows: list[tuple], on: date) -> None:
    if run.profile.price_list_id:
        prices = [(id_, quantity, Decimal(price)) for id_, _piece, listed in rows for quantity, price in listed]
        set_list_prices(run.profile.price_list_id, ids, prices, on=on)
