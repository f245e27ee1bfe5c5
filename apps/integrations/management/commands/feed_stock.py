"""manage.py feed_stock FILE: what is on hand as the ERP says."""

from apps.availability.services import take_stock
from apps.integrations.feeds.command import FeedCommand


class Command(FeedCommand):
    help = (
        "Apply what is on hand from a file (csv, csv.gz, xlsx). The same file twice changes "
        "nothing; rows that are older than what is known are ignored."
    )
    needed = ("sku", "warehouse", "on_hand")
    take = staticmethod(take_stock)
