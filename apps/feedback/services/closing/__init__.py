"""An answer is closed: a detractor's by a case, a passive's by an offer, a promoter's by thanks.

Where a case was hard to have put right, and where somebody would hardly order again, a person calls."""

from datetime import datetime

from django.db import transaction

from apps.feedback import rules
from apps.feedback.models import Answer
from apps.feedback.services.closing.calls import call_about_effort, call_about_silence
from apps.feedback.services.closing.detractors import open_case_of
from apps.feedback.services.closing.others import propose_offer_to, propose_thanks

_CLOSED_BY = {"detractor": open_case_of, "passive": propose_offer_to, "promoter": propose_thanks}
_CALLED_ABOUT = {Answer.Kind.EFFORT: call_about_effort, Answer.Kind.AGAIN: call_about_silence}


@transaction.atomic
def close_the_loop(answer_id: int, *, now: datetime) -> str:
    """Do what an answer calls for, once however often it is called; returns its band.

    "" for an answer that says nothing of recommending us.
    """
    about = ("account__rep", "contact", "shipment", "case__owner__user")
    answer = Answer.objects.select_related(*about).get(pk=answer_id)
    if answer.kind in _CALLED_ABOUT:
        _CALLED_ABOUT[answer.kind](answer, now)
    if answer.kind != Answer.Kind.NPS:
        return ""
    band = rules.nps_band(answer.score)
    _CLOSED_BY[band](answer, now)
    return band
