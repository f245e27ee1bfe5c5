"""The weekly letter about what is due: who gets it today, and what stands in it.

1. It is advertising: it goes to whom we may write to about offers (`may_write_to`), with one click to get no more of
   it.
2. It goes to who may order for an account and can log in; to none at an account that is held out (`earning`).
3. It goes out in the reader's morning, on a day on which the account works and its country is open; a week after the
   one before at the earliest, and once in a calendar week.
4. It tells what is due within a week: not what is dismissed, off sale or outside the assortment, was ordered since
   yesterday, lies in the reader's cart, or is part of what a case is open about. With nothing in it, it does not go.
5. Quantities, prices and days of arrival are those of the hour in which it is written; the page it leads to asks anew.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from django.utils import translation

from apps.accounts.models import Contact, Purpose
from apps.accounts.rules import PERMISSIONS
from apps.accounts.selectors import actor_for, may_mail, ship_tos_of
from apps.availability.selectors import promises_for
from apps.cases.rules import zone_of
from apps.catalogue.models import Product
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import in_readers_language
from apps.core.comparing import is_held_out
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for
from apps.delivery.selectors.holidays import closed_days
from apps.feedback.selectors import offer_stop_token
from apps.pricing.selectors import prices_for
from apps.recommendations.because import because_words
from apps.recommendations.earning import DRAW, suggestion_terms
from apps.recommendations.errors import LetterNotFound
from apps.recommendations.models import NextLine, NextOrderLetter, SuggestionTerms
from apps.recommendations.selectors import AHEAD_DAYS, Suggested, next_order
from apps.recommendations.selectors.kept_out import suggestible

MOST_LINES = 12
MORNING_HOURS = 4
WEEK = timedelta(days=7)
_TOGETHER = 200  # contacts whose consent is asked for at once
_MAY_ORDER = [role for role in Contact.Role.values if "order.place" in PERMISSIONS[role]]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line of the letter. Without a price it is on request; without a day of arrival that is."""

    suggested: Suggested
    unit_price: Decimal | None
    currency: str
    arrives_on: date | None
    why: str


def may_write_to(contact_ids: Collection[int]) -> set[int]:
    """Those of the contacts who may get the letter. Two queries for any number."""
    return may_mail(contact_ids, Purpose.MARKETING)


def is_morning(local: datetime, hour: int, working_days: str, closed: Collection[date]) -> bool:
    """Whether a letter may go out at this time of a reader's clock (see 3)."""
    works = str(local.isoweekday()) in working_days and local.date() not in closed
    return works and hour <= local.hour < hour + MORNING_HOURS


def readers_due(now: datetime) -> Iterator[tuple[Contact, date]]:
    """Who may get a letter now, with the day it is for them; whether there is anything in it is not asked yet.

    Four queries, and two for each two hundred contacts in whose morning it is.
    """
    terms = suggestion_terms()
    if not terms.writes_letters:
        return
    waiting = [each for each in _in_their_morning(terms, now) if not _is_held_out(each[0], terms)]
    for start in range(0, len(waiting), _TOGETHER):
        some = waiting[start : start + _TOGETHER]
        allowed = may_write_to([contact.pk for contact, _on in some])
        yield from (each for each in some if each[0].pk in allowed)


def _is_held_out(contact: Contact, terms: SuggestionTerms) -> bool:
    return is_held_out(contact.account.number, DRAW, terms.held_out_percent)


def _in_their_morning(terms: SuggestionTerms, now: datetime) -> list[tuple[Contact, date]]:
    zones = Contact.objects.order_by().values_list("time_zone", flat=True).distinct()
    hours = range(terms.letter_hour, terms.letter_hour + MORNING_HOURS)
    there = [zone for zone in zones if now.astimezone(zone_of(zone)).hour in hours]
    contacts = list(_with_something_due(there, now))
    around = now.date()
    countries = {contact.account.country for contact in contacts}
    closed = closed_days(countries, since=around - timedelta(days=1), until=around + timedelta(days=1))
    found = []
    for contact in contacts:
        account, local = contact.account, now.astimezone(zone_of(contact.time_zone))
        is_due = contact.letter_on is None or contact.letter_on <= local.date() - WEEK
        if is_due and is_morning(local, terms.letter_hour, account.working_days, closed[account.country]):
            found.append((contact, local.date()))
    return found


def _with_something_due(zones: list[str], now: datetime):
    """Contacts in these time zones who may order, with a line that may be due and, as `letter_on`, the local day of
    their latest letter."""
    latest_day = now.date() + timedelta(days=1)  # where it is tomorrow already
    due = NextLine.objects.filter(account=OuterRef("account"), due_on__lte=latest_day + timedelta(days=AHEAD_DAYS))
    letters = NextOrderLetter.objects.filter(contact=OuterRef("pk")).order_by("-on")
    readers = Contact.objects.filter(is_active=True, role__in=_MAY_ORDER, time_zone__in=zones, user__is_active=True)
    readers = readers.filter(Exists(due), account__is_active=True, account__is_test=False)
    readers = readers.annotate(letter_on=Subquery(letters.values("on")[:1]))
    return readers.exclude(email="").select_related("account__rep__user", "user").order_by("pk")


def lines_due(contact: Contact, on: date, now: datetime) -> list[LetterLine]:
    """What the letter to a contact tells, in their language, the likeliest first; none where there is nothing.

    A constant number of queries.
    """
    actor = actor_for(contact.user, account_id=contact.account_id)
    if actor.contact_id != contact.pk:
        return []
    with translation.override(contact.language):
        due = next_order(actor, on, due_within=AHEAD_DAYS)
        now_too = suggestible(actor, on, [each.product.pk for each in due])
        due = [each for each in due if each.product.pk in now_too]
        return _with_conditions(actor, contact, due[:MOST_LINES], on, now)


def _with_conditions(
    actor: Actor, contact: Contact, due: Sequence[Suggested], on: date, now: datetime
) -> list[LetterLine]:
    if not due:
        return []
    in_readers_language([each.product for each in due])
    asks = [Ask(each.product.pk, each.quantity) for each in due]
    prices, promises = prices_for(actor, asks, on), promises_for(asks, on)
    account, ship_tos = contact.account, ship_tos_of(actor)
    place = ship_tos[0] if ship_tos else (account.country, account.working_days, account.time_zone)
    arrivals = arrivals_for(place, promises, now)
    return [
        LetterLine(
            each, prices[ask].unit_price, prices[ask].currency, arrivals.get(ask), because_words(each, on)
        )
        for each, ask in zip(due, asks, strict=True)
    ]  # fmt: skip


def message_of(letter: NextOrderLetter, lines: Sequence[LetterLine]) -> dict:
    """The letter as arguments of `core.mail.send_once`, in the name of the rep."""
    contact, rep = letter.contact, letter.contact.account.rep
    stop = f"{settings.PORTAL_URL}/o/{offer_stop_token(contact.pk)}/stop/"
    return {
        "key": f"next-order:{letter.pk}",
        "to": contact.email,
        "template": "next_order",
        "context": {
            "letter": letter,
            "lines": lines,
            "account": contact.account,
            "reader": contact.name,
            "rep": rep.user.name if rep else "",
            "stop_link": stop,
        },
        "language": contact.language,
        "account_id": contact.account_id,
        "headers": {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            **({"Reply-To": rep.user.email} if rep else {}),
        },
    }


def letter_for(actor: Actor, letter_id: int) -> NextOrderLetter:
    """A letter to the contact who asks; `LetterNotFound` for absent and not yours alike. One query."""
    mine = NextOrderLetter.objects.filter(contact=actor.contact_id, account=actor.account_id)
    found = mine.filter(pk=letter_id).first() if actor.contact_id else None
    if found is None:
        raise LetterNotFound()
    return found


def still_due(actor: Actor, letter: NextOrderLetter, on: date) -> list[Suggested]:
    """Those lines of a letter that are still worth ordering, in its order; see 4. Two queries at most."""
    told = {line["product"]: line for line in letter.lines}
    products = suggestible(actor, on, list(told))
    return [_suggested(products[pk], line) for pk, line in told.items() if pk in products]


def told_of(line: LetterLine) -> dict:
    """A line as the letter's row keeps it."""
    each = line.suggested
    due = each.due_on.isoformat() if each.due_on else None
    facts = {"kind": each.kind, "because": dict(each.because), "due": due}
    return {"product": each.product.pk, "quantity": each.quantity, **facts}


def _suggested(product: Product, line: dict) -> Suggested:
    least = {"minimum": product.minimum_quantity, "multiple": product.order_multiple}
    due_on = date.fromisoformat(line["due"]) if line["due"] else None
    quantity = orderable_quantity(line["quantity"], **least)
    return Suggested(product, quantity, line["kind"], line["because"], None, due_on, None)
