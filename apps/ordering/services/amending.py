"""An order that was placed is made smaller: what is called off is no longer ordered, held or owed.

1. Only what has not left can be called off. A line keeps beside its quantity how much was called off.
2. Unit prices, freight and a fee that was invoiced stay as they were decided: nobody pays for what we could not keep
   by losing a quantity break or free delivery. A fee that is still to be invoiced shrinks with the order, and with the
   last piece that was for a ship-to its slot is free, and its freight no longer owed unless that was invoiced.
3. Stock, credit, budget and what came off a blanket order are free again by just as much.
4. With nothing left at all and nothing shipped, the order is cancelled as a whole; where the rest of it has been
   delivered already, it is delivered.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.services import release_last
from apps.core.errors import Invalid
from apps.core.events import record
from apps.core.money import ZERO, line_net
from apps.core.scoping import Actor
from apps.delivery.services import release_slot
from apps.ordering.errors import WrongStatus
from apps.ordering.models import Destination, Order, OrderLine
from apps.ordering.rules.statuses import CANCELLED, CONFIRMED, DELIVERED, PLACED, SHIPPED
from apps.ordering.selectors.orders import totals_of
from apps.ordering.services.called import return_called
from apps.ordering.services.orders import give_back, give_back_credit, move

#: Where an order stands while its lines can be made smaller: agreed by everybody, not yet there.
AMENDABLE = (PLACED, CONFIRMED, SHIPPED)


@transaction.atomic
def take_off(actor: Actor, order: Order, quantities: Mapping[int, int], *, reason: str = "", now: datetime) -> Order:
    """Call off so much (order line id -> quantity) of a locked order; the order as it is then.

    Records `order.amended` with what each line was and is, or `order.cancelled`. Raises `WrongStatus` and `Invalid`.
    """
    demand(actor, "order.place")
    if order.status not in AMENDABLE:
        raise WrongStatus(status=order.status)
    lines = {line.pk: line for line in order.lines.order_by("position")}
    if any(not 0 < part <= _open(lines.get(pk)) for pk, part in quantities.items()):
        raise Invalid(_("So much of it can no longer be called off: it has left, or was called off before."))
    told = {"account_id": order.account_id, "actor": actor, "at": now, "reason": reason}
    if sum(line.quantity for line in lines.values()) == sum(quantities.values()):
        move(order, CANCELLED)
        give_back(order)
        record("order.cancelled", f"order:{order.number}", **told)
        return order
    before = order.gross
    _return(order, {lines[pk]: part for pk, part in quantities.items()})
    amended = [_shorten(order, lines[pk], part) for pk, part in sorted(quantities.items())]
    _sum_up(order, list(lines.values()))
    record(
        "order.amended",
        f"order:{order.number}",
        **told,
        lines=amended,
        was_gross=str(before),
        gross=str(order.gross),
        currency=order.currency,
    )
    _end_where_all_came(order)
    return order


def _open(line: OrderLine | None) -> int:
    return line.quantity - line.shipped_quantity if line else 0


def _return(order: Order, parts: Mapping[OrderLine, int]) -> None:
    called: dict[int, int] = {}
    for line, part in parts.items():
        if line.price_source == OrderLine.PriceSource.BLANKET:
            called[line.product_id] = called.get(line.product_id, 0) + part
    if called:
        return_called(order, called)
    release_last({OrderLine.ref_of(order.number, line.position): part for line, part in parts.items()})


def _shorten(order: Order, line: OrderLine, part: int) -> dict:
    was = line.quantity
    line.quantity, line.cancelled_quantity = was - part, line.cancelled_quantity + part
    line.net = line_net(line.quantity, line.unit_price, order.currency)
    line.save(update_fields=["quantity", "cancelled_quantity", "net"])
    return {"position": line.position, "sku": line.sku, "name": line.name, "was": was, "quantity": line.quantity}


def _sum_up(order: Order, lines: Sequence[OrderLine]) -> None:
    """Totals and promise of what is left; what is no longer owed is free."""
    before, net_before = order.gross, order.goods_net + order.freight_net
    is_invoiced = any(line.shipped_quantity for line in lines)
    _leave_places(order, lines, keeps_freight=is_invoiced)
    sums = totals_of(order, lines)
    if order.fee_net and not is_invoiced:
        share = (sums.goods_net + order.freight_net) / net_before
        order.fee_net = min(order.fee_net, line_net(1, order.fee_net * share, order.currency))
        sums = totals_of(order, lines)
    order.goods_net, order.tax, order.gross = sums.goods_net, sums.tax, sums.gross
    order.promised_on = _last_promise(lines)
    order.save(update_fields=["goods_net", "freight_net", "fee_net", "tax", "gross", "promised_on"])
    give_back_credit(order, before - order.gross)


def _leave_places(order: Order, lines: Sequence[OrderLine], *, keeps_freight: bool) -> None:
    """Each ship-to has the promise of what is left for it; one for which nothing is left gives back what it had."""
    further = list(order.destinations.all())
    own_freight = order.freight_net - sum(each.freight_net for each in further)
    for goes, freight in ((None, own_freight), *((each, each.freight_net) for each in further)):
        of_it = [line for line in lines if line.destination_id == (goes and goes.pk)]
        if of_it and not any(line.quantity for line in of_it):
            release_slot(Destination.ref_of(order.number, goes.position if goes else 0))
            order.freight_net -= ZERO if keeps_freight else freight
            if goes and not keeps_freight:
                goes.freight_net = ZERO
        if goes:
            goes.promised_on = _last_promise(of_it)
            goes.save(update_fields=["freight_net", "promised_on"])


def _last_promise(lines: Sequence[OrderLine]) -> date | None:
    return max((each.promised_on for each in lines if each.quantity and each.promised_on), default=None)


def _end_where_all_came(order: Order) -> None:
    """An order of which only the part called off had been awaited is delivered."""
    lines = order.lines.values_list("quantity", "shipped_quantity", "delivered_quantity")
    if order.status == SHIPPED and all(quantity == shipped for quantity, shipped, _delivered in lines):
        under_way = any(delivered < shipped for _quantity, shipped, delivered in lines)
        if not under_way:
            move(order, DELIVERED)
