"""How an invitation goes out: claimed, marked `sending` just before it is handed over, marked `sent` after.

1. What is due is claimed in batches by `FOR UPDATE SKIP LOCKED`; whoever claims next gets others. What may not be asked
   any more (an objection, a case opened since, a programme switched off) is suppressed instead.
2. Just before messages are handed to the mail server, a handful at a time, their rows become `sending`, with the hash
   of the token in each, and that is committed. Every step compares and sets: a claim that was taken away does nothing.
3. After the server took the handful the rows become `sent`, their events are written and the next handful becomes
   `sending`, in one statement: a commit waits for the disk, and one for each message would set the pace.
4. A crash before 2 leaves `claimed`: taken up again after ten minutes. A crash between 2 and 3 cannot be told from
   success: `unknown`, and never sent again; the question still waits in the portal. It concerns a handful at most.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.selectors.branding import IN_ROWS
from apps.accounts.services import mark_undeliverable
from apps.cases.rules import WorkingTime
from apps.core.events import record
from apps.core.scoping import SYSTEM
from apps.delivery.selectors import closed_days
from apps.feedback.models import Invitation, Programme, VoteAttempt
from apps.feedback.models.invitations import subject_of
from apps.feedback.rules import Window, due_at
from apps.feedback.services.asking import schedule
from apps.feedback.services.resting import rest_from_due
from apps.feedback.services.withdrawal import still_wanted, suppress_withdrawn

STALE = timedelta(minutes=10)
RETRY = timedelta(minutes=15)
_REMINDER_PATIENCE = timedelta(minutes=30)
FOR_LETTER = (
    "id",
    "account_id",
    "due_at",
    "expires_at",
    "claimed_at",
    "subject_ref",
    "contact__name",
    "contact__email",
    "contact__language",
    "contact__time_zone",
    "shipment__order__ship_to__time_zone",
    "shipment__destination__ship_to__time_zone",
    "account__name",
    "account__rep__user__name",
    *(f"account__{name}" for name in IN_ROWS),
    "shipment__number",
    "shipment__delivered_at",
    "shipment__order__number",
    "shipment__order__po_number",
    "case__number",
    "case__title",
    "case__resolved_at",
    "order__number",
    "programme__kind",
    "programme__question",
    "version__words",
    "programme__contact_rest_days",
)


def new_token() -> str:
    """128 random bits as text; only their hash is kept."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def claim_due(*, now: datetime, size: int = 100) -> list[dict]:
    """Up to `size` invitations that are due, claimed for the caller, with what their letters say. A constant number of
    queries.

    Fewer than due where some are in other hands; [] where nothing is left.
    """
    planned = Invitation.objects.filter(state=Invitation.State.PLANNED, expires_at__gt=now)
    due = planned.filter(due_at__lte=now, window_ends_at__gt=now)
    due = due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:size])
    if not ids:
        return []
    mine = Invitation.objects.filter(pk__in=ids)
    suppress_withdrawn(mine)
    mine.filter(state=Invitation.State.PLANNED).update(state=Invitation.State.CLAIMED, claimed_at=now)
    return list(mine.filter(state=Invitation.State.CLAIMED).order_by("due_at").values(*FOR_LETTER))


@dataclass(frozen=True, slots=True)
class InHand:
    """A claimed invitation (a row of `claim_due`) and the token of its letter."""

    row: dict
    token: str

    @property
    def id(self) -> int:
        return self.row["id"]


_MOVE_ON = """
WITH sent AS (
    UPDATE feedback_invitation i SET state = 'sent', sent_at = %(now)s
    FROM unnest(%(done)s::bigint[], %(done_hashes)s::text[], %(subjects)s::text[], %(kinds)s::text[],
            %(contacts)s::text[])
        AS d (id, token_hash, subject, kind, contact)
    WHERE i.id = d.id AND i.state = 'sending' AND i.token_hash = d.token_hash
    RETURNING i.account_id, d.subject, d.kind, d.contact
), told AS (
    INSERT INTO core_event
        (name, subject, account_ref, actor_name, facts, occurred_at, recorded_at, dispatched_at, attempts)
    SELECT 'survey.sent', subject, account_id, %(actor)s,
        jsonb_strip_nulls(jsonb_build_object('contact', contact, 'about', nullif(kind, 'delivery'))),
        %(now)s, %(now)s, %(now)s, 0
    FROM sent
), told_together AS (
    INSERT INTO core_event (name, subject, actor_name, facts, occurred_at, recorded_at, attempts)
    SELECT 'surveys.sent', 'surveys:sent', %(actor)s,
        jsonb_build_object('accounts', jsonb_agg(DISTINCT account_id)), %(now)s, %(now)s, 0
    FROM sent HAVING count(*) > 0
)
UPDATE feedback_invitation i SET state = 'sending', token_hash = n.token_hash
FROM unnest(%(next)s::bigint[], %(hashes)s::text[]) AS n (id, token_hash)
WHERE i.id = n.id AND i.state = 'claimed' AND i.claimed_at = %(claimed_at)s::timestamptz
RETURNING i.id
"""


def move_on(done: Sequence[InHand], following: Sequence[InHand], *, now: datetime) -> set[int]:
    """Mark what was just handed over `sent` and what comes next `sending`: one statement, one commit.

    Returns the ids of those in `following` that are the caller's to send; a claim may have been taken away. Records
    `survey.sent` for each sent, which only tells of it, and `surveys.sent` for all of them, to which one may react.
    """
    values = {
        "now": now,
        "actor": SYSTEM.name,
        "done": [one.id for one in done],
        "done_hashes": [hash_of(one.token) for one in done],
        "subjects": [_subject(one.row) for one in done],
        "kinds": [one.row["programme__kind"] for one in done],
        "contacts": [one.row["contact__name"] for one in done],
        "next": [one.id for one in following],
        "hashes": [hash_of(one.token) for one in following],
        "claimed_at": following[0].row["claimed_at"] if following else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, values)
        return {pk for (pk,) in cursor.fetchall()}


def _subject(row: dict) -> str:
    return subject_of(row["subject_ref"]) or f"shipment:{row['shipment__number']}"


def give_back(invitation_ids: Sequence[int], *, now: datetime) -> int:
    """Let claimed or certainly not accepted invitations be sent later; how many could be."""
    in_hand = Q(state=Invitation.State.CLAIMED) | Q(state=Invitation.State.SENDING)
    mine = Invitation.objects.filter(in_hand, pk__in=invitation_ids)
    given = mine.update(state=Invitation.State.PLANNED, due_at=now + RETRY, claimed_at=None, token_hash="")
    rest_from_due(invitation_ids)
    return given


@transaction.atomic
def refuse_address(invitation_id: int, *, now: datetime) -> None:
    """The mail server does not know the address: the delivery is not asked about, and nothing is sent there again."""
    sending = Invitation.objects.filter(pk=invitation_id, state=Invitation.State.SENDING)
    address = sending.values_list("contact__email", flat=True).first()
    sending.update(state=Invitation.State.SUPPRESSED, reason=Invitation.Reason.BOUNCED, rest=None)
    mark_undeliverable(address or "", now=now)


def lose_track(invitation_id: int) -> None:
    """The connection broke while the message was handed over: nobody knows, so it is never sent again."""
    sending = Invitation.objects.filter(pk=invitation_id, state=Invitation.State.SENDING)
    sending.update(state=Invitation.State.UNKNOWN)


def reconcile(*, now: datetime) -> tuple[int, int]:
    """Settle what a crash left: (claims free to be taken up again, messages whose fate is unknown)."""
    stale = Invitation.objects.filter(claimed_at__lt=now - STALE)
    claimed = stale.filter(state=Invitation.State.CLAIMED)
    freed = claimed.update(state=Invitation.State.PLANNED, claimed_at=None)
    unknown = stale.filter(state=Invitation.State.SENDING).update(state=Invitation.State.UNKNOWN)
    return freed, unknown


@transaction.atomic
def postpone_missed(*, now: datetime, size: int = 500) -> int:
    """Move invitations and reminders whose hours went by unsent (nothing was running) to the next window; how many."""
    rows = _to_move().filter(contact__isnull=False)
    planned = rows.filter(state=Invitation.State.PLANNED, expires_at__gt=now)
    late = list(planned.filter(window_ends_at__lte=now)[:size])
    for row, hours in _with_hours(late, now):
        expires_at = row.expires_at
        schedule(row, _next_window(row, hours, now), hours, row.programme.policy)
        row.expires_at = expires_at
    Invitation.objects.bulk_update(late, ["due_at", "window_ends_at", "reminder_due_at"])
    rest_from_due([row.pk for row in late])
    return len(late)


def expire(*, now: datetime) -> int:
    """Close questions whose time is over; one that was never sent is kept with the reason. How many were closed."""
    held = VoteAttempt.objects.filter(invitation=OuterRef("pk"), state=VoteAttempt.State.HELD)
    over = Invitation.objects.filter(~Exists(held), expires_at__lte=now)
    never_sent = over.filter(state=Invitation.State.PLANNED)
    unsent = never_sent.update(state=Invitation.State.SUPPRESSED, reason=Invitation.Reason.TOO_LATE, rest=None)
    return unsent + over.filter(state=Invitation.State.SENT).update(state=Invitation.State.EXPIRED)


def bring_forward(*, now: datetime) -> int:
    """For demonstrations: what is planned for later is due now, whatever the hour. The rules themselves stay."""
    planned = Invitation.objects.filter(state=Invitation.State.PLANNED)
    return planned.update(due_at=now, window_ends_at=now + timedelta(hours=1))


def reminders_due(*, now: datetime, size: int = 100) -> list[dict]:
    """Those asked who have not answered by the day of the reminder, as rows like those of `claim_due`. Three queries.

    A reminder whose hour has long gone by waits for `postpone_reminders`; so does one while a case is open.
    """
    due = Invitation.objects.filter(state=Invitation.State.SENT, reminder_due_at__lte=now, expires_at__gt=now)
    due = still_wanted(due.filter(reminder_due_at__gt=now - _REMINDER_PATIENCE))
    return list(due.order_by("reminder_due_at").values(*FOR_LETTER)[:size])


@transaction.atomic
def start_reminding(row: dict, *, token: str, now: datetime) -> bool:
    """Mark a row of `reminders_due` as reminded, just before the reminder is handed over; False if it was before.

    So it goes out once at most. Records `survey.reminded`.
    """
    due = Invitation.objects.filter(pk=row["id"], state=Invitation.State.SENT, reminder_due_at__isnull=False)
    if not due.update(reminder_due_at=None, reminded_at=now, reminder_token_hash=hash_of(token)):
        return False
    facts = {"contact": row["contact__name"]}
    if row["programme__kind"] != Programme.Kind.DELIVERY:
        facts["about"] = row["programme__kind"]
    record("survey.reminded", _subject(row), account_id=row["account_id"], at=now, **facts)
    return True


@transaction.atomic
def postpone_reminders(*, now: datetime, size: int = 500) -> int:
    """Move reminders whose hour went by to the next window; drop those that would come after the end. How many."""
    rows = _to_move().filter(contact__isnull=False)
    late = list(rows.filter(state=Invitation.State.SENT, reminder_due_at__lte=now - _REMINDER_PATIENCE)[:size])
    for row, hours in _with_hours(late, now):
        window = _next_window(row, hours, now)
        row.reminder_due_at = window.due_at if window.due_at < row.expires_at else None
        row.save(update_fields=["reminder_due_at"])
    return len(late)


def _to_move() -> QuerySet[Invitation]:
    rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("contact", "account", "programme")


def _with_hours(rows: Sequence[Invitation], now: datetime) -> Iterator[tuple[Invitation, WorkingTime]]:
    """Each with the hours of its programme at its contact's, without the holidays of the account's country. One query,
    none where there are no rows."""
    if not rows:
        return
    countries = {row.account.country for row in rows}
    until = max(row.expires_at for row in rows).date() + timedelta(days=60)
    closed = closed_days(countries, since=now.date() - timedelta(days=1), until=until)
    for row in rows:
        zone, weekdays = row.contact.time_zone, row.account.working_days
        yield row, row.programme.policy.hours(zone, weekdays, closed[row.account.country])


def _next_window(row: Invitation, hours: WorkingTime, now: datetime) -> Window:
    policy = replace(row.programme.policy, delay_days=0)
    return due_at(now, hours, policy, now=now, spread=row.shipment_id or row.pk)
