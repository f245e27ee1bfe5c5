"""Which regular SKUs run short before their account needs them: see `rules`, step 12.

1. Looked at are regulars that are due up to the product's lead time and a week from now, and were not given up.
2. Free by the day is what all warehouses can promise and what comes by then; first served is who is due first. Who is
   overdue by more than a rhythm takes nothing from others.
3. What is found is held against the dates of `availability`: whoever could still wait a week and be served in time is
   not warned yet.
4. A substitute is named where it is ready by the day, or at least sooner.
5. All rows of the products looked at are replaced; what stays the same stays the same row. Who looks at a product waits
   for whoever looks at it already (`core.turns`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from apps.availability.rules import INCOMING, Supply, promise
from apps.availability.selectors import supplies_of
from apps.catalogue.models import Product, ProductRelation
from apps.catalogue.rules import orderable_quantity
from apps.core.turns import take_turns
from apps.recommendations.models import RegularSku, Shortage
from apps.recommendations.rules import GIVEN_UP_AFTER, NOTICE_DAYS

AT_ONCE = 1_000
_CHANGING = ("needed_on", "quantity", "on_hand", "is_claimed", "comes_on", "ready_on", "substitute", "substitute_on")

_SHORT = f"""
WITH needs AS (
    SELECT r.account_id, r.product_id, r.usual_quantity AS quantity, greatest(r.due_on, %(on)s) AS needed_on,
        CASE WHEN r.due_on >= %(on)s - r.gap_days THEN r.usual_quantity ELSE 0 END AS taken
    FROM recommendations_regularsku r
    JOIN catalogue_product p ON p.id = r.product_id AND p.status = 'active' AND p.kind = 'goods'
    JOIN accounts_account a ON a.id = r.account_id AND a.is_active AND NOT a.is_test
    WHERE r.product_id = ANY(%(products)s)
        AND r.due_on BETWEEN %(on)s - {GIVEN_UP_AFTER} * r.gap_days AND %(on)s + p.lead_days + {NOTICE_DAYS}
), queued AS (
    SELECT *, coalesce(sum(taken) OVER (
        PARTITION BY product_id ORDER BY needed_on, account_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS before FROM needs
), stock AS (
    SELECT product_id, sum(greatest(on_hand - reserved - safety_stock, 0)) AS free
    FROM availability_stocklevel WHERE product_id = ANY(%(products)s) GROUP BY 1
)
SELECT q.account_id, q.product_id, q.quantity, q.needed_on
FROM queued q LEFT JOIN stock s ON s.product_id = q.product_id
WHERE q.quantity > coalesce(s.free, 0) - q.before + (
    SELECT coalesce(sum(i.quantity - i.reserved), 0) FROM availability_incomingsupply i
    WHERE i.product_id = q.product_id AND i.received_on IS NULL AND greatest(i.due_on, %(on)s + 1) <= q.needed_on
)
ORDER BY q.product_id, q.account_id
"""


class _Short(NamedTuple):
    account_id: int
    product_id: int
    quantity: int
    needed_on: date


def look_for_shortages(*, product_ids: Iterable[int], now: datetime) -> int:
    """Reckon the shortages of these products anew for all accounts; how many there are. Safe to repeat."""
    products = sorted(set(product_ids))
    return sum(_look(products[at : at + AT_ONCE], now) for at in range(0, len(products), AT_ONCE))


def look_for_all_shortages(*, now: datetime) -> int:
    """The same for whatever is regular anywhere, or was short."""
    regular = RegularSku.objects.order_by("product").values_list("product", flat=True).distinct()
    short = Shortage.objects.order_by("product").values_list("product", flat=True).distinct()
    return look_for_shortages(product_ids={*regular.iterator(), *short.iterator()}, now=now)


@transaction.atomic
def _look(product_ids: list[int], now: datetime) -> int:
    on = timezone.localdate(now)
    take_turns("recommendations.shortages", product_ids)
    with connection.cursor() as cursor:
        cursor.execute(_SHORT, {"products": product_ids, "on": on})
        short = [_Short(*row) for row in cursor.fetchall()]
    instead = _substitutes({each.product_id for each in short})
    supplies = supplies_of(
        {each.product_id for each in short} | {other.pk for many in instead.values() for other in many}
    )
    rows = [_row(each, supplies, instead[each.product_id], on, now) for each in short if each.product_id in supplies]
    rows = [row for row in rows if row.needed_on <= row.ready_on + timedelta(days=NOTICE_DAYS)]
    held = {(row.account_id, row.product_id) for row in rows}
    before = Shortage.objects.filter(product__in=product_ids).values_list("pk", "account_id", "product_id")
    Shortage.objects.filter(pk__in=[pk for pk, *key in before if tuple(key) not in held]).delete()
    Shortage.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account", "product"], update_fields=_CHANGING, batch_size=2_000
    )
    return len(rows)


def _substitutes(product_ids: Iterable[int]) -> dict[int, list[Product]]:
    """Substitutes on sale by product id, in the catalogue's order. One query."""
    kind = ProductRelation.Kind.SUBSTITUTE
    named = ProductRelation.objects.filter(product__in=product_ids, kind=kind, other__status=Product.Status.ACTIVE)
    found: dict[int, list[Product]] = defaultdict(list)
    for relation in named.order_by("id").select_related("other"):
        found[relation.product_id].append(relation.other)
    return found


def _row(short: _Short, supplies: dict[int, Supply], instead: Sequence[Product], on: date, now: datetime) -> Shortage:
    supply = supplies[short.product_id]
    promised = promise(short.quantity, supply, on)
    coming = [source.ready_on(on) for source in supply.sources if source.kind == INCOMING and source.free > 0]
    other, other_on = _soonest(short, supplies, instead, on) if promised.short else (None, None)
    is_sooner = other is not None and other_on < promised.ready_on
    return Shortage(
        account_id=short.account_id,
        product_id=short.product_id,
        needed_on=short.needed_on,
        quantity=short.quantity,
        on_hand=promised.on_hand,
        is_claimed=not promised.short,
        comes_on=min(coming, default=None),
        ready_on=promised.ready_on,
        substitute=other if is_sooner else None,
        substitute_on=other_on if is_sooner else None,
        noticed_at=now,
    )


def _soonest(
    short: _Short, supplies: dict[int, Supply], instead: Sequence[Product], on: date
) -> tuple[Product | None, date | None]:
    days = [
        (promise(_orderable(other, short.quantity), supplies[other.pk], on).ready_on, place)
        for place, other in enumerate(instead)
        if other.pk in supplies
    ]
    day, place = min(days, default=(None, 0))
    return (instead[place], day) if day else (None, None)


def _orderable(product: Product, quantity: int) -> int:
    return orderable_quantity(quantity, minimum=product.minimum_quantity, multiple=product.order_multiple)
