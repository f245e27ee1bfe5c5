"""How complete the data of products is, reckoned in the database.

1. A rule is asked of every product on sale that stands below its category; of a service, nothing that only goods have.
2. The score is the share of 100 that the rules met have of the weight of all that are asked. Who is asked nothing has
   no score.
3. Urgency is what is lacking of 100, times how well the product sells: what sells most and lacks most comes first.
4. Products are reckoned so many ids at a time, each lot in a transaction of its own; what stays the same is not
   written.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from apps.catalogue.models import Category, Product
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.insights.models import Completeness, CompletenessRule

LOT = 20_000
#: What is asked where nobody has said otherwise: kind, least, weight.
USUAL = (
    ("name", 10, 10), ("description", 40, 15), ("picture", 1, 25), ("gtin", 1, 10), ("weight", 1, 10), ("price", 1, 20),
)  # fmt: skip

_ASKED = """
WITH asked AS (
    SELECT c.id AS category_id, r.id, r.kind, r.weight, r.least, r.document_kind, a.code
    FROM insights_completenessrule r LEFT JOIN catalogue_category top ON top.id = r.category_id
    LEFT JOIN catalogue_attribute a ON a.id = r.attribute_id
    JOIN catalogue_category c ON top.path IS NULL OR c.path LIKE top.path || '%%'
), found AS (
    SELECT p.id AS product_id, p.popularity, a.id AS rule_id, a.weight, CASE a.kind
        WHEN 'name' THEN length(p.name) >= a.least
        WHEN 'description' THEN length(p.description) >= a.least
        WHEN 'picture' THEN (p.picture <> '')::int
            + (SELECT count(*) FROM catalogue_productpicture f WHERE f.product_id = p.id) >= a.least
        WHEN 'attribute' THEN p.attributes ? a.code
        WHEN 'gtin' THEN p.gtin <> ''
        WHEN 'weight' THEN p.weight_kg > 0
        WHEN 'price' THEN EXISTS (SELECT FROM pricing_price q WHERE q.product_id = p.id
            AND q.valid_from <= CURRENT_DATE AND (q.valid_until IS NULL OR q.valid_until >= CURRENT_DATE))
        WHEN 'document' THEN EXISTS (SELECT FROM catalogue_productdocument d
            WHERE d.product_id = p.id AND d.kind = a.document_kind AND d.lot = '')
        END AS met
    FROM catalogue_product p JOIN asked a ON a.category_id = p.category_id
    WHERE p.id BETWEEN %(first)s AND %(last)s AND p.status = 'active'
        AND NOT (p.kind = 'service' AND a.kind IN ('gtin', 'weight', 'document'))
), scored AS (
    SELECT product_id, max(popularity) AS popularity,
        round(100.0 * coalesce(sum(weight) FILTER (WHERE met), 0) / sum(weight))::int AS score,
        coalesce(array_agg(rule_id ORDER BY weight DESC, rule_id) FILTER (WHERE NOT met), '{}') AS missing
    FROM found GROUP BY product_id
)
"""
_RECKON = f"""
{_ASKED}
INSERT INTO insights_completeness AS c (product_id, score, missing, urgency)
SELECT product_id, score, missing, (100 - score)::bigint * (popularity + 1) FROM scored ORDER BY product_id
ON CONFLICT (product_id) DO UPDATE SET score = EXCLUDED.score, missing = EXCLUDED.missing, urgency = EXCLUDED.urgency
WHERE (c.score, c.missing, c.urgency) IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.missing, EXCLUDED.urgency)
"""
_DROP = f"""
{_ASKED}
DELETE FROM insights_completeness c WHERE c.product_id BETWEEN %(first)s AND %(last)s
    AND NOT EXISTS (SELECT FROM scored s WHERE s.product_id = c.product_id)
"""

#: Who lacks a price and has one: few, and found without looking at who lacks none.
_PRICED = """
SELECT c.product_id FROM insights_completeness c
WHERE EXISTS (SELECT FROM insights_completenessrule r WHERE r.kind = 'price' AND r.id = ANY(c.missing))
    AND EXISTS (SELECT FROM pricing_price q WHERE q.product_id = c.product_id
        AND q.valid_from <= CURRENT_DATE AND (q.valid_until IS NULL OR q.valid_until >= CURRENT_DATE))
ORDER BY c.product_id
"""
_FEW = 500


def reckon_completeness() -> int:
    """Reckon all products; how many scores changed."""
    return sum(_reckon(*lot) for lot in _lots())


def reckon_completeness_of(skus: Iterable[str]) -> int:
    """Reckon these products; how many scores changed."""
    ids = Product.objects.filter(sku__in=list(skus)).order_by("pk").values_list("pk", flat=True)
    return sum(_reckon(pk, pk) for pk in ids)


def reckon_completeness_of_priced() -> int:
    """Reckon the products that lacked a price and have one now; how many scores changed.

    A price that is another asks for no reckoning, however many there are; one that a feed ended waits for the night.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PRICED)
        ids = [pk for (pk,) in cursor.fetchall()]
    if len(ids) <= _FEW:
        return sum(_reckon(pk, pk) for pk in ids)
    lots = sorted({(pk - 1) // LOT for pk in ids})
    return sum(_reckon(lot * LOT + 1, (lot + 1) * LOT) for lot in lots)


@transaction.atomic
def rules_changed(*, now: datetime, actor: Actor = SYSTEM) -> None:
    """To be called after a rule was changed: all products are reckoned in the background."""
    record("completeness_rules.changed", "completeness:rules", at=now, actor=actor)


def ensure_usual_rules(documents: Iterable[tuple[Category, str, int]] = ()) -> None:
    """Ask what is usual where nothing is asked yet, and for documents (category, kind, weight) where none is."""
    rules = CompletenessRule.objects
    if not rules.exists():
        rules.bulk_create(CompletenessRule(kind=kind, least=least, weight=weight) for kind, least, weight in USUAL)
    if not rules.filter(kind="document").exists():
        rules.bulk_create(
            CompletenessRule(category=category, kind="document", document_kind=kind, weight=weight)
            for category, kind, weight in documents
        )


@transaction.atomic
def _reckon(first: int, last: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_RECKON, {"first": first, "last": last})
        changed = cursor.rowcount
        cursor.execute(_DROP, {"first": first, "last": last})
        return changed + cursor.rowcount


def _lots() -> Iterator[tuple[int, int]]:
    last = max(
        Product.objects.aggregate(last=Max("pk"))["last"] or 0,
        Completeness.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    for first in range(1, last + 1, LOT):
        yield first, first + LOT - 1
