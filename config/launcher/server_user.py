"""Who runs the embedded servers: PostgreSQL refuses to run as root, so root lends it a user without rights."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerUser:
    """The user of the embedded servers; `uid` is None where it is simply us."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> dict:
        """For subprocess: become this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> Path:
        """Make `folder`, closed to everybody else."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.uid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)
        return folder

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets as far as `folder`, through all the folders above it."""
        attempt = ["sh", "-c", 'cd "$0"', str(folder)]
        return subprocess.run(attempt, cwd="/", stderr=subprocess.DEVNULL, **self.options).returncode == 0

    def can_run(self, program: Path) -> bool:
        try:
            return subprocess.run([program, "--version"], capture_output=True, cwd="/", **self.options).returncode == 0
        except PermissionError:
            return False


def server_user() -> ServerUser:
    """Ourselves, or for root the first of `postgres` and `nobody` that exists."""
    if os.geteuid() != 0:
        return ServerUser()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid)
    raise RuntimeError("Neither the user postgres nor nobody exists to run the embedded servers for root.")


def lend(user: ServerUser, program: Path, folders: list[Path], base: Path, run_dir: Path) -> Path:
    """Where `user` can run `program`: its own place, or a copy of `folders` (all below `base`) in `run_dir`."""
    if user.can_run(program):
        return program
    for folder in folders:
        shutil.copytree(folder, run_dir / "programs" / folder.relative_to(base), symlinks=True, dirs_exist_ok=True)
    return run_dir / "programs" / program.relative_to(base)
