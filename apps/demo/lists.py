"""What the demo's buyers keep: lists with pars, standing orders, and a quick order that is being typed."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.catalogue.models import Product, ProductCode
from apps.catalogue.rules import Ask
from apps.demo.accounts import STAGE, Party
from apps.demo.clock import Clock
from apps.demo.load import continue_ids, copy_rows
from apps.demo.trade import Trade
from apps.ordering.models import (
    BuyingList,
    BuyingListLine,
    QuickOrder,
    QuickOrderLine,
    StandingOrder,
    StandingOrderLine,
)
from apps.pricing.selectors import prices_for_account

LIST_COLUMNS = ("id", "account_id", "owner_id", "name", "note", "is_shared", "created_at", "updated_at")
LINE_COLUMNS = ("buying_list_id", "product_id", "quantity", "par", "note")
# name, note, role of the owner, shared, which of the regulars (first, step), with pars
LISTS = (
    ("Stores, monthly", "Count on the last Friday, order up to par.", "buyer", True, (0, 2), True),
    ("Boiler room service", "For the yearly overhaul.", "buyer", False, (1, 3), False),
    ("New starter kit", "One of each when somebody begins.", "administrator", True, (2, 4), False),
)
NOTES = ("Bay 4", "", "Keep two in the van", "", "Top shelf")
MOST = 12
REVIEW = "Prices have risen by more than agreed since the last order."
_KEY = UUID(int=1)


def save_lists(parties: list[Party], trade: Trade, clock: Clock) -> None:
    """Three lists for the stage, one for every fourth account; and the buyer's quick order."""
    keepers = [(party, LISTS if party.pk == STAGE else LISTS[:1]) for party in parties if party.pk % 4 == STAGE]
    kept = [(party, *each) for party, each_of in keepers for each in each_of]
    made, changed = clock.ago(days=90), clock.ago(days=6)
    copy_rows(BuyingList, LIST_COLUMNS, (_list(pk, made, changed, *each) for pk, each in enumerate(kept, 1)))
    copy_rows(BuyingListLine, LINE_COLUMNS, _lines(kept, trade))
    _save_quick_order(parties[STAGE - 1], trade, clock)
    _save_standing_orders(parties[STAGE - 1], trade, clock)


def _list(pk: int, made: datetime, changed: datetime, party: Party, name, note, role, shared, *_which) -> tuple:
    return pk, party.pk, party.who(role).pk, name, note, shared, made, changed


def _lines(kept: list[tuple], trade: Trade) -> Iterator[tuple]:
    for pk, (party, _name, _note, _role, _shared, (first, step), with_pars) in enumerate(kept, 1):
        regulars = trade.regulars_of(party)
        pairs = zip(regulars.products[first::step].tolist(), regulars.quantities[first::step].tolist(), strict=True)
        for at, (product, quantity) in enumerate(list(pairs)[:MOST]):
            yield pk, product, int(quantity), int(quantity) * 2 if with_pars else None, NOTES[at % len(NOTES)]


def _save_quick_order(party: Party, trade: Trade, clock: Clock) -> None:
    """A line of each kind: found, replaced, of another supplier's number, unknown, without a readable quantity."""
    QuickOrder.objects.create(
        id=1, account_id=party.pk, contact_id=party.who("buyer").pk, key=_KEY, updated_at=clock.ago(days=1)
    )
    continue_ids(QuickOrder)
    regulars = trade.regulars_of(party)
    skus = list(
        Product.objects.filter(pk__in=regulars.products[:6].tolist()).order_by("pk").values_list("sku", flat=True)
    )
    codes = [_code_of("superseded"), _code_of("competitor"), _code_of("gtin")]
    typed = [(skus[0], "20"), *((code, "10") for code in codes if code), (f"{skus[1][:-1]}?", "4"), (skus[2], "1.000")]
    typed += [(skus[0], "5")]
    copy_rows(QuickOrderLine, ("quick_order_id", "code", "quantity"), ((1, *line) for line in typed))


def _code_of(kind: str) -> str | None:
    codes = ProductCode.objects.filter(kind=kind, product__status="active").order_by("product_id")
    return codes.values_list("code", flat=True).first()


def _save_standing_orders(party: Party, trade: Trade, clock: Clock) -> None:
    """One that comes in some days, and one that waits because a price has risen by more than agreed."""
    regulars, buyer = trade.regulars_of(party), party.who("buyer")
    both = (("Gloves and wipes", 5, "1.00"), ("Filters, quarterly", 9, "0.80"))
    for pk, (name, first, share) in enumerate(both, 1):
        products = regulars.products[first : first + 4].tolist()
        quantities = dict(zip(products, regulars.quantities[first : first + 4].tolist(), strict=True))
        asks = [Ask(product, int(quantity)) for product, quantity in quantities.items()]
        prices = prices_for_account(party.pk, asks, clock.today)
        waits = pk == 2
        StandingOrder.objects.create(
            id=pk, account_id=party.pk, contact_id=buyer.pk, ship_to_id=party.ship_tos[0].pk, name=name,
            every=3 if waits else 2, unit="month" if waits else "week", first_on=clock.day(0 if waits else -10),
            next_on=clock.today if waits else clock.day(4), created_at=clock.ago(days=62),
            state="review" if waits else "active", review=REVIEW if waits else "",
        )  # fmt: skip
        StandingOrderLine.objects.bulk_create(
            StandingOrderLine(
                standing_order_id=pk, product_id=ask.product_id, quantity=ask.quantity,
                agreed_price=round(prices[ask].unit_price * Decimal(share), 4),
            )
            for ask in asks
            if prices[ask].unit_price is not None
        )  # fmt: skip
    continue_ids(StandingOrder)
