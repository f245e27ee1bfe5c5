"""An answer is closed: a detractor's by a case, a passive's by an offer, a promoter's by thanks."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.cases.models import Case, FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services import open_case, propose_follow_up
from apps.feedback import rules
from apps.feedback.models import Answer

OFFER_WITHIN_DAYS = 3
THANKS_WITHIN_DAYS = 5
_CAUSES = {
    "delivery": Case.Cause.DELIVERY,
    "range": Case.Cause.RANGE,
    "price": Case.Cause.PRICE,
    "rep": Case.Cause.PEOPLE,
}


@transaction.atomic
def close_the_loop(answer_id: int, *, now: datetime) -> str:
    """Do what an answer calls for, once however often it is called; returns its band."""
    answer = Answer.objects.select_related("account__rep", "contact", "invitation__shipment").get(pk=answer_id)
    band = rules.nps_band(answer.score)
    {"detractor": _open_case, "passive": _propose_offer, "promoter": _propose_thanks}[band](answer, now)
    return band


def cause_of(answer: Answer) -> str:
    """The cause a detractor named first; a delivery known to have failed is the cause where none was named."""
    named = next((_CAUSES[driver] for driver in answer.drivers if driver in _CAUSES), None)
    failed = any(answer.facts.get(fault) for fault in ("late", "short", "damaged"))
    return named or (Case.Cause.DELIVERY if failed else Case.Cause.OTHER)


def _open_case(answer: Answer, now: datetime) -> None:
    shipment = answer.invitation.shipment
    open_case(
        account_id=answer.account_id,
        title=_("%(who)s gave %(score)s out of 10 for delivery %(number)s")
        % {"who": _who(answer), "score": answer.score, "number": shipment.number},
        cause=cause_of(answer),
        origin=Case.Origin.SURVEY,
        source_ref=f"answer:{answer.pk}",
        contact_id=answer.contact_id,
        shipment_id=shipment.pk,
        order_id=shipment.order_id,
        body=answer.comment,
        now=now,
    )


def _propose_offer(answer: Answer, now: datetime) -> None:
    title = _("Make %(who)s an offer: 7 or 8 can become a 9") % {"who": _who(answer)}
    _propose(answer, FollowUp.Kind.OFFER, title, OFFER_WITHIN_DAYS, now)


def _propose_thanks(answer: Answer, now: datetime) -> None:
    title = _("Thank %(who)s, ask whom else we could serve and what they need next") % {"who": _who(answer)}
    _propose(answer, FollowUp.Kind.THANKS, title, THANKS_WITHIN_DAYS, now)


def _propose(answer: Answer, kind: str, title: str, within_days: int, now: datetime) -> None:
    account = answer.account
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    propose_follow_up(
        account_id=answer.account_id,
        kind=kind,
        title=title,
        detail=answer.comment,
        source_ref=f"answer:{answer.pk}",
        owner_id=account.rep_id,
        contact_id=answer.contact_id,
        due_on=working.next_day(working.local(now).date(), within_days),
        now=now,
    )


def _who(answer: Answer) -> str:
    return answer.contact.name if answer.contact else answer.account.name
