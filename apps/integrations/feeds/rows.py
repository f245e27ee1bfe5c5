"""The rows of a feed that comes as a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import Invalid
from apps.integrations.imports.reading import rows_of

_HEADINGS = {
    "sku": "sku article articleno itemno stockcode material productcode",
    "warehouse": "warehouse warehousecode location site plant branch",
    "on_hand": "onhand quantity qty stock available",
    "price_list": "pricelist pricelistcode list",
    "min_quantity": "minquantity fromquantity from quantityfrom lowerbound",
    "unit_price": "unitprice price netprice",
    "valid_from": "validfrom start startdate",
    "valid_until": "validuntil validto end enddate",
    "version": "version changenumber sequence revision timestamp updatedat changedat modifiedat",
}
_BY_HEADING = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}


class FeedColumnsUnclear(Invalid):
    code = "columns_unclear"
    title = gettext_lazy("The columns of the file are unclear")


def rows_in(path: Path, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of a csv, csv.gz or xlsx by field. Raises where a needed column is missing."""
    with rows_of(path) as rows:
        headings = next(rows, [])
        columns = {
            _BY_HEADING[letters]: index for index, heading in enumerate(headings)
            if (letters := "".join(ch for ch in heading.casefold() if ch.isalnum())) in _BY_HEADING
        }  # fmt: skip
        if missing := [field for field in needed if field not in columns]:
            said = {"missing": ", ".join(missing), "headings": ", ".join(headings)[:300]}
            raise FeedColumnsUnclear(_("No column for %(missing)s. The file has: %(headings)s.") % said)
        for row in rows:
            yield {field: row[index].strip() if index < len(row) else "" for field, index in columns.items()}
