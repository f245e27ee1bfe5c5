"""`manage.py demo`: the whole portal as one foreground command.

1. Lock the data folder; start PostgreSQL and Valkey, unless DATABASE_URL and REDIS_URL name others.
2. Migrate, collect the static files, and make the demo data where there is none.
3. Start what keeps the search index, the web server, the Celery worker and beat; say where the portal is.
4. Watch them. When one ends, or on Ctrl-C, stop all in order: what writes first, what stores last.

Every child is tied to this process by the kernel, so that even a `kill -9` of it leaves nothing behind.
"""

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config import bootstrap
from config.launcher.data_folder import DataFolder, write_private
from config.launcher.embedded import Servers, start_servers
from config.launcher.processes import Child, start, until

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEFAULT_DATA = bootstrap.ROOT / "var" / "demo"
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy the environment names
WEB_WORKERS, WEB_THREADS, TASK_PROCESSES = 2, 4, 2


class DemoError(Exception):
    """The demo cannot start or go on; the message says why."""


@dataclass
class Demo:
    data: DataFolder
    host: str
    port: int
    announce: Callable[[str], None]
    servers: Servers | None = None
    children: list[Child] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"

    @property
    def run_env(self) -> Path:
        """Where a second terminal finds the servers; that of the default folder is found by every command."""
        return bootstrap.RUN_ENV if self.data.root == DEFAULT_DATA else self.data.root / "run.env"

    def run(self, *, fresh: bool, seed: bool = True) -> None:
        """Run until something stops it. Raises DemoError when it could not start or a part of it ended by itself."""
        with signals_as_interrupts():
            try:
                self.prepare(fresh=fresh, seed=seed)
                self.serve()
                self.announce(self.address)
                self.watch()
            except KeyboardInterrupt:
                say("Stopping")
            except RuntimeError as trouble:
                raise DemoError(str(trouble)) from trouble
            finally:
                ignore_signals()
                self.stop()

    def prepare(self, *, fresh: bool, seed: bool) -> None:
        embedded = not ("DATABASE_URL" in os.environ and "REDIS_URL" in os.environ)
        if fresh or self.data.preparing.exists():
            if not embedded:
                raise DemoError("The demo wipes its own database only. Empty the one that DATABASE_URL names yourself.")
            say("Wiping the demo's data" if fresh else "The last preparation was interrupted; beginning anew")
            self.data.wipe()
        urls = {}
        if embedded:
            say("Starting PostgreSQL and Valkey")
            self.servers = start_servers(self.data.servers, self.data.logs, pass_fds=[self.data.lock_file])
            urls = self.servers.urls
        self.env = self.environment(urls)
        write_private(self.run_env, "".join(f"{name}={value}\n" for name, value in self.env.items()))
        say("Preparing the database")
        static = self.begin("prepare", "static", "--verbosity=0")
        self.manage("prepare", "database", "--verbosity=0")
        if seed and self.has_no_accounts():
            say("Making the demo data (once)")
            self.data.preparing.touch()
            self.manage("seed_demo")
            self.data.preparing.unlink()
        self.finish(static)

    def environment(self, urls: dict[str, str]) -> dict[str, str]:
        """What every part of the demo is told; the caller's own DATABASE_URL and REDIS_URL come first."""
        ours = {
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "SECRET_KEY": self.data.secret_key(),
            "PORTAL_URL": self.address,
            "MEDIA_ROOT": str(self.data.media),
            "STATIC_ROOT": str(self.data.static),
            "SEARCH_ROOT": str(self.data.search),
            "MAILBOX_DIR": str(self.data.mailbox),
            "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "console",
        }
        given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
        return ours | urls | given

    def manage(self, *words: str) -> None:
        """Run one command of manage.py to its end, its output on our terminal."""
        self.finish(self.begin(*words))

    def begin(self, *words: str) -> Child:
        command = [sys.executable, bootstrap.ROOT / "manage.py", *words]
        self.start(f"manage.py {' '.join(words)}", command)
        return self.children[-1]

    def finish(self, step: Child) -> None:
        while not step.ended:
            time.sleep(0.05)
        self.children.remove(step)
        if step.process.returncode:
            raise DemoError(f"`{step.name}` failed; its message stands above.")

    def has_no_accounts(self) -> bool:
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            return connection.execute("SELECT NOT EXISTS (SELECT FROM accounts_account)").fetchone()[0]

    def serve(self) -> None:
        say("Starting the web server, the worker and beat")
        celery, logs = [sys.executable, "-m", "celery", "-A", "config"], self.data.logs
        threads = f"--blocking-threads={WEB_THREADS}"
        web = ["granian", "--interface=wsgi", f"--host={self.host}", f"--port={self.port}", f"--workers={WEB_WORKERS}"]
        worker = ["worker", f"--concurrency={TASK_PROCESSES}", "--loglevel=WARNING", "--without-gossip"]
        beat = ["beat", "--loglevel=WARNING", "--schedule", self.data.root / "beat", "--pidfile="]
        # Granian forks its workers with its own signal handler: one that is still importing the portal does not hear
        # that it is to end, and would be waited for without end.
        kill = "--workers-kill-timeout=5"
        self.start("search", [sys.executable, bootstrap.ROOT / "manage.py", "follow_search"], logs / "search.log")
        self.start(
            "web", [sys.executable, "-m", *web, threads, "--no-ws", kill, "config.wsgi:application"], logs / "web.log"
        )
        until(self.answers, self.children[-1], seconds=180)
        self.start("worker", [*celery, *worker, "--without-mingle"], logs / "worker.log")
        self.start("beat", [*celery, *beat], logs / "beat.log")

    def start(self, name: str, command: list, log: Path | None = None) -> None:
        where = {"env": os.environ | self.env, "cwd": bootstrap.ROOT, "pass_fds": [self.data.lock_file]}
        self.children.append(start(name, command, log=log, **where))

    def answers(self) -> bool:
        try:
            with DIRECTLY.open(f"{self.address}/healthz", timeout=5) as reply:
                return reply.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def watch(self) -> None:
        """Return never; raises DemoError when a part ends by itself."""
        parts = [*self.children, *(self.servers.children if self.servers else [])]
        while True:
            for part in parts:
                if part.ended:
                    code = part.process.returncode
                    raise DemoError(f"{part.name} ended by itself (code {code}).\n{part.last_words()}")
            time.sleep(0.25)

    def stop(self) -> None:
        for child in reversed(self.children):
            child.dismiss()
        for child in reversed(self.children):
            child.gone()
        if self.servers:
            self.servers.stop()
        if self.env and self.run_env.exists():
            self.run_env.unlink()


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """INT, TERM and HUP all raise KeyboardInterrupt, also where the shell had told us to ignore one of them."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """Stopping takes a second or two; an impatient second Ctrl-C must not leave half of it undone."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def say(text: str) -> None:
    print(f"  {text} ...", flush=True)
