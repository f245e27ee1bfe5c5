"""Both embedded servers over one data folder: what stands in for DATABASE_URL and REDIS_URL where they are not set."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.launcher.postgres import start_postgres
from config.launcher.processes import Child
from config.launcher.server_user import ServerUser, server_user
from config.launcher.valkey import start_valkey

PREFIX = "tradewell-"
SOCKET_PATH_LIMIT = 80  # of 107, PostgreSQL's own file name included


@dataclass
class Servers:
    postgres: Child
    valkey: Child
    urls: dict[str, str]
    run_dir: Path

    @property
    def children(self) -> list[Child]:
        return [self.valkey, self.postgres]

    def stop(self) -> None:
        for child in self.children:
            child.dismiss()
        for child in self.children:
            child.gone()
        shutil.rmtree(self.run_dir, ignore_errors=True)


def start_servers(data: Path, logs: Path, *, fleeting: bool = False, **options: object) -> Servers:
    """Start both over `data`; what of them could start is stopped again when the other cannot."""
    user = server_user()
    run_dir = private_folder(user)
    _replace_left_over(data / "sockets", run_dir)
    started: list[Child] = []
    try:
        postgres, database_url = start_postgres(
            data / "postgres", run_dir, user, log=logs / "postgres.log", fleeting=fleeting, **options
        )
        started.append(postgres)
        valkey, redis_url = start_valkey(
            data / "valkey", run_dir, user, log=logs / "valkey.log", fleeting=fleeting, **options
        )
    except BaseException:
        for child in started:
            child.dismiss()
            child.gone()
        shutil.rmtree(run_dir, ignore_errors=True)
        raise
    return Servers(postgres, valkey, {"DATABASE_URL": database_url, "REDIS_URL": redis_url}, run_dir)


def _replace_left_over(note: Path, run_dir: Path) -> None:
    """Remove the folder that a killed run left behind, and note where ours is."""
    left = Path(note.read_text()) if note.exists() else None
    if left and left.name.startswith(PREFIX) and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    note.write_text(str(run_dir))


def private_folder(user: ServerUser) -> Path:
    """A new folder with a short path that only `user` (and root) can enter, for sockets and borrowed programs."""
    place = tempfile.gettempdir()
    if len(place) > SOCKET_PATH_LIMIT - 20 or not user.can_enter(Path(place)):
        place = "/tmp"
    return user.own(Path(tempfile.mkdtemp(prefix=PREFIX, dir=place)))
