"""Children that never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def tied_to_parent(farewell: signal.Signals) -> Callable[[], None]:
    """What a child runs before it becomes its program: the kernel sends it `farewell` when the parent's life ends."""
    parent = os.getpid()

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return tie


@dataclass
class Child:
    """A program in its own session, so that a Ctrl-C in the terminal reaches only the one who stops it in order."""

    name: str
    process: subprocess.Popen
    farewell: signal.Signals
    log: Path | None = None
    patience: float = 8.0  # seconds

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def dismiss(self) -> None:
        """Ask it to end; returns at once."""
        if not self.ended:
            self.process.send_signal(self.farewell)

    def gone(self) -> None:
        """Wait until it and all its descendants are gone, by force when its patience is over."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str,
    command: Sequence[str | os.PathLike],
    *,
    farewell: signal.Signals = signal.SIGTERM,
    log: Path | None = None,
    patience: float = 8.0,
    **options: Any,
) -> Child:
    """Start `command` as a child tied to this process. Its output goes to the file `log`, or to our own.

    Asked to end, it gets `farewell`, and SIGKILL when it is still there after `patience` seconds.
    """
    if log is not None:
        stream = log.open("ab")
        options |= {"stdout": stream, "stderr": subprocess.STDOUT}
    options.setdefault("stdin", subprocess.DEVNULL)
    words = [os.fspath(word) for word in command]
    tie = tied_to_parent(farewell)
    process = subprocess.Popen(words, start_new_session=True, preexec_fn=tie, **options)  # noqa: PLW1509  no threads here
    if log is not None:
        stream.close()
    return Child(name, process, farewell, log, patience)


def until(ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
    """Wait until `ready()`; raises RuntimeError with the child's last words when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.ended or time.monotonic() > deadline:
            fate = f"ended with code {child.process.returncode}" if child.ended else f"did not answer in {seconds:g} s"
            raise RuntimeError(f"{child.name} {fate}.\n{child.last_words()}")
        time.sleep(0.05)
