from django.core.management.base import BaseCommand

from apps.insights.services import rebuild_scores


class Command(BaseCommand):
    help = "Makes the sums of answers by month, account and role anew, and those by what deliveries went by."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_scores()} answers are counted")
