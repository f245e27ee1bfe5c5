"""Two cases about one thing become one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.cases.errors import CaseResolved, MergingRefused
from apps.cases.models import Case
from apps.cases.services.working import note_once
from apps.core.events import record
from apps.core.scoping import Actor


@transaction.atomic
def merge_cases(actor: Actor, case: Case, *, into: Case, now: datetime) -> Case:
    """Let `case` go on in `into`, both open and of one account; what it is then.

    What was said moves with its times, the deadlines are the earlier ones, and what is written to `case` later arrives
    in `into`. Records `case.merged` on both. Raises `CaseResolved`, and `MergingRefused` for what must stay apart: an
    answer to a question is for who gave it alone, and what is to be found keeps its own case.
    """
    demand(actor, "case.work")
    locked = Case.objects.select_for_update(of=("self",)).in_bulk(sorted({case.pk, into.pk}))
    case, into = locked[case.pk], locked[into.pk]
    _refuse(case, into)
    case.messages.update(case=into)
    case.files.update(case=into)
    case.wrong_prices.update(case=into)
    for by in ("acknowledge_by", "answer_by", "resolve_by"):
        setattr(into, by, min(getattr(case, by), getattr(into, by)))
    if case.answered_at is None and into.answered_at is not None:  # one of the two still waits for its answer
        into.status, into.answered_at, into.escalated = Case.Status.ACKNOWLEDGED, None, 0
        into.answer_by = case.answer_by
    into.is_repeated = into.is_repeated or case.is_repeated
    into.shipment_id, into.order_id = into.shipment_id or case.shipment_id, into.order_id or case.order_id
    if into.contact_id is None and not into.writer_email:
        into.contact_id, into.writer_email, into.writer_name = case.contact_id, case.writer_email, case.writer_name
    into.save()
    case.status, case.resolved_at, case.merged_into, case.escalated = Case.Status.RESOLVED, now, into, 0
    case.save(update_fields=["status", "resolved_at", "merged_into", "escalated"])
    note_once(into, _("Merged from %(number)s: %(title)s") % {"number": case.number, "title": case.title}, now=now)
    for each, other in ((case, into), (into, case)):
        record(
            "case.merged", f"case:{each.number}", account_id=each.account_id, actor=actor, at=now,
            case=case.number, into=into.number, title=other.title,
        )  # fmt: skip
    return into


def _refuse(case: Case, into: Case) -> None:
    if case.pk == into.pk:
        raise MergingRefused(_("A case cannot be merged into itself: choose the other one."))
    if case.account_id != into.account_id:
        raise MergingRefused(_("Both cases must be of one account."))
    if not case.is_open or not into.is_open:
        raise CaseResolved
    if case.origin == Case.Origin.SURVEY or (into.origin == Case.Origin.SURVEY and case.contact_id != into.contact_id):
        raise MergingRefused(_("What somebody answered to a question is not for their colleagues: keep them apart."))
    if hasattr(case, "sourcing"):
        raise MergingRefused(_("Somebody is to find something in this case: merge the other one into it."))
