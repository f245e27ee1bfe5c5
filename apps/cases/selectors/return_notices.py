"""Which mails an event about a return calls for, as `accounts.services.tell` takes them."""

from django.utils import translation

from apps.accounts.models import Rep
from apps.cases.models import Return, ReturnLine
from apps.cases.return_words import news, said_of_lines
from apps.core.models import Event


def asked_return_notices(event: Event) -> list[dict]:
    """return.requested: to the account's rep, else to the service desk, where it waits for a yes."""
    shown = _return_of(event)
    if shown.status != Return.Status.REQUESTED:
        return []
    rep = shown.account.rep
    people = [rep] if rep and rep.user.is_active else _service_desk()
    return [
        {
            "key": f"return-requested:{shown.number}:{each.pk}",
            "to": each.user.email,
            "template": "return_requested",
            "context": {"shown": shown, "lines": _lines(shown, each.user.language)},
            "language": each.user.language,
            "account_id": shown.account_id,
        }
        for each in people
    ]


def return_news_notices(event: Event) -> list[dict]:
    """return.approved, .refused, .expired, .received, .credited: to who asked for it."""
    shown = _return_of(event)
    contact = shown.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    with translation.override(contact.language):
        title, sentences = news(event.name, shown)
    answer = shown.answer if event.name in ("return.approved", "return.refused") else ""
    context = {
        "shown": shown,
        "title": title,
        "sentences": sentences,
        "answer": answer,
        "lines": _lines(shown, contact.language),
    }
    return [
        {
            "key": f"{event.name}:{shown.number}:{event.pk}",
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "return_news",
            "context": context,
            "language": contact.language,
            "account_id": shown.account_id,
        }
    ]


def _lines(shown: Return, language: str) -> list[str]:
    lines = ReturnLine.objects.filter(of=shown).select_related("order_line")
    with translation.override(language):
        return said_of_lines(lines)


def _service_desk() -> list[Rep]:
    desk = Rep.objects.filter(desk=Rep.Desk.SERVICE, user__is_active=True)
    return list(desk.select_related("user").order_by("pk"))


def _return_of(event: Event) -> Return:
    returns = Return.objects.select_related("account__rep__user", "contact", "order")
    return returns.get(number=event.subject.partition(":")[2])
