"""`manage.py prepare`: what each release needs once, before its web servers and workers start."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

PARTS = ("database", "static")


class Command(BaseCommand):
    help = "Migrate the database and collect the static files. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="?", choices=PARTS, help="only this one")

    def handle(self, *, part: str | None, verbosity: int, **options: Any) -> None:
        if part in (None, "database"):
            call_command("migrate", interactive=False, verbosity=verbosity)
        if part in (None, "static"):
            collect(verbosity)


def collect(verbosity: int) -> None:
    """Collect the static files unless they are those of the last time: naming and compressing them takes seconds."""
    stamp, found = Path(settings.STATIC_ROOT) / "collected", fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=verbosity)
    stamp.write_text(found)


def fingerprint() -> str:
    """Changes whenever a static file, or the way static files are stored, does."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{path}:{storage.size(path)}:{modified}\n".encode())
    return digest.hexdigest()
