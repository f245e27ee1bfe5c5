"""What goes into a box beside the goods: which rule applies to a shipment, and which of them are followed.

1. A rule applies where each of its conditions holds; a condition that says nothing always holds. Conditions are the
   account's segment, group and country, the persona of who ordered, which order of the account it is, categories bought
   before, days since the order before, days since a complaint, and a season (each year anew where it is yearly).
2. Rules that apply are gone through by priority, the lowest number first, then by age.
3. A rule is passed over where its insert rests for the account: what was chosen, put in or held out within the rest
   period is not chosen again.
4. Of each kind there is one at most, and in all as many as operations let go into a box (else `MOST`).
5. A rule is passed over where it cannot be followed (its budget is spent, its sample is not there); the next is looked
   at. That is asked of accounts which are held out as well, or the two would not be alike.
6. A share of the accounts is held out of each rule, by a hash of both (always the same accounts). What is held out
   takes its place in the box all the same: the two differ by the insert and by nothing else.
7. A complaint is what came out of a survey or a delivery that failed, and what an account itself opened about a
   delivery, a price, an invoice or our people. A question, or a wish for something to be sourced, is none.
8. What an account was promised goes before all this: it is not held out and takes none of the places; of its kind no
   rule chooses then.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from apps.core.comparing import is_held_out

MOST = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of a shipment. Days are None where there was no order before, no complaint."""

    account_id: int
    on: date
    segment: str = ""
    group_id: int | None = None
    country: str = ""
    persona: str = ""
    nth_order: int = 1
    categories: frozenset[int] = frozenset()
    days_since_order: int | None = None
    days_since_complaint: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule as operations wrote it. Empty collections and None say nothing; percent are from 0 to 100."""

    rule_id: int
    insert_id: int
    kind: str
    priority: int = 100
    held_out_percent: int = 0
    segments: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    personas: frozenset[str] = frozenset()
    categories: frozenset[int] = frozenset()
    order_from: int | None = None
    order_to: int | None = None
    away_days: int | None = None
    complaint_days: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    yearly: bool = False


class Reason(NamedTuple):
    """A condition that held, and what held it."""

    code: str
    value: str | int


class Choice(NamedTuple):
    """A rule that is followed, or held out."""

    terms: Terms
    reasons: tuple[Reason, ...]
    held_out: bool


def reasons_for(terms: Terms, occasion: Occasion) -> tuple[Reason, ...] | None:
    """Why the rule applies, condition by condition; None where it does not (see 1)."""
    is_one_of = (
        ("segment", terms.segments, occasion.segment),
        ("group", terms.groups, occasion.group_id),
        ("country", terms.countries, occasion.country),
        ("persona", terms.personas, occasion.persona),
    )
    bought = terms.categories & occasion.categories
    lapsed, complained = occasion.days_since_order, occasion.days_since_complaint
    has_nth = terms.order_from is not None or terms.order_to is not None
    said = [
        *((code, bool(wanted), has in wanted, has) for code, wanted, has in is_one_of),
        ("nth_order", has_nth, _within(terms.order_from, occasion.nth_order, terms.order_to), occasion.nth_order),
        ("category", bool(terms.categories), bool(bought), min(bought, default=0)),
        ("away", terms.away_days is not None, lapsed is not None and lapsed >= (terms.away_days or 0), lapsed),
        (
            *("complaint", terms.complaint_days is not None),
            *(complained is not None and complained <= (terms.complaint_days or 0), complained),
        ),
        ("season", bool(terms.starts_on or terms.ends_on), in_season(terms, occasion.on), occasion.on.isoformat()),
    ]
    if any(asked and not holds for _code, asked, holds, _value in said):
        return None
    return tuple(Reason(code, value) for code, asked, _holds, value in said if asked)


_ALWAYS = ("survey", "delivery")
_COMPLAINED_OF = ("delivery", "price", "invoice", "people")


def is_complaint(*, origin: str, cause: str) -> bool:
    """Whether a case that came about like this is a complaint of the account (see 7)."""
    return origin in _ALWAYS or (origin == "portal" and cause in _COMPLAINED_OF)


def in_season(terms: Terms, on: date) -> bool:
    """Whether the day is within the season, both ends counted; a yearly one may go over the turn of the year."""
    first, last = terms.starts_on, terms.ends_on
    if not (terms.yearly and first and last):
        return _within(first, on, last)
    start, end, day = ((each.month, each.day) for each in (first, last, on))
    return start <= day <= end if start <= end else day >= start or day <= end


def _within(low, value, high) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def choose(
    rules: Iterable[Terms],
    occasion: Occasion,
    *,
    resting: Collection[int] = (),
    can_have: Callable[[Terms], bool] = lambda terms: True,
    most: int = MOST,
) -> list[Choice]:
    """What goes into the box (see 2 to 6). `resting` are ids of inserts; `can_have` is asked in the order of choice."""
    chosen: list[Choice] = []
    for terms in sorted(rules, key=lambda each: (each.priority, each.rule_id)):
        if len(chosen) == most:
            break
        reasons = reasons_for(terms, occasion)
        taken = {each.terms.kind for each in chosen}
        if reasons is None or terms.insert_id in resting or terms.kind in taken or not can_have(terms):
            continue
        held_out = is_held_out(occasion.account_id, terms.rule_id, terms.held_out_percent)
        chosen.append(Choice(terms, reasons, held_out))
    return chosen
