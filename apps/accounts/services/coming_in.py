"""Somebody comes in for the first time."""

from datetime import datetime

from apps.accounts.models import User


def note_first_log_in(user: User, *, now: datetime) -> bool:
    """Keep when a log-in was first used; whether this was the time."""
    return User.objects.filter(pk=user.pk, first_log_in_at=None).update(first_log_in_at=now) == 1
