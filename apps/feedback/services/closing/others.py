"""A passive gets an offer, a promoter thanks: both are proposed to the rep."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.cases.models import FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services import propose_follow_up
from apps.feedback.models import Answer, Offer
from apps.feedback.services.closing.people import who_answered
from apps.feedback.services.offers import propose_offer

OFFER_WITHIN_DAYS = 3
THANKS_WITHIN_DAYS = 5


def propose_offer_to(answer: Answer, now: datetime) -> None:
    """To a passive: what could make it a 9. Where operations let something be offered, that is proposed; who is held
    out to compare with gets neither, and whoever had an offer lately is called."""
    offer = propose_offer(
        answer.account,
        contact_id=answer.contact_id,
        why=answer.comment,
        source_ref=f"answer:{answer.pk}",
        now=now,
    )
    if offer is None:
        title = _("Make %(who)s an offer: 7 or 8 can become a 9") % {"who": who_answered(answer)}
        propose(answer, FollowUp.Kind.OFFER, title, OFFER_WITHIN_DAYS, now)
    elif offer.source_ref == f"answer:{answer.pk}" and offer.state == Offer.State.PROPOSED:
        title = _("Decide about an offer to %(account)s") % {"account": answer.account.name}
        propose(answer, FollowUp.Kind.OFFER, title, OFFER_WITHIN_DAYS, now)
    elif offer.state != Offer.State.HELD_OUT:
        title = _("Call %(who)s: an offer was thought of lately") % {"who": who_answered(answer)}
        propose(answer, FollowUp.Kind.CALL, title, OFFER_WITHIN_DAYS, now)


def propose_thanks(answer: Answer, now: datetime) -> None:
    """To a promoter: thanks, and what they need next."""
    title = _("Thank %(who)s, ask whom else we could serve and what they need next") % {"who": who_answered(answer)}
    propose(answer, FollowUp.Kind.THANKS, title, THANKS_WITHIN_DAYS, now)


def propose(
    answer: Answer, kind: str, title: str, within_days: int, now: datetime, *, owner_id: int | None = None
) -> None:
    """The one thing to do that an answer calls for, by the rep of the account or by who is named."""
    account = answer.account
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    propose_follow_up(
        account_id=answer.account_id,
        kind=kind,
        title=title,
        detail=answer.comment,
        source_ref=f"answer:{answer.pk}",
        owner_id=owner_id or account.rep_id,
        contact_id=answer.contact_id,
        due_on=working.next_day(working.local(now).date(), within_days),
        now=now,
    )
