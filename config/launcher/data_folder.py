"""The folder in which a demo keeps everything: locked while any of its processes lives, and never under somebody's home
that the servers cannot enter."""

import fcntl
import os
import secrets
import shutil
import time
from pathlib import Path

from config.launcher.server_user import server_user

ELSEWHERE = Path("/var/lib/tradewell")
WAIT = 15  # seconds for the processes of a demo that was killed to notice it


class InUseError(Exception):
    """Another demo runs over the same folder."""


class DataFolder:
    """`root` holds what we write; `servers` the databases, elsewhere where their user could not reach `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)  # the servers of a root pass through; nobody else sees what is here
        self.logs = self._made("logs")
        self.media = self._made("media")
        self.mailbox = self._made("mailbox")
        self.static = self._made("static")
        self.search = self._made("search")
        self.preparing = self.root / "preparing"
        self.lock_file = self._lock()
        self.servers = self._servers()

    def wipe(self) -> None:
        """Forget everything but the lock."""
        shutil.rmtree(self.servers, ignore_errors=True)
        for entry in (self.logs, self.media, self.mailbox, self.static, self.search):
            shutil.rmtree(entry)
            entry.mkdir()
        for leaf in (self.preparing, self.root / "secret_key", *self.root.glob("beat*")):
            leaf.unlink(missing_ok=True)
        self.servers = self._servers()

    def secret_key(self) -> str:
        """The same at each start, so that nobody is logged out by a restart."""
        path = self.root / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(50))
        return path.read_text()

    def _made(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        return folder

    def _lock(self) -> int:
        """Every child inherits the lock, so it is free only when the last of them has ended."""
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                owner = int(os.pread(descriptor, 20, 0) or 0)
                if _alive(owner) or time.monotonic() > deadline:
                    os.close(descriptor)
                    raise InUseError(f"A demo already runs over {self.root} (process {owner}).") from None
                time.sleep(0.2)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def _servers(self) -> Path:
        user = server_user()
        inside = self._made("servers")
        if user.can_enter(inside):
            return inside
        name = self.root / "elsewhere"
        if not name.exists():
            name.write_text(secrets.token_hex(8))
        place = ELSEWHERE / name.read_text()
        place.mkdir(parents=True, exist_ok=True)
        return place


def write_private(path: Path, text: str) -> None:
    """Write `text` where only we can read it, whatever stood there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def _alive(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists()
