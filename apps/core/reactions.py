"""How a task that reacts to an event is run: tried again with growing pauses, then parked where operations see it.

What was parked because another machine did not answer is tried again by itself, for two days; what that machine
refused for good is not.
"""

from datetime import datetime, timedelta

from celery import Task, current_app, shared_task
from django.db.models import Q

from apps.core.models import ParkedReaction

_LOST = ("SMTP", "Connection", "Timeout", "OSError", "gaierror", "BrokenPipe", "OperationalError", "Anymail")
# A mail server's codes from 500 on, and a provider's from 400 on but for those that ask for patience (408, 429).
_FOR_GOOD = r"^SMTP\w+: .*\m5\d\d, |^AnymailRecipientsRefused|^Anymail.* API response 4(0[0-79]|1\d|2[0-8])\M"
AGAIN_AFTER, AGAIN_FOR, AGAIN_AT_ONCE = timedelta(minutes=20), timedelta(days=2), 500


class ReactionTask(Task):
    """Fails loudly and keeps what failed: a parked reaction can be started again from the admin."""

    autoretry_for = (Exception,)
    max_retries = 6
    retry_backoff = 2
    retry_backoff_max = 120
    retry_jitter = True

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        ParkedReaction.objects.update_or_create(
            event_id=args[0], task_name=self.name, defaults={"error": f"{type(exc).__name__}: {exc}"[:2000]}
        )

    def on_success(self, retval, task_id, args, kwargs):
        ParkedReaction.objects.filter(event_id=args[0], task_name=self.name).delete()


def reaction(function):
    """A task that takes an event's id and may run more than once for it."""
    return shared_task(base=ReactionTask)(function)


def connection_lost() -> Q:
    """Parked reactions that failed because a machine they need did not answer."""
    lost = Q(pk__in=())
    for name in _LOST:
        lost |= Q(error__startswith=name)
    return lost


def try_parked_again(*, now: datetime) -> int:
    """Start parked reactions anew whose connection was lost in the last two days; how many. Raises what the broker
    raised."""
    rows = ParkedReaction.objects.filter(connection_lost(), parked_at__gt=now - AGAIN_FOR)
    rows = rows.exclude(error__regex=_FOR_GOOD)
    rows = rows.filter(parked_at__lte=now - AGAIN_AFTER).order_by("pk")[:AGAIN_AT_ONCE]
    parked = list(rows.values_list("task_name", "event_id"))
    for task_name, event_id in parked:
        current_app.send_task(task_name, args=[event_id])
    return len(parked)
