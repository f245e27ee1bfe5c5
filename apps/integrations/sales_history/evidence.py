"""List prices and quantity breaks as the lines of the past give evidence of them.

1. Only what was paid counts: goods lines of the last `RECENT_DAYS` before a SKU's last sale, so that an old price does
   not linger.
2. The list price is the unit price most often paid for a small quantity (fewer than the first break); where none was
   sold in small quantity, the highest median of any band.
3. From each break quantity on, the median price paid is a break where at least `WITNESSES` lines gave it and it is at
   least `STEP` lower than what comes before: a ladder only ever goes down.
"""

from collections.abc import Mapping
from decimal import Decimal

from apps.core.money import round_unit_price

BREAKS = (1, 6, 12, 24, 48, 96, 192)
RECENT_DAYS = 180
WITNESSES = 3
STEP = Decimal("0.02")


def ladder_of(bands: Mapping[int, tuple[int, Decimal]]) -> tuple[tuple[int, Decimal], ...]:
    """From break quantity -> (lines that witnessed, their median unit price): (from quantity, unit price), falling.

    The first rung is from one piece on. Empty where nothing was witnessed.
    """
    if not bands:
        return ()
    first = bands[min(bands)] if min(bands) == BREAKS[0] else max(bands.values(), key=lambda band: band[1])
    rungs = [(1, round_unit_price(first[1]))]
    for quantity in sorted(bands):
        lines, price = bands[quantity]
        if quantity > 1 and lines >= WITNESSES and price <= rungs[-1][1] * (1 - STEP):
            rungs.append((quantity, round_unit_price(price)))
    return tuple(rungs)


#: Per SKU and break quantity, how many recent lines there are and what they paid: the mode for the smallest band, which
#: is the list price most people saw, the median for the others.
WITNESSED = """
WITH latest AS (
    SELECT sku, max(sold_at) AS last_at FROM integrations_saleshistoryline
    WHERE run_id = %(run)s AND kind = 'goods' GROUP BY sku
), recent AS (
    SELECT line.sku, line.unit_price, (SELECT max(b) FROM unnest(%(breaks)s::int[]) b WHERE b <= line.quantity) AS band
    FROM integrations_saleshistoryline line JOIN latest USING (sku)
    WHERE run_id = %(run)s AND kind = 'goods' AND netted < quantity
      AND sold_at > last_at - make_interval(days => %(days)s)
)
SELECT sku, band, count(*),
       CASE WHEN band = 1 THEN mode() WITHIN GROUP (ORDER BY unit_price DESC)
            ELSE percentile_disc(0.5) WITHIN GROUP (ORDER BY unit_price DESC) END
FROM recent GROUP BY sku, band ORDER BY sku, band
"""
