"""Rows and runs as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.catalogue.selectors import attribute_names
from apps.integrations.catalogue_import.columns import TARGETS
from apps.integrations.models import CatalogueImport, CatalogueImportRow

_ORDER = (
    "name", "category", "brand", "prices", "status", "gtin", "mpn", "uom", "minimum_quantity", "order_multiple",
    "packaging", "lead_days", "weight_kg", "volume_l", "is_bulky", "is_dangerous", "description",
)  # fmt: skip
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a row: what it is called, what it was, what it becomes; None says there is none."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Names:
    """What facts are called: fields by their own names, properties by those of the catalogue or of the file."""

    properties: dict[str, str]

    def of(self, fact: str) -> str:
        part, _dot, piece = fact.partition(".")
        more = {"prices": _("prices"), "packaging": _("packaging"), "relations": _("related"), "codes": _("codes")}
        if part == "texts":
            return _("in %(language)s") % {"language": piece}
        return self.properties.get(piece, piece) or str(more.get(part) or TARGETS.get(part, part))

    @staticmethod
    def for_run(run: CatalogueImport) -> "Names":
        said = {code: _with_unit(name, unit) for code, (name, unit, *_more) in run.report.get("attributes", {}).items()}
        return Names(said | named_properties())


def named_properties() -> dict[str, str]:
    """The catalogue's attributes: code -> name with its unit."""
    return {code: _with_unit(*named) for code, named in attribute_names().items()}


def changes_of(row: CatalogueImportRow, names: Names) -> list[Change]:
    """What a row changes, or, for a new product, all it says; the product's own fields first."""
    facts = row.changes or {name: [None, value] for name, value in row.wanted.items()}
    ordered = sorted(facts, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), "." in name, name))
    changes = (Change(names.of(name), _text(name, facts[name][0]), _text(name, facts[name][1])) for name in ordered)
    return [change for change in changes if change.old != change.new]


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def progress_of(run: CatalogueImport) -> int | None:
    """Per cent of a commit or an undo that is done; None where nobody knows how much there is."""
    kinds = run.report.get("kinds", {})
    if run.step not in (CatalogueImport.Step.COMMITTING, CatalogueImport.Step.UNDOING) or not kinds:
        return None
    return min(100, round(100 * run.reached / max(1, sum(kinds.values()))))


def columns_shown(columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Heading and what it is taken for; empty where it is not taken."""
    return [(heading, _target(target)) for heading, target in columns.items()]


def _target(target: str) -> str:
    name, _dot, group = target.partition(".")
    if name not in TARGETS:
        return ""
    return f"{TARGETS[name]} {group}".strip()


def _text(name: str, value: object) -> str | None:
    if value in (None, "", []):
        return None
    if name == "prices":
        return "; ".join(price if n == 1 else _("%(n)s+: %(price)s") % {"price": price, "n": n} for n, price in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(" ".join(str(part) for part in row if part) if isinstance(row, list) else row for row in value)
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def figures(run: CatalogueImport) -> Iterable[tuple[str, str, int]]:
    """Kind, what it is called, and how many rows are of it."""
    kinds = run.report.get("kinds", {})
    return [(value, str(name), kinds.get(value, 0)) for value, name in CatalogueImportRow.Kind.choices]
