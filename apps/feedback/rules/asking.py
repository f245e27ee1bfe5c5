"""Whom to ask about a delivery, whether at all, and at which hour.

1. Nothing is asked where the programme is off, the account is a test, the delivery is too long ago, or it is known to
   have failed and the fix is not done yet; nobody is asked while a case of the account is open.
2. An account is asked at most so often within so many days, a contact at most so often in a year, a role of an account
   at most so often in a calendar quarter. What the programme and what the house allows both hold. What follows a case
   neither takes nor needs the rest of the other asks: it has the rest of its own programme, and only the numbers of the
   house count both.
3. Candidates come in this order: who ordered or received the delivery, then the account's other roles; among equals who
   was asked longest ago, never asked before all others. Where a programme names personas, only who took part and who
   is one of them are candidates.
4. The first candidate who is active, agreed, did not object, has an address and will have rested when asked is asked.
   Two colleagues are never asked about one delivery.
5. It is due the programme's number of local days after the delivery (after the fix, where it had failed), on the first
   working day of the account, no holiday of its country, from then on, at an hour of the window in the contact's time
   zone. Where in the window is decided by the delivery itself, so that a morning's deliveries are not all asked about
   at once.
6. It expires at the end of the contact's local day, so many days after it was due. A reminder follows after so many
   working days at the same kind of hour, unless it would come after the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from apps.cases.rules import WorkingTime

_NEVER = datetime.min.replace(tzinfo=UTC)
_LAST_MINUTES = 30  # kept free at the end of the window, so that what is due is also handed over inside it
_YEAR = timedelta(days=365)
_CLOSEST_FIRST = ("account_cap", "role_quota", "throttled", "objected", "no_consent", "no_address")


@dataclass(frozen=True, slots=True)
class House:
    """What no programme may exceed; 0 means no limit."""

    contact_rest_days: int = 0
    contact_year_cap: int = 0
    account_cap: int = 0
    account_cap_days: int = 30


@dataclass(frozen=True, slots=True)
class Policy:
    """The asking rules of a programme, as `Programme` stores them, and what the house says beside them."""

    is_active: bool = True
    delay_days: int = 2
    window_from: time = time(9)
    window_to: time = time(17)
    expires_days: int = 14
    reminder_days: int = 4
    contact_rest_days: int = 90
    account_cap: int = 2
    account_cap_days: int = 30
    house: House = House()

    @property
    def rest_days(self) -> int:
        """How long a contact rests: the longer of what programme and house say."""
        return max(self.contact_rest_days, self.house.contact_rest_days)

    def hours(self, zone: str, weekdays: str, closed: frozenset[date] = frozenset()) -> WorkingTime:
        """The window as working time of a contact in `zone` whose account works on `weekdays` but `closed` days."""
        return WorkingTime(zone=zone, weekdays=weekdays, opens=self.window_from, closes=self.window_to, closed=closed)


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when something may be sent, in UTC."""

    due_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the verdict needs to know of a delivery and its account.

    `ready_at` is when it was delivered or, where it had failed, put right; `spread` is any number of its own;
    `asked_at` are the latest asks of the account, planned ones too, and `beside` those that only the house counts with
    them: what follows a case beside the others, and the other way round. `closed` are the holidays of its country;
    `quotas` the asks of a quarter by role, `asked_by_role` how many of them were made in this one.
    """

    ready_at: datetime
    weekdays: str = "12345"
    is_test_account: bool = False
    known_failure: bool = False
    fixed: bool = False
    open_case: bool = False
    asked_at: tuple[datetime, ...] = ()
    beside: tuple[datetime, ...] = ()
    spread: int = 0
    closed: frozenset[date] = frozenset()
    quotas: Mapping[str, int] = field(default_factory=dict)
    asked_by_role: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact who might be asked. `took_part`: ordered or received it; `last_asked_at` counts planned asks too, and
    so does `asked_at`: those of a year, whatever they were about."""

    contact_id: int
    took_part: bool = False
    is_active: bool = True
    consents: bool = True
    objected: bool = False
    has_address: bool = True
    zone: str = "UTC"
    last_asked_at: datetime | None = None
    role: str = ""
    persona: str = ""
    asked_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whom to ask and when, or the reason (a code of `Invitation.Reason`) why nobody is."""

    candidate: Candidate | None = None
    window: Window | None = None
    reason: str = ""


def may_ask(delivery: Delivery, candidates: Iterable[Candidate], policy: Policy, *, now: datetime) -> Verdict:
    """Decide by rules 1 to 5; the reason given is the first that applies.

    Where every candidate falls out, the reason is that of the one who came closest to being asked.
    """
    reason = _not_at_all(delivery, policy, now)
    if reason:
        return Verdict(reason=reason)
    reasons = set()
    for candidate in in_turn(candidates):
        hours = policy.hours(candidate.zone, delivery.weekdays, delivery.closed)
        window = due_at(delivery.ready_at, hours, policy, now=now, spread=delivery.spread)
        against = _against(candidate, policy, window.due_at) or _enough(delivery, candidate, policy, window.due_at)
        if not against:
            return Verdict(candidate, window)
        reasons.add(against)
    return Verdict(reason=next((reason for reason in _CLOSEST_FIRST if reason in reasons), "no_address"))


def in_turn(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates in the order of rule 3."""
    return sorted(candidates, key=lambda one: (not one.took_part, one.last_asked_at or _NEVER, one.contact_id))


def _not_at_all(delivery: Delivery, policy: Policy, now: datetime) -> str:
    stale_from = delivery.ready_at + timedelta(days=policy.delay_days + policy.expires_days)
    verdicts = (
        (not policy.is_active, "programme_off"),
        (delivery.is_test_account, "test_account"),
        (delivery.known_failure and not delivery.fixed, "known_failure"),
        (delivery.open_case, "open_case"),
        (now >= stale_from, "too_late"),
    )
    return next((reason for applies, reason in verdicts if applies), "")


def _against(candidate: Candidate, policy: Policy, asked_at: datetime) -> str:
    rested_from = asked_at - timedelta(days=policy.rest_days)
    of_a_year = sum(earlier > asked_at - _YEAR for earlier in candidate.asked_at)
    rests = candidate.last_asked_at is not None and candidate.last_asked_at > rested_from
    verdicts = (
        (not candidate.is_active or not candidate.has_address, "no_address"),
        (candidate.objected, "objected"),
        (not candidate.consents, "no_consent"),
        (rests or 0 < policy.house.contact_year_cap <= of_a_year, "throttled"),
    )
    return next((reason for applies, reason in verdicts if applies), "")


def _enough(delivery: Delivery, candidate: Candidate, policy: Policy, asked_at: datetime) -> str:
    quota = delivery.quotas.get(candidate.role)
    if quota is not None and delivery.asked_by_role.get(candidate.role, 0) >= quota:
        return "role_quota"
    house = policy.house
    caps = (
        (policy.account_cap, policy.account_cap_days, delivery.asked_at),
        (house.account_cap, house.account_cap_days, delivery.asked_at + delivery.beside),
    )
    for cap, days, asks in caps:
        since = asked_at - timedelta(days=days)
        if cap and sum(earlier > since for earlier in asks) >= cap:
            return "account_cap"
    return ""


def quarter_of(day: date) -> date:
    """The first day of the calendar quarter in which a day is."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def due_at(delivered_at: datetime, hours: WorkingTime, policy: Policy, *, now: datetime, spread: int = 0) -> Window:
    """When to ask about a delivery: rule 5, and never in the past.

    The same delivery gets the same hour again, so a plan that is made twice does not move.
    """
    earliest = hours.local(delivered_at).date() + timedelta(days=policy.delay_days)
    return _window_from(earliest, hours, now=now, spread=spread)


def reminder_at(
    asked_at: datetime, hours: WorkingTime, policy: Policy, *, ends_at: datetime, spread: int = 0
) -> datetime | None:
    """When to remind who was asked at `asked_at`; None where the programme does not, or it would come after the end."""
    if not policy.reminder_days:
        return None
    day = hours.next_day(hours.local(asked_at).date(), policy.reminder_days)
    due = _window_from(day, hours, now=asked_at, spread=spread).due_at
    return due if due < ends_at else None


def expires_at(asked_at: datetime, hours: WorkingTime, policy: Policy) -> datetime:
    """The end (UTC) of the contact's local day `expires_days` after the ask."""
    return hours.at(hours.local(asked_at).date() + timedelta(days=policy.expires_days + 1), time())


def _window_from(earliest: date, hours: WorkingTime, *, now: datetime, spread: int) -> Window:
    """The first window on or after `earliest` in which there is still time left at `now`."""
    day = hours.next_day(max(earliest, hours.local(now).date()))
    while True:
        opens, closes = hours.at(day, hours.opens), hours.at(day, hours.closes)
        last = max(opens, closes - timedelta(minutes=_LAST_MINUTES))
        if now <= last:
            return Window(max(opens + _share(opens, last, spread), now), closes)
        day = hours.next_day(day + timedelta(days=1))


def _share(opens: datetime, last: datetime, spread: int) -> timedelta:
    """How far into the window: whole minutes, spread evenly by a multiplier that shares no factor with any window."""
    minutes = int((last - opens).total_seconds()) // 60
    return timedelta(minutes=spread * 7919 % (minutes + 1))
