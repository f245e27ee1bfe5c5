"""`manage.py follow_search`: keeps the search index of this machine up with the database."""

import signal
import threading

from django.core.management.base import BaseCommand

from apps.catalogue.index import keep


class Command(BaseCommand):
    help = (
        "Keep the search index of this machine up with the database, until it is told to stop. Run one or more on each "
        "web machine: one of them writes, the others wait for its end."
    )

    def handle(self, **options) -> None:
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        keep(stopped.is_set)
