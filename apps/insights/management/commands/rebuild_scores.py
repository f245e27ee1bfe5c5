from django.core.management.base import BaseCommand

from apps.insights.services import rebuild_scores


class Command(BaseCommand):
    help = "Makes the sums of answers anew: by month, window, account and role, by what deliveries went by, by day."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_scores()} answers are counted")
