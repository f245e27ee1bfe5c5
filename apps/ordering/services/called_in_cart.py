"""What is called off from blanket orders by way of the cart, together with whatever else is ordered.

1. A line of the cart may be of a blanket line; it is at the agreed price, which neither lists nor codes change.
2. Nothing is taken before it is ordered: two carts may hold the same rest, and taking a line out gives nothing back.
3. Ordering locks the blanket orders in their order, and takes from each what its line says, never more than is left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.scoping import Actor
from apps.ordering.errors import BlanketNotFound, CallOffRefused
from apps.ordering.models import BlanketLine, BlanketOrder, Cart, CartLine, Order
from apps.ordering.services.blankets import Called, _called, _record, _refuse_day, _take
from apps.ordering.services.carts import _sold, _write, locked_cart


@transaction.atomic
def put_call_off_in_cart(
    actor: Actor, blanket: BlanketOrder, *, quantities: Mapping[int, object], now: datetime
) -> list[CartLine]:
    """Put (blanket line id -> quantity) into the cart at the agreed prices, in place of what it held of them.

    Raises `CallOffRefused` as `call_off` does, and where the cart holds one of the products at another price;
    `NotOnSale`.
    """
    demand(actor, "cart.edit")
    if actor.account_id != blanket.account_id:
        raise BlanketNotFound()
    cart = locked_cart(actor)
    called = _refused_or_called(blanket, quantities, now)
    _sold(actor, [each.line.product_id for each in called])
    held = {line.product_id: line for line in cart.lines.filter(product__in=[each.line.product_id for each in called])}
    mixed = [each for each in called if (line := held.get(each.line.product_id)) and line.blanket_line_id is None]
    if mixed:
        words = _("In your cart at another price: %(skus)s. Order it first, or take it out of the cart.")
        raise CallOffRefused(words % {"skus": ", ".join(each.line.product.sku for each in mixed)})
    lines = [
        CartLine(cart=cart, product=each.line.product, quantity=each.quantity, blanket_line=each.line)
        for each in called
    ]
    _write(actor, cart, lines, now)
    return lines


def locked_call_offs(actor: Actor, cart: Cart, now: datetime) -> list[tuple[BlanketOrder, list[Called]]]:
    """What the cart calls off, its blanket orders locked for the rest of the transaction; refused as `call_off` is."""
    wanted: dict[int, dict[int, int]] = {}
    lines = cart.lines.filter(blanket_line__isnull=False)
    for blanket_id, line_id, quantity in lines.values_list("blanket_line__blanket", "blanket_line", "quantity"):
        wanted.setdefault(blanket_id, {})[line_id] = quantity
    if not wanted:
        return []
    blankets = BlanketOrder.objects.select_for_update(of=("self",)).select_related("account")
    found = list(blankets.filter(pk__in=wanted, account=actor.account_id).order_by("pk"))
    if len(found) < len(wanted):
        raise BlanketNotFound()
    return [(blanket, _refused_or_called(blanket, wanted[blanket.pk], now)) for blanket in found]


def _refused_or_called(blanket: BlanketOrder, quantities: Mapping[int, object], now: datetime) -> list[Called]:
    _refuse_day(blanket, timezone.localdate(now))
    if blanket.currency != blanket.account.currency:
        raise CallOffRefused(_("It was agreed in another currency than yours is now: ask your rep."))
    return _called(blanket, quantities)


def take_call_offs(
    actor: Actor, order: Order, taken: Sequence[tuple[BlanketOrder, list[Called]]], now: datetime
) -> None:
    """Count what an order calls off against its blanket orders, which are locked."""
    for blanket, called in taken:
        _take(order, called, now)
        _record("blanket.called_off", actor, blanket, now, order=order.number, lines=len(called))


def agreed_lines(taken: Sequence[tuple[BlanketOrder, list[Called]]]) -> dict[int, tuple[BlanketLine, str]]:
    """Product id -> its blanket line, and the number of the blanket order."""
    return {each.line.product_id: (each.line, blanket.number) for blanket, called in taken for each in called}
