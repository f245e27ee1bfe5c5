from django.core.management.base import BaseCommand

from apps.recommendations.services import rebuild_popularity, rebuild_regulars, rebuild_segment_demand


class Command(BaseCommand):
    help = "Reckons the regular SKUs of all accounts, popularity and the demand of segments anew, from the orders."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_popularity()} products changed in popularity")
        self.stdout.write(f"{rebuild_segment_demand()} products are bought by accounts of a segment")
        self.stdout.write(f"{rebuild_regulars()} rhythms are new or changed")
