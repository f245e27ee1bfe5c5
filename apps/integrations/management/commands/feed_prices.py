"""manage.py feed_prices FILE: list prices as the ERP says."""

from apps.integrations.feeds.command import FeedCommand
from apps.pricing.feeding import take_prices


class Command(FeedCommand):
    help = (
        "Apply list prices from a file (csv, csv.gz, xlsx). The same file twice changes "
        "nothing; rows that are older than what is known are ignored."
    )
    needed = ("sku", "price_list", "unit_price")
    take = staticmethod(take_prices)
