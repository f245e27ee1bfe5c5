"""The embedded PostgreSQL's data folder with the migrated template in it, kept from one test run to the next.

Migrating takes longer than most runs of a few tests. What is kept is good for the same migrations and the same
packages, and for nothing else.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from config.bootstrap import LOCK, ROOT

PLACE = ROOT / "var" / "tests"
MIGRATED = "TRADEWELL_TEST_MIGRATED"  # names a file that exists once the template has been migrated


def for_these_migrations() -> Path:
    """Where the folder for the migrations and the packages of this tree is, or would be."""
    digest = hashlib.sha256(LOCK.read_bytes())
    for migration in sorted(ROOT.glob("apps/*/migrations/*.py")):
        digest.update(migration.name.encode() + migration.read_bytes())
    return PLACE / digest.hexdigest()[:16]


def take(kept: Path, data: Path) -> None:
    """Put a copy of what is kept at `data`, if anything is."""
    if kept.exists():
        subprocess.run(["cp", "--archive", kept, data], check=True)


def keep(kept: Path, data: Path, migrated: Path) -> None:
    """Keep the data folder of a server that has stopped, instead of what was kept for other migrations."""
    if kept.exists() or not migrated.exists() or (data / "postmaster.pid").exists():
        return
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    unfinished = PLACE / f"{data.parent.name}.new"
    subprocess.run(["cp", "--archive", data, unfinished], check=True)
    unfinished.rename(kept)
