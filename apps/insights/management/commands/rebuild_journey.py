from django.core.management.base import BaseCommand, CommandError

from apps.insights.services import journey_differences, rebuild_journey


class Command(BaseCommand):
    help = "Makes the sums of the customers' journey anew from the orders, deliveries, invoices and cases behind them."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say which sums are not what stands behind them; 1 if any is not"
        )

    def handle(self, *, check: bool, **options):
        if not check:
            self.stdout.write(f"{rebuild_journey()} sums were made anew")
            return
        wrong = 0
        for wrong, each in enumerate(journey_differences(), 1):  # noqa: B007
            kept, behind = _said(each.hits, each.total), _said(each.hits_behind, each.total_behind)
            self.stdout.write(f"{each.account} {each.month:%Y-%m} {each.measure}: {kept}, behind it {behind}")
        if wrong:
            raise CommandError(f"{wrong} sums are not what stands behind them")
        self.stdout.write("all sums are what stands behind them")


def _said(hits: int | None, total: int | None) -> str:
    return "nothing" if total is None else f"{hits} of {total}"
