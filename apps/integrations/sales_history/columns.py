"""Which column of an export holds what: said by an option, or guessed from its heading."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from apps.integrations.imports.columns import ColumnsUnclear, letters_of

FIELDS = ("document", "sku", "description", "quantity", "date", "price", "customer", "country")
OPTIONAL = frozenset({"country", "description"})
_GUESSES = {
    "document": ("invoiceno", "invoice", "invoicenumber", "documentno", "documentnumber", "document", "orderno"),
    "sku": ("stockcode", "sku", "itemcode", "itemno", "article", "articleno", "productcode", "partnumber", "material"),
    "description": ("description", "itemdescription", "productname", "name", "text", "product"),
    "quantity": ("quantity", "qty", "units", "pieces", "invoicedquantity"),
    "date": ("invoicedate", "date", "documentdate", "postingdate", "orderdate"),
    "price": ("unitprice", "price", "netprice", "salesprice", "priceperunit"),
    "customer": ("customerid", "customerno", "customernumber", "customer", "account", "accountno", "soldto", "client"),
    "country": ("country", "countrycode", "shiptocountry", "land"),
}


_MOST_NAMED = 30


def mapping_of(headings: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    """Field -> index of its column. What `said` names must exist; the rest is guessed.

    Raises ColumnsUnclear naming the field, the headings found and the option that would say it.
    """
    by_heading = {heading.strip().casefold(): index for index, heading in enumerate(headings)}
    by_letters = {letters_of(heading): index for heading, index in by_heading.items()}
    mapping, missing = {}, {}
    for field in FIELDS:
        if field in said:
            index = by_heading.get(said[field].strip().casefold())
        else:
            index = next((by_letters[guess] for guess in _GUESSES[field] if guess in by_letters), None)
        if index is not None:
            mapping[field] = index
        elif field in said or field not in OPTIONAL:
            missing[field] = [said.get(field) or _("not found; name its column with --%s") % field]
    if missing:
        raise ColumnsUnclear(
            _("No column for %(fields)s. The file has: %(headings)s.")
            % {"fields": ", ".join(missing), "headings": _few(headings)},
            fields=missing,
        )
    return mapping


def _few(headings: Sequence[str]) -> str:
    named = ", ".join(heading[:40] for heading in headings[:_MOST_NAMED])
    return f"{named}, …" if len(headings) > _MOST_NAMED else named
