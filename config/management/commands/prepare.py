"""`manage.py prepare`: what each release needs once, before its web servers and workers start."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database, make the cache's table and collect the static files. Safe to repeat."
    requires_system_checks = []

    def handle(self, *, verbosity: int, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        stamp, found = Path(settings.STATIC_ROOT) / "collected", static_fingerprint()
        # Naming and compressing some hundred files takes seconds, and nearly always they are the same.
        if not stamp.exists() or stamp.read_text() != found:
            call_command("collectstatic", interactive=False, verbosity=verbosity)
            stamp.write_text(found)


def static_fingerprint() -> str:
    """Changes whenever a static file, or the way static files are stored, does."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{path}:{storage.size(path)}:{modified}\n".encode())
    return digest.hexdigest()
