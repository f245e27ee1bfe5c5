"""What home says on an occasion, and to whom: one message at most.

1. A rule has one occasion: the first log-in, the first order delivered, the order of a number, the anniversary as a
   customer, a contract begun or renewed, an order after a long silence, days of the calendar.
2. It is shown from the occasion on for so many days, within its own days where it has them. Days of the calendar are
   their own end.
3. Of those that fit and were not put away the lowest priority is shown, the older rule first.
4. What was put away stays away for that occasion: the next anniversary, the next contract is another.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NAMES = ("contact", "account", "rep", "years", "number")
_NAME = re.compile(r"\{([^{}\n]*)\}")


class Trigger(StrEnum):
    FIRST_LOG_IN = "first_log_in"
    FIRST_DELIVERY = "first_delivery"
    NTH_ORDER = "nth_order"
    ANNIVERSARY = "anniversary"
    CONTRACT = "contract"
    BACK = "back"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of who looks and of their account; None where it has not come about."""

    first_log_in_on: date | None = None
    first_delivery_on: date | None = None
    orders: int = 0
    last_order_on: date | None = None
    order_before_on: date | None = None
    since_on: date | None = None
    contract_from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The day something came about, and a key that tells it from the next of its kind; `years` of an anniversary."""

    on: date
    key: str
    years: int = 0


def occasion_of(trigger: str, number: int | None, facts: Facts, on: date, *, from_on: date | None) -> Occasion | None:
    """The latest occasion up to `on`; None where there was none. `from_on` is the first day of days of the calendar."""
    if trigger == Trigger.ANNIVERSARY:
        return _anniversary(facts.since_on, on)
    if trigger == Trigger.NTH_ORDER:
        return _once(facts.last_order_on if facts.orders == number else None, f"order {number}")
    if trigger == Trigger.BACK:
        return _back(facts, number or 0)
    day = {
        Trigger.FIRST_LOG_IN: facts.first_log_in_on,
        Trigger.FIRST_DELIVERY: facts.first_delivery_on,
        Trigger.CONTRACT: facts.contract_from_on,
        Trigger.DAYS: from_on,
    }[Trigger(trigger)]
    has_next = trigger in (Trigger.CONTRACT, Trigger.DAYS)
    return _once(day, f"{trigger} {day}" if has_next else str(trigger))


def is_due(occasion: Occasion, on: date, shown_days: int, *, is_calendar: bool = False) -> bool:
    """Whether an occasion is still worth a word; days of the calendar are over when the rule is."""
    gone = (on - occasion.on).days
    return gone >= 0 and (is_calendar or gone < shown_days)


def unknown_names(text: str) -> list[str]:
    """What stands in braces and is none of `NAMES`, each once, as written."""
    return list(dict.fromkeys(name for name in _NAME.findall(text) if name not in NAMES))


def worded(text: str, values: Mapping[str, str]) -> str:
    """`text` with its names filled in; one that is not known is left out with the space before it. What is put in is
    not looked at again."""
    filled = re.sub(r"( ?)\{([^{}\n]*)\}", lambda found: _put(found, values), text)
    return filled.strip()


def _put(found: re.Match, values: Mapping[str, str]) -> str:
    if found[2] not in NAMES:
        return found[0]
    value = values.get(found[2], "")
    return f"{found[1]}{value}" if value else ""


def _once(day: date | None, key: str) -> Occasion | None:
    return Occasion(day, key) if day else None


def _back(facts: Facts, silent_days: int) -> Occasion | None:
    last, before = facts.last_order_on, facts.order_before_on
    if last is None or before is None or (last - before).days < silent_days:
        return None
    return Occasion(last, f"back {last}")


def _anniversary(since: date | None, on: date) -> Occasion | None:
    """The last one up to `on`; of 29 February it is 1 March in other years."""
    if since is None:
        return None
    for year in (on.year, on.year - 1):
        day = _same_day(since, year)
        if day <= on and year > since.year:
            return Occasion(day, f"year {year}", year - since.year)
    return None


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
