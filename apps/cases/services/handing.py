"""What is still to be done for an account goes from one rep to the next."""

from dataclasses import dataclass

from django.db import transaction

from apps.cases.models import Case, Conversation, FollowUp


@dataclass(frozen=True, slots=True)
class Handed:
    """How many of each."""

    tasks: int
    cases: int
    conversations: int


@transaction.atomic
def hand_over_open_work(account_id: int, *, giver_id: int | None, taker_id: int) -> Handed:
    """The taker owns what of the account is open and was the giver's, or nobody's. What a third colleague owns stays
    theirs. Whoever calls it records what happened."""
    owners = [giver_id] if giver_id else []

    def moved(rows) -> int:
        mine = rows.filter(account=account_id, owner__in=owners) | rows.filter(account=account_id, owner=None)
        return mine.update(owner=taker_id)

    return Handed(
        tasks=moved(FollowUp.objects.filter(state=FollowUp.State.OPEN)),
        cases=Case.objects.unresolved().filter(account=account_id, owner__in=owners).update(owner=taker_id),
        conversations=Conversation.objects.filter(account=account_id, closed_at=None, owner__in=owners).update(
            owner=taker_id
        ),
    )
