"""What happened, written once, in the transaction in which it happened.

1. A service records an event; the row commits or rolls back with the change it tells of.
2. After the commit each reaction that `config/reactions.py` names for it is published as a Celery task with the
   event's id; then the event is marked dispatched.
3. Where the broker cannot be reached, the row stays undispatched and a sweep publishes it later: nothing waits for the
   broker, and nothing is lost with it. Delivery is at least once, so each reaction is safe to repeat.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from types import SimpleNamespace

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from apps.core.errors import OnlyLooking
from apps.core.models import Event
from apps.core.scoping import SYSTEM, Actor

log = logging.getLogger(__name__)

_BROKER_REST_SECONDS = 5
_tells_of_the_past: ContextVar[bool] = ContextVar("tells_of_the_past", default=False)
_broker = SimpleNamespace(rests_until=0.0)


@contextmanager
def only_told() -> Iterator[None]:
    """What is recorded meanwhile tells a story that is over: it starts no reaction, and counts as dispatched."""
    token = _tells_of_the_past.set(True)
    try:
        yield
    finally:
        _tells_of_the_past.reset(token)


def record(
    name: str, subject: str, *, at: datetime, account_id: int | None = None, actor: Actor = SYSTEM, **facts
) -> Event:
    """Write that `name` (noun.past_participle) happened to `subject` (noun:public-number) at `at`.

    Must be called inside the transaction of the change. `facts` are JSON-serialisable and say what a reader of the
    timeline needs. What only tells a story (no reaction waits for it) counts as dispatched at once. Raises
    `OnlyLooking` for an actor who is read only: no service does a thing for them.
    """
    if actor.is_read_only:
        raise OnlyLooking(
            _("You see the portal as %(name)s does. Stop looking to do something.") % {"name": actor.name}
        )
    has_reactions = name in settings.REACTIONS and not _tells_of_the_past.get()
    event = Event.objects.create(
        name=name,
        subject=subject,
        account_ref=account_id,
        actor_user_ref=actor.user_id,
        actor_name=actor.name,
        acting_for_ref=actor.acting_for,
        facts=facts,
        occurred_at=at,
        dispatched_at=None if has_reactions else timezone.now(),
    )
    if has_reactions:
        transaction.on_commit(lambda: publish([event]))
    return event


def event_of(event_id: int) -> Event:
    """The event a reaction was started for."""
    return Event.objects.get(pk=event_id)


def publish(events: Iterable[Event]) -> int:
    """Start the reactions of each event; returns how many events were dispatched.

    A broker that refused is left alone for some seconds, so that requests do not queue up behind its time-out.
    """
    done = []
    for event in events:
        if time.monotonic() < _broker.rests_until:
            break
        try:
            for task_name in settings.REACTIONS.get(event.name, ()):
                current_app.send_task(task_name, args=[event.pk])
        except (BrokerError, OSError) as error:
            _broker.rests_until = time.monotonic() + _BROKER_REST_SECONDS
            log.warning("broker unreachable, events wait in the outbox: %s", error)
            break
        done.append(event.pk)
    if done:
        Event.objects.filter(pk__in=done).update(dispatched_at=timezone.now())
    return len(done)


def relay(*, now: datetime, older_than: timedelta = timedelta(seconds=5), size: int = 500) -> int:
    """Publish what a crash or a dead broker left behind; rows are claimed so that two relays do not meet."""
    with transaction.atomic():
        waiting = list(
            Event.objects.select_for_update(skip_locked=True)
            .filter(dispatched_at=None, recorded_at__lt=now - older_than)
            .order_by("id")[:size]
        )
        Event.objects.filter(pk__in=[event.pk for event in waiting]).update(attempts=F("attempts") + 1)
        return publish(waiting)


def oldest_waiting(now: datetime) -> timedelta | None:
    """Age of the oldest event whose reactions have not been started; None where nothing waits."""
    oldest = Event.objects.filter(dispatched_at=None).aggregate(oldest=Min("recorded_at"))["oldest"]
    return None if oldest is None else now - oldest
