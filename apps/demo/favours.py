"""What reps and buyers added by hand: picks, part numbers, a cart."""

from collections.abc import Iterator

from apps.catalogue.models import CustomerPartNumber
from apps.catalogue.rules import normal_code
from apps.demo.accounts import STAGE, Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.history import voices
from apps.demo.load import copy_rows
from apps.demo.trade import Trade
from apps.ordering.models import Cart, CartLine
from apps.recommendations.models import Block, Pick, RangeGap


def save_favours(parties: list[Party], trade: Trade, clock: Clock) -> None:
    copy_rows(
        Pick, ("account_id", "product_id", "rep_id", "note", "position", "picked_at"), _picks(parties, trade, clock)
    )
    copy_rows(CustomerPartNumber, ("account_id", "product_id", "code", "normal"), _part_numbers(parties, trade))
    blocked = list(_blocks(parties[STAGE - 1], clock))  # it asks, which cannot be while rows are copied
    copy_rows(Block, ("account_id", "product_id", "rep_id", "note", "blocked_at"), blocked)
    buyer = parties[STAGE - 1].who("buyer")
    copy_rows(Cart, ("id", "account_id", "contact_id", "updated_at"), [(1, STAGE, buyer.pk, clock.now)])
    copy_rows(CartLine, ("cart_id", "product_id", "quantity"), _cart_lines(parties[STAGE - 1], trade))


def _picks(parties: list[Party], trade: Trade, clock: Clock) -> Iterator[tuple]:
    """Four products not among the regulars, for every second account."""
    for party in parties:
        if party.pk % 2 and party.pk != 1:
            continue
        chance = dice(f"picks {party.pk}")
        regular = set(trade.regulars_of(party).products.tolist())
        wished = dict.fromkeys(int(product) for product in chance.choices(trade.pool, k=6))
        chosen = [product for product in wished if product not in regular][:4]
        for position, product in enumerate(chosen):
            note = chance.choice(voices.PICK_NOTES)
            yield party.pk, product, party.rep, note, position, clock.ago(days=chance.randint(1, 25))


def _blocks(party: Party, clock: Clock) -> Iterator[tuple]:
    """Of the stage's account what its rep knows to be made in their own workshop."""
    missing = RangeGap.objects.filter(account=party.pk).order_by("place").first()
    if missing is not None:
        yield party.pk, missing.product_id, party.rep, voices.BLOCK_NOTE, clock.ago(days=9)


def _part_numbers(parties: list[Party], trade: Trade) -> Iterator[tuple]:
    """Every third account has its own numbers, for half of what it buys."""
    for party in parties:
        if party.pk % 3 != 2:
            continue
        prefix = "".join(word[0] for word in party.name.split()[:2]).upper()
        for product in trade.regulars_of(party).products[::2].tolist():
            code = f"{prefix}-{product * 7919 % 90_000 + 10_000}"
            yield party.pk, product, code, normal_code(code)


def _cart_lines(party: Party, trade: Trade) -> Iterator[tuple]:
    regulars = trade.regulars_of(party)
    for at in range(1, min(len(regulars.products), 10), 3):
        yield 1, int(regulars.products[at]), int(regulars.quantities[at])
