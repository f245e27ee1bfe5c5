"""Where something was hard, or somebody stays away, a person calls them."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.cases.models import FollowUp
from apps.cases.services import note_once
from apps.feedback.models import Answer
from apps.feedback.rules import band_of
from apps.feedback.services.closing.others import propose
from apps.feedback.services.closing.people import who_answered

CALL_WITHIN_DAYS = 1  # about a case that was hard to have put right
ASK_WITHIN_DAYS = 3  # why they stopped


def call_about_effort(answer: Answer, now: datetime) -> None:
    """A case that was hard to have put right: who owned it calls, and the case keeps what was said."""
    if answer.case is None or band_of(answer.kind, answer.score) != "detractor":
        return
    said = {"who": who_answered(answer), "score": answer.score, "number": answer.case.number}
    owner = answer.case.owner if answer.case.owner and answer.case.owner.user.is_active else None
    title = _("Call %(who)s: case %(number)s was hard to have put right (%(score)s of 7)") % said
    propose(answer, FollowUp.Kind.CALL, title, CALL_WITHIN_DAYS, now, owner_id=owner and owner.pk)
    note = _("%(who)s gave %(score)s of 7 for how easy it was to have this put right.") % said
    note_once(answer.case, f"{note}\n\n{answer.comment}".strip(), now=now)


def call_about_silence(answer: Answer, now: datetime) -> None:
    """Who would hardly order again is asked what made them stop; who surely would is thanked."""
    said = {"who": who_answered(answer), "score": answer.score}
    band = band_of(answer.kind, answer.score)
    if band == "detractor":
        title = _("Call %(who)s: ask what made them stop (%(score)s of 10 for ordering again)") % said
        propose(answer, FollowUp.Kind.CALL, title, ASK_WITHIN_DAYS, now)
    elif band == "promoter":
        title = _("Thank %(who)s, and ask what they need: they would order again (%(score)s of 10)") % said
        propose(answer, FollowUp.Kind.THANKS, title, ASK_WITHIN_DAYS, now)
