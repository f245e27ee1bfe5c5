"""Twice a year those who decide and watch over what an account buys are asked how we do as a whole.

1. Asked are active accounts that ordered within a year, one person of each role that the programme names (of all roles
   where it names none): who was asked longest ago.
2. When in the half-year is decided by the account itself: some day from its second to its 22nd week. A day that was
   missed by more than two weeks (the programme was off) has to wait for the next half-year: nobody is flooded.
3. What stood in the way for a time is looked at again every day until the half-year is over; a role that nobody has
   leaves a decision that says so.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import Account, Contact
from apps.feedback.models import Invitation, Programme
from apps.feedback.services.programmes import CALLED_OFF, active_programme, ensure_programmes
from apps.feedback.services.subjects import Subject, decide
from apps.ordering.models import Order

_ORDERED_WITHIN = timedelta(days=365)
_FIRST_DAY, _DAYS = 7, 147  # from the second week on, to the end of the 22nd
_CATCHES_UP = 14  # days
_LOT = 500  # accounts that are locked together


def plan_half_years(*, now: datetime) -> int:
    """Decide about the accounts whose day in this half-year has come; how many decisions were made or changed.

    Safe to repeat: each account and role is asked once in a half-year.
    """
    ensure_programmes()
    programme = active_programme(Programme.Kind.RELATIONSHIP)
    if programme is None:
        return 0
    today, starts_on = now.astimezone(UTC).date(), _starts_on(now)
    known = set(_known(programme, starts_on))
    late = {pk: (today - asked_on(pk, starts_on)).days for pk in _ordering(now)}
    ids = [pk for pk, days in late.items() if 0 <= days <= _CATCHES_UP or (days > 0 and pk in known)]
    lots = (ids[start : start + _LOT] for start in range(0, len(ids), _LOT))
    return sum(len(decide(programme, _subjects(programme, lot, starts_on, now), now=now)) for lot in lots)


def asked_on(account_id: int, starts_on: date) -> date:
    """The day of the half-year beginning on `starts_on` from which an account is asked."""
    return starts_on + timedelta(days=_FIRST_DAY + account_id * 7919 % _DAYS)


def _known(programme: Programme, starts_on: date) -> QuerySet:
    """Accounts that were decided about in this half-year."""
    decided = Invitation.objects.filter(programme=programme, subject_ref__contains=f":{_half(starts_on)}")
    return decided.filter(decided_at__date__gte=starts_on).values_list("account", flat=True)


def _starts_on(now: datetime) -> date:
    today = now.astimezone(UTC).date()
    return date(today.year, 1 if today.month <= 6 else 7, 1)


def _half(starts_on: date) -> str:
    return f"{starts_on.year}H{1 if starts_on.month == 1 else 2}"


def _ordering(now: datetime) -> list[int]:
    orders = Order.objects.filter(account=OuterRef("pk"), placed_at__gt=now - _ORDERED_WITHIN, placed_at__lte=now)
    ordered = Exists(orders.exclude(status__in=CALLED_OFF))
    accounts = Account.objects.filter(ordered, is_active=True, is_test=False)
    return list(accounts.order_by("pk").values_list("pk", flat=True))


def _subjects(programme: Programme, account_ids: list[int], starts_on: date, now: datetime) -> Iterator[Subject]:
    half = _half(starts_on)
    people: dict[tuple[int, str], list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(account__in=account_ids, is_active=True):
        people[contact.account_id, contact.persona if programme.personas else ""].append(contact)
    for account in Account.objects.filter(pk__in=account_ids).order_by("pk"):
        for persona in programme.personas or [""]:
            yield _subject(account, half, persona, people[account.pk, persona], now)


def subject_of_half_year(account: Account, persona: str, people: list[Contact], now: datetime) -> Subject:
    """An account as a whole in the half-year of `now`, asked of people of one role ("" where no role is named)."""
    return _subject(account, _half(_starts_on(now)), persona, people, now)


def _subject(account: Account, half: str, persona: str, people: list[Contact], now: datetime) -> Subject:
    return Subject(
        ref=f"account:{account.number}:{half}:{persona}".rstrip(":"),
        account=account,
        ready_at=now,
        people=people,
        spread=account.pk,
        nobody=Invitation.Reason.NO_PERSON,
    )
