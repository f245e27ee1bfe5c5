from datetime import date

from django.db.models import F

from apps.cases.errors import FollowUpNotFound
from apps.cases.models import FollowUp
from apps.core.scoping import Actor


def follow_ups_of(
    actor: Actor, *, account_id: int | None = None, until: date | None = None, limit: int = 100
) -> list[FollowUp]:
    """Open follow-ups, the one due first first. One query."""
    open_ones = FollowUp.objects.visible_to(actor).filter(state=FollowUp.State.OPEN)
    if account_id is not None:
        open_ones = open_ones.filter(account_id=account_id)
    if until is not None:
        open_ones = open_ones.filter(due_on__lte=until)
    return list(
        open_ones.select_related("account", "contact", "owner__user").order_by(
            "due_on", F("until_at").asc(nulls_last=True), "id"
        )[:limit]
    )


def follow_up_for(actor: Actor, follow_up_id: int) -> FollowUp:
    """One follow-up. One query."""
    found = FollowUp.objects.visible_to(actor).select_related("account").filter(pk=follow_up_id).first()
    if found is None:
        raise FollowUpNotFound
    return found
