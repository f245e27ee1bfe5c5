"""`manage.py seed_demo`: a believable distributor to look at, to test against and to measure."""

import time
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.demo import seeding
from apps.demo.sizes import size_of


class Command(BaseCommand):
    help = "Fill an empty database with a demo distributor: the same for the same size and day."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--skus", type=int, help="number of SKUs (default 5,000, up to 1,000,000)")
        parser.add_argument("--accounts", type=int, help="number of accounts (default 120, up to 10,000)")
        parser.add_argument("--small", action="store_true", help="as little as shows everything: for tests")
        parser.add_argument("--fresh", action="store_true", help="empty the database first: everything in it is lost")
        parser.add_argument("--now", help="pretend it is this moment (ISO 8601), for data that can be compared")

    def handle(self, *, skus, accounts, small, fresh, now, **options) -> None:
        if not fresh and not seeding.is_empty():
            raise CommandError(
                "This database is not empty. Use an empty one, or --fresh to delete everything in this one."
            )
        if (skus is not None and skus < 150) or (accounts is not None and accounts < 8):
            raise CommandError("At least 150 SKUs and 8 accounts are needed to show anything.")
        started = time.monotonic()
        if fresh:
            seeding.clear()
        seeding.Seeding(size_of(skus, accounts, small=small), self._moment(now), self._say).run()
        self._say(f"Done in {time.monotonic() - started:.1f} s.")

    def _moment(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        moment = parse_datetime(text)
        if moment is None or moment.tzinfo is None:
            raise CommandError("--now takes a moment with its zone, such as 2026-03-02T09:00+00:00.")
        return moment

    def _say(self, words: str, ending: str = "\n") -> None:
        self.stdout.write(words, ending=ending)
        self.stdout.flush()
