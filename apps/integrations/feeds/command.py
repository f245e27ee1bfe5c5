"""What the two commands of feeds have in common."""

import json
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import Refusal
from apps.core.feeds import Told
from apps.integrations.feeds.rows import rows_in


class FeedCommand(BaseCommand):
    """`needed` columns of a file, and `take`, which applies its rows."""

    needed: tuple[str, ...]

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--full", action="store_true", help="what the file does not name is not there any more")
        parser.add_argument("--feed-version", type=int, default=0, help="of a full feed: what is newer is left alone")
        parser.add_argument("--report", type=Path, help="write what became of the rows to this file as JSON")

    def handle(self, *, file, full, feed_version, report, **options):
        started, told = time.monotonic(), Told(file.name, full, feed_version)
        try:
            found = self.take(rows_in(file, self.needed), told, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        facts = found.as_facts()
        if report:
            report.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        for name, count in facts.items():
            if name != "samples":
                self.stdout.write(f"{name:<16}{count:>12,}")
        for verdict, samples in found.samples.items():
            self.stdout.write(f"{verdict}: {', '.join(samples)}")
        self.stdout.write(f"Done in {time.monotonic() - started:.0f} s.")
