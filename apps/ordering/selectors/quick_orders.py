"""A quick order as its buyer sees it: every line answered, with the account's own price, stock and day of arrival.

The number of queries does not grow with the lines. What nobody found is answered with what was likely meant only where
it is shown (`nearest_to`): for thousands of lines that is work for the index, not for the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from apps.accounts.models import ShipTo
from apps.availability.rules import Promise
from apps.availability.selectors import promises_apart
from apps.catalogue.models import Product
from apps.catalogue.search import products_nearest
from apps.catalogue.selectors import Match, likeliest, products_by_code, sold_by_id, successors_of
from apps.core.money import ZERO, line_net
from apps.core.scoping import Actor
from apps.delivery.selectors import atlases_of
from apps.ordering.models import QuickOrder, QuickOrderLine
from apps.ordering.rules.places import Meant
from apps.ordering.rules.quick_orders import Counted, Sold, Verdict, counted
from apps.ordering.rules.sheets import Wish
from apps.ordering.selectors.cart_lines import arrivals_at, latest_of
from apps.ordering.selectors.places import Places, places_of
from apps.pricing.rules import Ask, Decision
from apps.pricing.selectors import prices_for

NOWHERE_ELSE = Meant()
CHOSEN, SUCCESSOR, SUPERSEDED = "chosen", "successor", "superseded"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means: a product, or the several it may mean. `kind` is the kind of code, or chosen or successor.

    `former` is what was asked for where another product takes its place.
    """

    verdict: Verdict
    product: Product | None = None
    candidates: tuple[Product, ...] = ()
    kind: str = ""
    former: Product | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A line, what it means and what it comes to; priced and promised where it carries a quantity.

    `place` is what it means by the ship-to it names; `goes` is how many of its quantity go to which ship-to, where not
    all of it goes to the main one.
    """

    wish: Wish
    meaning: Meaning
    counted: Counted
    decision: Decision | None = None
    promise: Promise | None = None
    arrives_on: date | None = None
    net: Decimal | None = None
    place: Meant = NOWHERE_ELSE
    goes: tuple[tuple[ShipTo, int], ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it would go into the cart, by itself or with another line."""
        return self.counted.quantity is not None or self.counted.with_line is not None


@dataclass(frozen=True, slots=True)
class Answers:
    """All lines in their order, with the net total of those that are ready and have a price."""

    lines: tuple[Answer, ...]
    currency: str
    goods_net: Decimal
    arrives_on: date | None

    @property
    def ready(self) -> int:
        return sum(each.is_ready for each in self.lines)

    @property
    def waiting(self) -> int:
        return len(self.lines) - self.ready

    @property
    def unpriced(self) -> int:
        """How many lines would be ordered at a price on request."""
        return sum(each.counted.quantity is not None and each.net is None for each in self.lines)


@dataclass(frozen=True, slots=True)
class QuickOrderView:
    """A contact's quick order: `line_ids` and `answers.lines` stand in the same order. `key` goes with the button."""

    key: str
    line_ids: tuple[int, ...]
    answers: Answers


def quick_order_of(actor: Actor, destination: object, now: datetime) -> QuickOrderView:
    """The actor's quick order, answered as of `now`, for goods to `destination` (see `arrivals_for`)."""
    draft = draft_of(actor)
    lines = lines_of_draft(draft)
    answers = answers_for(actor, [wish for _line_id, wish in lines], destination, now)
    return QuickOrderView(str(draft.key) if draft else "", tuple(line_id for line_id, _wish in lines), answers)


def draft_of(actor: Actor) -> QuickOrder | None:
    if actor.contact_id is None:
        return None
    return QuickOrder.objects.filter(contact=actor.contact_id, account=actor.account_id).first()


def lines_of_draft(draft: QuickOrder | None) -> list[tuple[int, Wish]]:
    """The lines with their ids, in the order they were sent. One query."""
    if draft is None:
        return []
    rows = QuickOrderLine.objects.filter(quick_order=draft).order_by("pk")
    return [(pk, Wish(*wish)) for pk, *wish in rows.values_list("pk", "code", "quantity", "product_id", "place")]


def answers_for(actor: Actor, wishes: Sequence[Wish], destination: object, now: datetime) -> Answers:
    """Every wish answered, in their order. About ten queries, for one wish as for thousands."""
    on = timezone.localdate(now)
    meanings, places = meanings_of(actor, wishes), places_of(actor, wishes)
    sums = counted_of(wishes, meanings, places)
    asks = [
        Ask(meaning.product.pk, each.quantity) if each.quantity is not None else None
        for meaning, each in zip(meanings, sums, strict=True)
    ]
    wanted = [ask for ask in asks if ask]
    goes = {ask: dict(each.goes) or {0: each.quantity} for ask, each in zip(asks, sums, strict=True) if ask}
    prices = prices_for(actor, wanted, on)
    promises, shares = promises_apart({ask: tuple(parts.values()) for ask, parts in goes.items()}, on)
    arrivals = _arrivals(goes, shares, {0: destination, **places.by_id}, now)
    lines = tuple(
        Answer(
            wish,
            meaning,
            each,
            decision,
            promises.get(ask),
            arrivals.get(ask),
            _net(each, decision),
            places.meant.get(wish.place, NOWHERE_ELSE),
            tuple((places.by_id[pk or places.main_id], quantity) for pk, quantity in each.goes),
        )
        for wish, meaning, each, ask in zip(wishes, meanings, sums, asks, strict=True)
        for decision in (prices.get(ask),)
    )
    return Answers(
        lines,
        currency=next((decision.currency for decision in prices.values()), ""),
        goods_net=sum((line.net for line in lines if line.net is not None), ZERO),
        arrives_on=max((line.arrives_on for line in lines if line.arrives_on), default=None),
    )


def _arrivals(
    goes: Mapping[Ask, Mapping[int, int]],
    shares: Mapping[Ask, Sequence[Promise]],
    places: Mapping[int, object],
    now: datetime,
) -> dict[Ask, date | None]:
    """When the last of each ask is where it goes. One query, however many ship-tos there are."""
    if not goes:
        return {}
    used = sorted({pk for parts in goes.values() for pk in parts})
    lots = [lot for each in shares.values() for promised in each for lot in promised.lots]
    days = [
        arrivals_at(places[pk], pk, goes, shares, now, atlas)
        for pk, atlas in zip(used, atlases_of([places[pk] for pk in used], lots, now), strict=True)
    ]
    return {ask: latest_of(day.get(ask) for day in days) for ask in goes}


def _net(each: Counted, decision: Decision | None) -> Decimal | None:
    if decision is None or decision.unit_price is None:
        return None
    return line_net(each.quantity, decision.unit_price, decision.currency)


def counted_of(wishes: Sequence[Wish], meanings: Sequence[Meaning], places: Places) -> list[Counted]:
    """What each line comes to."""
    sold = [(_sold(meaning.product), wish.quantity) for wish, meaning in zip(wishes, meanings, strict=True)]
    return counted(sold, [places.of(wish) for wish in wishes])


def _sold(product: Product | None) -> Sold | None:
    return product and Sold(product.pk, product.minimum_quantity, product.order_multiple)


def meanings_of(actor: Actor, wishes: Sequence[Wish]) -> list[Meaning]:
    """What each wish means to the actor; at most seven queries. A product outside the assortment is none."""
    chosen = sold_by_id(actor, {wish.product_id for wish in wishes if wish.product_id})
    codes = {wish.code for wish in wishes if wish.product_id not in chosen}
    found = products_by_code(actor, codes) if codes else {}
    known = {code: _meaning(code, matches) for code, matches in found.items()}
    gone = {meaning.former.pk for meaning in known.values() if meaning.verdict == Verdict.GONE}
    heirs = successors_of(actor, gone)
    settled = {code: _followed(meaning, heirs) for code, meaning in known.items()}
    return [
        Meaning(Verdict.FOUND, chosen[wish.product_id], kind=CHOSEN)
        if wish.product_id in chosen
        else settled[wish.code]
        for wish in wishes
    ]


def _meaning(code: str, matches: list[Match]) -> Meaning:
    meant = likeliest(code, matches)
    if not meant:
        return Meaning(Verdict.UNKNOWN if code else Verdict.NO_CODE)
    sold = [match for match in meant if match.product.is_on_sale]
    if not sold:
        heirs = [m.product for m in matches if m.kind == SUPERSEDED and m.product.is_on_sale]
        return _replaced(meant[0].product, heirs)
    kind = sold[0].kind
    if len(sold) > 1:
        return Meaning(Verdict.SEVERAL, candidates=tuple(match.product for match in sold), kind=kind)
    return Meaning(Verdict.REPLACED if kind == SUPERSEDED else Verdict.FOUND, sold[0].product, kind=kind)


def _replaced(former: Product, heirs: Sequence[Product]) -> Meaning:
    if len(heirs) == 1:
        return Meaning(Verdict.REPLACED, heirs[0], kind=SUCCESSOR, former=former)
    return Meaning(Verdict.SEVERAL if heirs else Verdict.GONE, candidates=tuple(heirs), kind=SUCCESSOR, former=former)


def _followed(meaning: Meaning, heirs: dict[int, list[Product]]) -> Meaning:
    if meaning.verdict != Verdict.GONE or meaning.former.pk not in heirs:
        return meaning
    return _replaced(meaning.former, heirs[meaning.former.pk])


def nearest_to(actor: Actor, answers: Iterable[Answer]) -> dict[str, tuple[Product, ...]]:
    """For the codes of these answers that mean nothing, what was likely meant. Two queries."""
    return products_nearest(actor, {each.wish.code for each in answers if each.meaning.verdict == Verdict.UNKNOWN})
