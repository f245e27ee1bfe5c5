"""Events: written with the change, published after it, never lost with the broker."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import events
from apps.core.models import Event

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
LATER = timedelta(minutes=1)


@pytest.fixture
def published(monkeypatch, settings):
    """The tasks that were started, in order; the broker is reached."""
    started = []
    settings.REACTIONS = {"order.placed": ("first.task", "second.task")}
    monkeypatch.setattr(events._broker, "rests_until", 0.0)
    monkeypatch.setattr(events.current_app, "send_task", lambda name, args: started.append((name, args[0])))
    return started


@pytest.mark.django_db(transaction=True)
def test_reactions_start_after_the_commit_and_only_then(published):
    with transaction.atomic():
        event = events.record("order.placed", "order:SO-1", at=AT, account_id=7, lines=2)
        assert published == []
    assert published == [("first.task", event.pk), ("second.task", event.pk)]
    assert Event.objects.get().dispatched_at is not None


@pytest.mark.django_db(transaction=True)
def test_what_rolls_back_never_happened(published):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record("order.placed", "order:SO-1", at=AT)
        raise ZeroDivisionError
    assert (published, Event.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_loses_nothing_and_the_sweep_catches_up(published, monkeypatch):
    def refuse(name, args):
        raise OperationalError("no broker")

    with monkeypatch.context() as dead:
        dead.setattr(events.current_app, "send_task", refuse)
        event = events.record("order.placed", "order:SO-1", at=AT)
    assert events.oldest_waiting(event.recorded_at + LATER) == LATER
    monkeypatch.setattr(events._broker, "rests_until", 0.0)
    assert events.relay(now=event.recorded_at + LATER) == 1
    assert published == [("first.task", event.pk), ("second.task", event.pk)]
    assert events.relay(now=event.recorded_at + LATER) == 0


@pytest.mark.django_db
def test_an_event_nothing_reacts_to_is_a_story_and_never_waits(published):
    events.record("pick.added", "account:AC-1", at=AT)
    assert events.oldest_waiting(AT) is None
