"""`manage.py send_due`: what the schedule does every 20 seconds, once and now; from cron where no worker runs."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.feedback import sending, services


class Command(BaseCommand):
    help = "Decide whom to ask about deliveries, cases and accounts, and send the survey letters that are due."

    def add_arguments(self, parser):
        parser.add_argument(
            "--now",
            action="store_true",
            help="for demonstrations: planned invitations are due at once, whatever the hour; whom to ask, and how "
            "often, stays as the rules say",
        )
        parser.add_argument("--seconds", type=float, default=300, help="stop after about so many seconds")

    def handle(self, *, now, seconds, **options):
        decided = 0
        while more := services.plan_undecided(now=timezone.now()):
            decided += more
        for plan in (
            *(services.plan_missed_efforts, services.plan_missed_first_orders),
            *(services.plan_half_years, services.plan_silences),
        ):
            decided += plan(now=timezone.now())
        freed, unknown = services.reconcile(now=timezone.now())
        if now:
            moved = services.bring_forward(now=timezone.now())
            self.stdout.write(f"For demonstration, {moved} planned invitations were made due now.")
        sent = sending.send_due(clock=timezone.now, seconds=seconds)
        self.stdout.write(
            f"{decided} decisions made, {sent} messages sent, {freed} claims taken up again, "
            f"{unknown} of unknown outcome."
        )
