"""One export as a file of the kind its name says."""

from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.sheets import FileRefused
from apps.integrations.catalogue_export.bmecat import write_bmecat
from apps.integrations.catalogue_export.products import Wanted
from apps.integrations.catalogue_export.sheets import write_csv, write_xlsx
from apps.pricing.selectors import currency_of_list

KINDS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}


def write_file(wanted: Wanted, path: Path) -> int:
    """Write the products to `path`; how many. Raises `FileRefused` for a name that says no kind known here."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            return write_csv(wanted, file)
    if path.suffix == ".xlsx":
        return write_xlsx(wanted, str(path))
    if path.suffix == ".xml":
        currency = currency_of_list(wanted.price_list_id) if wanted.price_list_id else ""
        with path.open("wb") as file:
            return write_bmecat(wanted, file, currency=currency)
    raise FileRefused(_("%(name)s is none of csv, xlsx, xml.") % {"name": path.name})
