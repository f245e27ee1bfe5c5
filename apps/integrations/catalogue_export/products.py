"""What is exported: the products of a category or all, with their facts and, from one list, their prices."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from apps.catalogue.selectors import category_for, fact_names, facts_of, plain, skus_after
from apps.integrations.catalogue_import.understanding import RELATIONS
from apps.pricing.selectors import list_prices

_LOT = 1_000


@dataclass(frozen=True)
class Wanted:
    """The slug of a category or nothing for all, and the list whose prices go along."""

    category: str = ""
    price_list_id: int | None = None
    on: date | None = None
    skus: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return category_for(self.category).path if self.category else ""


@dataclass(frozen=True, slots=True)
class Exported:
    """One product: its SKU and its facts, `prices` among them."""

    sku: str
    facts: dict[str, object] = field(default_factory=dict)

    def related(self, kind: str) -> list[str]:
        return [other for of, other in self.facts.get("relations", ()) if of == kind]

    def codes(self, kind: str) -> list[str]:
        return [code for of, code in self.facts.get("codes", ()) if of == kind]


def products(wanted: Wanted) -> Iterator[Exported]:
    """Every product, hidden ones too, in the order of SKUs; some six queries a thousand."""
    last, path = "", wanted.path
    while skus := skus_after(last, _LOT, path=path, among=wanted.skus):
        known = facts_of(skus)
        prices = _prices(wanted, [one.id for one in known.values()])
        for sku in skus:
            yield Exported(sku, known[sku].facts | prices.get(known[sku].id, {}))
        last = skus[-1]


def _prices(wanted: Wanted, ids: list[int]) -> dict[int, dict]:
    if wanted.price_list_id is None:
        return {}
    found = list_prices(wanted.price_list_id, ids, wanted.on)
    return {id_: {"prices": [[n, plain(price)] for n, price in breaks]} for id_, breaks in found.items()}


def pieces(wanted: Wanted, part: str) -> list[str]:
    """The attribute codes or systems of classes that occur."""
    return fact_names(part, path=wanted.path, among=wanted.skus)


KINDS_OF_RELATION = RELATIONS
