"""Questions about other things than a delivery: a case, an account as a whole, its first order, its silence.

1. Each subject has a name (`Invitation.subject_ref`) and is decided about once by a programme. Only a delivery is owed
   a decision: where no programme of the kind is active, these leave no row.
2. The verdict is that of `rules.asking`, and the accounts are locked in the order of their ids, as for deliveries. What
   is asked after a case neither takes nor needs the rest of the other asks, nor that of the house: it has that of its
   programme. Quotas of roles count it apart too; the numbers of the house count all.
3. What stood in the way for a time (`PASSING`) is decided about anew while its subject lasts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import unmailable
from apps.cases.models import Case
from apps.delivery.selectors import closed_days
from apps.feedback import rules
from apps.feedback.models import Fatigue, Invitation, Programme, ProgrammeVersion
from apps.feedback.services.asking import quarter_begun, schedule
from apps.feedback.services.versions import versions_in_use
from apps.ordering.models import Order

_Reason = Invitation.Reason
_HOLIDAYS_AHEAD = timedelta(days=120)
_QUARTER = timedelta(days=93)
PASSING = (
    *(_Reason.THROTTLED, _Reason.ACCOUNT_CAP, _Reason.ROLE_QUOTA),
    *(_Reason.OPEN_CASE, _Reason.KNOWN_FAILURE, _Reason.NO_PERSON),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: its name, the account, when it was ready to be asked about, and who may be asked."""

    ref: str
    account: Account
    ready_at: datetime
    people: Sequence[Contact]
    case: Case | None = None
    order: Order | None = None
    failed: bool = False
    fixed: bool = False
    spread: int = 0
    nobody: str = _Reason.NO_ADDRESS.value  # the reason where there are no people


@transaction.atomic
def decide(
    programme: Programme,
    subjects: Iterable[Subject],
    *,
    now: datetime,
    again: Collection[str] = PASSING,
    version: ProgrammeVersion | None = None,
) -> list[Invitation]:
    """Decide about subjects nothing was decided about yet, and anew where the reason was one of `again`.

    Who holds the account already looked up the `version` before that: see `asking` for the order of locks. Returns the
    decisions that were made or changed. A constant number of queries for any number.
    """
    subjects = {subject.ref: subject for subject in subjects}
    account_ids = sorted({subject.account.pk for subject in subjects.values()})
    if not account_ids:
        return []
    version = version or versions_in_use([programme], now)[programme.pk]
    locked = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids).order_by("pk")
    if not list(locked.values_list("pk", flat=True)):
        return []
    known = {row.subject_ref: row for row in Invitation.objects.filter(programme=programme, subject_ref__in=subjects)}
    due = [one for ref, one in subjects.items() if ref not in known or known[ref].reason in again]
    facts = _look_up(programme, account_ids, due, now)
    fresh, changed = [], []
    for subject in due:
        verdict = _verdict(programme, subject, facts, now)
        row = _row(programme, version, subject, verdict, facts, now)
        if (before := known.get(subject.ref)) is None:
            fresh.append(row)
        elif before.reason != row.reason:
            row.pk = before.pk
            changed.append(row)
    return _kept(programme, fresh, changed)


def _kept(programme: Programme, fresh: list[Invitation], changed: list[Invitation]) -> list[Invitation]:
    """What the database would not take broke a contact's rest: somebody else planned them first."""
    Invitation.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    refs = [row.subject_ref for row in fresh]
    made = Invitation.objects.filter(programme=programme, subject_ref__in=refs).values_list("subject_ref", flat=True)
    refused = {row.subject_ref: row for row in fresh if row.subject_ref not in set(made)}
    for row in refused.values():
        _withhold(row, _Reason.THROTTLED)
    Invitation.objects.bulk_create(refused.values(), ignore_conflicts=True)
    for row in changed:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            _withhold(row, _Reason.THROTTLED)
            row.save()
    return [*fresh, *changed]


@dataclass
class _Facts:
    """What is known of those decided about; asks are added to as decisions fall."""

    policy: rules.Policy
    closed: dict[str, frozenset[date]]
    against: dict[int, str] = field(default_factory=dict)
    last_asked_at: dict[int, datetime] = field(default_factory=dict)
    asked_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))  # that only the house counts
    role_asked_at: dict[tuple[int, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    quotas: dict[str, int] = field(default_factory=dict)
    person_asked_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))  # of a year
    accounts_with_case: set[int] = field(default_factory=set)
    people_with_case: set[int] = field(default_factory=set)


def _look_up(programme: Programme, account_ids: list[int], subjects: list[Subject], now: datetime) -> _Facts:
    after_case = programme.kind == Programme.Kind.CASE
    people = {contact.pk for subject in subjects for contact in subject.people}
    asks = Invitation.objects.filter(rest__isnull=False).order_by()
    fatigue = Fatigue.objects.first()
    house = fatigue.house if fatigue else rules.House()
    if after_case:
        house = replace(house, contact_rest_days=0)
    countries = {subject.account.country for subject in subjects}
    first = min((subject.ready_at for subject in subjects), default=now).date()
    facts = _Facts(
        policy=replace(programme.policy, house=house),
        closed=closed_days(countries, since=min(first, now.date()), until=now.date() + _HOLIDAYS_AHEAD),
        against=unmailable(people, Purpose.SURVEY),
        quotas={quota.role: quota.per_quarter for quota in programme.quotas.all()},
    )
    latest = asks.filter(contact__in=people, is_transactional=after_case).values("contact").annotate(at=Max("due_at"))
    facts.last_asked_at.update(latest.values_list("contact", "at"))
    since = now - max(timedelta(days=max(programme.account_cap_days, house.account_cap_days)), _QUARTER)
    said = ("account_id", "contact__role", "due_at", "is_transactional")
    for account_id, role, at, transactional in asks.filter(account__in=account_ids, due_at__gt=since).values_list(
        *said
    ):
        if transactional == after_case:
            facts.asked_at[account_id].append(at)
            facts.role_asked_at[account_id, role or ""].append(at)
        else:
            facts.beside[account_id].append(at)
    if house.contact_year_cap:
        of_a_year = asks.filter(contact__in=people, due_at__gt=now - timedelta(days=366))
        for contact_id, at in of_a_year.values_list("contact_id", "due_at"):
            facts.person_asked_at[contact_id].append(at)
    unresolved = Case.objects.unresolved().filter(Q(account__in=account_ids) | Q(contact__in=people)).order_by()
    for account_id, contact_id in unresolved.values_list("account_id", "contact_id"):
        facts.accounts_with_case.add(account_id)
        facts.people_with_case.add(contact_id)
    return facts


def _verdict(programme: Programme, subject: Subject, facts: _Facts, now: datetime) -> rules.Verdict:
    if not subject.people:
        return rules.Verdict(reason=_Reason.TEST_ACCOUNT if subject.account.is_test else subject.nobody)
    after_case = programme.kind == Programme.Kind.CASE
    open_case = (
        any(contact.pk in facts.people_with_case for contact in subject.people)
        if after_case
        else subject.account.pk in facts.accounts_with_case
    )
    begun = quarter_begun(subject.account, max(now, subject.ready_at))
    asked = rules.Delivery(
        ready_at=subject.ready_at,
        weekdays=subject.account.working_days,
        is_test_account=subject.account.is_test,
        known_failure=subject.failed,
        fixed=subject.fixed,
        open_case=open_case,
        asked_at=tuple(facts.asked_at[subject.account.pk]),
        beside=tuple(facts.beside[subject.account.pk]),
        spread=subject.spread,
        closed=facts.closed.get(subject.account.country, frozenset()),
        quotas=facts.quotas,
        asked_by_role={
            role: sum(at >= begun for at in facts.role_asked_at[subject.account.pk, role]) for role in facts.quotas
        },
    )
    candidates = [_candidate(contact, facts) for contact in subject.people]
    verdict = rules.may_ask(asked, candidates, facts.policy, now=max(now, subject.ready_at))
    if verdict.candidate:
        facts.asked_at[subject.account.pk].append(verdict.window.due_at)
        facts.role_asked_at[subject.account.pk, verdict.candidate.role].append(verdict.window.due_at)
        facts.last_asked_at[verdict.candidate.contact_id] = verdict.window.due_at
        facts.person_asked_at[verdict.candidate.contact_id].append(verdict.window.due_at)
    return verdict


def _candidate(contact: Contact, facts: _Facts) -> rules.Candidate:
    against = facts.against.get(contact.pk)
    return rules.Candidate(
        contact_id=contact.pk,
        took_part=True,
        is_active=contact.is_active,
        consents=against != _Reason.NO_CONSENT,
        objected=against == _Reason.OBJECTED,
        has_address=against not in (_Reason.NO_ADDRESS, _Reason.BOUNCED),
        zone=contact.time_zone,
        last_asked_at=facts.last_asked_at.get(contact.pk),
        role=contact.role,
        persona=contact.persona,
        asked_at=tuple(facts.person_asked_at[contact.pk]),
    )


def _row(
    programme: Programme,
    version: ProgrammeVersion,
    subject: Subject,
    verdict: rules.Verdict,
    facts: _Facts,
    now: datetime,
) -> Invitation:
    row = Invitation(
        programme=programme,
        version=version,
        subject_ref=subject.ref,
        account=subject.account,
        case=subject.case,
        order=subject.order,
        is_transactional=programme.kind == Programme.Kind.CASE,
        decided_at=now,
    )
    if verdict.candidate is None:
        return _withhold(row, verdict.reason)
    closed = facts.closed.get(subject.account.country, frozenset())
    hours = facts.policy.hours(verdict.candidate.zone, subject.account.working_days, closed)
    row.series = programme.series_of(verdict.candidate.persona)
    row.state, row.contact_id = Invitation.State.PLANNED, verdict.candidate.contact_id
    return schedule(row, verdict.window, hours, facts.policy)


def _withhold(row: Invitation, reason: str) -> Invitation:
    row.state, row.reason, row.contact_id = Invitation.State.SUPPRESSED, reason, None
    row.due_at = row.window_ends_at = row.expires_at = row.reminder_due_at = row.rest = None
    return row
