"""What stands on one price list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import connection

from apps.pricing.errors import PriceListNotFound
from apps.pricing.models import PriceList
from apps.pricing.rules import Break
from apps.pricing.selectors.decisions import PRICES, as_array


def list_prices(list_id: int, product_ids: Iterable[int], on: date) -> dict[int, list[Break]]:
    """The prices that products have on one list on a date, lowest quantity first; one query."""
    found: dict[int, list[Break]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(PRICES, {"products": as_array(product_ids), "contracts": [], "lists": [list_id], "on": on})
        for _contract, _list, product_id, min_quantity, unit_price in cursor.fetchall():
            found[product_id].append(Break(min_quantity, unit_price))
    return {product_id: sorted(breaks) for product_id, breaks in found.items()}


def base_prices(quantities: Mapping[int, int], on: date) -> dict[int, Decimal]:
    """What products cost each at these quantities on the base list in the house's currency; those without a price are
    missing. Two queries, none without products."""
    base = PriceList.objects.filter(is_base=True, currency=settings.HOME_CURRENCY).first() if quantities else None
    if base is None:
        return {}
    return {
        product_id: max(reached).unit_price
        for product_id, breaks in list_prices(base.pk, quantities, on).items()
        if (reached := [each for each in breaks if each.min_quantity <= quantities[product_id]])
    }


def price_list_id(code: str) -> int:
    """The id of the price list of that code; `PriceListNotFound` where there is none."""
    found = PriceList.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise PriceListNotFound(code=code)
    return found


def currency_of_list(list_id: int) -> str:
    return PriceList.objects.values_list("currency", flat=True).get(pk=list_id)
