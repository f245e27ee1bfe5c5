"""What is wished, refused where it cannot be, and priced anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Account, ShipTo
from apps.catalogue.models import Product
from apps.catalogue.selectors import outside_assortment
from apps.core.money import ZERO, line_net
from apps.core.scoping import Actor
from apps.ordering.errors import DateRefused, NotOnSale, OutsideAssortment, PriceOnRequest, PricesChanged
from apps.ordering.models import Order
from apps.ordering.rules.carts import differences
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.splits import Share
from apps.ordering.selectors.carts import FREIGHT_TAX_CLASS
from apps.pricing.errors import CouponRefused
from apps.pricing.rules import Ask, Decision
from apps.pricing.selectors import Couponed, couponed, prices_for, tax_percents_for
from apps.pricing.words import COUPON_REFUSED

FARTHEST_DAYS = 365  # ahead: beyond that nobody can promise stock or prices


@dataclass(frozen=True, slots=True)
class Wish:
    """A product and a quantity to order. `quoted_price` is a price already offered; else it is asked anew and compared
    to `shown_price` where there is one. `agreed_in` is the blanket order it is called off from.
    `shares` is what of it goes to other ship-tos than the order's.
    """

    product: Product
    quantity: int
    note: str = ""
    shown_price: Decimal | None = None
    quoted_price: Decimal | None = None
    agreed_in: str = ""
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """What an order stands in for: part of another order, with the yeses that one was given.

    `net` is that of the part, `rest` (category id, net) what stays of the other order, its charges with it.
    """

    net: Decimal
    category_id: int | None
    rest: tuple[tuple[int | None, Decimal], ...]

    @property
    def rest_net(self) -> Decimal:
        return sum((net for _category, net in self.rest), ZERO)

    def is_covered(self, lines: Sequence["Priced"], net: Decimal) -> bool:
        """Whether the yeses cover what is ordered instead: of the same category, for no more."""
        return net <= self.net and all(line.wish.product.category_id == self.category_id for line in lines)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the order is wanted: where to, by which way, when, and under which name of the buyer's."""

    ship_to_id: int | None
    option_id: int | None
    key: str
    requested_on: date | None = None
    po_number: str = ""
    notes: str = ""
    accept_changes: bool = False
    channel: str = Order.Channel.PORTAL
    quote_number: str = ""
    coupon: str = ""
    cost_centre_id: int | None = None
    payment: str = ""  # the code of a payment plan; "" is the account's own terms
    slot: str = ""  # the code of a free slot of the option
    branch_id: int | None = None  # where a pick-up is; None is the branch that is ready first
    is_complete: bool | None = None  # on one day, or as it is ready; None: see goes_complete
    instead: Instead | None = None  # what it stands in for: delivered free, approved as one order with the rest of it
    further: tuple[DeliveryWish, ...] = ()  # how it goes to the other ship-tos of its lines

    def to(self, ship_to_id: int) -> DeliveryWish:
        """How the delivery to a ship-to is wanted."""
        if ship_to_id == self.ship_to_id:
            said = (self.option_id, self.slot, self.branch_id, self.is_complete, self.requested_on)
            return DeliveryWish(ship_to_id, *said)
        return next((each for each in self.further if each.ship_to_id == ship_to_id), DeliveryWish(ship_to_id))


@dataclass(frozen=True, slots=True)
class Priced:
    wish: Wish
    unit_price: Decimal
    source: str
    source_ref: str
    net: Decimal
    tax_percent: Decimal

    @property
    def is_service(self) -> bool:
        return self.wish.product.kind == Product.Kind.SERVICE


def refuse_what_cannot_be(actor: Actor, wishes: Sequence[Wish]) -> None:
    """Raises `NotOnSale` and `OutsideAssortment`."""
    gone = sorted(wish.product.sku for wish in wishes if wish.product.status != Product.Status.ACTIVE)
    if gone:
        raise NotOnSale(_("No longer sold: %(skus)s.") % {"skus": ", ".join(gone)}, skus=gone)
    refuse_outside_assortment(actor, [wish.product for wish in wishes])


def refuse_day(wished: date, today: date) -> None:
    """Raises `DateRefused` for a day that is over or too far off."""
    why = ""
    if wished < today:
        why = _("The requested date has passed.")
    elif (wished - today).days > FARTHEST_DAYS:
        last = date_format(today + timedelta(days=FARTHEST_DAYS), "j F Y")
        why = _("Choose a date no later than %(last)s, or leave it empty.") % {"last": last}
    if why:
        raise DateRefused(why, fields={"requested_on": [why]})


def refuse_outside_assortment(actor: Actor, products: Sequence[Product]) -> None:
    """Raises `OutsideAssortment` with the names of what the account may no longer buy."""
    outside = outside_assortment(actor, [product.pk for product in products])
    left = sorted((product for product in products if product.pk in outside), key=lambda product: product.sku)
    if left:
        names = ", ".join(f"{product.name} ({product.sku})" for product in left)
        told = _("No longer in your assortment: %(names)s. Take it out to go on, or ask your rep.") % {"names": names}
        raise OutsideAssortment(told, skus=[product.sku for product in left])


def priced(
    actor: Actor, account: Account, wishes: Sequence[Wish], wanted: Wanted, ship_to: ShipTo, on: date
) -> tuple[list[Priced], Decimal, Couponed | None]:
    """The wishes with today's prices and taxes, the tax on freight, and what the code does; None without one.

    Raises `PricesChanged` and `PriceOnRequest` for the prices without a code, and `CouponRefused`.
    """
    asks = {wish.product.pk: Ask(wish.product.pk, wish.quantity) for wish in wishes if wish.quoted_price is None}
    prices = prices_for(actor, asks.values(), on) if asks else {}
    _refuse_prices(wishes, {wish.product.pk: _agreed_price(wish, asks, prices) for wish in wishes}, wanted)
    code = _with_code(account, wanted.coupon, prices, on)
    prices = code.prices if code else prices
    found = {}
    for wish in wishes:
        decision = prices[asks[wish.product.pk]] if wish.quoted_price is None else None
        agreed = ("blanket", wish.agreed_in) if wish.agreed_in else ("quote", wanted.quote_number)
        source = (decision.source, decision.source_ref) if decision else agreed
        found[wish.product.pk] = (decision.unit_price if decision else wish.quoted_price, *source)
    classes = {wish.product.tax_class for wish in wishes} | {FREIGHT_TAX_CLASS}
    percents = tax_percents_for(account, ship_to.country, classes, on)
    lines = [
        Priced(
            wish,
            *found[wish.product.pk],
            net=line_net(wish.quantity, found[wish.product.pk][0], account.currency),
            tax_percent=percents[wish.product.tax_class],
        )
        for wish in wishes
    ]
    return lines, percents[FREIGHT_TAX_CLASS], code


def _agreed_price(wish: Wish, asks: Mapping[int, Ask], prices: Mapping[Ask, Decision]) -> Decimal | None:
    return wish.quoted_price if wish.quoted_price is not None else prices[asks[wish.product.pk]].unit_price


def _with_code(account: Account, code: str, prices: Mapping[Ask, Decision], on: date) -> Couponed | None:
    """What a code does to the prices. One that does nothing any more is refused: nobody pays unasked."""
    if not code:
        return None
    found = couponed(account, code, prices, on)
    if found.refused:
        why = _("%(why)s Take out the code %(code)s to order without it.")
        said = why % {"why": COUPON_REFUSED[found.refused], "code": code}
        raise CouponRefused(said, fields={"coupon": [said]}, reason=found.refused)
    return found


def _refuse_prices(wishes: Sequence[Wish], prices: dict[int, Decimal | None], wanted: Wanted) -> None:
    unknown = sorted(wish.product.sku for wish in wishes if prices[wish.product.pk] is None)
    if unknown:
        detail = _("No price is agreed for %(skus)s yet: ask for a quote, or take it out of the order.")
        raise PriceOnRequest(detail % {"skus": ", ".join(unknown)}, skus=unknown)
    changed = differences(
        (wish.product.pk, wish.product.sku, wish.product.name, wish.shown_price, prices[wish.product.pk])
        for wish in wishes
        if wish.quoted_price is None
    )
    if changed and not wanted.accept_changes:
        raise PricesChanged(_("Look at the new prices and confirm them, then order again."), differences=changed)
