"""The worker and the mail server that tests start are real ones."""

import os
import time

import pytest
from celery import current_app
from django.core.mail import get_connection, send_mail
from django.db import connection

from tests.processes import celery_worker, mail_sink, running_sessions


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_tasks_from_the_broker_of_this_test() -> None:
    current_app.control.purge()  # what earlier tests left
    with celery_worker(concurrency=1) as worker:
        current_app.send_task("apps.core.tasks.relay_events")
        deadline = time.monotonic() + 20
        while "succeeded" not in worker.log():
            assert time.monotonic() < deadline, worker.log()
            time.sleep(0.1)
        session = worker.child.process.pid
        assert session in running_sessions()
        worker.kill()
        assert session not in running_sessions()


@pytest.mark.django_db
def test_processes_are_told_the_database_of_this_test() -> None:
    assert connection.settings_dict["NAME"] in os.environ["DATABASE_URL"]


def test_the_mail_server_keeps_what_it_is_sent() -> None:
    with mail_sink() as sink:
        route = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=sink.port)
        send_mail("Your order", "It is on its way.", None, ["mina@example.com"], connection=route)
        (message,) = sink.wait_for(1)
    assert message["Subject"] == "Your order"
    assert "on its way" in message.get_content()
