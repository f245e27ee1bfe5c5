from celery import shared_task
from django.utils import timezone

from apps.core import events, idempotency, mail, reactions


@shared_task
def relay_events() -> int:
    """Publish events that a crash or a dead broker left in the outbox."""
    return events.relay(now=timezone.now())


@shared_task
def try_parked_again() -> int:
    """Start what was parked while a mail server or another machine was out."""
    return reactions.try_parked_again(now=timezone.now())


@shared_task
def settle_stale_mail() -> int:
    """Call mail `unknown` whose sender died while handing it over."""
    return mail.settle_stale(now=timezone.now())


@shared_task
def forget_answers() -> int:
    """Drop the kept answers of requests that are too old to be sent again."""
    return idempotency.forget_answers(now=timezone.now())
