"""What history needs to know of products and prices: read once, or asked once an account."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from apps.catalogue.models import Product
from apps.demo.trade import Trade
from apps.pricing.models import Contract
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account


class Goods(NamedTuple):
    pk: int
    sku: str
    name: str
    uom: str
    weight: int  # ten-thousandths of a kilogram
    multiple: int
    is_service: bool


class Offer(NamedTuple):
    """A unit price in ten-thousandths, as text, and where it comes from."""

    price: int
    text: str
    source: str
    ref: str


@dataclass
class Shop:
    """Products that are ever bought, by id."""

    goods: dict[int, Goods]
    services: list[int]

    @classmethod
    def open(cls, trade: Trade) -> "Shop":
        columns = ("id", "sku", "name", "uom", "weight_kg", "order_multiple", "kind")
        ids = [*trade.pool.tolist(), *trade.shelf.service_ids().values()]
        rows = Product.objects.filter(pk__in=ids).values_list(*columns)
        goods = {
            pk: Goods(pk, sku, name, uom, int(weight * 10_000), multiple, kind == "service")
            for pk, sku, name, uom, weight, multiple, kind in rows.iterator(chunk_size=5_000)
        }
        return cls(goods, list(trade.shelf.service_ids().values()))


def contracts_ended(path: str, today: date) -> list[date]:
    """The last days of contracts that reached the account of that path and are over."""
    over = Contract.objects.filter(account__in=[int(part) for part in path.split("/") if part], valid_until__lt=today)
    return sorted(set(over.values_list("valid_until", flat=True)))


def offers_for(account: int, wanted: set[tuple[int, int]], on: date) -> dict[tuple[int, int], Offer]:
    """The account's price of each (product, quantity), decided by the pricing domain."""
    asks = [Ask(product, quantity) for product, quantity in sorted(wanted)]
    found = {}
    for ask, decision in prices_for_account(account, asks, on).items():
        if decision.unit_price is not None:
            price = int(decision.unit_price * 10_000)
            text = f"{decision.unit_price:.4f}"
            found[ask.product_id, ask.quantity] = Offer(price, text, decision.source, decision.source_ref)
    return found
