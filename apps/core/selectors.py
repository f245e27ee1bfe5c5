"""What happened, read back: to an account, to one thing."""

from collections.abc import Collection, Sequence
from datetime import datetime

from apps.core.models import Event


def timeline(
    account_ids: Sequence[int], *, limit: int = 50, before: datetime | None = None, names: Collection[str] = ()
) -> list[Event]:
    """The latest events of the accounts, newest first: those before `before` and of these `names`, where given. One
    query.
    """
    events = Event.objects.filter(account_ref__in=account_ids).order_by("-occurred_at", "-id")
    if before is not None:
        events = events.filter(occurred_at__lt=before)
    if names:
        events = events.filter(name__in=names)
    return list(events[:limit])


def history_of(*subjects: str) -> list[Event]:
    """Everything that happened to the things named, oldest first. One query."""
    return list(Event.objects.filter(subject__in=subjects).order_by("occurred_at", "id"))
