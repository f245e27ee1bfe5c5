"""A programme is tried before anybody is asked by it: its letter, and whom it would have asked last month.

Nothing here is written down, and nobody but who tries gets mail.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.cases.models import Case
from apps.feedback.letters import Letter, letter
from apps.feedback.models import Invitation, Programme, worded
from apps.feedback.models.programmes import WORDS
from apps.feedback.services.asking import Decision, Known, decide, look_up
from apps.feedback.services.handover import FOR_LETTER
from apps.fulfilment.models import Shipment

MOST_DELIVERIES = 50_000
NEW = 0  # the number of a programme that was never saved: nothing is kept of it
_AFTER_DELIVERY = timedelta(hours=1)
_SILENT_DAYS = 120
_WAITS = (Invitation.Reason.KNOWN_FAILURE, Invitation.Reason.OPEN_CASE)
Counts = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a programme would have decided about the deliveries of a month: reasons and roles in words, weeks by their
    Monday; and what it really decided about the same ones. `is_cut` where only the first 50,000 were looked at."""

    since: date
    deliveries: int
    is_cut: bool
    asked: int
    not_asked: Counts
    by_role: Counts
    by_week: list[tuple[date, int]]
    really_asked: int
    really_not_asked: Counts


def dry_run(programme: Programme, *, now: datetime) -> DryRun:
    """Decide about last calendar month's deliveries (UTC) as if it had been on, beside the other active ones.

    The programme is taken as it is handed over, saved or not; one that never was has the number `NEW`.

    Each delivery is decided about an hour after it was handed over and, where a case stood in the way, again when that
    was resolved; asks of the dry run count for what follows, real ones from before the month do too. Consents and
    addresses are those of today. A constant number of queries, in a transaction that cannot write.
    """
    until = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        found = _deliveries(since, until)
        deliveries = found[:MOST_DELIVERIES]
        decisions = [one for one in _decide_all(programme, deliveries, since, now) if one.programme.pk == programme.pk]
        really = _really(programme, [shipment.pk for shipment in deliveries])
        transaction.set_rollback(True)  # in a test's transaction too the next statement may write again
    asked = [one for one in decisions if one.verdict.candidate]
    roles = Counter(str(Contact.Role(one.verdict.candidate.role).label) for one in asked)
    weeks = Counter(_monday(one.verdict.window.due_at) for one in asked)
    return DryRun(
        since=since.date(),
        deliveries=len(deliveries),
        is_cut=len(found) > MOST_DELIVERIES,
        asked=len(asked),
        not_asked=_in_words(Counter(one.verdict.reason for one in decisions if one.verdict.reason)),
        by_role=roles.most_common(),
        by_week=sorted(weeks.items()),
        really_asked=really.pop("", 0),
        really_not_asked=_in_words(really),
    )


def _deliveries(since: datetime, until: datetime) -> list[Shipment]:
    found = Shipment.objects.filter(status=Shipment.Status.DELIVERED, delivered_at__gte=since, delivered_at__lt=until)
    found = found.select_related("account", "order", "warehouse").order_by("delivered_at", "pk")
    return list(found[: MOST_DELIVERIES + 1])


def _decide_all(programme: Programme, deliveries: list[Shipment], since: datetime, now: datetime) -> Iterable[Decision]:
    programmes = _beside_the_others(programme)
    accounts = sorted({shipment.account_id for shipment in deliveries})
    known = look_up(programmes, accounts, deliveries, since)
    _forget_asks_from(known, since)
    cases, fixed_at = _cases(accounts), dict(known.fixed_at)
    queue = [(shipment.delivered_at + _AFTER_DELIVERY, shipment.pk, shipment) for shipment in deliveries]
    heapq.heapify(queue)
    while queue:
        at, pk, shipment = heapq.heappop(queue)
        open_until = [ends for began, ends in cases[shipment.account_id] if began <= at and (ends is None or ends > at)]
        known.with_open_case = {shipment.account_id} if open_until else set()
        known.fixed_at = {pk: fixed_at[pk]} if pk in fixed_at and fixed_at[pk] <= at else {}
        decision = decide(shipment, programmes, known, at)
        resolved = [ends for ends in open_until if ends is not None and ends < now]
        if decision.verdict.reason in _WAITS and resolved:
            heapq.heappush(queue, (min(resolved), pk, shipment))
        else:
            yield decision


def _beside_the_others(programme: Programme) -> list[Programme]:
    fetched = Programme.objects.filter(kind=Programme.Kind.DELIVERY).prefetch_related("translations", "quotas")
    beside = [*fetched.filter(is_active=True).exclude(pk=programme.pk), programme]
    prefetch_related_objects([programme], "translations", "quotas")
    programme.is_active = True
    return sorted(beside, key=lambda one: (one.priority, one.pk))


def _forget_asks_from(known: Known, since: datetime) -> None:
    """Asks that were really made in the month are not known: the dry run makes its own."""
    after_cases = (known.after_cases_at, known.person_after_cases_at)
    for asks in (known.asked_at, known.person_asked_at, known.role_asked_at, *after_cases):
        for key, instants in asks.items():
            asks[key] = [at for at in instants if at < since]
    known.last_asked_at = {pk: max(instants) for pk, instants in known.person_asked_at.items() if instants}


def _cases(account_ids: Sequence[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """Account id -> from when to when each of its cases was open."""
    spans = defaultdict(list)
    cases = Case.objects.filter(account__in=account_ids).order_by()
    for account_id, status, began, ends in cases.values_list("account_id", "status", "opened_at", "resolved_at"):
        spans[account_id].append((began, ends if status in Case.CLOSED else None))
    return spans


def _really(programme: Programme, shipment_ids: Sequence[int]) -> Counter:
    decided = Invitation.objects.filter(programme=programme.pk, shipment__in=shipment_ids)
    return Counter(decided.order_by().values_list("reason", flat=True))


def _in_words(reasons: Counter) -> Counts:
    return [(str(Invitation.Reason(reason).label), count) for reason, count in reasons.most_common()]


def _monday(instant: datetime) -> date:
    return instant.date() - timedelta(days=instant.weekday())


@dataclass(frozen=True, slots=True)
class Preview:
    """What is asked in one language: the letter's subject, text and HTML, and the question with what follows it."""

    language: str
    subject: str
    text: str
    html: str
    asked: list[str]


def preview(programme: Programme, *, language: str, reader: str) -> Preview:
    """What somebody of that name would read. `language` is a code of the house's languages."""
    message = letter_to_try(programme, language=language, reader=reader, address="nobody@example.invalid")
    with translation.override(language):
        asked = [worded(programme.words, name) for name in WORDS]
    return Preview(language, message.subject, message.body, message.alternatives[0].content, asked)


def letter_to_try(programme: Programme, *, language: str, reader: str, address: str) -> Letter:
    """The letter as it would be sent, about what never was; its links lead nowhere."""
    row = dict.fromkeys(FOR_LETTER, "")
    last_ordered_on = timezone.now().date() - timedelta(days=_SILENT_DAYS)
    with translation.override(language):
        made_up = {
            "id": 0,
            "expires_at": timezone.now() + timedelta(days=programme.expires_days),
            "contact__name": reader,
            "contact__email": address,
            "contact__language": language,
            "contact__time_zone": "UTC",
            "account__name": _("Example Ltd"),
            "account__rep__user__name": reader,
            "programme__kind": programme.kind,
            "subject_ref": f"account:AC-0:lapsed:{last_ordered_on}",  # only a silence is read from it here
            "case__number": "CA-0",
            "case__title": _("Something to put right"),
            "case__resolved_at": timezone.now() - timedelta(days=programme.delay_days),
            "order__number": "SO-0",
            "shipment__number": "SH-0",
            "shipment__delivered_at": timezone.now() - timedelta(days=programme.delay_days),
            "shipment__order__number": "SO-0",
            "programme__question": programme.question,
            "version__words": programme.words,
            "programme__contact_rest_days": programme.contact_rest_days,
        }
    message = letter(row | made_up, "preview")
    with translation.override(language):
        message.subject = _("[Test] %(subject)s") % {"subject": message.subject}
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        del message.extra_headers[name]
    return message
