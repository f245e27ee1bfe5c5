"""Which of the agreed prices an account pays, and why not another.

1. Every agreement that reaches the account is a tariff: contracts of the account and of each account above it; the list
   its terms name, lists for the account, for the tree it stands in, for its group, for everybody (base lists); and
   promotions. A tariff holds steps: a unit price from a quantity on, both in the base unit. What is agreed by the
   carton is turned into that once (`in_base_units`): the quantity times what is in it, the price divided by it.
2. A contract or promotion that gives a percentage takes it off the base list's price for the quantity. Of one
   contract's discounts those that fit a product most closely hold: one that names it, then brand and category, then
   brand, then the deeper category; a category means all below it. A net price of the contract sets its discounts aside.
3. Within a tariff a quantity costs the lowest of the steps it reaches. A step that costs more than a smaller one
   therefore never applies, and a negative one is no price at all.
4. A tariff of which no step is reached does not compete. Where a contract that overrides has a price for the product,
   nothing does that was agreed with accounts further up.
5. Where an exclusive contract competes, only exclusive contracts do.
6. The lowest price wins. Between equals: the nearest contract; then the list of the higher priority; then the
   account's list, the tree's, the group's, a promotion, the base list; then the nearest; then the smaller reference.
7. The ladder is the price at every quantity where it changes. It falls with the quantity; only where an exclusive
   contract begins to apply may it rise. The next break is the first step above the quantity that costs less.
8. A coupon takes its percentage off what won, at every step of the ladder, except off an exclusive contract's price.
9. What did not win is passed over, each with its reason: it costs more, it costs the same, an exclusive contract
   outvoted it, a nearer contract overrides it, or its next step is not reached.
10. Unit prices have four places in every currency. A percentage and a division are rounded to them once, half up; the
    line then to the places of its currency, which may be none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from apps.catalogue.rules import Ask
from apps.core.money import UNIT_PRICE_STEP, ZERO, round_unit_price

__all__ = [
    "Agreement",
    "Ask",
    "Break",
    "Coupon",
    "Decision",
    "Discount",
    "PassedOver",
    "Place",
    "Tariff",
    "closest",
    "decide",
    "discounted",
    "in_base_units",
    "owes_reverse_charge",
    "unit_price",
    "with_coupon",
]  # fmt: skip

CONTRACT, ACCOUNT, TREE, GROUP, PROMOTION, LIST = "contract", "account", "tree", "group", "promotion", "list"
COUPON = "coupon"
_RANK = {CONTRACT: 0, ACCOUNT: 1, TREE: 2, GROUP: 3, PROMOTION: 4, LIST: 5}
HIGHER, EQUAL, OUTVOTED, OVERRIDDEN, NOT_REACHED = "higher", "equal", "outvoted", "overridden", "not_reached"
_HUNDRED = Decimal(100)
_DEAREST = Decimal("Infinity")


class Break(NamedTuple):
    """A unit price from a quantity on."""

    min_quantity: int
    unit_price: Decimal


class Agreement(NamedTuple):
    """Where a tariff comes from. `distance` counts the accounts between the one it was agreed with and the buyer's."""

    source: str
    ref: str
    name: str
    distance: int = 0
    exclusive: bool = False
    overrides: bool = False
    priority: int = 0


class Tariff(NamedTuple):
    """The steps of one agreement for one product, in any order."""

    agreement: Agreement
    steps: Sequence[Break]


class Place(NamedTuple):
    """Where a product stands: the ids of the categories from the top down to its own, and of its brand."""

    product_id: int
    categories: tuple[int, ...] = ()
    brand_id: int | None = None


class Discount(NamedTuple):
    """A percentage off the list from a quantity on, for a product, a brand, a category or, naming none, everything."""

    percent: Decimal
    min_quantity: int = 1
    category_id: int | None = None
    brand_id: int | None = None
    product_id: int | None = None

    def fits(self, place: Place) -> bool:
        return (
            self.product_id in (None, place.product_id)
            and self.brand_id in (None, place.brand_id)
            and (self.category_id is None or self.category_id in place.categories)
        )

    def closeness(self, place: Place) -> tuple[bool, bool, int]:
        depth = 0 if self.category_id is None else place.categories.index(self.category_id) + 1
        return self.product_id is not None, self.brand_id is not None, depth


class Coupon(NamedTuple):
    """A code that takes a percentage off what the discount fits."""

    code: str
    name: str
    discount: Discount


class PassedOver(NamedTuple):
    """A price that was not taken, from `min_quantity` on.

    `why` is higher, equal, outvoted, overridden or not_reached.
    """

    source: str
    source_name: str
    unit_price: Decimal
    why: str
    min_quantity: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What one unit costs at the asked quantity. `unit_price` is None where nothing is agreed: price on request.

    `list_price` is what the base list says for the same quantity, None where it says nothing. From `exclusive_from` on
    an exclusive contract holds; None where none does at any quantity.
    """

    unit_price: Decimal | None
    currency: str
    source: str
    source_name: str
    source_ref: str
    list_price: Decimal | None
    breaks: tuple[Break, ...]
    next_break: Break | None
    passed_over: tuple[PassedOver, ...]
    quantity: int
    exclusive_from: int | None = None


class _Offer(NamedTuple):
    """What a tariff says about a quantity: the step that holds, and the next that would cost less."""

    agreement: Agreement
    reached: Break | None
    ahead: Break | None


def in_base_units(min_quantity: int, price: Decimal, per: int) -> Break:
    """A step agreed in a unit that holds `per` base units: from 2 cartons of 200 at 30 is from 400 at 0.15 a piece."""
    return Break(min_quantity * per, round_unit_price(price / per))


def closest(discounts: Iterable[Discount], place: Place) -> list[Discount]:
    """Those of one agreement's discounts that hold for a product: they fit, and none fits more closely."""
    fitting = [(discount.closeness(place), discount) for discount in discounts if discount.fits(place)]
    best = max((closeness for closeness, _discount in fitting), default=None)
    return [discount for closeness, discount in fitting if closeness == best]


def discounted(listed: Sequence[Break], discounts: Sequence[Discount]) -> list[Break]:
    """The steps of a list with the largest percentage that each quantity reaches taken off."""
    steps = []
    for quantity in sorted({each.min_quantity for each in (*listed, *discounts)}):
        prices = [step.unit_price for step in listed if step.min_quantity <= quantity and step.unit_price >= 0]
        percents = [discount.percent for discount in discounts if discount.min_quantity <= quantity]
        if prices and percents:
            steps.append(Break(quantity, _less(min(prices), max(percents))))
    return steps


def _down_to(price: Decimal, percent: Decimal, least: Decimal) -> Decimal:
    return max(_less(price, percent), min(price, least))


def _less(price: Decimal, percent: Decimal) -> Decimal:
    return round_unit_price(price * (_HUNDRED - percent) / _HUNDRED)


def decide(tariffs: Iterable[Tariff], quantity: int, currency: str) -> Decision:
    """The decision for `quantity` out of `tariffs`, one per agreement, all for one product and in `currency`."""
    tariffs = tuple(tariffs)
    if len(tariffs) == 1:
        return _alone(tariffs[0], quantity, currency)
    return _among(tariffs, quantity, currency)


def _alone(tariff: Tariff, quantity: int, currency: str) -> Decision:
    """As `_among`, for one tariff without another beside it: most of a whole price list."""
    ladder: list[Break] = []
    for step in sorted(tariff.steps):
        if step.unit_price >= 0 and (not ladder or step.unit_price < ladder[-1].unit_price):
            ladder.append(step)
    reached = ahead = None
    for step in ladder:
        if step.min_quantity > quantity:
            ahead = step
            break
        reached = step
    of, unit_price = tariff.agreement, reached.unit_price if reached else None
    missed = (PassedOver(of.source, of.name, ahead.unit_price, NOT_REACHED, ahead.min_quantity),) if ahead else ()
    told = (of.source, of.name, of.ref) if reached else ("", "", "")
    exclusive_from = ladder[0].min_quantity if of.exclusive and ladder else None
    list_price = unit_price if of.source == LIST else None
    return Decision(unit_price, currency, *told, list_price, tuple(ladder), ahead, missed, quantity, exclusive_from)


def _among(tariffs: Sequence[Tariff], quantity: int, currency: str) -> Decision:
    competing, overridden = _parted(tariffs)
    offers = sorted((_offer(tariff, quantity) for tariff in competing), key=_precedence)
    winner = _winner(offers)
    unit_price = winner.reached.unit_price if winner else None
    ladder, exclusive_from = _ladder(competing)
    listed = [offer.reached.unit_price for offer in offers if offer.agreement.source == LIST and offer.reached]
    passed_over = [*_passed_over(offers, winner), *(_overridden(overridden, quantity) if overridden else ())]
    return Decision(
        unit_price=unit_price,
        currency=currency,
        source=winner.agreement.source if winner else "",
        source_name=winner.agreement.name if winner else "",
        source_ref=winner.agreement.ref if winner else "",
        list_price=min(listed, default=None),
        breaks=ladder,
        next_break=_next_break(ladder, quantity, unit_price),
        passed_over=tuple(passed_over),
        quantity=quantity,
        exclusive_from=exclusive_from,
    )


def unit_price(tariffs: Iterable[Tariff], quantity: int) -> Decimal | None:
    """The unit price of `decide` without its reasons: for thousands that are only to be put in order."""
    best: dict[bool, Decimal] = {}
    for agreement, steps in _parted(tuple(tariffs))[0]:
        for min_quantity, price in steps:
            if min_quantity <= quantity and 0 <= price < best.get(agreement.exclusive, _DEAREST):
                best[agreement.exclusive] = price
    return best.get(True, best.get(False))


def least_price(cost: Decimal, margin_percent: Decimal) -> Decimal:
    """The lowest price that leaves this margin, in percent of the price (below 100), above the cost; rounded up."""
    return (cost * _HUNDRED / (_HUNDRED - margin_percent)).quantize(UNIT_PRICE_STEP, ROUND_CEILING)


def with_coupon(decision: Decision, coupon: Coupon, least: Decimal = ZERO) -> Decision:
    """The decision with a coupon that fits the product; unchanged where there is no price or it is exclusive.

    No price is lowered below `least`; one that is below already stays as it is.
    """
    exclusive_from, percent = decision.exclusive_from, coupon.discount.percent
    is_exclusive = exclusive_from is not None and decision.quantity >= exclusive_from
    if decision.unit_price is None or is_exclusive or decision.quantity < coupon.discount.min_quantity:
        return decision
    unit_price = _down_to(decision.unit_price, percent, least)
    if least and unit_price == decision.unit_price:
        return decision
    ladder = tuple(
        step if exclusive_from is not None and step.min_quantity >= exclusive_from
        else Break(step.min_quantity, _down_to(step.unit_price, percent, least))
        for step in decision.breaks
    )  # fmt: skip
    reached = max(step.min_quantity for step in decision.breaks if step.min_quantity <= decision.quantity)
    why = EQUAL if unit_price == decision.unit_price else HIGHER
    before = PassedOver(decision.source, decision.source_name, decision.unit_price, why, reached)
    return replace(
        decision,
        unit_price=unit_price,
        source=COUPON,
        source_name=coupon.name,
        source_ref=coupon.code,
        breaks=ladder,
        next_break=_next_break(ladder, decision.quantity, unit_price),
        passed_over=(before, *decision.passed_over),
    )


def _parted(tariffs: Sequence[Tariff]) -> tuple[Sequence[Tariff], Sequence[Tariff]]:
    """Tariffs that compete, and those further up than a contract that overrides them."""
    nearest = min(
        (tariff.agreement.distance for tariff in tariffs if tariff.agreement.overrides and _is_priced(tariff)),
        default=None,
    )
    if nearest is None:
        return tariffs, ()
    above = [tariff.agreement.distance > nearest for tariff in tariffs]
    parted = list(zip(tariffs, above, strict=True))
    return [tariff for tariff, far in parted if not far], [tariff for tariff, far in parted if far]


def _is_priced(tariff: Tariff) -> bool:
    return any(step.unit_price >= 0 for step in tariff.steps)


def _overridden(tariffs: Sequence[Tariff], quantity: int) -> Iterator[PassedOver]:
    for offer in sorted((_offer(tariff, quantity) for tariff in tariffs), key=_precedence):
        if step := offer.reached or offer.ahead:
            yield PassedOver(
                offer.agreement.source, offer.agreement.name, step.unit_price, OVERRIDDEN, step.min_quantity
            )


def _offer(tariff: Tariff, quantity: int) -> _Offer:
    reached = ahead = None
    for step in tariff.steps:
        if step.unit_price < 0:
            continue
        if step.min_quantity <= quantity:
            if reached is None or _cheaper(step, reached):
                reached = step
        elif ahead is None or step < ahead:
            ahead = step
    if reached and ahead and ahead.unit_price >= reached.unit_price:
        ahead = _first_below(tariff.steps, quantity, reached.unit_price)
    return _Offer(tariff.agreement, reached, ahead)


def _cheaper(step: Break, other: Break) -> bool:
    return (step.unit_price, step.min_quantity) < (other.unit_price, other.min_quantity)


def _first_below(steps: Sequence[Break], quantity: int, price: Decimal) -> Break | None:
    return min((s for s in steps if s.min_quantity > quantity and 0 <= s.unit_price < price), default=None)


def _precedence(offer: _Offer) -> tuple:
    agreement = offer.agreement
    if agreement.source == CONTRACT:
        return 0, 0, 0, agreement.distance, agreement.ref
    return 1, -agreement.priority, _RANK[agreement.source], agreement.distance, agreement.ref


def _winner(offers: Sequence[_Offer]) -> _Offer | None:
    """The cheapest that competes; `offers` stand in the order that settles a tie."""
    reached = [offer for offer in offers if offer.reached]
    competing = [offer for offer in reached if offer.agreement.exclusive] or reached
    return min(competing, key=lambda offer: offer.reached.unit_price, default=None)


def _ladder(tariffs: Sequence[Tariff]) -> tuple[tuple[Break, ...], int | None]:
    """The price at every quantity where it changes, and from which quantity on an exclusive contract holds."""
    steps = sorted(
        (step.min_quantity, step.unit_price, tariff.agreement.exclusive)
        for tariff in tariffs
        for step in tariff.steps
        if step.unit_price >= 0
    )
    ladder: list[Break] = []
    best: dict[bool, Decimal] = {}
    exclusive_from = None
    for min_quantity, price, exclusive in steps:
        if exclusive and exclusive_from is None:
            exclusive_from = min_quantity
        best[exclusive] = min(price, best.get(exclusive, price))
        holds = best.get(True, best.get(False))
        if ladder and ladder[-1].min_quantity == min_quantity:
            ladder.pop()
        if not ladder or ladder[-1].unit_price != holds:
            ladder.append(Break(min_quantity, holds))
    return tuple(ladder), exclusive_from


def _next_break(ladder: Sequence[Break], quantity: int, unit_price: Decimal | None) -> Break | None:
    ahead = (step for step in ladder if step.min_quantity > quantity)
    return next((step for step in ahead if unit_price is None or step.unit_price < unit_price), None)


def _passed_over(offers: Sequence[_Offer], winner: _Offer | None) -> Iterator[PassedOver]:
    for offer in offers:
        agreement = offer.agreement
        if offer.reached and offer is not winner:
            why = _why(offer, winner)
            yield PassedOver(
                agreement.source, agreement.name, offer.reached.unit_price, why, offer.reached.min_quantity
            )
        if offer.ahead:
            step = offer.ahead
            yield PassedOver(agreement.source, agreement.name, step.unit_price, NOT_REACHED, step.min_quantity)


def _why(offer: _Offer, winner: _Offer) -> str:
    if winner.agreement.exclusive and not offer.agreement.exclusive:
        return OUTVOTED
    return EQUAL if offer.reached.unit_price == winner.reached.unit_price else HIGHER


def owes_reverse_charge(country: str, *, home: str, account_country: str, vat_number: str, vat_verified: bool) -> bool:
    """Whether the receiver, not the seller, accounts for the tax.

    1. The goods leave the seller's country `home`.
    2. The account is established abroad and has a VAT number, and the number was verified. An unverified one changes
       nothing: what is taxed at home is taxed.
    """
    return country != home and account_country != home and bool(vat_number) and vat_verified
