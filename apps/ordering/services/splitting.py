"""A line of the cart goes to several ship-tos: see `rules.splits`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.selectors import ship_tos_by_id
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.ordering.errors import ShipToRefused
from apps.ordering.models import Cart, CartLine, CartSplit, Order
from apps.ordering.rules.splits import NOT_IN_MULTIPLES, NOT_WHOLE, Share, share_refused, shares_of, split
from apps.ordering.services.carts import add_lines, line_of, locked_cart


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
    _keep(cart, {line.pk: shares_of(wished, line.quantity, main=main)}, now)
    return line


@transaction.atomic
def add_lines_apart(
    actor: Actor, wishes: Iterable[tuple[int, int, Mapping[int, int]]], *, main: int, now: datetime
) -> None:
    """Put many (product id, quantity, ship-to id -> how many of it) in the cart at once, on top of what it holds; 0 is
    the `main` ship-to, and no ship-to leaves the line going where it goes. All or none; raises what `add_lines` does.
    As many queries for many lines as for one.
    """
    wishes = list(wishes)
    apart = {product_id: goes for product_id, _quantity, goes in wishes if goes}
    there = locked_cart(actor).lines.filter(product__in=apart).prefetch_related("splits") if apart else ()
    held = {line.product_id: split(line.quantity, _shares(line), main=main) for line in there}
    add_lines(actor, [(product_id, quantity) for product_id, quantity, _goes in wishes], now=now)
    if not apart:
        return
    cart, kept = locked_cart(actor), {}
    for line in cart.lines.filter(product__in=apart):
        wished = held.get(line.product_id, {})
        for ship_to_id, quantity in apart[line.product_id].items():
            wished[ship_to_id or main] = wished.get(ship_to_id or main, 0) + quantity
        kept[line.pk] = shares_of(wished, line.quantity, main=main)
    _keep(cart, kept, now)


def _shares(line: CartLine) -> list[Share]:
    return [Share(each.ship_to_id, each.quantity) for each in line.splits.all()]


@transaction.atomic
def split_again(actor: Actor, order: Order, *, now: datetime) -> None:
    """What an order sent to further ship-tos goes there again from the cart, where they are still used."""
    cart, shares, kept = locked_cart(actor), defaultdict(list), {}
    further = order.lines.filter(destination__ship_to__account=actor.account_id, destination__ship_to__is_active=True)
    for product_id, ship_to_id, quantity in further.values_list("product", "destination__ship_to", "quantity"):
        shares[product_id].append((ship_to_id, quantity))
    for line in cart.lines.filter(product__in=shares).prefetch_related("splits"):
        wished = {each.ship_to_id: each.quantity or line.quantity for each in line.splits.all()}
        for ship_to_id, quantity in shares[line.product_id]:
            wished[ship_to_id] = min(wished.get(ship_to_id, 0) + quantity, line.quantity)
        kept[line.pk] = shares_of(wished, line.quantity, main=0)
    _keep(cart, kept, now)


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


def _keep(cart: Cart, shares: Mapping[int, Sequence[Share]], now: datetime) -> None:
    """`shares` by the id of their line."""
    CartSplit.objects.filter(line__in=shares).delete()
    CartSplit.objects.bulk_create(
        CartSplit(line_id=line_id, ship_to_id=share.ship_to_id, quantity=share.quantity)
        for line_id, kept in shares.items()
        for share in kept
    )
    Cart.objects.filter(pk=cart.pk).update(updated_at=now)
