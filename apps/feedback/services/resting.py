"""The rest of a contact counts from when they are really asked, not from when that was planned first."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from psycopg.types.range import TimestamptzRange

from apps.feedback.models import Invitation


def rest_from_due(invitation_ids: Sequence[int]) -> int:
    """Let the rest of planned asks that were moved begin when they are due now; how many give way. Four queries.

    One that would now come too close to another ask of the same contact is not asked: the other was planned for later
    because of it, and stays.
    """
    moved = Invitation.objects.filter(pk__in=invitation_ids, state=Invitation.State.PLANNED)
    moved = list(moved.select_related("programme").order_by("due_at", "pk"))
    others = Invitation.objects.filter(contact__in={row.contact_id for row in moved}, rest__isnull=False)
    others = others.exclude(pk__in=[row.pk for row in moved])
    taken: dict[tuple[int, bool], list[TimestamptzRange]] = defaultdict(list)  # asks after a case rest by themselves
    for contact_id, transactional, rest in others.values_list("contact_id", "is_transactional", "rest"):
        taken[contact_id, transactional].append(rest)
    stay, give_way = [], []
    for row in moved:
        row.rest = rest_of(row)
        rests = taken[row.contact_id, row.is_transactional]
        if any(_overlap(row.rest, rest) for rest in rests):
            give_way.append(row.pk)
        else:
            rests.append(row.rest)
            stay.append(row)
    throttled = {"state": Invitation.State.SUPPRESSED, "reason": Invitation.Reason.THROTTLED, "rest": None}
    Invitation.objects.filter(pk__in=give_way).update(**throttled)
    Invitation.objects.bulk_update(stay, ["rest"])
    return len(give_way)


def rest_of(invitation: Invitation) -> TimestamptzRange:
    """The time in which the contact is asked no more, from the instant the ask is due: as long as it was planned."""
    planned = invitation.rest
    length = planned.upper - planned.lower if planned else timedelta(days=invitation.programme.contact_rest_days)
    return TimestamptzRange(invitation.due_at, invitation.due_at + length)


def _overlap(one: TimestamptzRange, other: TimestamptzRange) -> bool:
    return one.lower < other.upper and other.lower < one.upper
