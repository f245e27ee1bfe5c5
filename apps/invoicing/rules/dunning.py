"""Of what is overdue, what an account is reminded of today, and how firmly.

1. What is overdue are parts of invoices: one of an invoice that is due in one, each instalment of another. What came in
   and what was credited has filled them already.
2. Credit of the account that pays nothing yet (credit notes, money on account) fills them further, the oldest first:
   nobody is reminded of more than would be left after all of it.
3. Levels are climbed one at a time. A part reaches the next level once it is overdue for the days of it, and as long
   after the last reminder as lies between the days of the two: what is found late is not rushed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.money import ZERO


@dataclass(frozen=True, slots=True)
class Step:
    """A level of reminding: its place (1 is the mildest) and the days something is overdue for it."""

    level: int
    days: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A part that is open after its due date, and how it was reminded of before (0 and None: not yet)."""

    invoice_id: int
    due_on: date
    amount: Decimal
    level: int = 0
    reminded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What is left of a part, and the level it is reminded at now."""

    invoice_id: int
    due_on: date
    amount: Decimal
    level: int


def claims(overdue: Iterable[Overdue], credit: Decimal, steps: Sequence[Step], on: date) -> tuple[Claim, ...]:
    """What is to be reminded of on a day, the oldest first."""
    found = []
    for part in sorted(overdue, key=lambda part: (part.due_on, part.invoice_id)):
        filled = min(max(credit, ZERO), part.amount)
        credit -= filled
        step = next_step(part, steps, on)
        if step and filled < part.amount:
            found.append(Claim(part.invoice_id, part.due_on, part.amount - filled, step.level))
    return tuple(found)


def next_step(part: Overdue, steps: Sequence[Step], on: date) -> Step | None:
    """The level that a part has reached and was not reminded at; None where it has to wait, or there is none."""
    ahead = sorted((step for step in steps if step.level > part.level), key=lambda step: step.level)
    if not ahead or (on - part.due_on).days < ahead[0].days:
        return None
    before = max((step.days for step in steps if step.level <= part.level), default=0)
    if part.reminded_on and (on - part.reminded_on).days < ahead[0].days - before:
        return None
    return ahead[0]
