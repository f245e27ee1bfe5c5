"""The delivery of an order that was placed costs more, because its buyer wants it otherwise.

1. Only who may order chooses so, for an order that is agreed by everybody and not all there.
2. Limits, budget and policies look at the order with what it costs then: where somebody would have to say yes whom it
   did not need before, it is refused, and nothing of a limit is gone round. So it is above the credit limit.
3. What was paid ahead is settled: nothing is added to it.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.formatting import money
from apps.core.scoping import Actor
from apps.ordering.errors import FreightRefused, WrongStatus
from apps.ordering.models import Destination, Order, OrderLine
from apps.ordering.selectors.buying import limits_of
from apps.ordering.selectors.orders import totals_of
from apps.ordering.services.amending import AMENDABLE
from apps.ordering.services.spending import counted, refuse_above_budget
from apps.pricing.services import take_credit


@transaction.atomic
def add_freight(
    actor: Actor, order: Order, destination: Destination | None, charge: Decimal, *, reason: str = "", now: datetime
) -> Order:
    """Let a locked order cost so much more on the way, net, to its own ship-to or a further one.

    Records `order.freight_added`. Raises `WrongStatus`, `FreightRefused` and `BudgetExceeded`.
    """
    demand(actor, "order.place")
    if order.status not in AMENDABLE:
        raise WrongStatus(status=order.status)
    if not order.way.takes_credit:
        raise FreightRefused(_("This order is paid ahead: ask us for it, and we settle the difference."))
    lines = list(order.lines.select_related("product"))
    _refuse_without_yes(order, lines, charge, now)
    before = order.gross
    order.freight_net += charge
    if destination is not None:
        destination.freight_net += charge
        destination.save(update_fields=["freight_net"])
    sums = totals_of(order, lines)
    order.tax, order.gross = sums.tax, sums.gross
    order.save(update_fields=["freight_net", "tax", "gross"])
    if not take_credit(order.account_id, order.gross - before):
        raise FreightRefused(_("It would go beyond your credit limit: pay what is open first, or ask your rep."))
    record(
        "order.freight_added",
        f"order:{order.number}",
        account_id=order.account_id,
        actor=actor,
        at=now,
        reason=reason,
        charge=str(charge),
        was_gross=str(before),
        gross=str(order.gross),
        currency=order.currency,
    )
    return order


def _refuse_without_yes(order: Order, lines: list[OrderLine], charge: Decimal, now: datetime) -> None:
    places = {order.ship_to_id, *order.destinations.values_list("ship_to_id", flat=True)} - {None}
    categories = [line.product.category_id for line in lines]
    limits = limits_of(order.account, order.contact, on_behalf=bool(order.placed_by_name))
    about = {"ship_to_ids": places, "category_ids": categories}
    buying = counted(order.account, order.contact, limits, order.cost_centre, now, **about)
    refuse_above_budget(buying, charge, order.currency)
    net = order.goods_net + order.freight_net + order.fee_net
    ordered, alone = [(line.product.category_id, line.net) for line in lines], buying.beside(net)
    if set(alone.asked(net + charge, ordered)) - set(alone.asked(net, ordered)):
        words = _("With %(charge)s more it would need a yes of your company: choose something else, or ask us for it.")
        raise FreightRefused(words % {"charge": money(charge, order.currency)})
