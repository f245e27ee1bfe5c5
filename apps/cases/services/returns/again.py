"""A replacement is a new order: what comes back goes into the cart with one press, at the price of the day."""

from datetime import datetime

from django.db import transaction

from apps.cases.models import Return
from apps.cases.services.returns.moving import locked
from apps.core.scoping import Actor
from apps.ordering.services.carts import Added, add_lines, sold_of


@transaction.atomic
def order_again(actor: Actor, shown: Return, *, now: datetime) -> tuple[list[Added], list[str]]:
    """Put what comes back into the cart; what was added, and the SKUs no longer sold to the account."""
    shown = locked(actor, shown)
    wanted = {line.order_line: line.approved_quantity or line.quantity for line in shown.lines.all()}
    sold, gone = sold_of(actor, list(wanted))
    added = add_lines(actor, [(line.product_id, wanted[line]) for line in sold], now=now) if sold else []
    return added, gone
