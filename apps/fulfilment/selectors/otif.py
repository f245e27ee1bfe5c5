"""On time, in full: of an account, the house, a warehouse, carrier or supplier. See `rules.otif`; one query each."""

from datetime import date, timedelta

from django.db import connection

from apps.core.scoping import Actor
from apps.fulfilment.rules.otif import Otif

PERIOD = timedelta(days=365)
#: What figures can be told by: names come from here, never from input.
WAYS = {
    "warehouse": "coalesce((SELECT w.name FROM availability_warehouse w WHERE w.id = f.warehouse_id), '')",
    "carrier": "f.carrier",
    "supplier": "l.supplier",
}
_FIGURES = """
WITH parts AS (
    SELECT l.order_line_id, f.order_id, {way} AS way, l.first_promised_on, l.ordered, f.delivered_on,
        l.delivered, l.missing, l.damaged, l.wrong, l.papers_right
    FROM fulfilment_linefact l JOIN fulfilment_deliveryfact f ON f.id = l.fact_id
    WHERE f.delivered_on > %(since)s AND f.delivered_on <= %(until)s AND {whose}
), verdicts AS (
    SELECT order_line_id, order_id, max(way) AS way,
        coalesce(max(delivered_on) <= min(first_promised_on), true) AS on_time,
        sum(delivered - missing) >= max(ordered) AS in_full,
        sum(damaged + wrong) = 0 AND bool_and(papers_right) AS right_state
    FROM parts p GROUP BY order_line_id, order_id
    HAVING NOT EXISTS (
        SELECT FROM fulfilment_shipmentline sl JOIN fulfilment_shipment s ON s.id = sl.shipment_id
        WHERE sl.order_line_id = p.order_line_id AND s.status IN ('planned', 'shipped'))
), orders AS (
    SELECT order_id, way, NOT EXISTS (
            SELECT FROM fulfilment_shipment s WHERE s.order_id = v.order_id AND s.status IN ('planned', 'shipped')
        ) AS is_over, count(*) AS lines, count(*) FILTER (WHERE on_time) AS on_time,
        count(*) FILTER (WHERE in_full) AS in_full,
        count(*) FILTER (WHERE on_time AND in_full AND right_state) AS perfect
    FROM verdicts v GROUP BY order_id, way
)
SELECT way, sum(lines)::int, sum(on_time)::int, sum(in_full)::int, sum(perfect)::int,
    (count(*) FILTER (WHERE is_over))::int, (count(*) FILTER (WHERE is_over AND perfect = lines))::int
FROM orders GROUP BY way ORDER BY sum(perfect)::numeric / sum(lines), way
"""
_NOTHING = Otif(0, 0, 0, 0, 0, 0)


def otif_of_account(actor: Actor, account_id: int, on: date) -> Otif:
    """The figures of an account for the year up to a day; nothing of an account that is not the actor's."""
    if not (actor.sees_everything or account_id in actor.account_ids):
        return _NOTHING
    found = _figures("''", "f.account_id = %(account)s", on, account=account_id)
    return next(iter(found.values()), _NOTHING)


def otif_of_house(actor: Actor, on: date) -> Otif:
    """The figures of the house for the year up to a day."""
    return next(iter(_figures("''", "true", on).values()), _NOTHING) if actor.sees_everything else _NOTHING


def otif_by(actor: Actor, way: str, on: date) -> dict[str, Otif]:
    """The figures of the house by "warehouse", "carrier" or "supplier" for the year up to a day, the weakest first."""
    return _figures(WAYS[way], "true", on) if actor.sees_everything else {}


def _figures(way: str, whose: str, on: date, **said: object) -> dict[str, Otif]:
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(way=way, whose=whose), {"since": on - PERIOD, "until": on, **said})
        return {row[0]: Otif(*row[1:]) for row in cursor.fetchall()}
