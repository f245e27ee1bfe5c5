"""`manage.py demo` starts, stops, keeps its data, and leaves nothing behind when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from config.bootstrap import ROOT
from config.launcher.data_folder import DataFolder, InUseError
from config.launcher.processes import start, until
from config.launcher.supervisor import DIRECTLY, Demo, DemoError, port_is_free
from config.launcher.valkey import free_port
from tests.processes import running_sessions


@dataclass
class RunningDemo:
    process: subprocess.Popen
    data: Path
    port: int

    @property
    def urls(self) -> dict[str, str]:
        lines = (self.data / "run.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def sessions(self) -> set[int]:
        """The sessions of the demo's own processes: each part is the leader of one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(child) for child in children}

    def output(self) -> str:
        return (self.data / "output").read_text()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers of a root can enter, unlike pytest's own."""
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


@contextmanager
def demo(data: Path) -> Iterator[RunningDemo]:
    """A demo over an empty database that has said its address."""
    port = free_port()
    data.mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "demo", f"--port={port}", f"--data={data}", "--no-seed"]
    ours = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    for name in ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"):
        ours.pop(name, None)
    with (data / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=ours, stdout=output, stderr=subprocess.STDOUT)
    running = RunningDemo(process, data, port)
    try:
        eventually(lambda: "Ctrl-C" in running.output() or process.poll() is not None, seconds=480)
        assert process.poll() is None, running.output()
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(120)


def eventually(true: Callable[[], bool], *, seconds: float, else_tell: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:g} s {else_tell()}"
        time.sleep(0.1)


def commands_of(sessions: set[int]) -> str:
    """The command lines of what runs in these sessions."""
    listed = subprocess.run(["ps", "-eo", "sess=,stat=,args="], capture_output=True, text=True).stdout.splitlines()
    return "\n".join(line for line in listed if int(line.split()[0]) in sessions)


def healthy(port: int) -> bool:
    with DIRECTLY.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
        return reply.status == 200


@pytest.mark.slow
def test_a_demo_stops_in_order_keeps_its_data_and_leaves_nothing_behind_when_killed(folder: Path) -> None:
    data = folder / "demo"

    with demo(data) as running:
        assert healthy(running.port)
        parts = running.sessions()
        assert len(parts) == 6  # PostgreSQL, Valkey, web, worker, beat, search
        assert oct((data / "run.env").stat().st_mode & 0o777) == "0o600"
        with psycopg.connect(running.urls["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE keepsake AS SELECT 42 AS answer")
        assert not port_is_free("127.0.0.1", running.port)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(120) == 0, running.output()
        assert parts.isdisjoint(running_sessions())
        assert not (data / "run.env").exists()

    with demo(data) as running:
        with psycopg.connect(running.urls["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT answer FROM keepsake").fetchone() == (42,)
        parts = running.sessions()
        running.process.kill()
        eventually(lambda: parts.isdisjoint(running_sessions()), seconds=30, else_tell=lambda: commands_of(parts))


def test_a_web_worker_that_is_told_to_end_while_it_loads_does(folder: Path) -> None:
    command = [sys.executable, "-m", "granian", "--interface=wsgi", f"--port={free_port()}", "config.wsgi:application"]
    web = start("web", command, log=folder / "log", cwd=ROOT)
    try:
        until(lambda: any(not catches(worker, signal.SIGTERM) for worker in children_of(web)), web, seconds=30)
        web.dismiss()
        assert web.process.wait(20) == 0, web.last_words()
    finally:
        web.gone()


def children_of(parent) -> list[int]:
    place = Path(f"/proc/{parent.process.pid}/task/{parent.process.pid}/children")
    return [int(child) for child in place.read_text().split()]


def catches(process: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{process}/status").read_text()
    return bool(int(status.partition("SigCgt:")[2].split()[0], 16) & 1 << number - 1)


def test_a_demo_stops_when_a_part_of_it_ends(folder: Path) -> None:
    stays = start("worker", ["sleep", "60"])
    goes = start("web", ["sh", "-c", "echo port in use; exit 3"], log=folder / "web.log")
    demo = Demo(DataFolder(folder / "demo"), "127.0.0.1", 8000, announce=print, children=[stays, goes])
    with pytest.raises(DemoError, match=r"web ended by itself \(code 3\).\nport in use"):
        demo.watch()
    demo.stop()
    assert stays.ended


def test_two_demos_do_not_share_a_folder(folder: Path) -> None:
    first = DataFolder(folder)
    with pytest.raises(InUseError, match="already runs"):
        DataFolder(folder)
    os.close(first.lock_file)
    DataFolder(folder)


def test_a_child_that_does_not_listen_is_ended_by_force(folder: Path) -> None:
    log = folder / "log"
    deaf = start("deaf", ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"], log=log)
    until(lambda: "up" in log.read_text(), deaf, seconds=5)
    deaf.patience = 0.2
    deaf.dismiss()
    deaf.gone()
    for _moment in range(100):  # what it had started takes a moment to die
        if deaf.process.pid not in running_sessions():
            return
        time.sleep(0.05)
    pytest.fail("something that it started still runs")


def test_a_database_of_somebody_else_is_never_wiped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://database.example/tradewell")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example")
    with pytest.raises(DemoError, match="its own database only"):
        Demo(DataFolder(folder), "127.0.0.1", 8000, announce=print).prepare(fresh=True, seed=True)
