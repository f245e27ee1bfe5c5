"""What has served its purpose is forgotten by itself, after as many days as operations has set."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from apps.accounts.models import Contact, Notice
from apps.cases.models import Case, FollowUp, WaitingMail
from apps.cases.services.mails import throw_mails_away
from apps.catalogue.models import PastSearch, SeenProduct
from apps.core.events import record
from apps.core.models import Event, OutgoingMail
from apps.core.scoping import SYSTEM
from apps.feedback.models import Answer, AnswerRevision, NextNeed, Offer, Reference, Referral, VoteAttempt
from apps.feedback.services import blank_referrals
from apps.insights.models import AccountNote, CallReport, GreetingPutAway, NeedMention, VisitDay
from apps.ordering.models import Order
from apps.privacy.models import Retention
from apps.privacy.rules import USUAL_DAYS
from apps.privacy.selectors import same_person
from apps.privacy.services.erasing import erase_person
from apps.privacy.services.writers import forget_writers
from apps.recommendations.models import NextOrderLetter, SuggestionSale, SuggestionTrace

LOT = 1000
AT_ONCE = 100  # people: each is looked for in all texts of their accounts


def sweep(*, now: datetime, lots: int = 20) -> dict[str, int]:
    """Forget what is due; purpose -> how much was. At most `lots` thousands of a kind: the rest waits for the next run.

    Each purpose is a transaction of its own. Records `retention.swept` for each that found something.
    """
    return {purpose: _sweep(purpose, now, lots) for purpose in Retention.Purpose.values}


def _sweep(purpose: str, now: datetime, lots: int) -> int:
    kept, _made = Retention.objects.get_or_create(purpose=purpose, defaults={"days": USUAL_DAYS[purpose]})
    if not kept.days:
        return 0
    since, done = now - timedelta(days=kept.days), 0
    for _lot in range(lots):
        with transaction.atomic():
            forgotten = _FORGETS[purpose](since, now)
        done += forgotten
        if forgotten < LOT:
            break
    with transaction.atomic():
        Retention.objects.filter(pk=kept.pk).update(swept_at=now)
        if done:
            record("retention.swept", f"retention:{purpose}", at=now, count=done, days=kept.days)
    return done


def _forget_searches(since: datetime, _now: datetime) -> int:
    searched = _delete(PastSearch.objects.filter(searched_at__lt=since))
    return searched + _delete(SeenProduct.objects.filter(seen_at__lt=since))


def _forget_notices(since: datetime, _now: datetime) -> int:
    return _delete(Notice.objects.filter(told_at__lt=since))


def _forget_log_ins(since: datetime, _now: datetime) -> int:
    return sum(
        _delete(table.objects.filter(attempt_time__lt=since)) for table in (AccessAttempt, AccessFailureLog, AccessLog)
    )


def _forget_mails(since: datetime, _now: datetime) -> int:
    return _delete(OutgoingMail.objects.filter(claimed_at__lt=since))


def _forget_votes(since: datetime, _now: datetime) -> int:
    return _delete(VoteAttempt.objects.filter(posted_at__lt=since))


def _forget_strangers(since: datetime, _now: datetime) -> int:
    old = list(WaitingMail.objects.filter(received_at__lt=since).order_by("pk")[:LOT])
    throw_mails_away(old)
    over = Case.objects.closed().filter(resolved_at__lt=since).exclude(writer_email="").select_related("account")
    return len(old) + forget_writers(over.order_by("pk")[:LOT])


def _forget_suggested(since: datetime, _now: datetime) -> int:
    """What was ordered stays with its order; to whom it had been suggested is gone."""
    old = SuggestionSale.objects.filter(on__lt=since.date()).exclude(contact=None).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:LOT])
    SuggestionSale.objects.filter(pk__in=ids).update(contact=None)
    gone = max(len(ids), _delete(SuggestionTrace.objects.filter(touched_at__lt=since)))
    return max(gone, _delete(NextOrderLetter.objects.filter(claimed_at__lt=since)))


def _forget_talks(since: datetime, _now: datetime) -> int:
    """What was written of a talk or noted of an account, in the account's story as well; and where a rep drove."""
    told = (
        ("call_report", CallReport.objects.filter(written_at__lt=since, held_on__lt=since.date())),
        ("note", AccountNote.objects.filter(written_at__lt=since)),
    )
    lots = [_delete(VisitDay.objects.filter(day__lt=since.date()))]
    for noun, rows in told:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:LOT])
        events = list(Event.objects.filter(subject__in=[f"{noun}:{pk}" for pk in ids], name=f"{noun}.written"))
        for event in events:
            event.facts.pop("comment", None)
        Event.objects.bulk_update(events, ["facts"], batch_size=LOT)
        rows.model.objects.filter(pk__in=ids).delete()
        lots.append(len(ids))
    return sum(lots)


def _forget_greetings(since: datetime, _now: datetime) -> int:
    return _delete(GreetingPutAway.objects.filter(put_away_at__lt=since))


def _delete(rows: models.QuerySet) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:LOT])
    rows.model.objects.filter(pk__in=ids).delete()
    return len(ids)


def _forget_comments(since: datetime, _now: datetime) -> int:
    """The score, what was named as a reason and the facts stay. The story of the account loses the words as well, and
    so does what followed from them: a need, an offer, what the rep was to do. A case is a record of its own."""
    return _forget_comments_of_answers(since) + _forget_next_needs(since)


def _forget_comments_of_answers(since: datetime) -> int:
    old = Answer.objects.filter(answered_at__lt=since).exclude(comment="").select_related("invitation__shipment")
    answers = list(old.order_by("pk")[:LOT])
    subjects = {answer.invitation.about for answer in answers}
    told = Event.objects.filter(
        subject__in=subjects, name__in=["survey.answered", "survey.revised"], occurred_at__lt=since
    )
    events = list(told)
    for event in events:
        event.facts.pop("comment", None)
    Event.objects.bulk_update(events, ["facts"], batch_size=LOT)
    AnswerRevision.objects.filter(answer__in=answers).update(old_comment="")
    ids = [answer.pk for answer in answers]
    Answer.objects.filter(pk__in=ids).update(comment="")
    _forget_told((NeedMention.Source.WISH, NeedMention.Source.COMMENT), ids)
    refs = [f"answer:{pk}" for pk in ids]
    Offer.objects.filter(source_ref__in=refs).update(why="")
    references = Reference.objects.filter(answer__in=ids).values_list("pk", flat=True)
    followed = Q(source_ref__in=refs)
    for pk in references:
        followed |= Q(source_ref__startswith=f"reference:{pk}:")
    FollowUp.objects.filter(followed).update(detail="")
    return len(answers)


def _forget_told(sources: Collection[str], refs: Collection[int]) -> None:
    NeedMention.objects.filter(source__in=sources, source_ref__in=refs).update(said="")


def _forget_next_needs(since: datetime) -> int:
    """What promoters said they need next: the need that was found in it stays, in the house's words."""
    old = NextNeed.objects.filter(said_at__lt=since).exclude(text="").order_by("pk")[:LOT]
    told = dict(old.values_list("pk", "answer"))
    about = [f"answer:{pk}" for pk in told.values()]
    events = list(Event.objects.filter(subject__in=about, name="next_need.told"))
    for event in events:
        event.facts.pop("text", None)
    Event.objects.bulk_update(events, ["facts"], batch_size=LOT)
    _forget_told((NeedMention.Source.NEXT,), told.keys())
    FollowUp.objects.filter(source_ref__in=[f"next_need:{pk}" for pk in told]).update(detail="")
    NextNeed.objects.filter(pk__in=told).update(text="")
    return len(told)


def _forget_referrals(since: datetime, now: datetime) -> int:
    old = Referral.objects.filter(given_at__lt=since).exclude(name="").order_by("pk")
    return blank_referrals(old[:LOT], now=now)


def _erase_who_left(since: datetime, now: datetime) -> int:
    """Contacts whose access ended, and for whom nothing happened since: no order, nothing on record."""
    ordered = Order.objects.filter(contact=OuterRef("pk"), placed_at__gte=since)
    left = Contact.objects.filter(is_active=False).exclude(email="", phone="").exclude(user__is_staff=True)
    told = Event.objects.filter(occurred_at__gte=since)
    told = told.filter(subject=Concat(Value("contact:"), Cast(OuterRef("pk"), CharField())))
    erased = 0
    for contact in left.filter(~Exists(ordered), ~Exists(told)).order_by("pk")[:AT_ONCE]:
        contact.refresh_from_db()
        if contact.email or contact.phone:  # not erased with a contact before, as the same person
            erased += _erase(contact, now)
    return erased


def _erase(contact: Contact, now: datetime) -> int:
    """How many contacts were erased: none where the same person still comes and goes at another account."""
    if any(one.is_active for one in same_person(contact)):
        return 0
    return erase_person(SYSTEM, contact, now=now)


_FORGETS: dict[str, Callable[[datetime, datetime], int]] = {
    Retention.Purpose.SEARCHES: _forget_searches,
    Retention.Purpose.NOTICES: _forget_notices,
    Retention.Purpose.LOG_INS: _forget_log_ins,
    Retention.Purpose.MAILS: _forget_mails,
    Retention.Purpose.COMMENTS: _forget_comments,
    Retention.Purpose.REFERRALS: _forget_referrals,
    Retention.Purpose.VOTES: _forget_votes,
    Retention.Purpose.STRANGERS: _forget_strangers,
    Retention.Purpose.SUGGESTED: _forget_suggested,
    Retention.Purpose.TALKS: _forget_talks,
    Retention.Purpose.GREETINGS: _forget_greetings,
    Retention.Purpose.GONE: _erase_who_left,
}
