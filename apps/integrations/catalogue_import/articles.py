"""What a file says of one product, in the file's own words, whatever the format."""

from dataclasses import dataclass, field
from typing import NamedTuple


class SaidFeature(NamedTuple):
    """A property: its name, the value as written, a unit and a code of its own where the file gives them."""

    name: str
    value: str
    unit: str = ""
    code: str = ""


class SaidPrice(NamedTuple):
    """A price from a quantity on, for `per` units, to be taken `factor` times, as written."""

    amount: str
    from_quantity: str = ""
    currency: str = ""
    kind: str = ""
    per: str = ""
    factor: str = ""


@dataclass(slots=True)
class Article:
    """One product as the file has it. `texts` are its plain fields by name, `number` its place in the file."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    features: list[SaidFeature] = field(default_factory=list)
    prices: list[SaidPrice] = field(default_factory=list)
    classifications: dict[str, str] = field(default_factory=dict)
    packaging: list[tuple[str, str, str]] = field(default_factory=list)  # base units, name, GTIN
    relations: list[tuple[str, str]] | None = None  # kind, SKU
    codes: list[tuple[str, str]] = field(default_factory=list)  # kind, code
    translations: dict[str, tuple[str, str]] = field(default_factory=dict)  # language -> name, description
    pictures: list[str] = field(default_factory=list)
    documents: list[tuple[str, str, str]] = field(default_factory=list)  # kind, title, source
    sent: dict[str, str] = field(default_factory=dict)
