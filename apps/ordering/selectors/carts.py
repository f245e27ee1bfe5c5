"""The cart and the checkout as a buyer sees them: priced, promised and taxed anew each time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from apps.accounts.models import Account, ShipTo
from apps.accounts.selectors import account_of, ship_tos_of
from apps.availability.rules import Promise
from apps.availability.selectors import promises_for
from apps.catalogue.models import Product
from apps.catalogue.selectors import outside_assortment
from apps.core.money import ZERO, line_net
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for, atlas_of
from apps.ordering.models import BlanketLine, Cart, CartLine
from apps.ordering.rules.carts import Difference, differences, more_for_break
from apps.ordering.rules.totals import TaxLine, Totals, totals
from apps.pricing.rules import Ask, Decision
from apps.pricing.selectors import Couponed, couponed, prices_for, tax_percents_for

FREIGHT_TAX_CLASS = "standard"
_UNREAD = ("product__description", "product__summary", "product__attributes")


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line of the cart. `net` is None where the price is on request; `arrives_on` None where nothing goes there.

    `price_changed_from` is the unit price last shown where it is another now; `agreed_price` what is agreed without the
    cart's code. `problem` is a code for what keeps the line from being ordered ("not_on_sale", "outside_assortment",
    "price_on_request", "not_left" in its blanket order), or "".
    """

    line: CartLine
    product: Product
    decision: Decision
    promise: Promise
    arrives_on: date | None
    net: Decimal | None
    tax_percent: Decimal
    agreed_price: Decimal | None
    price_changed_from: Decimal | None
    more_for_break: int | None
    problem: str

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def short(self) -> int:
        """How much of the quantity is not on hand; it comes by `arrives_on`."""
        return self.promise.short

    @property
    def is_service(self) -> bool:
        return self.product.kind == Product.Kind.SERVICE


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its goods totals before freight. Lines stand in the order they were put in."""

    account: Account
    currency: str
    ship_to: ShipTo | None
    country: str
    lines: tuple[CartLineView, ...]
    totals: Totals
    weight_kg: Decimal
    freight_tax_percent: Decimal
    arrives_on: date | None
    checkout_key: str
    coupon: Couponed | None = None
    free_from: Decimal | None = None

    @property
    def free_gap(self) -> Decimal | None:
        """How much more the goods would have to cost for standard delivery to be free; None where it is, or never."""
        if self.free_from is None or self.goods_net >= self.free_from or all(view.is_service for view in self.lines):
            return None
        return self.free_from - self.goods_net

    @property
    def goods_net(self) -> Decimal:
        return self.totals.goods_net

    @property
    def taxes(self) -> tuple[TaxLine, ...]:
        return self.totals.taxes

    @property
    def is_empty(self) -> bool:
        return not self.lines

    @property
    def problems(self) -> tuple[CartLineView, ...]:
        """Lines that keep the cart from being ordered."""
        return tuple(view for view in self.lines if view.problem)

    @property
    def short_lines(self) -> tuple[CartLineView, ...]:
        return tuple(view for view in self.lines if view.short and not view.is_service)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Prices that changed since they were shown, to be confirmed when ordering."""
        return differences(
            (view.product.id, view.product.sku, view.product.name, view.line.shown_price, view.agreed_price)
            for view in self.lines
        )


def cart_count(actor: Actor) -> int:
    """How many lines are in the actor's cart. One query."""
    return CartLine.objects.filter(cart__contact=actor.contact_id).count() if actor.contact_id else 0


def cart_of(actor: Actor, now: datetime, *, ship_to: ShipTo | None = None) -> CartView:
    """The actor's cart, priced and promised as of `now` for `ship_to` (else the account's default address).

    A constant number of queries, however many lines there are.
    """
    account = account_of(actor)
    return view_of(actor, account, lines_of(actor), now=now, ship_to=ship_to or _default_ship_to(actor))


def lines_of(actor: Actor) -> list[CartLine]:
    """The lines of the actor's cart with their products and brands. One query."""
    if actor.contact_id is None:
        return []
    lines = CartLine.objects.filter(cart__contact=actor.contact_id, cart__account=actor.account_id)
    return list(lines.select_related("cart", "product__brand", "blanket_line__blanket").defer(*_UNREAD))


def _checkout_key(cart: Cart) -> str:
    """What makes two pages of one cart the same order. A cart that no page has filled has no key yet but its own id,
    which serves once: the order leaves it a new one."""
    return str(cart.checkout_key or f"cart-{cart.pk}")


def _default_ship_to(actor: Actor) -> ShipTo | None:
    return next(iter(ship_tos_of(actor)), None)


def view_of(
    actor: Actor, account: Account, lines: list[CartLine], *, now: datetime, ship_to: ShipTo | None
) -> CartView:
    """The lines priced, promised and taxed."""
    on = timezone.localdate(now)
    country = ship_to.country if ship_to else account.country
    asks = {line.pk: Ask(line.product_id, line.quantity) for line in lines}
    agreed = prices_for(actor, asks.values(), on)
    called = {
        asks[line.pk]: _as_agreed(line.blanket_line, agreed[asks[line.pk]]) for line in lines if line.blanket_line
    }
    code = lines[0].cart.coupon if lines else ""
    free = {ask: price for ask, price in agreed.items() if ask not in called}
    coupon = couponed(account, code, free, on) if code else None
    agreed = agreed | called
    prices = agreed | dict(coupon.prices) if coupon else agreed
    promises = promises_for(asks.values(), on)
    destination = ship_to or (account.country, account.working_days, account.time_zone)
    atlas = atlas_of(destination, (lot for each in promises.values() for lot in each.lots), now) if lines else None
    arrivals = arrivals_for(destination, promises, now, atlas=atlas) if lines else {}
    outside = outside_assortment(actor, [line.product_id for line in lines])
    percents = tax_percents_for(account, country, {*(line.product.tax_class for line in lines), FREIGHT_TAX_CLASS}, on)
    views = tuple(
        _line_view(
            line,
            prices[ask],
            agreed[ask].unit_price,
            promises[ask],
            arrivals.get(ask),
            percents[line.product.tax_class],
            account,
            _problem(line, prices[ask].unit_price, outside, account, on),
        )
        for line in lines
        for ask in (asks[line.pk],)
    )
    return CartView(
        account=account,
        currency=account.currency,
        ship_to=ship_to,
        country=country,
        lines=views,
        totals=totals(((view.tax_percent, view.net or ZERO) for view in views), account.currency),
        weight_kg=sum((view.product.weight_kg * view.quantity for view in views), ZERO),
        freight_tax_percent=percents[FREIGHT_TAX_CLASS],
        arrives_on=_latest(view.arrives_on for view in views),
        checkout_key=_checkout_key(lines[0].cart) if lines else "",
        coupon=coupon,
        free_from=atlas.free_from(account.currency) if atlas else None,
    )


def _line_view(
    line: CartLine,
    decision: Decision,
    agreed: Decimal | None,
    promise: Promise,
    arrives_on: date | None,
    percent: Decimal,
    account: Account,
    problem: str,
) -> CartLineView:
    product, price = line.product, decision.unit_price
    changed = line.shown_price is not None and agreed is not None and line.shown_price != agreed
    break_from = decision.next_break.min_quantity if decision.next_break else None
    return CartLineView(
        line=line,
        product=product,
        decision=decision,
        promise=promise,
        arrives_on=arrives_on,
        net=None if price is None else line_net(line.quantity, price, account.currency),
        tax_percent=percent,
        agreed_price=agreed,
        price_changed_from=line.shown_price if changed else None,
        more_for_break=more_for_break(
            line.quantity, break_from, minimum=product.minimum_quantity, multiple=product.order_multiple
        ),
        problem=problem,
    )


def _as_agreed(of: BlanketLine, decision: Decision) -> Decision:
    """The price of a blanket order in the place of what the lists say; more of it costs no less."""
    agreed = {"unit_price": of.unit_price, "source": "blanket", "source_name": of.blanket.name}
    return replace(decision, **agreed, source_ref=of.blanket.number, breaks=(), next_break=None, passed_over=())


def _problem(line: CartLine, price: Decimal | None, outside: frozenset[int], account: Account, on: date) -> str:
    product, of = line.product, line.blanket_line
    if of and (
        line.quantity > of.left or not of.blanket.can_be_called_on(on) or of.blanket.currency != account.currency
    ):
        return "not_left"
    if product.status != Product.Status.ACTIVE:
        return "not_on_sale"
    if product.pk in outside:
        return "outside_assortment"
    return "price_on_request" if price is None else ""


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
