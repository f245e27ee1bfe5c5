"""What hangs on products, set for many of them at once: classes, packaging, relations, further codes.

Each function is told the products it speaks for and all the rows they shall have: what is new is made, what differs is
changed, what is not said any more goes. The same rows twice change nothing.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils.text import slugify

from apps.catalogue.models import Attribute, Category, Product
from apps.catalogue.rules import normal_code
from apps.core.bulk import merge

_OF_THESE = "product_id = ANY(%s)"


@transaction.atomic
def set_classifications(product_ids: Iterable[int], rows: Iterable[tuple[int, str, str]]) -> int:
    """Rows of (product_id, system, code)."""
    columns, key = ("product_id", "system", "code"), ("product_id", "system")
    return _set("catalogue_productclassification", columns, key, product_ids, rows)


@transaction.atomic
def set_texts(product_ids: Iterable[int], rows: Iterable[tuple[int, str, str, str]]) -> int:
    """Rows of (product_id, language, name, description); the summary of a text that stays is kept."""
    table, key = "catalogue_producttext", ("product_id", "language")
    kept = _kept(table, key, ("summary",), product_ids)
    full = (*key, "name", "description", "summary")
    return _set(table, full, key, product_ids, ((*row, *kept.get(row[:2], ("",))) for row in rows))


@transaction.atomic
def set_packaging(product_ids: Iterable[int], rows: Iterable[tuple[int, int, str, str]]) -> int:
    """Rows of (product_id, base units in it, name, GTIN); the weight and size of a unit that stays are kept."""
    table, columns, key = (
        "catalogue_packagingunit",
        ("product_id", "quantity", "name", "gtin"),
        ("product_id", "quantity"),
    )
    full = (*columns, "weight_kg", "dimensions_mm")
    kept = _kept(table, key, ("weight_kg", "dimensions_mm"), product_ids)
    return _set(table, full, key, product_ids, ((*row, *kept.get(row[:2], (0, ""))) for row in rows))


@transaction.atomic
def set_relations(product_ids: Iterable[int], rows: Iterable[tuple[int, str, int]]) -> int:
    """Rows of (product_id, kind, other product's id); note and quantity of one that stays are kept."""
    table, key = "catalogue_productrelation", ("product_id", "kind", "other_id")
    more = ("note", "quantity")
    kept = _kept(table, key, more, product_ids)
    return _set(table, (*key, *more), key, product_ids, ((*row, *kept.get(row, ("", 1))) for row in rows))


@transaction.atomic
def set_further_codes(product_ids: Iterable[int], rows: Iterable[tuple[int, str, str]]) -> int:
    """Rows of (product_id, kind, code) of superseded and competitors' numbers; the products' own codes stay."""
    columns, key = ("product_id", "kind", "code", "normal"), ("product_id", "kind", "normal")
    full = ((id_, kind, code, normal_code(code)) for id_, kind, code in rows)
    return _set("catalogue_productcode", columns, key, product_ids, full, only="kind IN ('superseded', 'competitor')")


def _kept(table: str, key: Sequence[str], columns: Sequence[str], product_ids: Iterable[int]) -> dict[tuple, tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([*key, *columns])} FROM {table} WHERE {_OF_THESE}", [list(product_ids)])
        return {row[: len(key)]: row[len(key) :] for row in cursor.fetchall()}


def _set(table, columns, key, product_ids, rows, *, only: str = "true") -> int:
    """Merge `rows`, and delete what these products have beyond them; how many rows were made, changed or deleted."""
    with connection.cursor() as cursor:
        changed = merge(cursor, table, columns, key, rows)
        matched = " AND ".join(f"s.{column} = t.{column}" for column in key)
        cursor.execute(
            f"DELETE FROM {table} t WHERE t.{_OF_THESE} AND {only}"
            f" AND NOT EXISTS (SELECT FROM staged_{table} s WHERE {matched})",
            [list(product_ids)],
        )
        return changed + cursor.rowcount


def ensure_attributes(rows: Iterable[tuple[str, str, str, str, bool, int]]) -> int:
    """Make the attributes that are not known yet from rows of (code, name, kind, unit, is it a facet, position)."""
    made = [
        Attribute(code=code, name=name, kind=kind, unit=unit, is_facet=is_facet, position=position)
        for code, name, kind, unit, is_facet, position in rows
    ]
    known = set(
        Attribute.objects.filter(code__in=[attribute.code for attribute in made]).values_list("code", flat=True)
    )
    new = [attribute for attribute in made if attribute.code not in known]
    Attribute.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def ensure_category_path(names: Sequence[str]) -> Category:
    """The category reached by these names from the top down, made where it is missing."""
    found = None
    for name in names:
        below = Category.objects.filter(parent=found, name=name).order_by("pk").first()
        found = below or Category.objects.create(parent=found, name=name, slug=_free_slug(name))
    return found


@transaction.atomic
def drop_empty_categories(slugs: Iterable[str]) -> int:
    """Remove those of these categories that have neither products nor categories below them; how many."""
    dropped = 0
    for category in Category.objects.filter(slug__in=list(slugs)).order_by("-depth"):
        if not category.children.exists() and not Product.objects.filter(category=category).exists():
            category.delete()
            dropped += 1
    return dropped


def _free_slug(name: str) -> str:
    stem = slugify(name)[:110] or "range"
    taken = set(Category.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


@transaction.atomic
def take_back(product_ids: Iterable[int]) -> set[int]:
    """Remove products that were made by mistake; the ids of those that stay, because something refers to them.

    What a catalogue itself hangs on a product (codes, classes, packaging, prices of a list) goes with it; an order
    line, a cart, stock or an account's own number keeps it.
    """
    ids = set(product_ids)
    used = set()
    for relation in Product._meta.get_fields(include_hidden=True):
        refers = relation.auto_created and not relation.concrete and not relation.many_to_many
        if refers and relation.related_model._meta.label not in _GO_ALONG:
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
            used |= set(rows.values_list(relation.field.attname, flat=True))
    Product.objects.filter(pk__in=ids - used).delete()
    return used


_GO_ALONG = {
    "catalogue.ProductCode",
    "catalogue.ProductClassification",
    "catalogue.PackagingUnit",
    "catalogue.ProductRelation",
    "catalogue.ProductDocument",
    "catalogue.ProductText",
    "insights.Completeness",
    "pricing.Price",
}
