"""The servers of the tests: a plugin, loaded by `-p tests.servers` before Django reads its settings.

Where DATABASE_URL or REDIS_URL is set, that server is used; else an embedded one, which forgets everything afterwards.
The processes of pytest-xdist inherit the URLs of the one that started them.
"""

import atexit
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.databases import RUN, drop, template_name
from tests.kept import BEHIND, MIGRATED, keep, sources, take


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the URLs before pytest-django loads the settings."""
    if not early_config.known_args_namespace.collectonly:
        _start_missing()
        _take_own_broker()
    return (yield)


def _start_missing() -> None:
    if RUN in os.environ:  # a process of pytest-xdist
        return
    from config.launcher.embedded import start_servers, temporary_folder
    from config.launcher.server_user import server_user

    place = temporary_folder(server_user())
    place.chmod(0o755)  # a root's servers run as another user
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.environ |= {RUN: str(os.getpid()), "MEDIA_ROOT": str(place / "media"), "LOG_FORMAT": "none"}
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    if "DATABASE_URL" not in os.environ:
        made_from = sources()
        os.environ |= {RUN: "own", MIGRATED: str(place / "migrated")}  # nobody else is on this server
        if take(made_from, place / "postgres"):
            os.environ[BEHIND] = "yes"
        atexit.register(keep, made_from, place / "postgres", place / "migrated")
    servers = start_servers(place, place, fleeting=True)
    for name, url in servers.urls.items():
        os.environ.setdefault(name, url)
    atexit.register(servers.stop)


def _take_own_broker() -> None:
    """Each test process uses its own database of the Redis server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        server = os.environ["REDIS_URL"].rpartition("/")[0]
        os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller drops the template of a server that outlives the run."""
    if "PYTEST_XDIST_WORKER" in os.environ or os.environ.get(RUN, "own") == "own":
        return
    drop(os.environ["DATABASE_URL"], template_name())
