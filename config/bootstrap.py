"""What manage.py does before Django can be imported. Standard library only.

1. `demo` and `test` make sure of `.venv` with the locked dependencies; a stamp makes later starts immediate.
2. Any command continues in `.venv` if there is one.
3. A command in a second terminal finds the servers of the running demo in `var/run.env`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "tradewell.lock"
UV_LOCK = ROOT / "requirements" / "bootstrap.txt"
LOCK = ROOT / "requirements" / "all.txt"
RUN_ENV = ROOT / "var" / "run.env"
INSTALLING = {"demo": "config.settings.demo", "test": "config.settings.test"}
# Within .venv this is the Python that made it: the one with pip.
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable


def prepare(argv: list[str]) -> None:
    """Make the interpreter and the environment ready for `argv`; may replace this process by one in `.venv`."""
    command = next((word for word in argv[1:] if not word.startswith("-")), "")
    if sys.version_info < (3, 11):  # noqa: UP036  the person who starts it may have an older one
        sys.exit(f"Tradewell needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if command in INSTALLING:
        with _one_at_a_time():
            ensure_environment()
    if PYTHON.exists() and Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *argv])
    if command not in INSTALLING:
        read_run_env()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", INSTALLING.get(command, "config.settings.dev"))


def ensure_environment() -> None:
    """Create `.venv` with exactly the locked packages, unless the stamp says that it has them already."""
    if STAMP.exists() and STAMP.read_text() == _fingerprint():
        return
    if not _packages().exists():  # none yet, or made by a Python that this machine has replaced since
        shutil.rmtree(VENV, ignore_errors=True)
        _say("Creating .venv")
        _run(BASE_PYTHON, "-m", "venv", "--without-pip", VENV)
    _say("Installing the locked dependencies (once; about half a minute)")
    if not _install_with_uv():
        _say("uv could not do it, continuing with pip")
        _pip_install(LOCK, fatal=True)
    # Servers and tools that are started from anywhere import `config` and `apps`.
    (_packages() / "tradewell.pth").write_text(f"{ROOT}\n")
    STAMP.write_text(_fingerprint())


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands that start together must not both install."""
    lock = ROOT / "var" / "install.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_run_env() -> None:
    """Point this process at the running demo, unless the environment already names a database."""
    if "DATABASE_URL" in os.environ or not RUN_ENV.exists():
        return
    for line in RUN_ENV.read_text().splitlines():
        name, separator, value = line.partition("=")
        if separator:
            os.environ.setdefault(name, value)


def _install_with_uv() -> bool:
    uv = VENV / "bin" / "uv"
    if not _pip_install(UV_LOCK, fatal=False) or not uv.exists():
        return False
    command = (uv, "pip", "install", "--quiet", "--python", PYTHON, "--system-certs", "--require-hashes", "-r", LOCK)
    return subprocess.run(command, cwd=ROOT).returncode == 0


def _pip_install(lock: Path, *, fatal: bool) -> bool:
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock))
    done = subprocess.run((BASE_PYTHON, "-m", "pip", "--python", str(PYTHON), "install", *options), cwd=ROOT)
    if done.returncode and fatal:
        sys.exit("The dependencies could not be installed; pip's message stands above. `python3 -m pip` must work.")
    return done.returncode == 0


def _fingerprint() -> str:
    """Of the locks and of the Python that the packages are for."""
    digest = hashlib.sha256(str(_packages()).encode())
    for lock in (UV_LOCK, LOCK):
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def _packages() -> Path:
    """Where the Python in `.venv` looks for packages; a path that does not exist when it does not run."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    try:
        said = subprocess.run((PYTHON, "-c", ask), capture_output=True, text=True)
    except OSError:
        return VENV / "nowhere"
    return Path(said.stdout.strip() or VENV / "nowhere")


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True)


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)
