"""Facts into the catalogue, for many products at once, through the services of its domain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.catalogue.selectors import Known, category_names, category_tree, product_ids
from apps.catalogue.selectors.facts import LEVEL, SCALARS
from apps.catalogue.services import (
    ProductRow,
    ensure_category_path,
    load_products,
    set_classifications,
    set_further_codes,
    set_packaging,
    set_relations,
    set_texts,
)
from apps.integrations.models import ImportProfile
from apps.pricing.services import set_list_prices

_DECIMALS = ("content_quantity", "weight_kg", "volume_l")
_OWN = {*SCALARS, "category", "brand"}


@dataclass(slots=True)
class Writing:
    """Facts to be written to one product; None takes a fact away."""

    sku: str
    known: Known | None
    facts: dict[str, object]

    def says(self, part: str) -> bool:
        return any(name.partition(".")[0] == part for name in self.facts)

    def part(self, part: str) -> dict[str, object]:
        """What the product has of a part that is said piece by piece, once this is written: piece -> value."""
        both = (self.known.facts if self.known else {}) | self.facts
        pieces = {name.partition(".")[2]: value for name, value in both.items() if name.partition(".")[0] == part}
        return {piece: value for piece, value in pieces.items() if value is not None}


def write(profile: ImportProfile, writings: Sequence[Writing], *, on: date) -> list[str]:
    """Write everything but relations; the slugs of the categories that had to be made."""
    slugs, made = categories({w.facts["category"] for w in writings if w.facts.get("category")})
    load_products(_product_row(w, slugs) for w in writings if w.known is None or _changes_product(w))
    ids = product_ids(w.sku for w in writings)
    _write_pieces(writings, ids)
    for part, setter in (("packaging", set_packaging), ("codes", set_further_codes)):
        told = [w for w in writings if part in w.facts]
        if told:
            setter([ids[w.sku] for w in told], [(ids[w.sku], *row) for w in told for row in w.facts[part] or ()])
    _write_prices(profile, [w for w in writings if "prices" in w.facts], ids, on)
    return made


def write_relations(relations: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> None:
    """Rows of SKU and [[kind, other SKU], ...]; what leads to nothing is left out."""
    relations = list(relations)
    ids = product_ids(
        {sku for sku, _pairs in relations} | {other for _sku, pairs in relations for _kind, other in pairs}
    )
    rows = [
        (ids[sku], kind, ids[other]) for sku, pairs in relations if sku in ids for kind, other in pairs if other in ids
    ]
    set_relations([ids[sku] for sku, _pairs in relations if sku in ids], rows)


def categories(names: set[str]) -> tuple[dict[str, str], list[str]]:
    """Slug by names from the top down, of all categories, those of `names` made where they are missing."""
    slugs = _slugs()
    missing = sorted(names - set(slugs))
    for name in missing:
        ensure_category_path(name.split(LEVEL))
    if not missing:
        return slugs, []
    after = _slugs()
    return after, sorted(set(after.values()) - set(slugs.values()))


def _slugs() -> dict[str, str]:
    names = category_names()
    return {names[node.id]: node.slug for top in category_tree(empty=True) for node in top.walk()}


def _changes_product(writing: Writing) -> bool:
    return writing.says("attributes") or not _OWN.isdisjoint(writing.facts)


def _product_row(writing: Writing, slugs: dict[str, str]) -> ProductRow:
    known = writing.known
    had = {name: value for name, value in known.facts.items() if name in _OWN} if known else {}
    facts = had | {name: value for name, value in writing.facts.items() if name in _OWN}
    facts |= {name: Decimal(facts[name]) for name in _DECIMALS if facts.get(name) is not None}
    facts["category"] = slugs[facts["category"]]
    picture = known.picture if known else ""
    return ProductRow(sku=writing.sku, **facts, attributes=writing.part("attributes"), picture=picture)


def _write_pieces(writings: Sequence[Writing], ids: dict[str, int]) -> None:
    told = [w for w in writings if w.says("classifications")]
    if told:
        rows = [(ids[w.sku], system, code) for w in told for system, code in w.part("classifications").items()]
        set_classifications([ids[w.sku] for w in told], rows)
    told = [w for w in writings if w.says("texts")]
    if told:
        texts = [(ids[w.sku], language, *text) for w in told for language, text in w.part("texts").items()]
        set_texts([ids[w.sku] for w in told], texts)


def _write_prices(profile: ImportProfile, told: Sequence[Writing], ids: dict[str, int], on: date) -> None:
    if told and profile.price_list_id:
        rows = [(ids[w.sku], quantity, Decimal(price)) for w in told for quantity, price in w.facts["prices"] or ()]
        set_list_prices(profile.price_list_id, [ids[w.sku] for w in told], rows, on=on)
