"""Cancellations against what they cancel.

1. Within one customer and SKU, in order of time, bought pieces lie on a pile; a cancellation takes from it.
2. It takes what was bought at its own price first, the latest before the earlier; then the latest at any price.
3. What it cannot find (bought before the file begins) stays unmatched; it is still credited.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db import connection, transaction

from apps.integrations.models import SalesHistoryImport


@dataclass(slots=True)
class Movement:
    """Pieces of one SKU of one customer at one time: bought where `quantity` is above zero, cancelled where below."""

    id: int
    quantity: int
    unit_price: Decimal
    netted: int = 0

    @property
    def left(self) -> int:
        return abs(self.quantity) - self.netted


def net_out(movements: Iterable[Movement]) -> list[Movement]:
    """Net the cancellations among `movements` (one customer, one SKU, in order of time); those that were touched."""
    bought: list[Movement] = []
    touched: dict[int, Movement] = {}
    for movement in movements:
        if movement.quantity > 0:
            bought.append(movement)
            continue
        latest_first = list(reversed(bought))
        latest_first.sort(key=lambda purchase, price=movement.unit_price: purchase.unit_price != price)
        for purchase in latest_first:
            taken = min(movement.left, purchase.left)
            if taken:
                movement.netted += taken
                purchase.netted += taken
                touched[purchase.id], touched[movement.id] = purchase, movement
    return list(touched.values())


_MOVEMENTS = """
SELECT customer, sku, id, quantity, unit_price FROM integrations_saleshistoryline line
WHERE run_id = %(run)s AND kind IN ('goods', 'cancellations') AND EXISTS (
    SELECT FROM integrations_saleshistoryline other
    WHERE other.run_id = %(run)s AND other.kind = 'cancellations'
      AND other.customer = line.customer AND other.sku = line.sku)
ORDER BY customer, sku, sold_at, row_number
"""


@transaction.atomic
def net(run: SalesHistoryImport) -> None:
    """Write on each line of the run how many of its pieces were cancelled, or found to cancel. Repeatable."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, {"run": run.pk})
        touched = [movement for movements in _piles(cursor) for movement in net_out(movements)]
        cursor.execute(
            "UPDATE integrations_saleshistoryline line SET netted = new.netted"
            " FROM unnest(%s::bigint[], %s::int[]) AS new (id, netted) WHERE line.id = new.id",
            [[movement.id for movement in touched], [movement.netted for movement in touched]],
        )


def _piles(rows) -> Iterator[Iterator[Movement]]:
    for _key, pile in groupby(rows, key=lambda row: row[:2]):
        yield (Movement(line_id, quantity, price) for _customer, _sku, line_id, quantity, price in pile)
