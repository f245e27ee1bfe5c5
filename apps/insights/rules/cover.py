"""How often an account is seen, and when it is due next.

1. What an account is worth is a year's revenue and a third of what is missing to its potential. Its class is the first
   of A, B and C that begins at no more than that; who is worth less than all is in the last.
2. Each class has a rhythm of visits and one of contacts; a visit is a contact too. 0 days: none are asked for.
3. Due is so many days after the last. Who was never seen is due today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

_OF_WHAT_IS_MISSING = Decimal(3)
SOON = timedelta(days=7)


class Cover(NamedTuple):
    """The rule of a class: from which worth it begins, and the days between visits and between contacts."""

    least_worth: Decimal
    visit_days: int
    contact_days: int


#: Where operations or a manager has written no rule for a class.
USUAL: Mapping[str, Cover] = {
    "A": Cover(Decimal(60_000), 30, 14),
    "B": Cover(Decimal(20_000), 60, 30),
    "C": Cover(Decimal(0), 0, 90),
}


@dataclass(frozen=True, slots=True)
class Due:
    """When the next visit and contact are due; None where none are asked for. `days_over` is how long the one that is
    due first has been, negative before it; `never` where there was none of the kind yet."""

    visit_on: date | None
    contact_on: date | None
    on: date
    never_visited: bool = False
    never_spoken_to: bool = False

    @property
    def first_on(self) -> date | None:
        return min((day for day in (self.visit_on, self.contact_on) if day), default=None)

    @property
    def days_over(self) -> int | None:
        return (self.on - self.first_on).days if self.first_on else None

    @property
    def state(self) -> str:
        """overdue, soon (within a week) or "" """
        if self.first_on is None or self.first_on > self.on + SOON:
            return ""
        never = self.never_visited or self.never_spoken_to
        return "overdue" if self.first_on < self.on or never else "soon"


def worth_of(a_year: Decimal | None, potential: Decimal | None) -> Decimal:
    """What is not known counts as nothing."""
    bought = a_year or Decimal(0)
    return bought + max((potential or bought) - bought, Decimal(0)) / _OF_WHAT_IS_MISSING


def grade_of(worth: Decimal, rules: Mapping[str, Cover]) -> str:
    return next((grade for grade in sorted(rules) if worth >= rules[grade].least_worth), max(rules))


def due_of(rule: Cover, last_visit_on: date | None, last_contact_on: date | None, on: date) -> Due:
    """`last_contact_on` is the latest of any kind."""
    return Due(
        _after(last_visit_on, rule.visit_days, on),
        _after(last_contact_on, rule.contact_days, on),
        on,
        never_visited=bool(rule.visit_days) and last_visit_on is None,
        never_spoken_to=bool(rule.contact_days) and last_contact_on is None,
    )


def _after(last: date | None, days: int, on: date) -> date | None:
    if not days:
        return None
    return last + timedelta(days=days) if last else on
