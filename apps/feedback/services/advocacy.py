"""What a promoter gives besides the score becomes something the rep does: each thing once for each answer.

A promoter is who gave 9 or 10. Nobody gets anything for it, and no score is asked for again. That somebody may be named
is a consent like any other: given here it stands on the page of their data, and withdrawn there it ends here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Consent, Purpose
from apps.accounts.services import agree_to, demand, object_to
from apps.cases.models import FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services import propose_follow_up
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import SYSTEM, Actor
from apps.core.text import folded, plain
from apps.feedback import rules
from apps.feedback.errors import AdvocacyNotAsked, AdvocacyRefused
from apps.feedback.models import Answer, NextNeed, Reference, Referral
from apps.feedback.services.closing.people import who_answered

WITHIN_DAYS = 3
LONGEST = {"name": 120, "company": 120, "reach": 160, "note": 500}
LONGEST_NEED = 2_000


@transaction.atomic
def refer(
    answer: Answer, *, name: str, company: str, reach: str, note: str = "", knows: bool, actor: Actor = SYSTEM,
    now: datetime,
) -> Referral:  # fmt: skip
    """Keep whom a promoter named, and tell the rep; the one named before where there is one.

    `knows`: the person knows that they are named, for nobody is written to without that. Raises `AdvocacyNotAsked`
    where the answer is no promoter's, `AdvocacyRefused` field by field. Records `referral.given`.
    """
    answer = _promoters(answer, actor)
    said = {field: folded(text) for field, text in (("name", name), ("company", company), ("reach", reach))}
    said["note"] = plain(note).strip()
    _refuse(said, knows)
    found, made = Referral.objects.get_or_create(answer=answer, defaults={**_of(answer), **said, "given_at": now})
    if made:
        words = {"who": who_answered(answer), "name": found.name, "company": found.company}
        title = _("%(who)s names %(name)s of %(company)s, who should know us") % words
        _propose(answer, FollowUp.Kind.CALL, title, f"{found.reach}\n{found.note}".strip(), f"referral:{found.pk}", now)
        _tell("referral.given", answer, actor, now, title=str(found))
    return found


def blank_referrals(referrals: Iterable[Referral], *, now: datetime) -> int:
    """Forget whom these name, here, in what the rep was to do and in the story of the account; how many there were.

    That somebody was named, by whom and when stays. What the rep has still to do is dropped.
    """
    found = [referral for referral in referrals if referral.name]
    forgotten = _("forgotten")
    refs = {f"referral:{one.pk}": one for one in found}
    to_do = list(FollowUp.objects.filter(source_ref__in=refs))
    for each in to_do:
        one = refs[each.source_ref]
        each.title = _("%(who)s named somebody who should know us") % {"who": one.contact or one.account}
        each.detail, each.outcome = "", ""
        if each.state == FollowUp.State.OPEN:
            each.state, each.settled_at, each.outcome = FollowUp.State.DROPPED, now, forgotten
    FollowUp.objects.bulk_update(to_do, ["title", "detail", "outcome", "state", "settled_at"])
    about = [f"answer:{one.answer_id}" for one in found]
    events = list(Event.objects.filter(subject__in=about, name="referral.given"))
    for event in events:
        event.facts = event.facts | {"title": forgotten}
    Event.objects.bulk_update(events, ["facts"])
    Referral.objects.filter(pk__in=[one.pk for one in found]).update(name="", company="", reach="", note="")
    return len(found)


def _refuse(said: dict[str, str], knows: bool) -> None:
    missing = {
        "name": _("Say who it is."),
        "company": _("Say where they work."),
        "reach": _("Say how we reach them: an e-mail address or a telephone number."),
    }
    wrong = {field: [words] for field, words in missing.items() if not said[field]}
    wrong |= {
        field: [_("Keep it within %(most)d characters.") % {"most": most}]
        for field, most in LONGEST.items()
        if len(said[field]) > most
    }
    if not knows:
        wrong["knows"] = [_("We write only to people who know that you named them. Ask them first.")]
    if wrong:
        raise AdvocacyRefused(fields=wrong)


@transaction.atomic
def agree_to_be_named(answer: Answer, *, actor: Actor = SYSTEM, now: datetime) -> Reference:
    """A promoter may be named as a customer of ours; the rep settles with them what is quoted. Safe to repeat.

    It is their consent to being quoted as a reference, with what they said before lifted. Raises `AdvocacyNotAsked`.
    Records `reference.agreed`, and `consent.given` where they had not said so.
    """
    answer = _promoters(answer, actor)
    if answer.contact is None:
        raise AdvocacyNotAsked
    agree_to(answer.contact, Purpose.REFERENCE, source=_source(actor), now=now)
    found, made = Reference.objects.get_or_create(answer=answer, defaults={**_of(answer), "agreed_at": now})
    if not made and found.withdrawn_at is None:
        return found
    if not made:
        found.agreed_at, found.withdrawn_at = now, None
        found.save(update_fields=["agreed_at", "withdrawn_at"])
    title = _("%(who)s may be named as a reference: settle what we quote") % {"who": who_answered(answer)}
    ref = f"reference:{found.pk}:{now:%Y%m%d%H%M%S}"
    _propose(answer, FollowUp.Kind.THANKS, title, answer.comment, ref, now)
    _tell("reference.agreed", answer, actor, now)
    return found


@transaction.atomic
def withdraw_reference(answer: Answer, *, actor: Actor = SYSTEM, now: datetime) -> None:
    """Who answered is not to be named any more, whichever answer they agreed with. Safe to repeat.

    Their consent is withdrawn as well. Records `reference.withdrawn` for each, and `contact.objected`.
    """
    if actor is not SYSTEM:
        demand(actor, "survey.answer")
    if answer.contact is None:
        return
    end_references(answer.contact_id, agreed_by=now, actor=actor, now=now)
    object_to(answer.contact, Purpose.REFERENCE, source=_source(actor), now=now)


@transaction.atomic
def end_references(contact_id: int, *, agreed_by: datetime, actor: Actor = SYSTEM, now: datetime) -> int:
    """What the contact agreed to until `agreed_by` holds no longer: the rep is told once, what was still to settle is
    dropped; how many there were. Safe to repeat. Records `reference.withdrawn` for each."""
    standing = Reference.objects.filter(contact=contact_id, withdrawn_at=None, agreed_at__lte=agreed_by)
    found = list(
        standing.select_for_update(of=("self",)).select_related("answer__account", "answer__contact").order_by("pk")
    )
    for reference in found:
        reference.withdrawn_at = now
        reference.save(update_fields=["withdrawn_at"])
        settling = FollowUp.objects.filter(
            source_ref__startswith=f"reference:{reference.pk}:", state=FollowUp.State.OPEN
        )
        settling.update(state=FollowUp.State.DROPPED, settled_at=now, outcome=_("withdrawn by the contact"))
        _tell("reference.withdrawn", reference.answer, actor, now)
    if found:
        answer = found[0].answer
        title = _("%(who)s is no longer to be named as a reference") % {"who": who_answered(answer)}
        detail = _("Take the name off wherever it is quoted.")
        ref = f"reference_end:{found[0].pk}:{now:%Y%m%d%H%M%S}"
        _propose(answer, FollowUp.Kind.CALL, title, detail, ref, now)
    return len(found)


def _source(actor: Actor) -> str:
    return Consent.Source.MAIL if actor is SYSTEM else Consent.Source.PORTAL


@transaction.atomic
def say_next_need(answer: Answer, text: str, *, actor: Actor = SYSTEM, now: datetime) -> NextNeed | None:
    """Keep what a promoter needs next, and tell the rep; what was said before where something was. None for no words.

    Raises `AdvocacyNotAsked`. Records `next_need.told`.
    """
    answer, said = _promoters(answer, actor), plain(text).strip()[:LONGEST_NEED]
    if not said:
        return None
    found, made = NextNeed.objects.get_or_create(answer=answer, defaults={**_of(answer), "text": said, "said_at": now})
    if made:
        title = _("%(who)s tells what they need next") % {"who": who_answered(answer)}
        _propose(answer, FollowUp.Kind.CALL, title, said, f"next_need:{found.pk}", now)
        _tell("next_need.told", answer, actor, now, text=said[:200])
    return found


def _promoters(answer: Answer, actor: Actor) -> Answer:
    if actor is not SYSTEM:
        demand(actor, "survey.answer")
    answer = Answer.objects.select_for_update(of=("self",)).select_related("account", "contact").get(pk=answer.pk)
    if answer.kind != Answer.Kind.NPS or rules.nps_band(answer.score) != "promoter":
        raise AdvocacyNotAsked
    return answer


def _of(answer: Answer) -> dict:
    return {"account_id": answer.account_id, "contact_id": answer.contact_id}


def _propose(answer: Answer, kind: str, title: str, detail: str, source_ref: str, now: datetime) -> None:
    account = answer.account
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    propose_follow_up(
        account_id=answer.account_id,
        kind=kind,
        title=title,
        detail=detail,
        source_ref=source_ref,
        owner_id=account.rep_id,
        contact_id=answer.contact_id,
        due_on=working.next_day(working.local(now).date(), WITHIN_DAYS),
        now=now,
    )


def _tell(name: str, answer: Answer, actor: Actor, now: datetime, **facts) -> None:
    contact = answer.contact.name if answer.contact else ""
    record(name, f"answer:{answer.pk}", account_id=answer.account_id, actor=actor, at=now, contact=contact, **facts)
