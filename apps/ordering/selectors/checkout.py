"""The checkout: the cart for one address, with what each way of delivery comes to and what is still on credit."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import Account, Contact, ShipTo
from apps.accounts.rules import may
from apps.accounts.selectors import contact_of
from apps.core.scoping import Actor
from apps.delivery.selectors import OptionQuote, options_for
from apps.ordering.rules.approvals import limit_without_contact, needs_approval, needs_their_word
from apps.ordering.rules.payment import Way, fee_of, is_offered
from apps.ordering.rules.totals import Totals, totals
from apps.ordering.selectors.carts import CartView, cart_of
from apps.ordering.selectors.payment import ways_to_pay
from apps.pricing.models import AccountTerms
from apps.pricing.selectors import terms_of


@dataclass(frozen=True, slots=True)
class OptionTotals:
    """A way of delivery with what the whole order then comes to.

    `needs_approval` says that the net is above the buyer's spend limit, `above_credit` that the gross is more than is
    left on credit: the order is then taken and waits, it is never lost.
    """

    quote: OptionQuote
    totals: Totals
    needs_approval: bool
    above_credit: bool

    @property
    def option(self):
        return self.quote.option

    @property
    def charge(self) -> Decimal:
        return self.quote.charge

    @property
    def dispatch_on(self) -> date | None:
        return self.quote.dispatch_on

    @property
    def arrives_on(self) -> date | None:
        return self.quote.arrives_on

    @property
    def free_gap(self) -> Decimal | None:
        return self.quote.free_gap

    @property
    def refused(self) -> str | None:
        """Why this way cannot be chosen, in words."""
        return self.quote.refused


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """Everything the checkout shows. `key` is what makes a second click the same order.

    `ways` are the ways to pay, `way` the one that was chosen; the options carry what the order then comes to.
    """

    cart: CartView
    ship_to: ShipTo
    options: tuple[OptionTotals, ...]
    terms: AccountTerms
    credit_left: Decimal | None
    spend_limit: Decimal | None
    key: str
    ways: tuple[Way, ...]
    way: Way

    @property
    def chosen(self) -> OptionTotals | None:
        """The first way that can be chosen."""
        return next((option for option in self.options if not option.refused), None)

    def option(self, option_id: int | None) -> OptionTotals | None:
        """The way with this id where it can be chosen, else the first that can."""
        named = (each for each in self.options if each.option.pk == option_id and not each.refused)
        return next(named, self.chosen)

    def sums(self, option: OptionTotals, way: Way) -> Totals:
        """What the whole order comes to when it is delivered and paid like this."""
        return _sums(self.cart, option.quote, way)

    def is_offered(self, option: OptionTotals, way: Way) -> bool:
        return is_offered(way, _sums(self.cart, option.quote, self.ways[0]).gross)


def spend_limit_of(account: Account, contact: Contact | None, *, on_behalf: bool = False) -> Decimal | None:
    """What may be ordered without an approver: the contact's limit; for nobody in person the account's lowest.

    `on_behalf` says that a rep orders for the contact.
    """
    if contact is not None and not (
        on_behalf and needs_their_word(contact.spend_limit, may(contact.role, "order.approve"))
    ):
        return contact.spend_limit
    buyers = Contact.objects.filter(account=account, is_active=True)
    return limit_without_contact(buyers.values_list("spend_limit", flat=True))


def checkout_of(actor: Actor, *, ship_to: ShipTo, payment: str = "", now: datetime) -> CheckoutView:
    """The actor's cart ready to be ordered to `ship_to` and paid by the plan `payment` ("": the account's own terms).

    A constant number of queries.
    """
    cart = cart_of(actor, now, ship_to=ship_to)
    terms = terms_of(cart.account.pk)
    limit = spend_limit_of(cart.account, contact_of(actor), on_behalf=actor.acting_for is not None)
    quotes = options_for(
        ship_to=ship_to,
        lots=[lot for view in cart.lines if not view.is_service for lot in view.promise.lots],
        weight_kg=cart.weight_kg,
        goods_net=cart.goods_net,
        currency=cart.currency,
        now=now,
    )
    ways = ways_to_pay(cart.account, terms)
    way = next((each for each in ways if each.code == payment), ways[0])
    return CheckoutView(
        cart=cart,
        ship_to=ship_to,
        options=tuple(_with_totals(cart, quote, limit, terms.credit_left, way) for quote in quotes),
        terms=terms,
        credit_left=terms.credit_left,
        spend_limit=limit,
        key=cart.checkout_key,
        ways=ways,
        way=way,
    )


def _with_totals(
    cart: CartView, quote: OptionQuote, limit: Decimal | None, credit_left: Decimal | None, way: Way
) -> OptionTotals:
    sums = _sums(cart, quote, way)
    return OptionTotals(
        quote=quote,
        totals=sums,
        needs_approval=needs_approval(sums.net, limit),
        above_credit=way.takes_credit and credit_left is not None and sums.gross > credit_left,
    )


def _sums(cart: CartView, quote: OptionQuote, way: Way) -> Totals:
    taxed = [(view.tax_percent, view.net) for view in cart.lines if view.net is not None]
    freight = {"freight_net": quote.charge, "freight_percent": cart.freight_tax_percent}
    sums = totals(taxed, cart.currency, **freight)
    fee = fee_of(sums.net, way, cart.currency)
    return totals(taxed, cart.currency, **freight, fee_net=fee) if fee else sums
