"""Returns: what of an order can come back on which terms, and the returns that there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.translation import get_language

from apps.availability.models import Warehouse
from apps.cases.errors import ReturnNotFound
from apps.cases.models import (
    NotReturnable,
    Return,
    ReturnFile,
    ReturnLine,
    ReturnReasonTerms,
    ReturnReceipt,
    ReturnTerms,
)
from apps.cases.rules.returns import USUAL, Bought, ReasonTerms, Verdict, verdict
from apps.core.formatting import country_name
from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.invoicing.selectors import issuer
from apps.ordering.models import Order, OrderLine

DANGEROUS = NotReturnable.Why.DANGEROUS.value
_OPEN = (*Return.HOLDS, Return.Status.RECEIVED)


@dataclass(frozen=True, slots=True)
class Returnable:
    """A line of an order, and what of it can come back on which terms."""

    line: OrderLine
    verdict: Verdict


def terms_of_reasons() -> dict[str, ReasonTerms]:
    """Reason -> its terms, as operations keep them. One query."""
    kept = {
        row.reason: ReasonTerms(row.days, row.fee_percent, row.we_pay_freight, row.is_automatic)
        for row in ReturnReasonTerms.objects.all()
    }
    return {**USUAL, **kept}


def terms_of_returns() -> ReturnTerms:
    """What holds for every return. One query."""
    return ReturnTerms.objects.select_related("warehouse").order_by("pk").first() or ReturnTerms()


def receiving_warehouse(terms: ReturnTerms) -> Warehouse | None:
    """Where returns go to: as operations say, else the first by priority. One query at most."""
    return terms.warehouse or Warehouse.objects.order_by("priority", "code").first()


def address_on_label(terms: ReturnTerms, warehouse: Warehouse | None) -> str:
    """Where a return is sent, a line a line. One query at most."""
    if terms.address.strip():
        return terms.address.strip()
    us = issuer()
    named = partial(country_name, language=get_language())
    place = (warehouse.name, warehouse.city, named(warehouse.country)) if warehouse else ()
    own = (us.street, f"{us.postal_code} {us.city}".strip(), named(us.country))
    return "\n".join(part for part in (us.name, *(own if us.street else place)) if part)


def returnables(order: Order, *, now: datetime, line_ids: Sequence[int] | None = None) -> list[Returnable]:
    """The lines of an order as they can be returned at an instant, by the day where each was received. Four queries."""
    lines = order.lines.select_related("product__category", "destination__ship_to")
    lines = list(lines if line_ids is None else lines.filter(pk__in=line_ids))
    delivered_on, terms, barred = _delivered_on(order), terms_of_reasons(), _barred(lines)
    for line in lines:
        line.order = order
    return [
        Returnable(line, verdict(_bought(line, delivered_on.get(line.pk), barred[line.pk]), terms, _today(line, now)))
        for line in lines
    ]


def _today(line: OrderLine, now: datetime) -> date:
    return now.astimezone(ZoneInfo(line.goes.time_zone)).date()


def may_be_returned(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Whether something of an order has come that is neither back nor under a return; asks nothing."""
    return any(
        line.delivered_quantity > line.returned_quantity + line.returning_quantity and not line.product.is_service
        for line in lines
    )


def _bought(line: OrderLine, delivered_on: date | None, barred: str) -> Bought:
    return Bought(
        delivered=line.delivered_quantity,
        returned=line.returned_quantity,
        returning=line.returning_quantity,
        delivered_on=delivered_on,
        is_service=line.product.is_service,
        barred=barred,
        warranty_months=line.product.warranty_months,
    )


def _delivered_on(order: Order) -> dict[int, date]:
    """Order line id -> the day its last delivery was received, where it was."""
    came = ShipmentLine.objects.filter(shipment__order=order, shipment__status=Shipment.Status.DELIVERED)
    came = came.exclude(delivered_quantity=0).order_by("shipment__delivered_at")
    about = ("order_line_id", "shipment__delivered_at", "shipment__destination__ship_to__time_zone")
    return {
        line_id: at.astimezone(ZoneInfo(zone or order.time_zone)).date()
        for line_id, at, zone in came.values_list(*about)
        if at
    }


def _barred(lines: Sequence[OrderLine]) -> dict[int, str]:
    """Line id -> why its product comes back only for a fault, or "": its own row before that of a category."""
    paths = {line.pk: line.product.category.ids_of_path for line in lines}
    above = {pk for path in paths.values() for pk in path}
    rows = NotReturnable.objects.filter(
        Q(product__in=[line.product_id for line in lines]) | Q(category__in=above)
    ).values_list("product_id", "category_id", "why")
    products = {product: why for product, _category, why in rows if product}
    categories = {category: why for _product, category, why in rows if category}
    found = {}
    for line in lines:
        nearest = next((categories[pk] for pk in reversed(paths[line.pk]) if pk in categories), "")
        own = products.get(line.product_id, "")
        found[line.pk] = own or nearest or (DANGEROUS if line.product.is_dangerous else "")
    return found


def return_for(actor: Actor, number: str) -> Return:
    """The return of that number with its account, order, lines, pictures and receipts with their documents.

    Seven queries; `ReturnNotFound` for what is absent and what is another's.
    """
    returns = Return.objects.visible_to(actor).select_related("account", "contact", "order__ship_to", "warehouse")
    receipts = ReturnReceipt.objects.prefetch_related("lines", "documents__invoice")
    found = returns.prefetch_related(
        Prefetch("lines", ReturnLine.objects.select_related("order_line__product", "order_line__destination")),
        "files",
        Prefetch("receipts", receipts),
    )
    kept = found.filter(number=number).first()
    if kept is None:
        raise ReturnNotFound
    return kept


def returns_of(
    actor: Actor,
    *,
    status: str = "",
    text: str = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 25,
) -> Page[Return]:
    """A page of the returns the actor may see, the latest first, each with its lines. Two queries.

    `status` is one of them, "open" for what has not ended, or "" for all; `text` finds the number of the return or of
    its order, or a SKU.
    """
    returns = Return.objects.visible_to(actor).select_related("account", "order", "contact")
    if status:
        returns = returns.filter(status__in=_OPEN if status == "open" else [status])
    if text := text.strip():
        named = Q(number__iexact=text) | Q(order__number__iexact=text)
        returns = returns.filter(named | Q(pk__in=ReturnLine.objects.filter(order_line__sku__iexact=text).values("of")))
    lines = Prefetch("lines", ReturnLine.objects.select_related("order_line"))
    return latest_first(returns.prefetch_related(lines), "requested_at", after=after, before=before, size=size)


def returns_of_order(actor: Actor, order: Order) -> list[Return]:
    """The returns of an order, the first ahead. One query."""
    return list(Return.objects.visible_to(actor).filter(order=order).order_by("requested_at", "id"))


def picture_of_return(actor: Actor, number: str, file_id: int) -> ReturnFile:
    """A photograph of a return the actor may see. One query."""
    found = ReturnFile.objects.filter(pk=file_id, of__in=Return.objects.visible_to(actor).filter(number=number)).first()
    if found is None:
        raise ReturnNotFound
    return found
