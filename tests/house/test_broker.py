"""A dead or a hung broker costs a request a moment, never its life: publishing gives up at once."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import Celery, current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from config.launcher.valkey import free_port

PATIENCE = 2  # seconds; a second of it is the timeout of the settings


@pytest.fixture
def hung() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def publish(port: int) -> float:
    """How long publishing to the broker on `port` takes to fail."""
    app = Celery("tradewell-elsewhere", set_as_current=False)
    app.config_from_object(settings, namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    began = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("apps.core.tasks.relay_events")
    return time.monotonic() - began


def test_a_dead_broker_refuses_at_once() -> None:
    assert publish(free_port()) < PATIENCE


def test_a_hung_broker_is_given_up_soon(hung: int) -> None:
    assert publish(hung) < PATIENCE


def test_a_living_broker_takes_the_message() -> None:
    assert current_app.send_task("apps.core.tasks.relay_events").id
