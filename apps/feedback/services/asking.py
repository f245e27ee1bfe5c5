"""Deliveries are decided about: who is asked and when, or why nobody is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from apps.accounts.models import Account, Contact, Purpose
from apps.accounts.selectors import unmailable
from apps.cases.models import Case
from apps.feedback import rules
from apps.feedback.models import Invitation, Programme
from apps.fulfilment.models import Shipment

_WAITS_FOR_CASE = (Invitation.Reason.KNOWN_FAILURE, Invitation.Reason.OPEN_CASE)


def delivery_programme() -> Programme:
    """The programme that asks about deliveries; with its defaults where operations has not made it yet."""
    programme, _made = Programme.objects.get_or_create(code="delivery", defaults={"name": _("After each delivery")})
    return programme


def plan_invitation(shipment_id: int, *, now: datetime) -> Invitation | None:
    """Decide about one delivery; the decision, now or from before. None where nothing was delivered."""
    plan_invitations([shipment_id], now=now)
    return Invitation.objects.filter(shipment_id=shipment_id, programme__code="delivery").first()


@transaction.atomic
def plan_invitations(shipment_ids: Sequence[int], *, now: datetime, spoken_for: Collection[int] = frozenset()) -> int:
    """Decide about those of the deliveries that nothing was decided about yet; returns how many decisions were made.

    Nobody is asked about those in `spoken_for`: another programme asks about them.
    One row each: planned with contact and hour, or suppressed with the reason. The accounts are locked in the order of
    their ids, so that limits hold however many plan at the same time; a constant number of queries for any number.
    """
    programme = delivery_programme()
    decided = Invitation.objects.filter(programme=programme, shipment=OuterRef("pk"))
    shipments = _delivered(shipment_ids).filter(~Exists(decided))
    decisions = [_row(programme, *decision, now) for decision in _decide(programme, shipments, now, spoken_for)]
    Invitation.objects.bulk_create(decisions, ignore_conflicts=True, batch_size=500)
    made = Invitation.objects.filter(programme=programme, shipment_id__in=[row.shipment_id for row in decisions])
    _suppress_refused(decisions, set(made.values_list("shipment_id", flat=True)))
    return len(decisions)


def _suppress_refused(decisions: list[Invitation], made: set[int]) -> None:
    """What the database would not take broke a contact's rest period: somebody else planned them first."""
    refused = [row for row in decisions if row.shipment_id not in made]
    for row in refused:
        _withdraw(row, Invitation.Reason.THROTTLED)
    Invitation.objects.bulk_create(refused, ignore_conflicts=True)


@transaction.atomic
def plan_undecided(*, now: datetime, size: int = 500) -> int:
    """Decide about recent deliveries that no event led to a decision about; returns how many. Repeat until 0.

    Deliveries that another process decides about at this moment are left to it.
    """
    policy = delivery_programme().policy
    since = now - timedelta(days=policy.delay_days + policy.expires_days)
    decided = Invitation.objects.filter(programme__code="delivery", shipment=OuterRef("pk"))
    waiting = Shipment.objects.filter(~Exists(decided), status=Shipment.Status.DELIVERED)
    waiting = waiting.filter(delivered_at__gt=since, delivered_at__lte=now).order_by("delivered_at")
    claimed = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ids = [shipment.pk for shipment in claimed.only("pk")[:size]]
    return plan_invitations(ids, now=now) if ids else 0


@transaction.atomic
def replan_after_case(account_id: int, *, now: datetime) -> int:
    """Decide anew about deliveries of an account that were not asked about because of a case; how many now are.

    Safe to repeat: the account is locked before the rows are read, so who comes second finds what the first decided.
    """
    programme = delivery_programme()
    list(Account.objects.select_for_update(no_key=True).filter(pk=account_id).values_list("pk"))
    waiting = Invitation.objects.filter(programme=programme, account_id=account_id, reason__in=_WAITS_FOR_CASE)
    rows = {row.shipment_id: row for row in waiting.select_for_update()}
    planned = 0
    for shipment, verdict in _decide(programme, _delivered(rows), now):
        fresh = _row(programme, shipment, verdict, now)
        if fresh.reason != rows[shipment.pk].reason:
            fresh.pk = rows[shipment.pk].pk
            fresh.save()
            planned += fresh.state == Invitation.State.PLANNED
    return planned


@dataclass
class _Known:
    """What is known of the accounts decided about; asks are added to as decisions fall."""

    contacts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, Contact] = field(default_factory=dict)
    against: dict[int, str] = field(default_factory=dict)  # why somebody may not be written to
    asked_at: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    last_asked_at: dict[int, datetime] = field(default_factory=dict)
    with_open_case: set[int] = field(default_factory=set)
    fixed_at: dict[int, datetime] = field(default_factory=dict)


def _delivered(shipment_ids: Iterable[int]):
    shipments = Shipment.objects.filter(pk__in=list(shipment_ids), status=Shipment.Status.DELIVERED)
    return shipments.select_related("account", "order").order_by("delivered_at", "pk")


def _decide(
    programme: Programme, shipments, now: datetime, spoken_for: Collection[int] = frozenset()
) -> list[tuple[Shipment, rules.Verdict]]:
    account_ids = sorted(set(shipments.order_by().values_list("account_id", flat=True)))
    locked = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids).order_by("pk")
    if not list(locked.values_list("pk", flat=True)):
        return []
    deliveries = list(shipments)
    known = _look_up(programme.policy, account_ids, deliveries, now)
    elsewhere = rules.Verdict(reason=Invitation.Reason.OTHER_PROGRAMME)
    return [
        (shipment, elsewhere if shipment.pk in spoken_for else _verdict(shipment, known, programme.policy, now))
        for shipment in deliveries
    ]


def _look_up(policy: rules.Policy, account_ids, deliveries: list[Shipment], now: datetime) -> _Known:
    known = _Known()
    orderers = [shipment.order.contact_id for shipment in deliveries]
    asked = Max("invitations__due_at", filter=Q(invitations__rest__isnull=False))
    people = Contact.objects.filter(Q(account_id__in=account_ids) | Q(pk__in=orderers), is_active=True)
    for contact in people.annotate(asked_at=asked, folded_name=Lower("name")):
        known.contacts[contact.account_id].append(contact)
        known.people[contact.pk] = contact
        if contact.asked_at:
            known.last_asked_at[contact.pk] = contact.asked_at
    known.against = unmailable(known.people, Purpose.SURVEY)
    recent = Invitation.objects.filter(
        account_id__in=account_ids, rest__isnull=False, due_at__gt=now - timedelta(days=policy.account_cap_days)
    )
    for account_id, due_at in recent.values_list("account_id", "due_at"):
        known.asked_at[account_id].append(due_at)
    _look_up_cases(known, account_ids)
    return known


def _look_up_cases(known: _Known, account_ids) -> None:
    cases = Case.objects.filter(account_id__in=account_ids)
    known.with_open_case.update(cases.unresolved().values_list("account_id", flat=True))
    fixed = cases.closed().filter(shipment__isnull=False)
    for shipment_id, resolved_at in fixed.order_by("resolved_at").values_list("shipment_id", "resolved_at"):
        known.fixed_at[shipment_id] = resolved_at


def _verdict(shipment: Shipment, known: _Known, policy: rules.Policy, now: datetime) -> rules.Verdict:
    failed = shipment.is_late or shipment.is_short or shipment.is_damaged
    fixed_at = known.fixed_at.get(shipment.pk) if failed else None
    delivery = rules.Delivery(
        ready_at=max(fixed_at or shipment.delivered_at, shipment.delivered_at),
        weekdays=shipment.account.working_days,
        is_test_account=shipment.account.is_test,
        known_failure=failed,
        fixed=fixed_at is not None,
        open_case=shipment.account_id in known.with_open_case,
        asked_at=tuple(known.asked_at[shipment.account_id]),
        spread=shipment.pk,
    )
    verdict = rules.may_ask(delivery, _candidates(shipment, known), policy, now=now)
    if verdict.candidate:
        known.asked_at[shipment.account_id].append(verdict.window.due_at)
        known.last_asked_at[verdict.candidate.contact_id] = verdict.window.due_at
    return verdict


def _candidates(shipment: Shipment, known: _Known) -> list[rules.Candidate]:
    received_by = shipment.received_by.strip().lower()
    people = {contact.pk: contact for contact in known.contacts[shipment.account_id]}
    if shipment.order.contact_id in known.people:  # a contact of the parent may have ordered
        people[shipment.order.contact_id] = known.people[shipment.order.contact_id]
    return [
        rules.Candidate(
            contact_id=contact.pk,
            took_part=contact.pk == shipment.order.contact_id or contact.folded_name == received_by,
            is_active=contact.is_active,
            consents=known.against.get(contact.pk) != "no_consent",
            objected=known.against.get(contact.pk) == "objected",
            has_address=bool(contact.email) and known.against.get(contact.pk) != "bounced",
            zone=contact.time_zone,
            last_asked_at=known.last_asked_at.get(contact.pk),
        )
        for contact in people.values()
    ]


def _row(programme: Programme, shipment: Shipment, verdict: rules.Verdict, now: datetime) -> Invitation:
    row = Invitation(
        programme=programme,
        subject_ref=f"shipment:{shipment.number}",
        shipment=shipment,
        account_id=shipment.account_id,
        decided_at=now,
    )
    if verdict.candidate is None:
        return _withdraw(row, verdict.reason)
    policy = programme.policy
    hours = policy.hours(verdict.candidate.zone, shipment.account.working_days)
    row.state, row.contact_id = Invitation.State.PLANNED, verdict.candidate.contact_id
    return schedule(row, verdict.window, hours, policy)


def _withdraw(row: Invitation, reason: str) -> Invitation:
    row.state, row.reason, row.contact_id = Invitation.State.SUPPRESSED, reason, None
    row.due_at = row.window_ends_at = row.expires_at = row.reminder_due_at = row.rest = None
    return row


def schedule(row: Invitation, window: rules.Window, hours, policy: rules.Policy) -> Invitation:
    """Put the hours of an ask on its row: due, end of the window, reminder, end, and the rest it takes."""
    row.due_at, row.window_ends_at = window.due_at, window.ends_at
    row.expires_at = rules.expires_at(window.due_at, hours, policy)
    row.reminder_due_at = rules.reminder_at(
        window.due_at, hours, policy, ends_at=row.expires_at, spread=row.shipment_id
    )
    row.rest = TimestamptzRange(window.due_at, window.due_at + timedelta(days=policy.contact_rest_days))
    return row
