"""How an order may be paid, and what each way means in money and dates.

1. On account: all of it is due the agreed net days after the invoice; paid within the early-payment days, it may be
   paid less discount. The discount is percent of the gross, rounded once.
2. In instalments: the gross is divided by their number and rounded down to the smallest amount of the currency; the
   last part carries what is left, so that the parts are the sum. A part of nothing is left out. The first part is due
   so many days after the invoice, each further one so many days later. There is no early-payment discount.
3. A fee for instalments is percent of the net (goods and freight), rounded once; it is a charge like freight, taxed
   like it, and stands on the first invoice.
4. Ahead of delivery: the gross is due when it is ordered; the goods leave once it has come. It takes no credit.
5. A way with a minimum is offered from that gross on, the fee not counted.
6. The goods of an order paid ahead are held so many days from the day it waits for nothing but its money. Half of them
   before the end, at most `REMIND_DAYS`, whoever ordered is reminded; without money the order ends the day after.
7. What has been received fills the parts in their order: what is due next is the first part not filled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from apps.core.money import ZERO, round_amount, step

ON_ACCOUNT, INSTALMENTS, AHEAD = "account", "instalments", "ahead"
REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay. `code` is a plan's, "" for the account's own terms; `days` is from the invoice to the (first) due
    date, `every_days` from part to part; `hold_days` is how long goods wait for money that comes ahead.
    """

    code: str = ""
    kind: str = ON_ACCOUNT
    name: str = ""
    days: int = 0
    discount_percent: Decimal = ZERO
    discount_days: int = 0
    parts: int = 1
    every_days: int = 0
    fee_percent: Decimal = ZERO
    minimum: Decimal = ZERO
    hold_days: int = 0

    @property
    def takes_credit(self) -> bool:
        return self.kind != AHEAD


@dataclass(frozen=True, slots=True)
class Part:
    """An amount and the day it is due."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a way means for a sum: its parts, and what is paid instead until `discount_until` (None: no discount)."""

    parts: tuple[Part, ...]
    discount: Decimal | None = None
    discounted: Decimal | None = None
    discount_until: date | None = None


def fee_of(net: Decimal, way: Way, currency: str) -> Decimal:
    """The charge for paying this way, net."""
    return round_amount(net * way.fee_percent / 100, currency)


def is_offered(way: Way, gross: Decimal) -> bool:
    """Whether a sum is large enough for the way."""
    return gross >= way.minimum


def parts_of(gross: Decimal, way: Way, *, invoiced_on: date, currency: str) -> tuple[Part, ...]:
    """When how much of an invoice is due. The amounts are the gross to the penny."""
    count = max(way.parts, 1) if way.kind == INSTALMENTS else 1
    each = (gross / count).quantize(step(currency), ROUND_DOWN)
    amounts = [each] * (count - 1) + [gross - each * (count - 1)]
    first = invoiced_on + timedelta(days=way.days)
    dated = ((first + timedelta(days=way.every_days * turn), amount) for turn, amount in enumerate(amounts))
    return tuple(Part(due_on, amount) for due_on, amount in dated if amount) or (Part(first, gross),)


def schedule_of(gross: Decimal, way: Way, *, ordered_on: date, invoiced_on: date, currency: str) -> Schedule:
    """What the way means for a sum that is ordered and invoiced on these days."""
    if way.kind == AHEAD:
        return Schedule((Part(ordered_on, gross),))
    parts = parts_of(gross, way, invoiced_on=invoiced_on, currency=currency)
    if way.kind == INSTALMENTS or not way.discount_percent:
        return Schedule(parts)
    discount = round_amount(gross * way.discount_percent / 100, currency)
    return Schedule(parts, discount, gross - discount, invoiced_on + timedelta(days=way.discount_days))


def pay_by(hold_days: int, on: date) -> date:
    """The last day for the money of an order that begins to wait for it on this one."""
    return on + timedelta(days=hold_days)


def reminds_on(last: date, hold_days: int) -> date:
    """The day from which whoever ordered is reminded of the money that must be there on the last."""
    return last - timedelta(days=min(REMIND_DAYS, (hold_days + 1) // 2))


def open_parts(parts: Iterable[Part], paid: Decimal) -> tuple[Part, ...]:
    """What is left of each part after `paid` has filled them in their order; filled ones are left out."""
    left = []
    for part in parts:
        filled = min(max(paid, ZERO), part.amount)
        paid -= filled
        if filled < part.amount:
            left.append(Part(part.due_on, part.amount - filled))
    return tuple(left)


def next_due(parts: Sequence[Part], paid: Decimal) -> date:
    """The day the next open part is due; the last one's once all is paid."""
    left = open_parts(parts, paid)
    return left[0].due_on if left else parts[-1].due_on
