"""Questions about products: under the product, at the desk, and the mails about them."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Rep
from apps.cases.errors import QuestionNotFound
from apps.cases.models import ProductQuestion
from apps.core.models import Event
from apps.core.scoping import Actor

_State = ProductQuestion.State


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands under its product; nothing here tells who of another account asked."""

    body: str
    asked_at: datetime
    state: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    answer_by: datetime
    is_public: bool
    is_own: bool


def questions_of(actor: Actor, product_id: int, *, limit: int = 50) -> list[Asked]:
    """What all may read and what the actor's own accounts asked, own ones that wait first. One query."""
    rows = ProductQuestion.objects.filter(product=product_id).readable_by(actor).order_by("-asked_at", "-id")
    fields = ("body", "asked_at", "state", "answer", "answered_by_name", "answered_at", "answer_by", "is_public")
    mine = set(actor.account_ids)
    found = [Asked(*row, account in mine) for *row, account in rows.values_list(*fields, "account")[:limit]]
    return sorted(found, key=lambda asked: asked.state != _State.WAITING)


def questions_at_desk(actor: Actor, *, waiting: bool = True, limit: int = 100) -> list[ProductQuestion]:
    """Questions the actor may answer, what is due first first; those settled, the latest first. One query."""
    rows = ProductQuestion.objects.for_desk(actor).select_related("product", "account", "contact", "owner__user")
    if waiting:
        return list(rows.filter(state=_State.WAITING).order_by("answer_by", "id")[:limit])
    return list(rows.exclude(state=_State.WAITING).order_by("-answered_at", "-id")[:limit])


def question_for(actor: Actor, question_id: int) -> ProductQuestion:
    """One of the questions the actor may answer; `QuestionNotFound` for absent and not theirs. One query."""
    rows = ProductQuestion.objects.for_desk(actor).select_related("product", "account", "contact", "owner__user")
    found = rows.filter(pk=question_id).first()
    if found is None:
        raise QuestionNotFound
    return found


def asked_notices(event: Event) -> list[dict]:
    """question.asked: to who is to answer, else to the managers."""
    question = _question_of(event)
    people = [question.owner] if question.owner and question.owner.user.is_active else _managers()
    return [
        {
            "key": f"question-asked:{question.pk}:{rep.pk}",
            "to": rep.user.email,
            "template": "question_asked",
            "context": {"question": question},
            "language": rep.user.language,
            "account_id": question.account_id,
        }
        for rep in people
    ]


def answered_notices(event: Event) -> list[dict]:
    """question.answered, question.declined: to who asked."""
    question = _question_of(event)
    contact = question.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    return [
        {
            "key": f"question-answered:{question.pk}",
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "question_answered",
            "context": {"question": question},
            "language": contact.language,
            "account_id": question.account_id,
        }
    ]


def _managers() -> list[Rep]:
    managers = Rep.objects.select_related("user").filter(desk=Rep.Desk.MANAGER, user__is_active=True)
    return list(managers.order_by("pk"))


def _question_of(event: Event) -> ProductQuestion:
    pk = int(event.subject.partition(":")[2])
    return ProductQuestion.objects.select_related("product", "account", "contact", "owner__user").get(pk=pk)
