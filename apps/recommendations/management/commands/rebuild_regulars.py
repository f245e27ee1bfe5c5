from django.core.management.base import BaseCommand

from apps.recommendations.services import rebuild_popularity, rebuild_regulars


class Command(BaseCommand):
    help = "Reckons the regular SKUs of all accounts and the popularity of products anew, from the orders."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_popularity()} products changed in popularity")
        self.stdout.write(f"{rebuild_regulars()} rhythms are new or changed")
