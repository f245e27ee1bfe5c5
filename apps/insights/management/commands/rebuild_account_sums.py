from django.core.management.base import BaseCommand, CommandError

from apps.insights.services import account_sums_differing, rebuild_account_sums


class Command(BaseCommand):
    help = "Makes the sums of accounts anew: what they ordered, received, said and were invoiced."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say whose sums are not what stands behind them; 1 if any are not"
        )

    def handle(self, *, check: bool, **options):
        if not check:
            self.stdout.write(f"the sums of {rebuild_account_sums()} accounts were made anew")
            return
        if wrong := account_sums_differing():
            self.stdout.write("\n".join(wrong))
            raise CommandError(f"the sums of {len(wrong)} accounts are not what stands behind them")
        self.stdout.write("all sums are what stands behind them")
