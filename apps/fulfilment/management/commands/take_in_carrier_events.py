from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import Refusal
from apps.fulfilment.carrier_files import rows_of
from apps.fulfilment.models import CarrierMessage
from apps.fulfilment.services.messages import carrier_actor, take_in


class Command(BaseCommand):
    help = "Take in a carrier's file of what it saw (CSV); the same file again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--carrier", required=True, help="its name, or the supplier's, as the shipments have it")

    def handle(self, *args, file: Path, carrier: str, **options):
        try:
            rows = list(rows_of(file.read_bytes()))
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from error
        took = take_in(carrier_actor(carrier), rows, channel=CarrierMessage.Channel.FILE, now=timezone.now())
        for message in took:
            if message.reason:
                self.stdout.write(f"{message.message_id}: {message.reason}")
        states = Counter(message.state for message in took)
        self.stdout.write(", ".join(f"{state} {count}" for state, count in sorted(states.items())))
