"""`manage.py test`: all tests, browser journeys included; meanwhile lint, contracts, migrations, deployment checks.

Each step runs even when another failed, so that one run shows everything; the exit code is that of the worst.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from config import bootstrap
from config.launcher import browser
from config.launcher.processes import tied_to_parent

HELP = """\
usage: manage.py test [--no-browser] [pytest's arguments]

Runs ruff, the import contracts, the migration and deployment checks, and pytest on two processes.
Further arguments go to pytest. When one of them is a path (tests/pricing, a::test), only pytest runs, in one process.

  --no-browser    leave the journeys in a real browser out

Without DATABASE_URL and REDIS_URL the tests bring their own PostgreSQL and Valkey.
The browser is $CHROMIUM, one on PATH, or Debian's package, which is fetched where it is missing.
"""
UNPACKED = bootstrap.ROOT / "var" / "chromium"
# Each process would compile thousands of modules for itself where the environment forbids Python to keep them.
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(bootstrap.ROOT / "var" / "bytecode")}
# Enough to load the production settings; nothing is contacted.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_URL": "https://portal.example",
    "DATABASE_URL": "postgresql://tradewell@database.example/tradewell",
    "REDIS_URL": "redis://queue.example:6379/0",
    "DEFAULT_FROM_EMAIL": "portal@portal.example",
    "EMAIL_URL": "smtp+tls://mail.example:587",
}


def run(arguments: Sequence[str]) -> int:
    """Run what `arguments` ask for; returns 0 when all of it passed."""
    if "-h" in arguments or "--help" in arguments:
        print(HELP, end="")
        return 0
    words = [word for word in arguments if word != "--no-browser"]
    narrow = any("::" in word or Path(word).exists() for word in words if not word.startswith("-"))
    chromium = _browser("--no-browser" in arguments)
    began = time.monotonic()
    # The tests begin with their servers and a database, which leaves a processor to the rest.
    tests = subprocess.Popen(pytest(words, processes=1 if narrow else 2), **_how(chromium))
    failed = [
        name for name, command, environment in ([] if narrow else checks()) if not _passes(name, command, environment)
    ]
    failed += ["tests"] if tests.wait() else []
    verdict = f"FAILED: {', '.join(failed)}" if failed else "All passed"
    print(f"\n{verdict} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """What needs no server: name, command and further environment of each."""
    manage = [sys.executable, "-W", "ignore", "manage.py"]
    return [
        ("ruff", [_tool("ruff"), "check", "--quiet"], {}),
        ("format", [_tool("ruff"), "format", "--check", "--quiet"], {}),
        ("contracts", [_tool("lint-imports"), "--no-cache"], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], PRODUCTION),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def pytest(words: Sequence[str], *, processes: int) -> list[str]:
    parallel = [] if processes == 1 or any(word.startswith("-n") for word in words) else ["-n", str(processes)]
    spread = ["--dist", "loadscope", "--no-loadscope-reorder"] if parallel else []
    return [sys.executable, "-m", "pytest", *parallel, *spread, *words]


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, **_how(environment))
    if done.returncode:
        print(f"{done.stdout}{done.stderr}")
    print(f"-- {name} {'failed' if done.returncode else 'passed'} in {time.monotonic() - began:.1f} s", flush=True)
    return done.returncode == 0


def _how(environment: dict[str, str]) -> dict:
    whole = os.environ | COMPILED | environment
    return {"cwd": bootstrap.ROOT, "env": whole, "preexec_fn": tied_to_parent(signal.SIGTERM)}


def _browser(left_out: bool) -> dict[str, str]:
    """The environment that names the browser; empty, and loud about it, where there is none."""
    found = None if left_out else browser.find(UNPACKED)
    if not found and not left_out:
        print("-- fetching Chromium for the browser journeys", flush=True)
        found = browser.fetch(UNPACKED)
    if found:
        return {"CHROMIUM": str(found)}
    why = "they were left out by --no-browser" if left_out else "no Chromium was found and none could be fetched"
    print(f"\n{'!' * 100}\n!!  THE BROWSER JOURNEYS DO NOT RUN: {why}.\n{'!' * 100}\n", flush=True)
    return {"CHROMIUM": ""}


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
