"""What is to be had for less for a time, and what buyers have asked for: promotions, codes, price matches, costs.

They begin today, after the past is told: what was ordered before cost what it cost.
"""

from collections.abc import Iterator
from datetime import date

from apps.accounts.models import Rep
from apps.accounts.selectors import actor_for
from apps.catalogue.models import Category
from apps.demo.accounts import STAGE, Party
from apps.demo.catalogue.shelf import Shelf
from apps.demo.clock import Clock
from apps.demo.load import copy_rows
from apps.demo.prices import decimal
from apps.demo.trade import Trade
from apps.pricing.models import Coupon, PriceListSchedule, PriceMatch, ProductCost, Promotion
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from apps.pricing.services import grant_match

COST_COLUMNS = ("product_id", "currency", "unit_cost", "valid_from")
#: Category by its place among those at the top, percent off, how the promotion is called.
PROMOTIONS = ((0, 15, "SEASON", "Season's offer"), (3, 10, "CLEAR-OUT", "Making room"))
CODES = (
    ("WELCOME-5", "Welcome: five per cent off your order", 5, "0", None),
    ("BIG-ORDER", "Ten per cent from 500 on", 10, "500", 100),
)
SEEN = (
    ("Northgate Direct", 0.93, "Quoted to us by phone this morning.", ""),
    ("Supplybase", 0.88, "Their web shop, free delivery from 200.", "https://supplybase.example/offers/4711"),
    ("Fairfield Trade", 0.95, "", "https://fairfield.example/"),
)


def save_costs(shelf: Shelf, since: date) -> None:
    """What goods cost the house: between 58 and 70 per cent of the list."""
    copy_rows(ProductCost, COST_COLUMNS, _cost_rows(shelf, since))


def _cost_rows(shelf: Shelf, since: date) -> Iterator[tuple]:
    day = since.isoformat()
    for of in shelf.ranges:
        for pk in range(of.start, of.start + of.count):
            yield pk, "GBP", decimal(int(shelf.base_price[pk]) * (58 + pk % 13) // 100), day


def save_bargains(parties: list[Party], trade: Trade, clock: Clock) -> None:
    """Promotions and codes for everybody; what the account on the stage asked, and its price list every month."""
    until = clock.day(60)
    tops = list(Category.objects.filter(parent=None).order_by("position", "name").values_list("pk", flat=True))
    Promotion.objects.bulk_create(
        Promotion(
            code=code, name=name, percent=percent, category_id=tops[at % len(tops)], valid_from=clock.today,
            valid_until=until,
        )
        for at, percent, code, name in PROMOTIONS
    )  # fmt: skip
    Coupon.objects.bulk_create(
        Coupon(
            code=code, name=name, percent=percent, minimum_net=minimum, limit=limit, valid_from=clock.today,
            valid_until=until,
        )
        for code, name, percent, minimum, limit in CODES
    )  # fmt: skip
    party = parties[STAGE - 1]
    _save_matches(party, trade, clock)
    PriceListSchedule.objects.create(
        account_id=party.pk, contact_id=party.who("finance").pk, kind="xlsx", rhythm="monthly", next_on=clock.day(12)
    )


def _save_matches(party: Party, trade: Trade, clock: Clock) -> None:
    """Two wait for the rep, one was granted."""
    regulars = trade.regulars_of(party)
    some = [(int(regulars.products[at]), int(regulars.quantities[at])) for at in (2, 5, 7)]
    asks = {Ask(product, quantity): seen for (product, quantity), seen in zip(some, SEEN, strict=True)}
    prices = prices_for_account(party.pk, asks, clock.today)
    matches = [
        PriceMatch.objects.create(
            account_id=party.pk, contact_id=party.who("buyer").pk, product_id=ask.product_id, quantity=ask.quantity,
            competitor=competitor, competitor_price=round(prices[ask].unit_price * 100 * int(share * 100) / 10000, 2),
            own_price=prices[ask].unit_price, currency=prices[ask].currency, link=link, note=note,
            key=f"demo-{at}", asked_at=clock.ago(hours=3 + 20 * at),
        )
        for at, (ask, (competitor, share, note, link)) in enumerate(asks.items())
    ]  # fmt: skip
    rep = actor_for(Rep.objects.select_related("user").get(pk=party.rep).user)
    granted = matches[-1]
    grant_match(
        rep, granted, price=granted.competitor_price, valid_from=clock.today, valid_until=clock.day(90),
        answer="Happy to: the same price until then, from the quantity you buy.", now=clock.ago(hours=1),
    )  # fmt: skip
