"""Which of the agreed prices an account pays, and why not another.

1. Every agreement that reaches the account is a tariff: contracts of the account and of each account above it, the
   price list its terms name, the list of its group, the base list. A tariff holds steps: a unit price from a quantity.
2. Within a tariff a quantity costs the lowest of the steps it reaches. A step that costs more than a smaller one
   therefore never applies, and a negative one is no price at all.
3. A tariff of which no step is reached does not compete.
4. Where an exclusive contract competes, only exclusive contracts do.
5. The lowest price wins. Between equals: the nearest contract, then the account's list, the group's, the base list,
   then the smaller reference.
6. The ladder is the price at every quantity where it changes. It falls with the quantity; only where an exclusive
   contract begins to apply may it rise. The next break is the first step above the quantity that costs less.
7. What did not win is passed over, each with its reason: it costs more, it costs the same, an exclusive contract
   outvoted it, or its next step is not reached.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from apps.catalogue.rules import Ask

__all__ = [
    "Agreement",
    "Ask",
    "Break",
    "Decision",
    "PassedOver",
    "Tariff",
    "decide",
    "owes_reverse_charge",
    "unit_price",
]

CONTRACT, ACCOUNT, GROUP, LIST = "contract", "account", "group", "list"
_RANK = {CONTRACT: 0, ACCOUNT: 1, GROUP: 2, LIST: 3}
_DEAREST = Decimal("Infinity")
HIGHER, EQUAL, OUTVOTED, NOT_REACHED = "higher", "equal", "outvoted", "not_reached"


class Break(NamedTuple):
    """A unit price from a quantity on."""

    min_quantity: int
    unit_price: Decimal


class Agreement(NamedTuple):
    """Where a tariff comes from. `distance` counts the accounts between the contract's account and the buyer's."""

    source: str
    ref: str
    name: str
    distance: int = 0
    exclusive: bool = False


class Tariff(NamedTuple):
    """The steps of one agreement for one product, in any order."""

    agreement: Agreement
    steps: Sequence[Break]


class PassedOver(NamedTuple):
    """A price that was not taken, from `min_quantity` on. `why` is higher, equal, outvoted or not_reached."""

    source: str
    source_name: str
    unit_price: Decimal
    why: str
    min_quantity: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What one unit costs at the asked quantity. `unit_price` is None where nothing is agreed: price on request.

    `list_price` is what the base list says for the same quantity, None where it says nothing.
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


class _Offer(NamedTuple):
    """What a tariff says about a quantity: the step that holds, and the next that would cost less."""

    agreement: Agreement
    reached: Break | None
    ahead: Break | None


def decide(tariffs: Iterable[Tariff], quantity: int, currency: str) -> Decision:
    """The decision for `quantity` out of `tariffs`, one per agreement, all for one product and in `currency`."""
    tariffs = tuple(tariffs)
    offers = sorted((_offer(tariff, quantity) for tariff in tariffs), key=_precedence)
    winner = _winner(offers)
    unit_price = winner.reached.unit_price if winner else None
    ladder = _ladder(tariffs)
    listed = next((offer.reached for offer in offers if offer.agreement.source == LIST and offer.reached), None)
    return Decision(
        unit_price=unit_price,
        currency=currency,
        source=winner.agreement.source if winner else "",
        source_name=winner.agreement.name if winner else "",
        source_ref=winner.agreement.ref if winner else "",
        list_price=listed.unit_price if listed else None,
        breaks=ladder,
        next_break=_next_break(ladder, quantity, unit_price),
        passed_over=tuple(_passed_over(offers, winner)),
        quantity=quantity,
    )


def unit_price(tariffs: Iterable[Tariff], quantity: int) -> Decimal | None:
    """The unit price of `decide` without its reasons: for thousands that are only to be put in order."""
    best: dict[bool, Decimal] = {}
    for agreement, steps in tariffs:
        for min_quantity, price in steps:
            if min_quantity <= quantity and 0 <= price < best.get(agreement.exclusive, _DEAREST):
                best[agreement.exclusive] = price
    return best.get(True, best.get(False))


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
    return _RANK[agreement.source], agreement.distance, agreement.ref


def _winner(offers: Sequence[_Offer]) -> _Offer | None:
    """The cheapest that competes; `offers` stand in the order that settles a tie."""
    reached = [offer for offer in offers if offer.reached]
    competing = [offer for offer in reached if offer.agreement.exclusive] or reached
    return min(competing, key=lambda offer: offer.reached.unit_price, default=None)


def _ladder(tariffs: Sequence[Tariff]) -> tuple[Break, ...]:
    steps = sorted(
        (step.min_quantity, step.unit_price, tariff.agreement.exclusive)
        for tariff in tariffs
        for step in tariff.steps
        if step.unit_price >= 0
    )
    ladder: list[Break] = []
    best: dict[bool, Decimal] = {}
    for min_quantity, price, exclusive in steps:
        best[exclusive] = min(price, best.get(exclusive, price))
        holds = best.get(True, best.get(False))
        if ladder and ladder[-1].min_quantity == min_quantity:
            ladder.pop()
        if not ladder or ladder[-1].unit_price != holds:
            ladder.append(Break(min_quantity, holds))
    return tuple(ladder)


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
