"""`manage.py follow_search`: keeps the search index of this machine up with the database."""

import os
import signal
import threading

from django.core.management.base import BaseCommand

from apps.catalogue.index import keep

PATIENCE = 5.0  # seconds


class Command(BaseCommand):
    help = (
        "Keep the search index of this machine up with the database, until it is told to stop. Run one or more on each "
        "web machine: one of them writes, the others wait for its end."
    )

    def handle(self, **options) -> None:
        stopped = threading.Event()

        def stop(*_signal: object) -> None:
            stopped.set()
            # A round, or a build in its thread, may wait for a database that is gone. The index survives any end.
            forced = threading.Timer(PATIENCE, os._exit, [0])
            forced.daemon = True
            forced.start()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        keep(stopped.is_set)
