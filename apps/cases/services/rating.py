"""Whether it was put right, as the customer says: a press of a person on the page of the case, never an open link."""

from datetime import datetime

from django.db import transaction

from apps.accounts.services import demand
from apps.cases.errors import RatingRefused
from apps.cases.models import Case
from apps.cases.selectors.cases import may_read_answer
from apps.cases.services.working import reply_to_case
from apps.core.events import record
from apps.core.scoping import Actor


@transaction.atomic
def rate_case(actor: Actor, case: Case, *, is_right: bool, words: str = "", now: datetime) -> Case:
    """Say of a resolved case whether it was put right. What was not is open again, with the words as a message.

    Said once for each time it was resolved. Records `case.rated`, and `case.reopened`. Raises `RatingRefused` for what
    is not there to be judged, `EmptyMessage` for a no that does not say what is still wrong.
    """
    demand(actor, "survey.answer")
    case = Case.objects.select_for_update(of=("self",)).select_related("account").get(pk=case.pk)
    if not case.may_be_rated or not may_read_answer(actor, case):
        raise RatingRefused
    case.is_right, case.rated_at = is_right, now
    case.save(update_fields=["is_right", "rated_at"])
    facts = {"title": case.title, "because": "right" if is_right else "wrong", "contact_id": actor.contact_id}
    record("case.rated", f"case:{case.number}", account_id=case.account_id, actor=actor, at=now, **facts)
    if not is_right:
        reply_to_case(actor, case, body=words, now=now)
    return case
