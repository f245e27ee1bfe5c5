"""A line of a cart as its buyer sees it, whole and by where it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import Account, ShipTo
from apps.availability.rules import Promise
from apps.catalogue.models import Product
from apps.core.money import ZERO, line_net
from apps.delivery.selectors import arrivals_for
from apps.delivery.selectors.ways import Atlas, PlaceToGo
from apps.ordering.models import BlanketLine, CartLine
from apps.ordering.rules.carts import more_for_break
from apps.ordering.rules.splits import Share, split
from apps.pricing.rules import Ask, Decision

_SPLITS = """
SELECT ARRAY(
    SELECT json_build_object('ship_to_id', s.ship_to_id, 'quantity', s.quantity)
    FROM ordering_cartsplit s WHERE s.line_id = ordering_cartline.id ORDER BY s.id
)
"""


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line of the cart. `net` is None where the price is on request; `arrives_on` None where nothing goes there.

    `price_changed_from` is the unit price last shown where it is another now; `agreed_price` what is agreed without the
    cart's code. `problem` is a code for what keeps the line from being ordered ("not_on_sale", "outside_assortment",
    "price_on_request", "not_left" in its blanket order, "ship_to_gone"), or "".

    A line that goes to other ship-tos than the cart's has a `share` for each, itself such a line: its quantity there,
    when it arrives there, at the price of the whole.
    """

    line: CartLine
    product: Product
    quantity: int
    ship_to: ShipTo | None
    decision: Decision
    promise: Promise
    arrives_on: date | None
    net: Decimal | None
    tax_percent: Decimal
    agreed_price: Decimal | None
    price_changed_from: Decimal | None
    more_for_break: int | None
    problem: str
    shares: tuple["CartLineView", ...] = ()

    @property
    def apart(self) -> tuple["CartLineView", ...]:
        """The line by where it goes."""
        return self.shares or (self,)

    @property
    def short(self) -> int:
        """How much of the quantity is not on hand; it comes by `arrives_on`."""
        return self.promise.short

    @property
    def is_service(self) -> bool:
        return self.product.kind == Product.Kind.SERVICE


def with_splits(lines: QuerySet) -> QuerySet:
    """Lines of a cart with how they are split, in the same query."""
    return lines.annotate(split_rows=RawSQL(_SPLITS, ()))


def shares_of(line: CartLine) -> list[Share]:
    """How a line of `with_splits` is split, in the order in which it was said."""
    return [Share(row["ship_to_id"], row["quantity"]) for row in getattr(line, "split_rows", ())]


def quantities_by_place(line: CartLine, main: ShipTo | None, known: Sequence[ShipTo]) -> dict[int, int]:
    """Ship-to id -> how many go there; an address that is gone is passed over."""
    there = {each.pk for each in known}
    main_id = main.pk if main else 0
    return split(line.quantity, [each for each in shares_of(line) if each.ship_to_id in there], main=main_id)


def arrivals_at(
    place: PlaceToGo,
    ship_to_id: int,
    split_up: Mapping[Ask, Mapping[int, int]],
    shares: Mapping[Ask, Sequence[Promise]],
    now: datetime,
    atlas: Atlas,
) -> dict[Ask, date | None]:
    """When what goes to one place of each ask arrives there. No query."""
    promises = {
        ask: shares[ask][list(parts).index(ship_to_id)]
        for ask, parts in split_up.items()
        if ship_to_id in parts and ask in shares
    }
    return arrivals_for(place, promises, now, atlas=atlas)


def with_shares(
    view: CartLineView, parts: Sequence[tuple[ShipTo | None, int, Promise, date | None]], currency: str
) -> CartLineView:
    """The line with its shares, where it has others than the whole at the cart's own ship-to."""
    if all(ship_to == view.ship_to for ship_to, *_ in parts):
        return view
    price = view.decision.unit_price
    shares = tuple(
        replace(
            view,
            ship_to=ship_to,
            quantity=quantity,
            promise=promised,
            arrives_on=day,
            net=None if price is None else line_net(quantity, price, currency),
        )
        for ship_to, quantity, promised, day in parts
    )
    net = None if price is None else sum((each.net for each in shares), ZERO)
    return replace(view, arrives_on=latest_of(each.arrives_on for each in shares), net=net, shares=shares)


def line_view(
    line: CartLine,
    ship_to: ShipTo | None,
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
        quantity=line.quantity,
        ship_to=ship_to,
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


def as_agreed(of: BlanketLine, decision: Decision) -> Decision:
    """The price of a blanket order in the place of what the lists say; more of it costs no less."""
    agreed = {"unit_price": of.unit_price, "source": "blanket", "source_name": of.blanket.name}
    return replace(decision, **agreed, source_ref=of.blanket.number, breaks=(), next_break=None, passed_over=())


def problem_of(
    line: CartLine,
    price: Decimal | None,
    outside: frozenset[int],
    account: Account,
    on: date,
    known: Mapping[int, ShipTo],
) -> str:
    product, of = line.product, line.blanket_line
    if of and (
        line.quantity > of.left or not of.blanket.can_be_called_on(on) or of.blanket.currency != account.currency
    ):
        return "not_left"
    if product.status != Product.Status.ACTIVE:
        return "not_on_sale"
    if product.pk in outside:
        return "outside_assortment"
    if any(share.ship_to_id not in known for share in shares_of(line)):
        return "ship_to_gone"
    return "price_on_request" if price is None else ""


def latest_of(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
