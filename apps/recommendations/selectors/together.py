"""What is ordered together: by everybody, and by the account itself."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Q

from apps.catalogue.models import Product, within
from apps.catalogue.rules import orderable_quantity
from apps.catalogue.selectors import assortment_of
from apps.core.scoping import Actor
from apps.ordering.models import Order, OrderLine
from apps.recommendations.rules import closeness, is_habit, spread
from apps.recommendations.selectors.kept_out import NOT_BOUGHT, kept_out, suggestible
from apps.recommendations.selectors.suggestion import Suggestion

RECENT_ORDERS = 300
MOST_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class GoesWith:
    """A product others order with `with_product_id`: in `together` of the latest orders that had it."""

    product: Product
    with_product_id: int
    together: int


def goes_with(
    actor: Actor, product_ids: Collection[int], limit: int = 6, *, apart_from: Q | None = None
) -> list[GoesWith]:
    """What goes with any of these products, closest first, none of themselves; three queries.

    Looked at are the latest `RECENT_ORDERS` order lines that have one of them, of all accounts: nobody's name or price
    is told by that. Popularity (`Product.popularity`, orders that have it) is corrected for. What `apart_from` says of
    a product's row is left out.
    """
    if not product_ids:
        return []
    pairs, orders_with = _ordered_together(set(product_ids), within(assortment_of(actor), "product__"), apart_from)
    products = Product.objects.for_cards().in_bulk({other for _mine, other in pairs}) if pairs else {}
    scored = sorted(
        (
            (closeness(n, orders_with[mine], max(products[other].popularity, n)), n, -other, mine)
            for (mine, other), n in pairs.items()
        ),
        reverse=True,
    )
    best: dict[int, GoesWith] = {}
    for score, together, other, mine in scored:
        if score:
            best.setdefault(-other, GoesWith(products[-other], mine, together))
    return list(best.values())[:limit]


def suggested_with(actor: Actor, product_ids: Collection[int], on: date, limit: int = 4) -> list[Suggestion]:
    """What to put beside these products for the account, closest first: goods alone; three queries, one more for the
    assortment. `because` has `together` (orders) and `with` (the id of one of these)."""
    if actor.account_id is None or not product_ids:
        return []
    out = kept_out(actor, on) | Q(product__kind=Product.Kind.SERVICE)
    found = [
        Suggestion(pair.product, "goes_with", {"together": pair.together, "with": pair.with_product_id})
        for pair in goes_with(actor, product_ids, MOST_CANDIDATES, apart_from=out)
    ]
    return spread(found, lambda each: each.product.category_id, limit)


def usually_added(actor: Actor, product_ids: Collection[int], on: date, limit: int = 4) -> list[Suggestion]:
    """What the account itself usually orders with any of these, the most usual first; two queries, and one for the
    assortment. Looked at are its latest `RECENT_ORDERS` orders.

    `because` has `together` of `of` orders, and `with`, the one of these that stood beside it most. The quantity is the
    usual one.
    """
    if actor.account_id is None or not product_ids:
        return []
    baskets = _baskets(actor.account_id)
    mine = set(product_ids)
    with_them = [basket for basket in baskets if mine & basket.keys()]
    counted = Counter(other for basket in with_them for other in basket.keys() - mine)
    usual = {other: n for other, n in counted.items() if is_habit(n, len(with_them))}
    products = suggestible(actor, on, usual)
    ranked = sorted(products, key=lambda other: (-usual[other], other))
    found = [_usual(products[other], with_them, mine, usual[other]) for other in ranked]
    return spread(found, lambda each: each.product.category_id, limit)


def _usual(product: Product, baskets: list[dict[int, int]], mine: set[int], together: int) -> Suggestion:
    having = [basket for basket in baskets if product.pk in basket]
    beside = Counter(each for basket in having for each in mine & basket.keys())
    closest = min(beside, key=lambda each: (-beside[each], each))
    of = sum(closest in basket for basket in baskets)
    quantity = orderable_quantity(
        round(median(basket[product.pk] for basket in having)),
        minimum=product.minimum_quantity,
        multiple=product.order_multiple,
    )
    return Suggestion(product, "usually_added", {"together": beside[closest], "of": of, "with": closest}, quantity)


def _baskets(account_id: int) -> list[dict[int, int]]:
    """The latest orders of the account: product -> quantity. One query, bounded however much it ever ordered."""
    latest = Order.objects.filter(account=account_id).exclude(status__in=NOT_BOUGHT).order_by("-placed_at", "-id")
    lines = OrderLine.objects.filter(order__in=latest.values("pk")[:RECENT_ORDERS])
    baskets: dict[int, dict[int, int]] = defaultdict(dict)
    for order_id, product_id, quantity in lines.values_list("order_id", "product_id", "quantity"):
        baskets[order_id][product_id] = baskets[order_id].get(product_id, 0) + quantity
    return list(baskets.values())


def _ordered_together(
    product_ids: set[int], seen: Q, apart_from: Q | None
) -> tuple[dict[tuple[int, int], int], Counter]:
    """Of the latest orders: (one of the products, another on sale) -> how many have both; and how many have the one."""
    latest = OrderLine.objects.filter(product__in=product_ids).exclude(order__status__in=NOT_BOUGHT)
    mine = set(latest.order_by("-order_id").values_list("order_id", "product_id")[:RECENT_ORDERS])
    others = OrderLine.objects.filter(order__in={order_id for order_id, _product in mine})
    others = others.exclude(product__in=product_ids).filter(seen, product__status=Product.Status.ACTIVE)
    if apart_from is not None:
        others = others.exclude(apart_from)
    by_order: dict[int, set[int]] = {}
    for order_id, product_id in others.values_list("order_id", "product_id"):
        by_order.setdefault(order_id, set()).add(product_id)
    pairs = Counter((product, other) for order_id, product in mine for other in by_order.get(order_id, ()))
    return dict(pairs.most_common(MOST_CANDIDATES)), Counter(product for _order, product in mine)
