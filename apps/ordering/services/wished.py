"""What is wished by a cart or by lines without one, before it is priced; see `wishes`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.catalogue.errors import QuantityRefused
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import assortment_of
from apps.core.errors import Invalid
from apps.core.scoping import Actor
from apps.ordering.models import BlanketLine, Cart
from apps.ordering.rules.splits import Share
from apps.ordering.selectors.cart_lines import shares_of, with_splits
from apps.ordering.services.carts import orderable_or_refused, quantity_rule
from apps.ordering.services.wishes import Wish


def wishes_of_cart(cart: Cart, agreed: Mapping[int, tuple[BlanketLine, str]]) -> list[Wish]:
    """What the cart holds; what is called off (product id -> its blanket line and number) at the agreed price."""
    lines = cart.lines.select_related("product").defer("product__description", "product__attributes")
    wishes = []
    for line in with_splits(lines):
        wish = Wish(line.product, line.quantity, note=line.note, shown_price=line.shown_price)
        wish = replace(wish, shares=tuple(shares_of(line)))
        if line.product_id in agreed:
            of, number = agreed[line.product_id]
            wish = replace(wish, quoted_price=of.unit_price, agreed_in=number)
        wishes.append(wish)
    return wishes


def wishes_for_lines(
    actor: Actor, lines: Sequence[tuple[int, object] | tuple], expected_prices: Mapping[int, Decimal]
) -> list[Wish]:
    """Lines without a cart, each product once; `Invalid` and `QuantityRefused`."""
    quantities: dict[int, int] = {}
    shares: dict[int, list[Share]] = {}
    seen = Product.objects.in_assortment(assortment_of(actor))
    products = seen.defer("description", "attributes").in_bulk({each for each, *_wish in lines})
    for product_id, wished, *to in lines:
        if product_id not in products:
            raise Invalid(_("One of the lines names a product that is not in the catalogue."))
        quantity = _exactly(products[product_id], wished, is_share=any(to))
        quantities[product_id] = quantities.get(product_id, 0) + quantity
        if any(to):
            shares.setdefault(product_id, []).append(Share(to[0], quantity))
    for product_id, quantity in quantities.items():
        if quantity > MAX_QUANTITY or quantity < products[product_id].minimum_quantity:
            raise QuantityRefused(quantity_rule(products[product_id]), sku=products[product_id].sku)
    return [
        Wish(
            products[product_id],
            quantity,
            shown_price=expected_prices.get(product_id),
            shares=tuple(shares.get(product_id, ())),
        )
        for product_id, quantity in quantities.items()
    ]


def _exactly(product: Product, wished: object, *, is_share: bool) -> int:
    """The quantity as it was said, refused where it would have to be raised; of a share, the minimum does not count."""
    amount = orderable_or_refused(product, wished)
    if amount.raised_from is None:
        return amount.quantity
    if is_share and amount.raised_from % product.order_multiple == 0:
        return amount.raised_from
    raise QuantityRefused(quantity_rule(product), sku=product.sku)
