"""The checkout: the cart for its addresses, with what each way of delivery comes to and what is still on credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import ShipTo
from apps.accounts.selectors import contact_of
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.delivery.selectors import OptionQuote, options_to
from apps.ordering.models import CostCentre
from apps.ordering.rules.approvals import Asked
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.payment import Way, fee_of, is_offered
from apps.ordering.rules.totals import Totals, totals
from apps.ordering.selectors.budgets import BudgetView, cost_centres_for
from apps.ordering.selectors.buying import Buying, buying_of, limits_of, rules_of
from apps.ordering.selectors.cart_lines import CartLineView
from apps.ordering.selectors.carts import CartView, cart_of
from apps.ordering.selectors.further import FurtherDelivery, further_delivery, goods_of
from apps.ordering.selectors.payment import ways_to_pay
from apps.pricing.models import AccountTerms
from apps.pricing.selectors import terms_of


@dataclass(frozen=True, slots=True)
class OptionTotals:
    """A way of delivery with what the whole order then comes to.

    `charge` is for one day (`is_complete`) or in parts, as was chosen or goes by itself, before a code takes it off.
    `asked` is whose yes the order then needs, `above_credit` says that the gross is more than is left on credit: the
    order is then taken and waits. `is_over_budget` says that the cost centre's budget does not cover it, `is_blocked`
    that it then refuses it.
    """

    quote: OptionQuote
    is_complete: bool
    charge: Decimal
    totals: Totals
    asked: tuple[Asked, ...]
    is_over_budget: bool
    is_blocked: bool
    above_credit: bool

    @property
    def needs_approval(self) -> bool:
        return bool(self.asked)

    @property
    def option(self):
        return self.quote.option

    @property
    def dispatch_on(self) -> date | None:
        return self.quote.dispatch_on

    @property
    def arrives_on(self) -> date | None:
        """When the last of it is there."""
        return self.quote.comes_on(is_complete=self.is_complete)

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

    `lines` are what goes to `ship_to` by one of the options, `further` the deliveries to other ship-tos. `ways` are the
    ways to pay, `way` the one that was chosen; the options carry what the order then comes to.
    """

    cart: CartView
    ship_to: ShipTo
    lines: tuple[CartLineView, ...]
    further: tuple[FurtherDelivery, ...]
    options: tuple[OptionTotals, ...]
    terms: AccountTerms
    credit_left: Decimal | None
    spend_limit: Decimal | None
    key: str
    cost_centres: tuple[CostCentre, ...]
    needs_cost_centre: bool
    budget: BudgetView | None
    ways: tuple[Way, ...]
    way: Way

    @property
    def chosen(self) -> OptionTotals | None:
        """The first way that can be chosen; None as long as a further delivery has none."""
        if any(each.chosen is None for each in self.further):
            return None
        return next((option for option in self.options if not option.refused), None)

    def option(self, option_id: int | None) -> OptionTotals | None:
        """The way with this id where it can be chosen, else the first that can."""
        named = (each for each in self.options if each.option.pk == option_id and not each.refused)
        return self.chosen and next(named, self.chosen)

    @property
    def freight_net(self) -> Decimal:
        """What the further deliveries cost, before a code takes it off."""
        return sum((each.chosen.charge for each in self.further if each.chosen), ZERO)

    def saved(self, option: OptionTotals) -> tuple[Decimal, Decimal]:
        """What the code takes off goods and freight together, and off the freight alone."""
        freight = self.cart.freight_off(option.charge + self.freight_net)
        return self.cart.saved + freight, freight

    def sums(self, option: OptionTotals, way: Way) -> Totals:
        """What the whole order comes to when it is delivered and paid like this."""
        return _sums(self.cart, option.charge + self.freight_net, way)

    def is_offered(self, option: OptionTotals, way: Way) -> bool:
        return is_offered(way, self.sums(option, self.ways[0]).gross)


def checkout_of(
    actor: Actor,
    *,
    ship_to: ShipTo,
    cost_centre_id: int | None = None,
    payment: str = "",
    is_complete: bool | None = None,
    further: Sequence[DeliveryWish] = (),
    now: datetime,
) -> CheckoutView:
    """The actor's cart ready to be ordered to `ship_to`, on a cost centre of theirs, and paid by the plan `payment`
    ("": the account's own terms), on one day or as it is ready (None: see `OptionQuote.goes_complete`).

    `further` is what is said of the ship-tos to which lines of the cart go besides. A constant number of queries,
    however many lines and ship-tos there are.
    """
    cart = cart_of(actor, now, ship_to=ship_to)
    ship_to = cart.ship_to
    terms, contact = terms_of(cart.account.pk), contact_of(actor)
    cost_centres = cost_centres_for(cart.account, contact)
    needs_one = bool(cost_centres) and rules_of(cart.account).needs_cost_centre
    chosen = next((each for each in cost_centres if each.pk == cost_centre_id), None)
    if chosen is None and needs_one and len(cost_centres) == 1:
        chosen = cost_centres[0]
    limits = limits_of(cart.account, contact, on_behalf=actor.acting_for is not None)
    buying = buying_of(
        cart.account,
        contact,
        limits,
        cost_centre=chosen,
        ship_to_ids=[each.pk for each in cart.ship_tos] or [ship_to.pk],
        category_ids=[view.product.category_id for view in cart.lines],
        now=now,
    )
    quotes, others = _quotes(cart, ship_to, further, now)
    beside = sum((each.chosen.charge for each in others if each.chosen), ZERO)
    ways = ways_to_pay(cart.account, terms)
    way = next((each for each in ways if each.code == payment), ways[0])
    return CheckoutView(
        cart=cart,
        ship_to=ship_to,
        lines=cart.lines_to(ship_to),
        further=others,
        options=tuple(
            _with_totals(
                cart,
                quote,
                beside,
                buying,
                terms.credit_left,
                way,
                quote.goes_complete(is_complete, prefers=ship_to.prefers_complete),
            )
            for quote in quotes
        ),
        terms=terms,
        credit_left=terms.credit_left,
        spend_limit=limits.per_order,
        key=cart.checkout_key,
        cost_centres=tuple(cost_centres),
        needs_cost_centre=needs_one,
        budget=buying.budget,
        ways=ways,
        way=way,
    )


def _quotes(
    cart: CartView, ship_to: ShipTo, further: Sequence[DeliveryWish], now: datetime
) -> tuple[list[OptionQuote], tuple[FurtherDelivery, ...]]:
    """Every way to the ship-to of the cart, and the further deliveries. Two queries."""
    ship_tos = cart.ship_tos or (ship_to,)
    lines = {each.pk: cart.lines_to(each) for each in ship_tos}
    quotes = options_to([(each, goods_of(lines[each.pk])) for each in ship_tos], currency=cart.currency, now=now)
    wishes = {wish.ship_to_id: wish for wish in further}
    return quotes[0], tuple(
        further_delivery(each, lines[each.pk], found, wishes.get(each.pk) or DeliveryWish(each.pk), ship_to)
        for each, found in zip(ship_tos[1:], quotes[1:], strict=True)
    )


def _with_totals(
    cart: CartView,
    quote: OptionQuote,
    beside: Decimal,
    buying: Buying,
    credit_left: Decimal | None,
    way: Way,
    is_complete: bool,
) -> OptionTotals:
    amount = quote.charged(is_complete=is_complete)
    sums = _sums(cart, amount + beside, way)
    priced = ((view.product.category_id, view.net) for view in cart.lines if view.net is not None)
    return OptionTotals(
        quote=quote,
        is_complete=is_complete,
        charge=amount,
        totals=sums,
        asked=buying.asked(sums.net, priced),
        is_over_budget=buying.is_over_budget(sums.net),
        is_blocked=buying.is_blocked(sums.net),
        above_credit=way.takes_credit and credit_left is not None and sums.gross > credit_left,
    )


def _sums(cart: CartView, amount: Decimal, way: Way) -> Totals:
    taxed = [(view.tax_percent, view.net) for view in cart.lines if view.net is not None]
    freight = {"freight_net": amount - cart.freight_off(amount), "freight_percent": cart.freight_tax_percent}
    sums = totals(taxed, cart.currency, **freight)
    fee = fee_of(sums.net, way, cart.currency)
    return totals(taxed, cart.currency, **freight, fee_net=fee) if fee else sums
