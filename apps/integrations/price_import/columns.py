"""Which column of a price file holds what: told, else guessed from its heading."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.integrations.imports.columns import IGNORED, ColumnsUnclear, letters_of

TARGETS = {
    "sku": gettext_lazy("SKU"),
    "price": gettext_lazy("price"),
    "quantity": gettext_lazy("from quantity"),
    "price_list": gettext_lazy("code of the price list"),
    "currency": gettext_lazy("currency"),
    "unit": gettext_lazy("unit the quantity and price are for"),
    "per": gettext_lazy("how many units the price is for"),
}
_GUESSES = {
    "sku": "sku article articleno articlenumber artikelnummer artnr itemno itemcode stockcode material materialnumber"
    " productcode partnumber articleid supplierarticleid supplieraid supplierpid",
    "price": "price unitprice netprice listprice priceamount preis listenpreis vk amount",
    "quantity": "minquantity fromquantity from pricefrom quantityfrom lowerbound quantity qty break staffelmenge"
    " abmenge",
    "price_list": "pricelist pricelistcode list preisliste",
    "currency": "currency pricecurrency waehrung währung curr",
    "unit": "unit uom packaging pack einheit mengeneinheit verpackung",
    "per": "per priceper pricequantity preiseinheit priceunit",
}
_BY_HEADING = {heading: target for target, headings in _GUESSES.items() for heading in headings.split()}


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Heading -> what it holds. Of two columns for one thing the first has it; a 1 after a heading is ignored."""
    found: dict[str, str] = {}
    for heading in headings:
        letters = letters_of(heading)
        target = _BY_HEADING.get(letters) or _BY_HEADING.get(letters.removesuffix("1"), IGNORED)
        found[heading] = IGNORED if target in found.values() else target
    return found


def columns_of(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Target -> index of its column. Raises `ColumnsUnclear` where SKU or price is missing, or one stands twice."""
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        target = mapping.get(heading, IGNORED)
        if target == IGNORED:
            continue
        if target not in TARGETS or target in columns:
            raise ColumnsUnclear(_("“%(target)s” can be held by one column alone.") % {"target": target})
        columns[target] = index
    if missing := [str(TARGETS[target]) for target in ("sku", "price") if target not in columns]:
        said = {"missing": ", ".join(missing), "headings": ", ".join(headings)[:500]}
        raise ColumnsUnclear(_("No column for %(missing)s. The file has: %(headings)s.") % said)
    return columns
