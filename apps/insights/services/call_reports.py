"""A visit or a call is logged, with what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account, Contact
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.cases.services import set_task, settle_by_itself
from apps.core.events import record
from apps.core.scoping import Actor
from apps.insights.errors import CallReportRefused
from apps.insights.models import CallReport
from apps.insights.services.visits import visit_tasks

LONGEST_NOTE, LONGEST_STEP = 4000, 160
FURTHEST_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Talk:
    """What is logged; `next_step` becomes a task due on `next_on`."""

    kind: str
    held_on: date | None
    contact_id: int | None = None
    note: str = ""
    next_step: str = ""
    next_on: date | None = None


@transaction.atomic
def log_talk(actor: Actor, account: Account, talk: Talk, *, key: str, now: datetime) -> CallReport:
    """Log a talk with an account that the actor may see; the same key logs it once.

    Raises `CallReportRefused` by field. Records `call_report.written`, and what a task records.
    """
    demand(actor, "case.work")
    if not accounts_visible(actor).filter(pk=account.pk).exists():
        raise AccountNotFound()
    contact = Contact.objects.filter(pk=talk.contact_id, account=account, is_active=True).first()
    _refuse(talk, contact, timezone.localdate(now))
    step = " ".join(talk.next_step.split())
    report, is_new = CallReport.objects.get_or_create(
        account=account,
        key=key[:40],
        defaults={
            "contact": contact,
            "rep_id": actor.rep_id,
            "by_name": actor.name[:120],
            "kind": talk.kind,
            "held_on": talk.held_on,
            "note": talk.note.strip(),
            "next_step": step,
            "next_on": talk.next_on if step else None,
            "written_at": now,
        },
    )
    if is_new:
        said = ": ".join(filter(None, (contact.name if contact else "", report.note)))
        facts = {"because": talk.kind, "comment": said[:400]} | ({"contact_id": contact.pk} if contact else {})
        record("call_report.written", f"call_report:{report.pk}", at=now, account_id=account.pk, actor=actor, **facts)
        if talk.kind == CallReport.Kind.VISIT:
            visited = visit_tasks(account.pk, actor.rep_id).filter(due_on__lte=timezone.localdate(now))
            settle_by_itself(visited, outcome=_("visited"), now=now)
        if step:
            set_task(actor, account, title=step, due_on=talk.next_on, key=f"call:{report.pk}", now=now)
    return report


def _refuse(talk: Talk, contact: Contact | None, today: date) -> None:
    wrong = {}
    if talk.kind not in CallReport.Kind.values:
        wrong["kind"] = [_("Say what it was: a visit, a call or a video call.")]
    if talk.held_on is None or not today - FURTHEST_BACK <= talk.held_on <= today:
        wrong["held_on"] = [_("Choose the day it was held: today, or up to a year ago.")]
    if talk.contact_id is not None and contact is None:
        wrong["contact"] = [_("Choose one of the account's people.")]
    if len(talk.note) > LONGEST_NOTE:
        wrong["note"] = [_("Say it in at most %(n)s characters.") % {"n": LONGEST_NOTE}]
    step = " ".join(talk.next_step.split())
    if len(step) > LONGEST_STEP:
        wrong["next_step"] = [_("Say it in at most %(n)s characters.") % {"n": LONGEST_STEP}]
    if step and (talk.next_on is None or talk.next_on < today):
        wrong["next_on"] = [_("Choose a day for the next step, today or later.")]
    if wrong:
        raise CallReportRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)
