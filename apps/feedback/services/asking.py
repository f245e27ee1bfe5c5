"""Deliveries are decided about: who is asked and when, or why nobody is.

Whoever decides, about these or other subjects, locks in one order, so that nobody waits for who waits for them: the
programme, where a version of it is made; the delivery; the accounts in the order of their ids; the decisions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import unmailable
from apps.cases.models import Case
from apps.cases.rules import WorkingTime
from apps.delivery.selectors import closed_days
from apps.feedback import rules
from apps.feedback.models import Fatigue, Invitation, Programme, ProgrammeVersion
from apps.feedback.services.programmes import of_first_orders
from apps.feedback.services.versions import InUse, known_versions, versions_in_use
from apps.fulfilment.models import Shipment
from apps.fulfilment.selectors import Outcome, outcomes_of
from apps.fulfilment.services import freeze_facts

_HOLIDAYS_AHEAD = timedelta(days=120)  # from the first delivery of a batch: any reminder comes before


def delivery_programme() -> Programme:
    """The usual programme about deliveries; with its defaults where operations has not made it yet."""
    programme, _made = Programme.objects.get_or_create(code="delivery", defaults={"name": _("After each delivery")})
    return programme


def delivery_programmes() -> list[Programme]:
    """The programmes that ask about deliveries, the first to be looked at first; with translations and quotas.

    Where none is active, the usual one stands for all of them and says so. Three queries, and those that make the usual
    one where there is none at all.
    """
    fetched = Programme.objects.filter(kind=Programme.Kind.DELIVERY).prefetch_related("translations", "quotas")
    known = list(fetched.order_by("priority", "pk"))
    if not known:
        known = [delivery_programme()]
    return [programme for programme in known if programme.is_active] or known[:1]


def programmes_in_use(now: datetime) -> InUse:
    """The programmes of `delivery_programmes`, and their versions: looked up before anything else is locked, and only
    where something is to be decided, as it makes a version of what nobody was asked by before."""
    programmes = delivery_programmes()
    return InUse(programmes, versions_in_use(programmes, now))


def plan_invitation(shipment_id: int, *, now: datetime) -> Invitation | None:
    """Decide about one delivery; the decision, now or from before. None where nothing was delivered."""
    plan_invitations([shipment_id], now=now, spoken_for=of_first_orders([shipment_id]))
    return decided().filter(shipment_id=shipment_id).first()


@transaction.atomic
def plan_invitations(shipment_ids: Sequence[int], *, now: datetime, spoken_for: Collection[int] = frozenset()) -> int:
    """Decide about those of the deliveries that nothing was decided about yet; returns how many decisions were made.

    Nobody is asked about those in `spoken_for`: another programme asks about them.
    One row each: planned with contact and hour, or suppressed with the reason. The accounts are locked in the order of
    their ids, so that limits hold however many plan at the same time; a constant number of queries for any number.
    """
    return _plan(shipment_ids, now, spoken_for)


def _plan(shipment_ids: Sequence[int], now: datetime, spoken_for: Collection[int], used: InUse | None = None) -> int:
    shipments = delivered(shipment_ids).filter(~Exists(decided().filter(shipment=OuterRef("pk"))))
    decisions = [row_of(decision, now) for decision in decide_all(shipments, now, spoken_for, used)]
    Invitation.objects.bulk_create(decisions, ignore_conflicts=True, batch_size=500)
    made = decided().filter(shipment_id__in=[row.shipment_id for row in decisions])
    _suppress_refused(decisions, set(made.values_list("shipment_id", flat=True)))
    return len(decisions)


def decided() -> QuerySet[Invitation]:
    """What any programme decided about deliveries."""
    return Invitation.objects.filter(programme__kind=Programme.Kind.DELIVERY)


def _suppress_refused(decisions: list[Invitation], made: set[int]) -> None:
    """What the database would not take broke a contact's rest period: somebody else planned them first."""
    refused = [row for row in decisions if row.shipment_id not in made]
    for row in refused:
        withhold(row, Invitation.Reason.THROTTLED)
    Invitation.objects.bulk_create(refused, ignore_conflicts=True)


@transaction.atomic
def plan_undecided(*, now: datetime, size: int = 500) -> int:
    """Decide about recent deliveries that no event led to a decision about; returns how many. Repeat until 0.

    Deliveries that another process decides about at this moment are left to it.
    """
    programmes = delivery_programmes()
    policies = [programme.policy for programme in programmes]
    since = now - timedelta(days=max(policy.delay_days + policy.expires_days for policy in policies))
    waiting = Shipment.objects.filter(
        ~Exists(decided().filter(shipment=OuterRef("pk"))), status=Shipment.Status.DELIVERED
    )
    waiting = waiting.filter(delivered_at__gt=since, delivered_at__lte=now).order_by("delivered_at")
    if len(known_versions(programmes)) < len(programmes) and not waiting.exists():
        return 0  # no version is made of what nobody is asked by
    used = InUse(programmes, versions_in_use(programmes, now))
    claimed = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ids = [shipment.pk for shipment in claimed.only("pk")[:size]]
    return _plan(ids, now, of_first_orders(ids), used) if ids else 0


@dataclass
class Known:
    """What is known of the accounts decided about; asks are added to as decisions fall."""

    house: rules.House = field(default_factory=rules.House)
    contacts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, Contact] = field(default_factory=dict)
    against: dict[int, str] = field(default_factory=dict)  # why somebody may not be written to
    asked_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))  # by account
    person_asked_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    role_asked_at: dict[tuple[int, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    after_cases_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))  # by account
    person_after_cases_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    last_asked_at: dict[int, datetime] = field(default_factory=dict)
    with_open_case: set[int] = field(default_factory=set)
    fixed_at: dict[int, datetime] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    closed: dict[str, frozenset[date]] = field(default_factory=dict)  # by country
    versions: dict[int, ProgrammeVersion] = field(default_factory=dict)

    def asked(self, account_id: int, contact_id: int, role: str, at: datetime) -> None:
        """Somebody is asked at an instant: it counts for whatever is decided next."""
        self.asked_at[account_id].append(at)
        self.person_asked_at[contact_id].append(at)
        self.role_asked_at[account_id, role].append(at)
        self.last_asked_at[contact_id] = max(at, self.last_asked_at.get(contact_id, at))


class Decision(NamedTuple):
    """What was decided about a delivery, by which programme and under which limits."""

    shipment: Shipment
    programme: Programme
    verdict: rules.Verdict
    policy: rules.Policy
    closed: frozenset[date]
    version: ProgrammeVersion | None


def delivered(shipment_ids: Iterable[int]) -> QuerySet[Shipment]:
    """Those of the shipments that are delivered, with what a decision needs, the first delivered first."""
    shipments = Shipment.objects.filter(pk__in=list(shipment_ids), status=Shipment.Status.DELIVERED)
    return shipments.select_related("account", "order", "warehouse").order_by("delivered_at", "pk")


def decide_all(
    shipments: QuerySet[Shipment],
    now: datetime,
    spoken_for: Collection[int] = frozenset(),
    used: InUse | None = None,
) -> list[Decision]:
    """The decisions about these deliveries, whose accounts are locked by this in the order of their ids.

    Who holds something already looked up the programmes in use before that.
    """
    account_ids = sorted(set(shipments.order_by().values_list("account_id", flat=True)))
    if not account_ids:
        return []
    used = used or programmes_in_use(now)
    programmes = used.programmes
    locked = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids).order_by("pk")
    list(locked.values_list("pk", flat=True))
    deliveries = list(shipments)
    if any(programme.trigger.needs_facts for programme in programmes):
        freeze_facts([shipment.pk for shipment in deliveries], now=now)
    known = look_up(programmes, account_ids, deliveries, now)
    known.versions = used.versions
    return [decide(shipment, programmes, known, now, shipment.pk in spoken_for) for shipment in deliveries]


def look_up(programmes: Sequence[Programme], account_ids, deliveries: list[Shipment], now: datetime) -> Known:
    """What the verdicts about these deliveries of these accounts need; a constant number of queries."""
    known = Known()
    fatigue = Fatigue.objects.first()
    known.house = fatigue.house if fatigue else rules.House()
    orderers = [shipment.order.contact_id for shipment in deliveries]
    people = Contact.objects.filter(Q(account_id__in=account_ids) | Q(pk__in=orderers), is_active=True)
    for contact in people.annotate(folded_name=Lower("name")):
        known.contacts[contact.account_id].append(contact)
        known.people[contact.pk] = contact
    known.against = unmailable(known.people, Purpose.SURVEY)
    _look_up_asks(known, programmes, account_ids, now)
    _look_up_cases(known, account_ids)
    if any(programme.trigger.needs_facts for programme in programmes):
        known.outcomes = outcomes_of([shipment.pk for shipment in deliveries])
    if deliveries:
        first = min(shipment.delivered_at for shipment in deliveries).date()
        until = max(now.date(), first) + _HOLIDAYS_AHEAD
        countries = {shipment.account.country for shipment in deliveries}
        known.closed = closed_days(countries, since=first, until=until)
    return known


def _look_up_asks(known: Known, programmes: Sequence[Programme], account_ids, now: datetime) -> None:
    """Asks of the time that any limit looks back to, of these accounts and of whoever may be asked about them.

    What follows a case counts beside the others: see the rules.
    """
    days = [366, known.house.contact_rest_days, known.house.account_cap_days]
    days += [max(programme.contact_rest_days, programme.account_cap_days) for programme in programmes]
    asks = Invitation.objects.filter(
        Q(account_id__in=account_ids) | Q(contact_id__in=list(known.people)),
        rest__isnull=False, due_at__gt=now - timedelta(days=max(days)),
    )  # fmt: skip
    said = ("account_id", "contact_id", "contact__role", "due_at", "is_transactional")
    for account_id, contact_id, role, at, after_case in asks.values_list(*said):
        if after_case:
            known.after_cases_at[account_id].append(at)
            known.person_after_cases_at[contact_id].append(at)
        elif contact_id is None:
            known.asked_at[account_id].append(at)
        else:
            known.asked(account_id, contact_id, role, at)


def _look_up_cases(known: Known, account_ids) -> None:
    cases = Case.objects.filter(account_id__in=account_ids)
    known.with_open_case.update(cases.unresolved().values_list("account_id", flat=True))
    fixed = cases.closed().filter(shipment__isnull=False)
    for shipment_id, resolved_at in fixed.order_by("resolved_at").values_list("shipment_id", "resolved_at"):
        known.fixed_at[shipment_id] = resolved_at


def decide(
    shipment: Shipment, programmes: Sequence[Programme], known: Known, now: datetime, spoken_for: bool = False
) -> Decision:
    """What is decided about one delivery at `now`, by what is known; nothing is read or written.

    The first programme whose trigger fits decides. Where none does, the first says so.
    """
    meant = next((programme for programme in programmes if _fits(programme, shipment, known)), None)
    programme = meant or programmes[0]
    policy = replace(programme.policy, house=known.house)
    closed = known.closed.get(shipment.account.country, frozenset())
    if spoken_for:
        verdict = rules.Verdict(reason=Invitation.Reason.OTHER_PROGRAMME)
    elif policy.is_active and meant is None:
        verdict = rules.Verdict(reason=Invitation.Reason.NOT_MEANT)
    else:
        verdict = _verdict(shipment, known, programme, policy, closed, now)
    return Decision(shipment, programme, verdict, policy, closed, known.versions.get(programme.pk))


def _fits(programme: Programme, shipment: Shipment, known: Known) -> bool:
    outcome = known.outcomes.get(shipment.pk, Outcome(None, not _failed(shipment)))
    facts = rules.Facts(
        shipment_id=shipment.pk,
        net=outcome.net,
        perfect=outcome.perfect and not _failed(shipment),
        warehouse=shipment.warehouse.code if shipment.warehouse else "",
        carrier=shipment.carrier,
        segment=shipment.account.segment,
        country=shipment.account.country,
    )
    return rules.fits(programme.trigger, facts, programme.pk or 0)


def _failed(shipment: Shipment) -> bool:
    return shipment.is_late or shipment.is_short or shipment.is_damaged


def _verdict(
    shipment: Shipment, known: Known, programme: Programme, policy: rules.Policy, closed: frozenset[date], now: datetime
) -> rules.Verdict:
    failed = _failed(shipment)
    fixed_at = known.fixed_at.get(shipment.pk) if failed else None
    ready_at = max(fixed_at or shipment.delivered_at, shipment.delivered_at)
    account = shipment.account
    begun = quarter_begun(account, max(now, ready_at))
    delivery = rules.Delivery(
        ready_at=ready_at,
        weekdays=account.working_days,
        is_test_account=account.is_test,
        known_failure=failed,
        fixed=fixed_at is not None,
        open_case=shipment.account_id in known.with_open_case,
        asked_at=tuple(known.asked_at[shipment.account_id]),
        beside=tuple(known.after_cases_at[shipment.account_id]),
        spread=shipment.pk,
        closed=closed,
        quotas={quota.role: quota.per_quarter for quota in programme.quotas.all()},
        asked_by_role={
            role: sum(at >= begun for at in known.role_asked_at[shipment.account_id, role])
            for role in Contact.Role.values
        },
    )
    verdict = rules.may_ask(delivery, _candidates(shipment, programme, known), policy, now=now)
    if verdict.candidate:
        chosen = verdict.candidate
        known.asked(shipment.account_id, chosen.contact_id, chosen.role, verdict.window.due_at)
    return verdict


def quarter_begun(account: Account, at: datetime) -> datetime:
    """When the calendar quarter began in which an instant is at an account."""
    there = WorkingTime(zone=account.time_zone)
    return there.at(rules.quarter_of(there.local(at).date()), time())


def _candidates(shipment: Shipment, programme: Programme, known: Known) -> list[rules.Candidate]:
    received_by = shipment.received_by.strip().lower()
    people = {contact.pk: contact for contact in known.contacts[shipment.account_id]}
    if shipment.order.contact_id in known.people:  # a contact of the parent may have ordered
        people[shipment.order.contact_id] = known.people[shipment.order.contact_id]
    candidates = [
        rules.Candidate(
            contact_id=contact.pk,
            took_part=contact.pk == shipment.order.contact_id or contact.folded_name == received_by,
            is_active=contact.is_active,
            consents=known.against.get(contact.pk) != "no_consent",
            objected=known.against.get(contact.pk) == "objected",
            has_address=bool(contact.email) and known.against.get(contact.pk) != "bounced",
            zone=contact.time_zone,
            last_asked_at=known.last_asked_at.get(contact.pk),
            role=contact.role,
            persona=contact.persona,
            asked_at=(*known.person_asked_at[contact.pk], *known.person_after_cases_at[contact.pk]),
        )
        for contact in people.values()
    ]
    wanted = set(programme.personas)
    return [one for one in candidates if one.took_part or not wanted or people[one.contact_id].persona in wanted]


def row_of(decision: Decision, now: datetime) -> Invitation:
    """A decision as it is kept; not saved."""
    shipment, programme, verdict = decision.shipment, decision.programme, decision.verdict
    row = Invitation(
        programme=programme,
        version=decision.version,
        subject_ref=f"shipment:{shipment.number}",
        shipment=shipment,
        account_id=shipment.account_id,
        decided_at=now,
    )
    if verdict.candidate is None:
        return withhold(row, verdict.reason)
    hours = decision.policy.hours(verdict.candidate.zone, shipment.account.working_days, decision.closed)
    row.state, row.contact_id = Invitation.State.PLANNED, verdict.candidate.contact_id
    row.series = programme.series_of(verdict.candidate.persona)
    return schedule(row, verdict.window, hours, decision.policy)


def withhold(row: Invitation, reason: str) -> Invitation:
    """Nobody is asked, for this reason; not saved."""
    row.state, row.reason, row.contact_id = Invitation.State.SUPPRESSED, reason, None
    row.due_at = row.window_ends_at = row.expires_at = row.reminder_due_at = row.rest = None
    return row


def schedule(row: Invitation, window: rules.Window, hours, policy: rules.Policy) -> Invitation:
    """Put the hours of an ask on its row: due, end of the window, reminder, end, and the rest it takes."""
    row.due_at, row.window_ends_at = window.due_at, window.ends_at
    row.expires_at = rules.expires_at(window.due_at, hours, policy)
    row.reminder_due_at = rules.reminder_at(
        window.due_at, hours, policy, ends_at=row.expires_at, spread=row.shipment_id or row.pk or 0
    )
    row.rest = TimestamptzRange(window.due_at, window.due_at + timedelta(days=policy.rest_days))
    return row
