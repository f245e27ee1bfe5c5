"""What may be sent back, until when, at what fee, and what of it is credited.

1. A line can be returned as far as it was delivered and neither came back nor is under a return already.
2. Each reason has its terms: the days after the delivery (by the day at the place of delivery), the share of the net
   that is kept for taking it back, who pays the freight, whether it is agreed to by itself. A fault of the goods can be
   claimed until the warranty of the product ends, where that is later.
3. Services never come back. What was cut, made to order, is dangerous or a matter of hygiene comes back only for a
   fault of ours or of the goods, and never without somebody having looked at it.
4. A return is agreed to by itself where every line's reason says so, or where all of it is worth no more than a limit;
   never where somebody has to look at a line of it (3).
5. What is restocked is credited. What is scrapped is credited where the reason is our fault or that of the goods; for
   a change of mind it is not. What goes back to the customer is not credited.
6. The fee is its share of the net that is credited for a line, rounded once, half up.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import ZERO, round_amount

CHANGED_MIND, ORDERED_WRONG, SURPLUS = "changed_mind", "ordered_wrong", "surplus"
DAMAGED, WRONG_ITEM, FAULTY, TOO_LATE = "damaged", "wrong_item", "faulty", "too_late"
REASONS = (CHANGED_MIND, ORDERED_WRONG, SURPLUS, DAMAGED, WRONG_ITEM, FAULTY, TOO_LATE)
FAULTS = frozenset({DAMAGED, WRONG_ITEM, FAULTY, TOO_LATE})

SERVICE, NOT_DELIVERED, ALL_BACK = "service", "not_delivered", "all_back"  # why nothing of a line can be returned
OVER, BARRED = "over", "barred"  # why not for this reason

AS_NEW, OPENED, BROKEN, NOT_OURS = "as_new", "opened", "damaged", "not_ours"
CONDITIONS = (AS_NEW, OPENED, BROKEN, NOT_OURS)
RESTOCK, SCRAP, SEND_BACK = "restock", "scrap", "send_back"
DECISIONS = (RESTOCK, SCRAP, SEND_BACK)

AUTOMATIC_BELOW = Decimal(100)
SEND_WITHIN_DAYS = 14


@dataclass(frozen=True, slots=True)
class ReasonTerms:
    """On which terms goods come back for a reason. `fee_percent` is the share of the net that is kept."""

    days: int
    fee_percent: Decimal
    we_pay_freight: bool
    is_automatic: bool


USUAL: Mapping[str, ReasonTerms] = {
    CHANGED_MIND: ReasonTerms(30, Decimal(15), False, False),
    ORDERED_WRONG: ReasonTerms(30, Decimal(15), False, False),
    SURPLUS: ReasonTerms(60, Decimal(20), False, False),
    DAMAGED: ReasonTerms(14, ZERO, True, True),
    WRONG_ITEM: ReasonTerms(30, ZERO, True, True),
    FAULTY: ReasonTerms(365, ZERO, True, False),
    TOO_LATE: ReasonTerms(14, ZERO, True, True),
}


@dataclass(frozen=True, slots=True)
class Bought:
    """A line as it stands: pieces delivered, come back, under a return; the day it was received, None where none was.

    `barred` says why it comes back only for a fault ("" where it comes back for any reason).
    """

    delivered: int
    returned: int
    returning: int
    delivered_on: date | None
    is_service: bool = False
    barred: str = ""
    warranty_months: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Whether goods come back for a reason: until which day, on which terms; `refused` says why not, else ""."""

    reason: str
    until: date
    terms: ReasonTerms
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many pieces of a line can still be returned, for which reasons; `why` none can, else ""."""

    left: int
    options: tuple[Option, ...]
    why: str = ""
    barred: str = ""

    @property
    def open(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.refused)

    def option(self, reason: str) -> Option | None:
        return next((option for option in self.options if option.reason == reason), None)


def verdict(bought: Bought, terms: Mapping[str, ReasonTerms], on: date) -> Verdict:
    """What can be returned of a line on a day (that of the place it was delivered to)."""
    left = bought.delivered - bought.returned - bought.returning
    why = _none_of_it(bought, left)
    if why:
        return Verdict(0, (), why, bought.barred)
    options = tuple(_option(reason, bought, terms.get(reason) or USUAL[reason], on) for reason in REASONS)
    return Verdict(left, options, "", bought.barred)


def _none_of_it(bought: Bought, left: int) -> str:
    if bought.is_service:
        return SERVICE
    if bought.delivered_on is None or not bought.delivered:
        return NOT_DELIVERED
    return "" if left > 0 else ALL_BACK


def _option(reason: str, bought: Bought, terms: ReasonTerms, on: date) -> Option:
    until = bought.delivered_on + timedelta(days=terms.days)
    if reason == FAULTY and bought.warranty_months:
        until = max(until, months_after(bought.delivered_on, bought.warranty_months))
    refused = BARRED if bought.barred and reason not in FAULTS else OVER if on > until else ""
    return Option(reason, until, terms, refused)


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a return: for which reason, on which terms, worth how much net, and whether somebody has to look."""

    reason: str
    terms: ReasonTerms
    net: Decimal
    barred: str = ""


def is_automatic(lines: Iterable[Asked], below: Decimal) -> bool:
    """Whether a return is agreed to by itself; `below` is the limit in the currency of the order."""
    lines = tuple(lines)
    if any(line.barred for line in lines):
        return False
    return all(line.terms.is_automatic for line in lines) or sum((line.net for line in lines), ZERO) <= below


def we_pay_freight(terms: Iterable[ReasonTerms]) -> bool:
    """One parcel has one payer: we, as soon as one of its lines comes back at our expense."""
    return any(each.we_pay_freight for each in terms)


def possible(condition: str, decision: str) -> bool:
    """Whether what came in a condition can be dealt with so: what is damaged is not sold again, what is not ours
    is not kept."""
    if decision == RESTOCK:
        return condition in (AS_NEW, OPENED)
    return condition != NOT_OURS or decision == SEND_BACK


def is_credited(reason: str, decision: str) -> bool:
    """Whether what came back for a reason and was dealt with so is credited."""
    return decision == RESTOCK or (decision == SCRAP and reason in FAULTS)


def fee(net: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What is kept of the net credited for a line."""
    return round_amount(net * percent / 100, currency)
