"""The embedded PostgreSQL's data folder with the migrated template in it, kept from one test run to the next.

Migrating takes longer than most runs of a few tests. What is kept is good for the same packages and for the same
migrations, or for these and more: the template is then migrated onwards. A migration that was changed, renamed or
taken away makes a new one.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from config.bootstrap import LOCK, ROOT

PLACE = ROOT / "var" / "tests"
MIGRATED = "TRADEWELL_TEST_MIGRATED"  # names a file that exists once the template has been migrated
BEHIND = "TRADEWELL_TEST_BEHIND"  # set where the template that was taken lacks the newest migrations


def sources() -> dict[str, str]:
    """What the template is made from: each file with the digest of what stands in it."""
    files = [LOCK, *sorted(ROOT.glob("apps/*/migrations/*.py"))]
    return {str(each.relative_to(ROOT)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def take(wanted: dict[str, str], data: Path) -> bool:
    """Put a copy of what is kept at `data`, if anything that serves is; True where it lacks some of `wanted`."""
    made_from = PLACE / "made_from.json"
    if not made_from.exists():
        return False
    had = json.loads(made_from.read_text())
    if had.items() <= wanted.items():
        subprocess.run(["cp", "--archive", PLACE / "postgres", data], check=True)
    return had.items() < wanted.items()


def keep(made_from: dict[str, str], data: Path, migrated: Path) -> None:
    """Keep the data folder of a server that has stopped, instead of what was kept before."""
    if not migrated.exists() or (data / "postmaster.pid").exists():
        return
    unfinished = PLACE.with_name(f"{data.parent.name}.new")
    unfinished.mkdir(parents=True)
    subprocess.run(["cp", "--archive", data, unfinished / "postgres"], check=True)
    (unfinished / "made_from.json").write_text(json.dumps(made_from))
    shutil.rmtree(PLACE, ignore_errors=True)
    unfinished.rename(PLACE)
