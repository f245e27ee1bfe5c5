"""Which mails an event about a case calls for, as arguments of `core.mail.send_once`."""

from apps.cases.models import Case, CaseMessage
from apps.core.models import Event


def opening_notices(event: Event) -> list[dict]:
    """case.opened: to the customer, with our apology or what they wrote, and to who owns the case."""
    case = _case_of(event)
    ours = case.messages.filter(from_staff=True, is_internal=False).first()
    theirs = case.messages.filter(from_staff=False).first()
    notices = []
    if case.contact and case.contact.email:
        context = {"message": ours, "quoted": theirs if ours is None else None}
        notices.append(_to_contact(case, f"case-opened:{case.number}", "case_opened", context))
    if case.owner:
        notices.append(
            {
                "key": f"case-owner:{case.number}:{case.owner_id}",
                "to": case.owner.user.email,
                "template": "case_owner",
                "context": {"case": case, "quoted": theirs},
                "language": case.owner.user.language,
                "account_id": case.account_id,
            }
        )
    return notices


def answer_notice(event: Event) -> list[dict]:
    """case.answered: the answer, to the customer."""
    case = _case_of(event)
    message = CaseMessage.objects.filter(case=case, pk=event.facts["message_id"]).first()
    if message is None or not case.contact or not case.contact.email:
        return []
    return [_to_contact(case, f"case-answer:{message.pk}", "case_answered", {"message": message})]


def _case_of(event: Event) -> Case:
    number = event.subject.partition(":")[2]
    return Case.objects.select_related("account", "contact", "owner__user", "shipment", "order").get(number=number)


def _to_contact(case: Case, key: str, template: str, context: dict) -> dict:
    return {
        "key": key,
        "to": case.contact.email,
        "template": template,
        "context": {"case": case, **context},
        "language": case.contact.language,
        "account_id": case.account_id,
    }
