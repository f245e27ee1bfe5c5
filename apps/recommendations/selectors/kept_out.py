"""What is not suggested now, whatever speaks for it: one condition that every kind of suggestion takes.

1. What the account dismissed, as long as that holds; what its rep blocked, until that is taken back.
2. What was ordered since yesterday; in a next order, unless its rhythm says that it is due tomorrow.
3. What an unresolved case is about: of a delivery what was in it, else what was ordered.
4. What lies in the cart of who asks; a whole next order may show it all the same.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from apps.cases.models import Case
from apps.catalogue.models import Product
from apps.catalogue.selectors import assortment_of
from apps.core.scoping import Actor
from apps.ordering.models import CartLine, Order, OrderLine
from apps.recommendations.models import Block, Dismissal

DAY = timedelta(days=1)
NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.DECLINED)


def kept_out(actor: Actor, on: date, to_product: str = "product") -> Q:
    """The condition that a row's product is better not suggested to the account; it takes no query of its own.

    `to_product` is the way from the row to the product's id.
    """
    condition = unfit(actor, on, to_product) | just_ordered(actor, on, to_product)
    if actor.contact_id is None:
        return condition
    held = CartLine.objects.filter(cart__contact=actor.contact_id).order_by().values("product")
    return condition | Q(**{f"{to_product}__in": held})


def just_ordered(actor: Actor, on: date, to_product: str = "product") -> Q:
    """Of `kept_out` what was ordered since yesterday."""
    since = timezone.make_aware(datetime.combine(on - DAY, time.min))  # an instant, so that an index finds it
    lines = OrderLine.objects.filter(order__account=actor.account_id, order__placed_at__gte=since)
    lines = lines.exclude(order__status__in=NOT_BOUGHT)
    return Q(**{f"{to_product}__in": lines.order_by().values("product")})


def unfit(actor: Actor, on: date, to_product: str = "product") -> Q:
    """Of `kept_out` what is dismissed, blocked, or in a case."""
    unresolved = Case.objects.unresolved().filter(account=actor.account_id)
    delivered, ordered = "shipment__lines__order_line__product", "order__lines__product"
    out = [
        Dismissal.objects.open(on).filter(account=actor.account_id).values("product"),
        Block.objects.filter(account=actor.account_id).values("product"),
        unresolved.filter(**{f"{delivered}__isnull": False}).values(delivered),
        unresolved.filter(shipment=None, **{f"{ordered}__isnull": False}).values(ordered),
    ]
    condition = Q()
    for products in out:
        condition |= Q(**{f"{to_product}__in": products.order_by()})
    return condition


def suggestible(actor: Actor, on: date, product_ids) -> dict[int, Product]:
    """Those of these products that may be suggested to the account now, with what a card needs. One query, and the one
    for the assortment; none for none."""
    if not product_ids:
        return {}
    seen = Product.objects.on_sale().in_assortment(assortment_of(actor)).exclude(kept_out(actor, on, "pk"))
    return seen.for_cards().in_bulk(set(product_ids))
