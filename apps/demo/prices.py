"""What was agreed: price lists, contracts, terms, tax rates."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from apps.demo.accounts import Party
from apps.demo.catalogue.shelf import Shelf
from apps.demo.chance import numbers, shares
from apps.demo.clock import Clock
from apps.demo.house import GROUPS
from apps.demo.load import copy_rows, laid_aside
from apps.demo.sizes import Size
from apps.demo.trade import Trade
from apps.pricing.models import AccountTerms, Contract, ContractPrice, Price, PriceList, TaxRate

BASE_LIST = 1
BREAKS = ((5, 0.95), (20, 0.90))  # from so many multiples on, this share of the price
CONTRACT_SHARE = 0.55  # of accounts have a contract of their own
TAX = (
    ("GB", "standard", "20"), ("GB", "reduced", "5"), ("GB", "zero", "0"), ("IE", "standard", "23"),
    ("DE", "standard", "19"), ("TH", "standard", "0"), ("KR", "standard", "0"), ("VN", "standard", "0"),
    ("AE", "standard", "0"),
)  # fmt: skip
PRICE_COLUMNS = ("price_list_id", "product_id", "min_quantity", "unit_price", "valid_from")
CONTRACT_COLUMNS = ("id", "number", "account_id", "name", "currency", "is_exclusive", "valid_from", "valid_until")
CONTRACT_PRICE_COLUMNS = ("contract_id", "product_id", "min_quantity", "unit_price")
TERMS_COLUMNS = ("account_id", "price_list_id", "net_days", "discount_percent", "discount_days", "credit_limit")


def decimal(ten_thousandths: int) -> str:
    """A unit price as text with four places."""
    return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04d}"


def save_price_lists(size: Size, shelf: Shelf, trade: Trade, clock: Clock) -> None:
    since = clock.today.replace(month=1, day=1).replace(year=clock.today.year - 3)
    lists = [(BASE_LIST, "LIST", "List prices", None, True, since)]
    lists += [
        (pk, f"GRP-{code}", f"{name} price list", pk - 1, False, since) for pk, (code, name) in enumerate(GROUPS, 2)
    ]
    lists = lists[: size.price_lists]
    lists += [
        (pk, f"TERMS-{pk:03d}", f"Terms list {pk - len(GROUPS) - 1}", None, False, since)
        for pk in range(len(lists) + 1, size.price_lists + 1)
    ]
    copy_rows(PriceList, ("id", "code", "name", "group_id", "is_base", "valid_from"), lists)
    expected = int(shelf.goods * (1.8 + size.list_share * size.price_lists))
    with laid_aside(expected, Price):
        copy_rows(Price, PRICE_COLUMNS, _base_rows(shelf, since))
        copy_rows(Price, PRICE_COLUMNS, _list_rows(size, shelf, trade, since))


def _base_rows(shelf: Shelf, since: date) -> Iterator[tuple]:
    """The list price of every product, with breaks for two in five."""
    day = since.isoformat()
    for of in shelf.ranges:
        multiple = of.family.multiple
        for pk in range(of.start, of.start + of.count):
            price = int(shelf.base_price[pk])
            yield BASE_LIST, pk, 1, decimal(price), day
            if pk % 5 < 2:
                for at, share in BREAKS:
                    yield BASE_LIST, pk, at * max(multiple, 2), decimal(_less(price, share)), day
    for pk, _ in shelf.services():
        yield BASE_LIST, pk, 1, decimal(int(shelf.base_price[pk])), day


def _list_rows(size: Size, shelf: Shelf, trade: Trade, since: date) -> Iterator[tuple]:
    """The other lists: part of the catalogue each, mostly what is really bought."""
    day = since.isoformat()
    for price_list in range(2, size.price_lists + 1):
        chance = numbers(f"list {price_list}")
        count = int(shelf.goods * size.list_share)
        some = np.unique(
            np.concatenate([chance.choice(trade.pool, count // 2), chance.integers(1, shelf.goods + 1, count // 2)])
        )
        factors = chance.uniform(0.82, 0.97, len(some))
        for pk, factor in zip(some.tolist(), factors.tolist(), strict=True):
            yield price_list, pk, 1, decimal(_less(int(shelf.base_price[pk]), factor)), day


def _less(price: int, share: float) -> int:
    """A share of a price, in the grain prices have."""
    grain = 1 if price < 10_000 else 100
    return max(round(price * share / grain), 1) * grain


def save_contracts(size: Size, shelf: Shelf, trade: Trade, parties: list[Party], clock: Clock) -> None:
    holders = [party for party in parties if party.pk <= 2 or (party.pk * 0.6180339) % 1 < CONTRACT_SHARE]
    sizes = shares(size.contract_prices, [1.0] * len(holders))
    copy_rows(Contract, CONTRACT_COLUMNS, (_contract(pk, party, clock) for pk, party in enumerate(holders, 1)))
    with laid_aside(size.contract_prices, ContractPrice):
        copy_rows(
            ContractPrice,
            CONTRACT_PRICE_COLUMNS,
            (
                row
                for pk, party in enumerate(holders, 1)
                for row in _contract_rows(pk, party, sizes[pk - 1], shelf, trade)
            ),
        )


def _contract(pk: int, party: Party, clock: Clock) -> tuple:
    """Most run for a year yet; some end within weeks, which is a reason to call; some have just ended."""
    ends = clock.day((40, 200, 300, 18, 500, -20)[pk % 6] if party.pk > 2 else 250)
    starts = clock.today.replace(year=clock.today.year - 3, day=1)
    number = f"CT-{ends.year}-{pk:05d}"
    return pk, number, party.pk, f"Frame agreement {party.name}"[:120], "GBP", pk % 9 == 0, starts, ends


def _contract_rows(pk: int, party: Party, count: int, shelf: Shelf, trade: Trade) -> Iterator[tuple]:
    """Net prices for half of what the account buys anyway and for more of the catalogue; a third with a break."""
    chance = numbers(f"contract {pk}")
    regular = trade.regulars_of(party).products[::2]
    wanted = max(count * 3 // 4, len(regular))
    some = np.unique(np.concatenate([regular, chance.choice(trade.pool, wanted - len(regular))]))
    factors = chance.uniform(0.74, 0.92, len(some))
    for product, factor in zip(some.tolist(), factors.tolist(), strict=True):
        price = _less(int(shelf.base_price[product]), factor)
        yield pk, product, 1, decimal(price)
        if product % 3 == 0:
            yield pk, product, 10 * _multiple(trade, product), decimal(_less(price, 0.94))


def _multiple(trade: Trade, product: int) -> int:
    return int(trade.multiples[np.searchsorted(trade.pool, product)])


def save_terms(size: Size, parties: list[Party]) -> None:
    copy_rows(AccountTerms, TERMS_COLUMNS, (_terms(size, party) for party in parties))


def _terms(size: Size, party: Party) -> tuple:
    """An early-payment discount for a third; one in three with a list of their own."""
    own = range(len(GROUPS) + 2, size.price_lists + 1)
    price_list = own[party.pk % len(own)] if len(own) and party.pk % 3 == 0 else None
    discount = ("2.00", 14) if party.pk % 3 == 2 else ("0.00", 0)
    return party.pk, price_list, (30, 30, 45, 60, 14)[party.pk % 5], *discount, None


def save_tax_rates() -> None:
    copy_rows(TaxRate, ("country", "tax_class", "percent", "valid_from"), ((*rate, date(2011, 1, 4)) for rate in TAX))
