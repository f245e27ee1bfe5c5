"""Orders, each behind one door, and what one sees from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.core.keyset import Page, latest_first
from apps.core.models import Event
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.core.selectors import history_of
from apps.ordering.errors import OrderNotFound
from apps.ordering.models import Approval, Destination, Order, OrderLine
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.rules.totals import Totals, totals
from apps.ordering.selectors.terms import DeliveryTerms, delivery_terms_of

_IN_SHORT = ("number", "status", "po_number", "promised_on", "placed_at", "goods_net", "currency")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What ordering knows of one order. Shipments and invoices are asked where they live."""

    order: Order
    lines: tuple[OrderLine, ...]
    approvals: tuple[Approval, ...]
    totals: Totals
    history: tuple[Event, ...]
    destinations: tuple[Destination, ...] = ()

    @property
    def places(self) -> tuple["OrderPlace", ...]:
        """Where it goes, each with its lines; the order's own ship-to first."""
        further = sum((each.freight_net for each in self.destinations), ZERO)
        freights = (self.order.freight_net - further, *(each.freight_net for each in self.destinations))
        return tuple(
            OrderPlace(goes, tuple(line for line in self.lines if line.goes == goes), freight, delivery_terms_of(goes))
            for goes, freight in zip((self.order, *self.destinations), freights, strict=True)
        )


@dataclass(frozen=True, slots=True)
class OrderPlace:
    """What of an order goes to one ship-to: the order itself or a further destination of it, with what it costs."""

    goes: GoesSomewhere
    lines: tuple[OrderLine, ...]
    freight_net: Decimal
    terms: DeliveryTerms

    @property
    def last_on(self) -> date | None:
        """When the last of it is promised for."""
        return max((line.promised_on for line in self.lines if line.quantity and line.promised_on), default=None)


@dataclass(frozen=True, slots=True)
class BoughtBefore:
    """One line of an earlier order of a product."""

    order_number: str
    placed_at: datetime
    quantity: int
    uom: str
    unit_price: Decimal
    currency: str
    promised_on: date | None


def order_for(actor: Actor, number: str) -> Order:
    """The order of that number with account, contact, ship-to and option; `OrderNotFound` for absent and not yours."""
    order = _with_parties(Order.objects.visible_to(actor)).filter(number=number).first()
    if order is None:
        raise OrderNotFound()
    return order


def _with_parties(orders: QuerySet) -> QuerySet:
    return orders.select_related("account", "contact", "ship_to", "delivery_option", "direct_option")


def order_by_key(account_id: int, key: str) -> Order | None:
    """The order this idempotency key has made for the account."""
    return _with_parties(Order.objects).filter(account=account_id, idempotency_key=key).first() if key else None


def order_page(actor: Actor, number: str) -> OrderPage:
    """An order with its lines, where they go, approvals, totals per tax rate and history. Five queries at most."""
    order = order_for(actor, number)
    lines = tuple(order.lines.select_related("product"))
    destinations = destinations_of(order, lines)
    return OrderPage(
        order=order,
        lines=lines,
        approvals=tuple(order.approvals.select_related("person").order_by("position", "id")),
        totals=totals_of(order, lines),
        history=tuple(history_of(f"order:{order.number}")),
        destinations=destinations,
    )


def destinations_of(order: Order, lines: Sequence[OrderLine]) -> tuple[Destination, ...]:
    """The further ship-tos of an order, each known to its lines. One query, none where all goes to one place."""
    for line in lines:
        line.order = order
    if not any(line.destination_id for line in lines):
        return ()
    found = tuple(order.destinations.select_related("ship_to", "delivery_option", "direct_option"))
    by_id = {each.pk: each for each in found}
    for each in found:
        each.order = order
    for line in lines:
        line.destination = by_id.get(line.destination_id)
    return found


def totals_of(order: Order, lines: Sequence[OrderLine]) -> Totals:
    """The frozen figures of an order, with its tax per rate."""
    return totals(
        ((line.tax_percent, line.net) for line in lines),
        order.currency,
        freight_net=order.freight_net,
        freight_percent=order.freight_tax_percent,
        fee_net=order.fee_net,
    )


def orders_of(
    actor: Actor,
    *,
    status: str | None = None,
    text: str = "",
    contact_id: int | None = None,
    after: str | None = None,
    before: str | None = None,
    size: int = 25,
) -> Page[Order]:
    """A page of the orders the actor may see, the latest first. `status` is one status, or "open".

    `text` finds the order's number, the PO number, or a SKU among the lines; `contact_id` is who ordered. One query.
    """
    orders = Order.objects.visible_to(actor).select_related("account", "contact")
    if status == "open":
        orders = orders.filter(status__in=Order.OPEN)
    elif status:
        orders = orders.filter(status=status)
    if contact_id is not None:
        orders = orders.filter(contact=contact_id)
    if text := text.strip():
        has_sku = Exists(OrderLine.objects.filter(order=OuterRef("pk"), sku__iexact=text))
        orders = orders.filter(Q(number__istartswith=text) | Q(po_number__icontains=text) | has_sku)
    return latest_first(orders, "placed_at", after=after, before=before, size=size)


def open_orders(actor: Actor, limit: int = 5) -> list[Order]:
    """Orders not yet delivered, the one promised first ahead, with what a short list shows. One query."""
    orders = Order.objects.visible_to(actor).filter(status__in=Order.OPEN)
    return list(orders.only(*_IN_SHORT).order_by("promised_on", "placed_at")[:limit])


def bought_history(actor: Actor, product_id: int, limit: int = 10) -> list[BoughtBefore]:
    """What the actor's accounts ordered of a product, the latest first. One query."""
    lines = OrderLine.objects.visible_to(actor).filter(product=product_id, quantity__gte=1)
    lines = lines.exclude(order__status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    return [
        BoughtBefore(*row)
        for row in lines.order_by("-order__placed_at", "-id").values_list(
            "order__number", "order__placed_at", "quantity", "uom", "unit_price", "order__currency", "promised_on"
        )[:limit]
    ]
