"""What a buyer does with the cart.

Each of these asks the price once for the quantity the cart then holds and keeps it as the price shown, so that a later
change is told before ordering. The number of queries does not grow with the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.errors import ProductNotFound, QuantityRefused
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import assortment_of, outside_assortment
from apps.core.bulk import insert
from apps.core.scoping import Actor
from apps.ordering.errors import NoAccountChosen, NotOnSale
from apps.ordering.models import Cart, CartLine, Order, OrderLine
from apps.ordering.rules.carts import Orderable, orderable
from apps.pricing.errors import CouponRefused
from apps.pricing.rules import Ask
from apps.pricing.selectors import Couponed, automatic_coupon, couponed, normal_coupon, prices_for
from apps.pricing.words import COUPON_REFUSED

#: What a code may lack and the cart still give it.
CAN_BE_MENDED = ("below_minimum", "nothing_fits")
_BESIDE = ("product", "blanket_line")
_OR_UPDATE = """
ON CONFLICT (cart_id, product_id) DO UPDATE SET (quantity, shown_price, blanket_line_id)
    = ROW(EXCLUDED.quantity, EXCLUDED.shown_price, EXCLUDED.blanket_line_id)
RETURNING product_id, id
"""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a wish. `line.quantity` is what the cart now holds; `raised_from` is the wish where it was less."""

    line: CartLine
    quantity: int
    raised_from: int | None

    @property
    def message(self) -> str:
        """What to tell the buyer where the quantity was raised, else ""."""
        return "" if self.raised_from is None else quantity_rule(self.line.product)


def quantity_rule(product: Product) -> str:
    """The rule of a product's quantity, in words."""
    if product.order_multiple > 1:
        words = _("%(sku)s is sold in multiples of %(multiple)s, at least %(minimum)s.")
    elif product.minimum_quantity > 1:
        words = _("%(sku)s is sold from %(minimum)s on.")
    else:
        words = _("The quantity of %(sku)s must be a whole number from 1 to %(most)s.")
    return words % {
        "sku": product.sku,
        "multiple": product.order_multiple,
        "minimum": product.minimum_quantity,
        "most": MAX_QUANTITY,
    }


def orderable_or_refused(product: Product, wished: object) -> Orderable:
    """`wished` raised to what can be ordered; `QuantityRefused` with the rule where it is no whole positive number."""
    found = orderable(wished, minimum=product.minimum_quantity, multiple=product.order_multiple)
    if found is None:
        whole = _("A quantity must be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}
        raise QuantityRefused(whole, fields={"quantity": [whole]}, sku=product.sku)
    return found


def add_to_cart(actor: Actor, product_id: int, quantity: object, *, now: datetime) -> Added:
    """Put a quantity (a number, or text as typed) of a product on top of what the cart holds of it."""
    return add_lines(actor, [(product_id, quantity)], now=now)[0]


@transaction.atomic
def add_lines(actor: Actor, wishes: Iterable[tuple[int, object]], *, now: datetime) -> list[Added]:
    """Put many (product id, quantity) in the cart at once; all or none.

    Quantities are raised to the minimum and multiple. Raises `QuantityRefused`, `NotOnSale`, `ProductNotFound`.
    """
    cart = locked_cart(actor)
    wishes = list(wishes)
    products = _sold(actor, (product_id for product_id, _quantity in wishes))
    held = {line.product_id: line for line in cart.lines.filter(product__in=products).select_related("blanket_line")}
    if not held:
        _begin(cart, now)
    added = []
    for product_id, wished in wishes:
        product = products[product_id]
        amount = orderable_or_refused(product, wished)
        line = held.setdefault(product_id, CartLine(cart=cart, product=product, quantity=0))
        line.product = product
        line.quantity = orderable_or_refused(product, line.quantity + amount.quantity).quantity
        added.append(Added(line, amount.quantity, amount.raised_from))
    _write(actor, cart, held.values(), now)
    return added


def _begin(cart: Cart, now: datetime) -> None:
    """A cart that was empty uses the account's own code by itself; taken out of a filled one, it stays out."""
    if not cart.coupon and not cart.lines.exists():
        code = automatic_coupon(cart.account_id, timezone.localdate(now))
        if code:
            Cart.objects.filter(pk=cart.pk).update(coupon=code)


@transaction.atomic
def set_quantity(actor: Actor, line_id: int, quantity: object, *, now: datetime) -> Added:
    """Let a line of the cart have this quantity, raised to what can be ordered; zero and less are refused."""
    cart = locked_cart(actor)
    line = line_of(cart, line_id)
    amount = _for_line(line, quantity)
    line.quantity = amount.quantity
    _write(actor, cart, [line], now)
    return Added(line, amount.quantity, amount.raised_from)


@transaction.atomic
def set_quantities(actor: Actor, quantities: dict[int, object], *, now: datetime) -> list[Added]:
    """The same for many lines of the cart at once: line id -> quantity; all or none."""
    cart = locked_cart(actor)
    if not quantities:
        return []
    lines = {line.pk: line for line in cart.lines.select_related(*_BESIDE).filter(pk__in=quantities)}
    if len(lines) < len(quantities):
        raise ProductNotFound(_("That line is no longer in the cart."))
    added = []
    for line_id, wished in quantities.items():
        amount = _for_line(lines[line_id], wished)
        lines[line_id].quantity = amount.quantity
        added.append(Added(lines[line_id], amount.quantity, amount.raised_from))
    _write(actor, cart, lines.values(), now)
    return added


@transaction.atomic
def remove_line(actor: Actor, line_id: int, *, now: datetime) -> CartLine:
    """Take a line out of the cart; returns it as it was, so that it can be put back."""
    line = line_of(locked_cart(actor), line_id)
    CartLine.objects.filter(pk=line.pk).delete()
    return line


@transaction.atomic
def empty_cart(actor: Actor, *, now: datetime) -> int:
    """Take everything out of the cart; how many lines that were."""
    deleted, _models = locked_cart(actor).lines.all().delete()
    return deleted


@transaction.atomic
def set_coupon(actor: Actor, typed: str, *, now: datetime) -> Couponed | None:
    """Keep a code with the cart, or take it out where nothing is typed; what it does to the cart as it is.

    Raises `CouponRefused` for a code that the account cannot use at all. One whose minimum is not reached is kept.
    """
    cart, code = locked_cart(actor), normal_coupon(typed)
    found = None
    if code:
        on = timezone.localdate(now)
        asks = [Ask(*each) for each in cart.lines.filter(blanket_line=None).values_list("product_id", "quantity")]
        found = couponed(cart.account, code, prices_for(actor, asks, on), on)
        if found.refused not in ("", *CAN_BE_MENDED):
            raise CouponRefused(COUPON_REFUSED[found.refused], reason=found.refused)
    Cart.objects.filter(pk=cart.pk).update(coupon=code, updated_at=now)
    return found


@transaction.atomic
def use_automatic_coupon(account_id: int, *, on: date) -> int:
    """Let the carts of an account that have no code use the one that is its own; how many do. A typed code stays."""
    code = automatic_coupon(account_id, on)
    return Cart.objects.filter(account=account_id, coupon="").update(coupon=code) if code else 0


@transaction.atomic
def reorder(
    actor: Actor, order: Order, *, chosen: Mapping[int, int] | None = None, now: datetime
) -> tuple[list[Added], list[str]]:
    """Put what an order had in the cart again; returns what was added and the SKUs no longer sold to the account.

    `chosen` is id of a line -> id of the product to order for it, the same or what takes its place; without it all.
    """
    lines = list(order.lines.filter(quantity__gte=1).select_related("product"))
    if chosen is not None:
        wishes = [(chosen[line.pk], line.quantity) for line in lines if line.pk in chosen]
        return add_lines(actor, wishes, now=now) if wishes else [], []
    sold, gone = sold_of(actor, lines)
    added = add_lines(actor, [(line.product_id, line.quantity) for line in sold], now=now) if sold else []
    return added, gone


def sold_of(actor: Actor, lines: Sequence[OrderLine]) -> tuple[list[OrderLine], list[str]]:
    """Those of order lines whose product is sold to the account today, and the SKUs of the others."""
    unsold = {line.product_id for line in lines if not line.product.is_on_sale}
    unsold |= outside_assortment(actor, [line.product_id for line in lines])
    sold = [line for line in lines if line.product_id not in unsold]
    return sold, [line.sku for line in lines if line.product_id in unsold]


def _for_line(line: CartLine, wished: object) -> Orderable:
    """A quantity as it can be ordered; of a blanket order also just all that is left."""
    amount = orderable_or_refused(line.product, wished)
    if line.blanket_line and amount.raised_from == line.blanket_line.left:
        return Orderable(line.blanket_line.left)
    return amount


def locked_cart(actor: Actor) -> Cart:
    """The cart of the actor, locked; made where there is none."""
    demand(actor, "cart.edit")
    if actor.contact_id is None or actor.account_id is None:
        raise NoAccountChosen()
    carts = Cart.objects.select_for_update().filter(contact=actor.contact_id)
    cart = carts.first()
    if cart is None:
        Cart.objects.bulk_create(
            [Cart(contact_id=actor.contact_id, account_id=actor.account_id, checkout_key=uuid4())],
            ignore_conflicts=True,
        )
        cart = carts.get()
    return cart


def line_of(cart: Cart, line_id: int) -> CartLine:
    """A line of the cart; `ProductNotFound` where it is not in it."""
    line = cart.lines.select_related(*_BESIDE).filter(pk=line_id).first()
    if line is None:
        raise ProductNotFound(_("That line is no longer in the cart."))
    return line


def _sold(actor: Actor, product_ids: Iterable[int]) -> dict[int, Product]:
    wanted = set(product_ids)
    seen = Product.objects.in_assortment(assortment_of(actor))
    products = seen.defer("description", "attributes").in_bulk(wanted)
    if len(products) < len(wanted) or any(each.status == Product.Status.HIDDEN for each in products.values()):
        raise ProductNotFound()
    gone = sorted(each.sku for each in products.values() if each.status != Product.Status.ACTIVE)
    if gone:
        raise NotOnSale(_("No longer sold: %(skus)s.") % {"skus": ", ".join(gone)}, skus=gone)
    return products


def _write(actor: Actor, cart: Cart, lines: Iterable[CartLine], now: datetime) -> None:
    """Keep the lines with the price their buyer is shown for the new quantity."""
    lines = list(lines)
    asks = [Ask(line.product_id, line.quantity) for line in lines]
    prices = prices_for(actor, asks, timezone.localdate(now))
    for line, ask in zip(lines, asks, strict=True):
        line.shown_price = line.blanket_line.unit_price if line.blanket_line else prices[ask].unit_price
    rows = [
        {
            "cart_id": cart.pk,
            "product_id": line.product_id,
            "quantity": line.quantity,
            "shown_price": line.shown_price,
            "note": line.note,
            "blanket_line_id": line.blanket_line_id,
        }
        for line in lines
    ]
    with connection.cursor() as cursor:
        insert(cursor, CartLine._meta.db_table, rows, then=_OR_UPDATE)
        ids = dict(cursor.fetchall())
    for line in lines:
        line.pk = ids[line.product_id]
    Cart.objects.filter(pk=cart.pk).update(updated_at=now, checkout_key=cart.checkout_key or uuid4())
