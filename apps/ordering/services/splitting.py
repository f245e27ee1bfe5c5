"""A line of the cart goes to several ship-tos: see `rules.splits`."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.selectors import ship_tos_by_id
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.ordering.errors import ShipToRefused
from apps.ordering.models import Cart, CartLine, CartSplit, Order
from apps.ordering.rules.splits import NOT_IN_MULTIPLES, NOT_WHOLE, Share, share_refused, shares_of
from apps.ordering.services.carts import line_of, locked_cart


@transaction.atomic
def split_line(actor: Actor, line_id: int, quantities: Mapping[int, object], *, main: int, now: datetime) -> CartLine:
    """So many of a line of the cart go to each of these ship-tos (id -> a number, or text as typed; "" is none), the
    rest to the `main` one, for which nothing is kept. Nothing anywhere brings the line together again.

    Raises `ShipToUnknown` and `ShipToRefused`, which leave it as it was.
    """
    cart = locked_cart(actor)
    line = line_of(cart, line_id)
    wished = {ship_to_id: _whole(typed) for ship_to_id, typed in quantities.items()}
    ship_tos_by_id(actor, [*(each for each, quantity in wished.items() if quantity), main])
    _refuse_shares(line, wished)
    _keep(cart, line, shares_of(wished, line.quantity, main=main), now)
    return line


@transaction.atomic
def split_again(actor: Actor, order: Order, *, now: datetime) -> None:
    """What an order sent to further ship-tos goes there again from the cart, where they are still used."""
    cart, shares = locked_cart(actor), defaultdict(list)
    further = order.lines.filter(destination__ship_to__account=actor.account_id, destination__ship_to__is_active=True)
    for product_id, ship_to_id, quantity in further.values_list("product", "destination__ship_to", "quantity"):
        shares[product_id].append((ship_to_id, quantity))
    for line in cart.lines.filter(product__in=shares).prefetch_related("splits"):
        wished = {each.ship_to_id: each.quantity or line.quantity for each in line.splits.all()}
        for ship_to_id, quantity in shares[line.product_id]:
            wished[ship_to_id] = min(wished.get(ship_to_id, 0) + quantity, line.quantity)
        _keep(cart, line, shares_of(wished, line.quantity, main=0), now)


def _whole(typed: object) -> object:
    """A number as it was typed; what is none stays as it is and is refused."""
    text = folded(typed) if isinstance(typed, str) else typed
    if text == "":
        return 0
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else text


def _refuse_shares(line: CartLine, wished: Mapping[int, object]) -> None:
    product = line.product
    why = share_refused(wished, line.quantity, multiple=product.order_multiple)
    if not why:
        return
    if why == NOT_WHOLE:
        words = _("How many go to an address must be a whole number, or empty for none.")
    elif why == NOT_IN_MULTIPLES:
        words = _("%(sku)s is sold in multiples of %(multiple)s: send whole multiples to each address.")
    else:
        words = _(
            "The cart has %(quantity)s of %(sku)s: send no more than that, or raise the quantity in the cart first."
        )
    told = words % {"sku": product.sku, "multiple": product.order_multiple, "quantity": line.quantity}
    raise ShipToRefused(told, fields={"quantity": [told]}, sku=product.sku)


def _keep(cart: Cart, line: CartLine, shares: list[Share], now: datetime) -> None:
    CartSplit.objects.filter(line=line).delete()
    CartSplit.objects.bulk_create(
        CartSplit(line=line, ship_to_id=share.ship_to_id, quantity=share.quantity) for share in shares
    )
    Cart.objects.filter(pk=cart.pk).update(updated_at=now)
