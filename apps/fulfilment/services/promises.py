"""How often the first promise was kept, reckoned anew every night: see `rules`, step 6."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from apps.fulfilment.models import PromiseRecord

PERIOD = timedelta(days=365)

_RECKON = """
WITH settled AS (
    SELECT l.product_id, p.category_id,
        max((s.delivered_at AT TIME ZONE coalesce(t.time_zone, a.time_zone))::date) <= l.promised_on
        AND sum(coalesce(sl.delivered_quantity, sl.quantity)) FILTER (WHERE s.status = 'delivered') >= l.quantity
            AS kept
    FROM fulfilment_shipmentline sl
    JOIN fulfilment_shipment s ON s.id = sl.shipment_id
    JOIN ordering_orderline l ON l.id = sl.order_line_id
    JOIN ordering_order o ON o.id = l.order_id
    JOIN accounts_account a ON a.id = o.account_id
    LEFT JOIN ordering_destination d ON d.id = s.destination_id
    LEFT JOIN accounts_shipto t ON t.id = coalesce(d.ship_to_id, o.ship_to_id)
    JOIN catalogue_product p ON p.id = l.product_id
    WHERE l.promised_on IS NOT NULL AND p.kind = 'goods' AND o.placed_at >= %(since)s
    GROUP BY l.id, l.product_id, p.category_id
    HAVING bool_or(s.status = 'delivered') AND bool_and(s.status IN ('delivered', 'cancelled'))
)
INSERT INTO fulfilment_promiserecord (product_id, category_id, lines, kept)
SELECT product_id, NULL, count(*), count(*) FILTER (WHERE kept) FROM settled GROUP BY product_id
UNION ALL
SELECT NULL, category_id, count(*), count(*) FILTER (WHERE kept) FROM settled GROUP BY category_id
"""


@transaction.atomic
def reckon_promises(*, now: datetime) -> int:
    """Count for each product and category the delivered lines of a year and those that kept the first promise.

    Readers see the figures of before until it is done. Returns how many records there are.
    """
    PromiseRecord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_RECKON, {"since": now - PERIOD})
        return cursor.rowcount
