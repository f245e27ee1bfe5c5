"""What customers said, what they were answered, and what was done."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from apps.cases.models import Case, CaseMessage
from apps.cases.selectors.cases import may_read_answer, title_for
from apps.core.scoping import Actor


@dataclass(frozen=True, slots=True)
class Done:
    """A case of one's own that was put right: what was said and answered ("" where it is not for who asks)."""

    case: Case
    title: str
    said: str
    answered: str
    done_at: datetime


def done_for(actor: Actor, *, limit: int = 30) -> list[Done]:
    """Cases the actor may see that are closed, the latest first. One query."""
    spoken = CaseMessage.objects.filter(case=OuterRef("pk"), is_internal=False).order_by("written_at", "pk")
    said = spoken.filter(from_staff=False).values("body")[:1]
    answered = spoken.filter(from_staff=True).reverse().values("body")[:1]
    closed = Case.objects.visible_to(actor).closed().select_related("shipment", "proof_shipment", "proof_order")
    found = closed.annotate(said=Subquery(said), answered=Subquery(answered)).order_by("-resolved_at", "-pk")
    return [
        Done(
            case=case,
            title=title_for(actor, case),
            said=(case.said or "") if may_read_answer(actor, case) else "",
            answered=case.answered or "",
            done_at=case.resolved_at,
        )
        for case in found[:limit]
    ]
