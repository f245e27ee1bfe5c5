"""Something else is ordered in the place of a part of an order that comes late.

1. It is an order of its own, placed the one way (`placing`): at the account's own price of today, held, counted
   against credit and budget. It goes to the address of that line on the same cost centre, and is delivered free.
2. Limits and policies look at it as one order with what stays of the first: nobody splits an order to stay below a
   limit. Where it is of the same category and costs no more than what it replaces, the yeses given cover it.
3. Where nobody has to say yes, the part is called off in the same transaction, and what it counted for is free before
   the other is counted. Else the part stays held until the yes: who is refused still gets what was ordered first.
"""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from apps.accounts.services import demand
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.delivery.models import DeliveryOption
from apps.ordering.errors import NoAccountChosen
from apps.ordering.models import Order, OrderLine
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.rules.statuses import PLACED
from apps.ordering.services.amending import take_off
from apps.ordering.services.orders import locked_order
from apps.ordering.services.placing import place
from apps.ordering.services.wished import wishes_for_lines
from apps.ordering.services.wishes import Instead, Wanted


class _Waits(Exception):
    """Somebody must say yes to it first."""


def place_instead(
    actor: Actor,
    line: OrderLine,
    part: int,
    *,
    product_id: int,
    quantity: int,
    unit_price: Decimal | None = None,
    channel: str = Order.Channel.PORTAL,
    reason: str = "",
    now: datetime,
) -> tuple[Order, bool]:
    """Order `quantity` of a product in the place of `part` of a line, whose order the caller has locked.

    Returns the new order, and whether the part was called off at once. `unit_price` is the price that was shown:
    `PricesChanged` where it is another. Raises what placing any order raises.
    """
    demand(actor, "order.place")
    if actor.account_id != line.order.account_id:
        raise NoAccountChosen()
    instead = _instead_of(line, part)
    wished = (actor, line, [(product_id, quantity)], {product_id: unit_price}, instead, channel, now)
    try:
        with transaction.atomic():
            take_off(actor, locked_order(actor, line.order), {line.pk: part}, reason=reason, now=now)
            placed = _place(*wished)
            if placed.status != PLACED:
                raise _Waits
            return placed, True
    except _Waits:
        return _place(*wished), False


def _instead_of(line: OrderLine, part: int) -> Instead:
    order = line.order
    stays = line_net(line.quantity - part, line.unit_price, order.currency)
    others = order.lines.exclude(pk=line.pk).values_list("product__category_id", "net")
    rest = [*others, (line.product.category_id, stays), (None, order.freight_net + order.fee_net)]
    return Instead(line.net - stays, line.product.category_id, tuple(rest))


def _place(actor: Actor, line: OrderLine, lines, prices, instead: Instead, channel: str, now: datetime) -> Order:
    order, goes = line.order, line.goes
    option = way_of_part(goes)
    wanted = Wanted(
        goes.ship_to_id,
        option and option.pk,
        str(uuid4()),
        po_number=order.po_number,
        channel=channel,
        cost_centre_id=order.cost_centre_id,
        branch_id=goes.branch_id,
        instead=instead,
    )
    return place(actor, wishes_for_lines(actor, lines, prices), wanted, now=now)


def way_of_part(goes: GoesSomewhere) -> DeliveryOption | None:
    """The way by which what is ordered instead goes: that of the first, or the standard one where that had a slot or
    was for what suppliers send."""
    if goes.slot_id is None and not goes.all_directly:
        return goes.delivery_option
    standard = DeliveryOption.objects.filter(kind=DeliveryOption.Kind.STANDARD, is_active=True)
    return standard.order_by("position", "pk").first()
