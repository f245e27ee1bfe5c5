"""The cart and the checkout as a buyer sees them: priced, promised and taxed anew each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import Account, Contact, ShipTo
from apps.accounts.selectors import account_of, ship_tos_of, unread_notices
from apps.availability.selectors import promises_apart
from apps.catalogue.selectors import outside_assortment
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.delivery.selectors import atlases_of
from apps.ordering.models import Cart, CartLine
from apps.ordering.rules.carts import Difference, differences
from apps.ordering.rules.splits import ordered
from apps.ordering.rules.totals import TaxLine, Totals, freight_off, totals
from apps.ordering.selectors.cart_lines import (
    CartLineView,
    arrivals_at,
    as_agreed,
    latest_of,
    line_view,
    problem_of,
    quantities_by_place,
    shares_of,
    with_shares,
    with_splits,
)
from apps.pricing.rules import Ask
from apps.pricing.selectors import Couponed, couponed, prices_for, tax_percents_for

FREIGHT_TAX_CLASS = "standard"
_UNREAD = ("product__description", "product__summary", "product__attributes")


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its goods totals before freight. Lines stand in the order they were put in.

    `ship_tos` are those to which something goes, in the order of `rules.splits`.
    """

    account: Account
    currency: str
    ship_to: ShipTo | None
    ship_tos: tuple[ShipTo, ...]
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
        """How much more the goods would have to cost for standard delivery to be free; None where it is, or never, or
        where several deliveries have each their own."""
        if (
            self.free_from is None
            or self.goes_apart
            or self.goods_net >= self.free_from
            or all(view.is_service for view in self.lines)
        ):
            return None
        return self.free_from - self.goods_net

    @property
    def goes_apart(self) -> bool:
        """Whether it goes to several ship-tos."""
        return len(self.ship_tos) > 1

    @property
    def goods_net(self) -> Decimal:
        return self.totals.goods_net

    @property
    def saved(self) -> Decimal:
        """What the code takes off the goods."""
        return self.coupon.saved if self.coupon else ZERO

    def freight_off(self, charge: Decimal) -> Decimal:
        """What of the charge of all deliveries the code takes off."""
        return sum(freight_off([charge], self.coupon.freight_up_to), ZERO) if self.coupon else ZERO

    @property
    def taxes(self) -> tuple[TaxLine, ...]:
        return self.totals.taxes

    @property
    def is_empty(self) -> bool:
        return not self.lines

    def lines_to(self, ship_to: ShipTo | None) -> tuple[CartLineView, ...]:
        """What of the lines goes there."""
        return tuple(part for view in self.lines for part in view.apart if part.ship_to == ship_to)

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


def frame_counts(actor: Actor) -> tuple[int, int | None]:
    """What stands in the frame of every page: lines in the cart, and how much news is unread (None for who reads none).
    One query."""
    news = unread_notices(actor)
    if news is None:
        return cart_count(actor), None
    lines = CartLine.objects.filter(cart__contact=OuterRef("pk")).order_by().values("cart__contact")
    counted = Contact.objects.filter(pk=actor.contact_id).order_by()
    found = counted.values_list(
        Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0), Coalesce(Subquery(news), 0)
    )
    return found.first() or (0, 0)


def cart_of(actor: Actor, now: datetime, *, ship_to: ShipTo | None = None) -> CartView:
    """The actor's cart, priced and promised as of `now` for `ship_to` (else the account's default address).

    Lines split over other ship-tos are promised for these; where nothing is left for `ship_to`, the first of them is
    the cart's. A constant number of queries, however many lines and ship-tos there are.
    """
    account, lines = account_of(actor), lines_of(actor)
    known = [ship_to] if ship_to and not any(shares_of(line) for line in lines) else ship_tos_of(actor)
    main = ship_to or next(iter(known), None)
    apart = {line.pk: quantities_by_place(line, main, known) for line in lines}
    if main and lines and not any(main.pk in parts for parts in apart.values()):
        first = ordered((pk for parts in apart.values() for pk in parts), main=0)[0]
        main = next(each for each in known if each.pk == first)
    return view_of(actor, account, lines, now=now, ship_to=main, known=known, apart=apart)


def lines_of(actor: Actor) -> list[CartLine]:
    """The lines of the actor's cart with their products and brands. One query."""
    if actor.contact_id is None:
        return []
    lines = CartLine.objects.filter(cart__contact=actor.contact_id, cart__account=actor.account_id)
    beside = lines.select_related("cart", "product__brand", "blanket_line__blanket").defer(*_UNREAD)
    return list(with_splits(beside))


def _checkout_key(cart: Cart) -> str:
    """What makes two pages of one cart the same order. A cart that no page has filled has no key yet but its own id,
    which serves once: the order leaves it a new one."""
    return str(cart.checkout_key or f"cart-{cart.pk}")


def view_of(
    actor: Actor,
    account: Account,
    lines: list[CartLine],
    *,
    now: datetime,
    ship_to: ShipTo | None,
    known: Sequence[ShipTo],
    apart: Mapping[int, Mapping[int, int]],
) -> CartView:
    """The lines priced, promised and taxed; `apart` is line id -> ship-to id -> how many go there."""
    on = timezone.localdate(now)
    country = ship_to.country if ship_to else account.country
    asks = {line.pk: Ask(line.product_id, line.quantity) for line in lines}
    agreed = prices_for(actor, asks.values(), on)
    called = {asks[line.pk]: as_agreed(line.blanket_line, agreed[asks[line.pk]]) for line in lines if line.blanket_line}
    code = lines[0].cart.coupon if lines else ""
    free = {ask: price for ask, price in agreed.items() if ask not in called}
    coupon = couponed(account, code, free, on) if code else None
    agreed = agreed | called
    prices = agreed | dict(coupon.prices) if coupon else agreed
    split_up = {asks[pk]: parts for pk, parts in apart.items()}
    promises, shares = promises_apart({ask: tuple(parts.values()) for ask, parts in split_up.items()}, on)
    main_id, by_id = ship_to.pk if ship_to else 0, {each.pk: each for each in known}
    used = ordered((pk for parts in apart.values() for pk in parts), main=main_id)
    places = [by_id.get(pk) or (account.country, account.working_days, account.time_zone) for pk in used]
    lots = [lot for each in shares.values() for promise in each for lot in promise.lots]
    atlases = dict(zip(used, atlases_of(places, lots, now), strict=True)) if lines else {}
    arrivals = {
        (ask, pk): day
        for pk, place in zip(used, places, strict=True)
        for ask, day in arrivals_at(place, pk, split_up, shares, now, atlases[pk]).items()
    }
    outside = outside_assortment(actor, [line.product_id for line in lines])
    percents = tax_percents_for(account, country, {*(line.product.tax_class for line in lines), FREIGHT_TAX_CLASS}, on)
    views = tuple(
        with_shares(
            line_view(
                line,
                ship_to,
                prices[ask],
                agreed[ask].unit_price,
                promises[ask],
                arrivals.get((ask, main_id)),
                percents[line.product.tax_class],
                account,
                problem_of(line, prices[ask].unit_price, outside, account, on, by_id),
            ),
            [
                (by_id.get(pk), quantity, promised, arrivals[ask, pk])
                for (pk, quantity), promised in zip(apart[line.pk].items(), shares.get(ask, ()), strict=False)
            ],
            account.currency,
        )
        for line in lines
        for ask in (asks[line.pk],)
    )
    return CartView(
        account=account,
        currency=account.currency,
        ship_to=ship_to,
        ship_tos=tuple(by_id[pk] for pk in used if pk in by_id),
        country=country,
        lines=views,
        totals=totals(((view.tax_percent, view.net or ZERO) for view in views), account.currency),
        weight_kg=sum((view.product.weight_kg * view.quantity for view in views), ZERO),
        freight_tax_percent=percents[FREIGHT_TAX_CLASS],
        arrives_on=latest_of(view.arrives_on for view in views),
        checkout_key=_checkout_key(lines[0].cart) if lines else "",
        coupon=coupon,
        free_from=atlases[used[0]].free_from(account.currency) if atlases else None,
    )
