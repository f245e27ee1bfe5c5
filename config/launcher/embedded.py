"""Both embedded servers over one data folder: what stands in for DATABASE_URL and REDIS_URL where they are not set."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.launcher.postgres import start_postgres
from config.launcher.processes import Child
from config.launcher.server_user import ServerUser, server_user
from config.launcher.valkey import start_valkey

PREFIX = "tradewell-"
PLACE_LIMIT = 50  # of the 107 characters that the path of a socket may have


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
    run_dir = user.own(temporary_folder(user))  # for sockets and borrowed programs
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


def temporary_folder(user: ServerUser) -> Path:
    """A new folder with a short path that `user` can reach. Those of processes that were killed are removed first."""
    place = Path(tempfile.gettempdir())
    if len(str(place)) > PLACE_LIMIT or not user.can_enter(place):
        place = Path("/tmp")
    for left in place.glob(f"{PREFIX}[0-9]*-*"):
        owner = left.name.split("-")[1]
        if not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)  # what is not ours stays
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
