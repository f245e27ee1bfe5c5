"""How a task that reacts to an event is run: tried again with growing pauses, then parked where operations see it."""

from celery import Task, shared_task

from apps.core.models import ParkedReaction


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
