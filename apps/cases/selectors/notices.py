"""Which mails an event about a case calls for, as `accounts.services.tell` takes them."""

from datetime import date

from django.utils import timezone

from apps.accounts.models import Rep
from apps.accounts.selectors import operations
from apps.cases.models import Case, CaseMessage, CauseOwner
from apps.cases.rules import ESCALATE_AT, zone_of
from apps.core.models import Event
from apps.core.replies import reply_headers

#: By which another machine knows not to answer.
_BY_MACHINE = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
_, _DEPUTY_FROM, _MANAGERS_FROM = ESCALATE_AT


def opening_notices(event: Event) -> list[dict]:
    """case.opened: to the customer, with our apology or what they wrote, and to who owns the case."""
    case = _case_of(event)
    ours = case.messages.filter(from_staff=True, is_internal=False).first()
    theirs = case.messages.filter(from_staff=False).first()
    notices = []
    if case.reached_at:
        zone = (case.contact or case.account).time_zone
        by = case.answer_by.astimezone(zone_of(zone)).date()  # the day where they are
        context = {"message": ours, "quoted": theirs if ours is None else None, "by": by}
        notice = _to_contact(case, f"case-opened:{case.number}", "case_opened", context)
        if case.origin == Case.Origin.MAIL:
            notice["headers"] |= _BY_MACHINE
        notices.append(notice)
    if case.owner:
        key = f"case-owner:{case.number}:{case.owner_id}"
        notices.append(_to_staff(case, case.owner, key, "case_owner", {"quoted": theirs}))
    return notices


def answer_notice(event: Event) -> list[dict]:
    """case.answered: the answer, to the customer."""
    case = _case_of(event)
    message = CaseMessage.objects.filter(case=case, pk=event.facts["message_id"]).first()
    if message is None or not case.reached_at:
        return []
    context = {"message": message, "files": list(message.files.all())}
    return [_to_contact(case, f"case-answer:{message.pk}", "case_answered", context)]


def resolved_notice(event: Event) -> list[dict]:
    """case.resolved: what was done, to the customer, and where to say whether it was put right."""
    case = _case_of(event)
    if case.is_open or not case.reached_at or case.source_ref.startswith("erasure:"):
        return []
    return [_to_contact(case, f"case-resolved:{event.pk}", "case_resolved", {"resolution": case.resolution})]


def refused_files_notice(event: Event) -> list[dict]:
    """case.files_refused: to who sent them, with the reason for each; once a day for a case."""
    case = _case_of(event)
    if not case.reached_at:
        return []
    key = f"case-files:{case.number}:{_day(event):%Y%m%d}"
    notice = _to_contact(case, key, "case_files_refused", {"files": event.facts["files"]})
    notice["headers"] |= _BY_MACHINE
    return [notice]


def reply_notices(event: Event) -> list[dict]:
    """case.replied, case.reopened: what the customer wrote, or what came of the recovery, to who owns the case."""
    case = _case_of(event)
    if "because" in event.facts:
        return [
            _to_staff(case, rep, f"case-failed:{event.pk}:{rep.pk}", "case_not_recovered", {"facts": event.facts})
            for rep in _in_charge(case, _day(event))
        ]
    message = CaseMessage.objects.filter(case=case, pk=event.facts["message_id"]).first()
    if message is None:
        return []
    context = {"message": message, "reopened": event.name == "case.reopened"}
    return [
        _to_staff(case, rep, f"case-replied:{message.pk}:{rep.pk}", "case_replied", context)
        for rep in _in_charge(case, _day(event))
    ]


def escalation_notices(event: Event) -> list[dict]:
    """case.escalated: to the owner; from four fifths of the time on also to the deputy, at its end to managers too."""
    case, step = _case_of(event), event.facts["step"]
    if not case.is_open:
        return []
    return [
        _to_staff(case, rep, f"case-escalated:{event.pk}:{rep.pk}", "case_escalated", {"step": step})
        for rep in _in_charge(case, _day(event), step)
    ]


def assigned_notices(event: Event) -> list[dict]:
    """case.assigned: to who owns the case now, unless it was they who took it."""
    case = _case_of(event)
    if case.owner is None or event.actor_user_ref == case.owner.user_id:
        return []
    context = {"quoted": case.messages.filter(from_staff=False).first(), "assigned": event.facts}
    return [_to_staff(case, case.owner, f"case-assigned:{event.pk}", "case_owner", context)]


def wrong_price_notices(event: Event) -> list[dict]:
    """wrong_prices.left: to management, once a day."""
    managers = Rep.objects.select_related("user").filter(desk=Rep.Desk.MANAGER, user__is_active=True)
    return [
        {
            "key": f"wrong-prices:{event.subject}:{rep.pk}",
            "to": rep.user.email,
            "template": "wrong_prices_left",
            "context": {"accounts": event.facts["accounts"], "lines": event.facts["lines"]},
            "language": rep.user.language,
        }
        for rep in managers.order_by("pk")
    ]


def trouble_notices(event: Event) -> list[dict]:
    """troubles.noticed: to operations."""
    context = {"count": event.facts["count"], "lines": event.facts["lines"]}
    return [
        {
            "key": f"troubles:{event.pk}:{user.pk}",
            "to": user.email,
            "template": "troubles",
            "context": context,
            "language": user.language,
        }
        for user in operations()
    ]


def _in_charge(case: Case, today: date, step: int = 0) -> list[Rep]:
    """Who is told, each once, at that per cent of the time; managers where nobody else is there."""
    people = [case.owner] if case.owner else []
    if case.owner and (step >= _DEPUTY_FROM or not case.owner.is_there(today)):
        people.append(_deputy_of(case))
    there = {rep.pk: rep for rep in people if rep and rep.is_there(today)}
    if step >= _MANAGERS_FROM or not there:
        managers = Rep.objects.select_related("user").filter(desk=Rep.Desk.MANAGER, user__is_active=True)
        there |= {rep.pk: rep for rep in managers.order_by("pk")}
    return list(there.values())


def _deputy_of(case: Case) -> Rep | None:
    """Who stands in for who answers for the cause, else for the owner as such."""
    named = CauseOwner.objects.select_related("deputy__user").filter(cause=case.cause, owner=case.owner_id).first()
    return named.deputy if named and named.deputy else case.owner.deputy


def _day(event: Event) -> date:
    return timezone.localdate(event.occurred_at)


def _case_of(event: Event) -> Case:
    number = event.subject.partition(":")[2]
    cases = Case.objects.select_related("account", "contact", "owner__user", "owner__deputy__user", "shipment", "order")
    return cases.get(number=number)


def _to_contact(case: Case, key: str, template: str, context: dict) -> dict:
    return {
        "key": key,
        "to": case.reached_at,
        "contact_id": case.contact_id,
        "template": template,
        "context": {"case": case, "name": case.contact.name if case.contact else case.writer_name, **context},
        "language": case.contact.language if case.contact else "en",
        "account_id": case.account_id,
        "headers": reply_headers("case", case.pk) | _in_thread(case),
    }


def _in_thread(case: Case) -> dict[str, str]:
    """The headers by which a mailbox shows an answer below the mail that opened the case."""
    return {"In-Reply-To": case.mail_id, "References": case.mail_id} if case.mail_id else {}


def _to_staff(case: Case, rep: Rep, key: str, template: str, context: dict) -> dict:
    return {
        "key": key,
        "to": rep.user.email,
        "template": template,
        "context": {"case": case, **context},
        "language": rep.user.language,
        "account_id": case.account_id,
    }
