"""Real processes beside the tests: a Celery worker over the test's own database and broker, a broker that can be cut
off, and an SMTP server.

Rows must be committed for another process to see them: such tests use `transactional_db`.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as MODERN
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.bootstrap import ROOT
from config.launcher.embedded import temporary_folder
from config.launcher.processes import Child, start, until
from config.launcher.server_user import server_user
from config.launcher.valkey import free_port, start_valkey


@dataclass
class Worker:
    """A running `celery worker`."""

    child: Child

    def kill(self) -> None:
        """End it and its task processes at once, as a power cut would; returns when they are gone."""
        os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait()
        while self.child.process.pid in running_sessions():
            time.sleep(0.02)

    def log(self) -> str:
        return self.child.log.read_text(errors="replace")


@contextmanager
def celery_worker(*, concurrency: int = 2, beat: bool = False, **environment: str) -> Iterator[Worker]:
    """A worker that is ready for tasks; with `beat`, it starts what the schedule says as well.

    `environment` adds variables, for example `EMAIL_URL=sink.url`.
    """
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", f"--concurrency={concurrency}"]
        options = ["--loglevel=INFO", "--without-gossip", "--without-mingle"]
        if beat:
            options += ["--beat", f"--schedule={place}/beat"]
        env = process_environment() | {"LOG_FORMAT": "console", "LOG_LEVEL": "INFO"} | environment
        log = Path(place) / "worker.log"
        child = start("worker", [*command, *options], farewell=signal.SIGQUIT, log=log, env=env, cwd=ROOT)
        worker = Worker(child)
        try:
            until(lambda: " ready." in worker.log(), child, seconds=180)
            yield worker
        finally:
            child.dismiss()
            child.gone()


@dataclass
class Broker:
    """A Valkey that keeps what it was given over its own end."""

    url: str
    child: Child
    begin: Callable[[str], tuple[Child, str]]

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait()

    def return_again(self) -> None:
        """Start it anew where it was, over what it had; returns when it answers."""
        self.child, self.url = self.begin(self.url)


@contextmanager
def broker() -> Iterator[Broker]:
    """A broker of one's own: name its `url` as REDIS_URL."""
    user = server_user()
    place = temporary_folder(user)
    place.chmod(0o755)  # a root's server runs as another user

    def begin(at: str) -> tuple[Child, str]:
        return start_valkey(place / "valkey", place, user, log=place / "valkey.log", at=at)

    child, url = begin("")
    server = Broker(url, child, begin)
    try:
        yield server
    finally:
        server.child.dismiss()
        server.child.gone()
        shutil.rmtree(place, ignore_errors=True)


def running_sessions() -> dict[int, list[int]]:
    """The processes that run now, by session; one that is dead but not yet waited for does not run."""
    sessions: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, _group, session = entry.read_text().rpartition(")")[2].split()[:4]
            if state != "Z":
                sessions.setdefault(int(session), []).append(int(entry.parent.name))
    return sessions


def process_environment() -> dict[str, str]:
    """What a process needs to work on this test's database and broker."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass
class MailSink:
    """An SMTP server on this machine that keeps what it is given."""

    port: int
    seconds: float = 0.0  # that it takes for each
    messages: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def wait_for(self, count: int, *, seconds: float = 30) -> list[EmailMessage]:
        """The messages, once there are `count` of them; raises AssertionError when they do not come."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} messages came in {seconds:g} s"
            time.sleep(0.05)
        return self.messages

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        self.messages.append(message_from_bytes(envelope.content, policy=MODERN))
        return "250 kept"


@contextmanager
def mail_sink(*, seconds: float = 0.0) -> Iterator[MailSink]:
    """An SMTP server that is ready for mail, and takes so long over each."""
    sink = MailSink(free_port(), seconds)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
