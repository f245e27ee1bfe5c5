"""After a case was put right, who reported it is asked once how easy that was."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.cases.models import Case
from apps.core.models import Event
from apps.feedback.models import Invitation, Programme
from apps.feedback.services.programmes import active_programme, ensure_programmes
from apps.feedback.services.subjects import Subject, decide

_LATER = timedelta(hours=1)  # what was done is read first
_MISSED_FOR = timedelta(days=14)
_State = Invitation.State


def plan_effort(case_id: int, *, now: datetime) -> Invitation | None:
    """Decide about asking after a resolved case: its contact, in the next hours of the window. Safe to repeat.

    None where nobody is to be asked: the case is open again or has no contact, or it was no failure (something to find,
    somebody to forget). A case that was opened again and resolved anew is another subject; a contact is asked after one
    case in the programme's rest.
    """
    ensure_programmes()
    programme = active_programme(Programme.Kind.CASE)
    case = _askable().select_related("account", "contact").filter(pk=case_id).first()
    if programme is None or case is None:
        return None
    subject = effort_subject(case)
    decide(programme, [subject], now=now, again=())
    return Invitation.objects.filter(programme=programme, subject_ref=subject.ref).first()


def plan_missed_efforts(*, now: datetime, size: int = 500) -> int:
    """Decide about cases resolved lately that no event led to a decision about; how many."""
    if active_programme(Programme.Kind.CASE) is None:
        return 0
    decided = Invitation.objects.filter(case=OuterRef("pk"), decided_at__gte=OuterRef("resolved_at"))
    missed = _askable().filter(~Exists(decided), resolved_at__gt=now - _MISSED_FOR, resolved_at__lte=now)
    ids = list(missed.order_by("resolved_at").values_list("pk", flat=True)[:size])
    return sum(plan_effort(pk, now=now) is not None for pk in ids)


def effort_subject(case: Case) -> Subject:
    """What is asked after a resolved case, from an hour after it was resolved; the account and contact best fetched."""
    return Subject(_ref(case), case.account, case.resolved_at + _LATER, [case.contact], case=case)


@transaction.atomic
def cancel_effort(case_id: int, *, now: datetime) -> int:
    """A case is open again: nobody is asked how easy it was to put right. How many questions that were."""
    waiting = Invitation.objects.filter(case=case_id, programme__kind=Programme.Kind.CASE)
    waiting = waiting.filter(state__in=[_State.PLANNED, _State.CLAIMED], case__in=Case.objects.unresolved())
    locked = waiting.select_for_update(of=("self",))  # so that what is being handed over meanwhile is left
    return Invitation.objects.filter(pk__in=[row.pk for row in locked]).update(
        state=_State.CANCELLED, reason=Invitation.Reason.OPEN_CASE, rest=None, reminder_due_at=None, claimed_at=None
    )


def _askable():
    """Resolved cases of somebody who can be asked; what was to be found or forgotten is no failure put right."""
    other = Q(source_ref__startswith="sourcing:") | Q(source_ref__startswith="erasure:")
    return Case.objects.closed().filter(~other, contact__isnull=False, resolved_at__isnull=False)


def _ref(case: Case) -> str:
    reopened = Event.objects.filter(subject=f"case:{case.number}", name="case.reopened").count()
    return f"case:{case.number}:{reopened}" if reopened else f"case:{case.number}"
