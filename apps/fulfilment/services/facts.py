"""The facts of deliveries are frozen: each once, when it is handed over; what came before this was kept, in one go.

Where a delivery is corrected they are frozen anew, with what was reported since; one that is taken back has none.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from apps.fulfilment.models import DeliveryFact, FaultLine, LineFact, Shipment
from apps.fulfilment.selectors.proofs import fault_days_of
from apps.ordering.models import Order, OrderLine

_FACTS = """
INSERT INTO fulfilment_deliveryfact (shipment_id, account_id, order_id, warehouse_id, carrier, channel,
    first_promised_on, last_promised_on, delivered_on, net, currency, frozen_at)
SELECT s.id, s.account_id, s.order_id, s.warehouse_id, s.carrier, o.channel, s.promised_on,
    coalesce(s.expected_on, s.promised_on),
    (s.delivered_at AT TIME ZONE coalesce(t.time_zone, a.time_zone))::date,
    (SELECT coalesce(sum(sl.quantity * l.unit_price), 0) FROM fulfilment_shipmentline sl
        JOIN ordering_orderline l ON l.id = sl.order_line_id WHERE sl.shipment_id = s.id),
    o.currency, %(now)s
FROM fulfilment_shipment s JOIN ordering_order o ON o.id = s.order_id JOIN accounts_account a ON a.id = s.account_id
LEFT JOIN ordering_destination d ON d.id = s.destination_id
LEFT JOIN accounts_shipto t ON t.id = coalesce(d.ship_to_id, o.ship_to_id)
WHERE s.id = ANY(%(shipments)s) AND s.status = 'delivered'
ORDER BY s.id
ON CONFLICT (shipment_id) DO NOTHING
RETURNING id
"""
_LINES = """
INSERT INTO fulfilment_linefact (fact_id, line_id, order_line_id, supplier, first_promised_on, ordered, shipped,
    delivered, damaged, unit_price, last_paid)
SELECT f.id, sl.id, l.id,
    coalesce((SELECT x.supplier FROM availability_reservation r JOIN availability_supplieroffer x ON x.id = r.offer_id
        WHERE r.demand_ref = o.number || '/' || l.position AND r.state = 'consumed' ORDER BY r.id LIMIT 1), ''),
    l.promised_on, l.quantity, sl.quantity, coalesce(sl.delivered_quantity, sl.quantity), sl.damaged_quantity,
    l.unit_price,
    (SELECT b.unit_price FROM ordering_orderline b JOIN ordering_order p ON p.id = b.order_id
        WHERE b.product_id = l.product_id AND p.account_id = o.account_id AND p.currency = o.currency
            AND p.placed_at < o.placed_at AND p.status NOT IN ('cancelled', 'declined')
        ORDER BY p.placed_at DESC, b.id DESC LIMIT 1)
FROM fulfilment_deliveryfact f JOIN fulfilment_shipmentline sl ON sl.shipment_id = f.shipment_id
JOIN ordering_orderline l ON l.id = sl.order_line_id JOIN ordering_order o ON o.id = l.order_id
WHERE f.id = ANY(%(facts)s)
ORDER BY sl.id
"""
_OF_KIND = {"missing": "missing", "damaged": "damaged", "wrong": "wrong"}


@transaction.atomic
def freeze_facts(shipment_ids: Iterable[int], *, now: datetime) -> int:
    """Freeze the facts of delivered shipments that have none yet; how many. Two queries, safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"shipments": list(shipment_ids), "now": now})
        facts = [pk for (pk,) in cursor.fetchall()]
        if facts:
            cursor.execute(_LINES, {"facts": facts})
    return len(facts)


def freeze_missing(*, since: date, now: datetime, size: int = 5000) -> int:
    """Freeze what was delivered since a day and has no facts yet, a lot at a time; how many."""
    frozen = 0
    while True:
        waiting = Shipment.objects.filter(status=Shipment.Status.DELIVERED, delivered_at__date__gte=since, fact=None)
        lot = list(waiting.order_by("pk").values_list("pk", flat=True)[:size])
        if not lot:
            return frozen
        frozen += freeze_facts(lot, now=now)
        if len(lot) < size:
            return frozen


@transaction.atomic
def freeze_anew(shipment: Shipment, *, damaged: Mapping[int, int], now: datetime) -> None:
    """Freeze the facts of a corrected delivery; what was reported and asked back since counts with them as before.

    `damaged` is what had been damaged by the word that no longer counts (shipment line id -> pieces): what the facts
    hold above it was reported.
    """
    reported = {
        fact.line_id: {
            "missing": fact.missing,
            "damaged": max(fact.damaged - damaged.get(fact.line_id, 0), 0),
            "wrong": fact.wrong,
            "papers_right": fact.papers_right,
        }
        for fact in LineFact.objects.filter(line__shipment=shipment)
    }
    thaw(shipment)
    freeze_facts([shipment.pk], now=now)
    for fact in LineFact.objects.filter(line__in=reported):
        said = reported[fact.line_id]
        fact.missing, fact.wrong, fact.papers_right = said["missing"], said["wrong"], said["papers_right"]
        fact.damaged = min(fact.damaged + said["damaged"], fact.delivered)
        fact.save(update_fields=["missing", "wrong", "papers_right", "damaged"])


def thaw(shipment: Shipment) -> None:
    """The facts of a delivery that was taken back are gone."""
    DeliveryFact.objects.filter(shipment=shipment).delete()


def add_faults(faults: Mapping[int, tuple[str, int]]) -> None:
    """What a receiver reported (shipment line id -> kind, quantity) counts with the facts of the delivery."""
    for line_id, (kind, quantity) in faults.items():
        fact = LineFact.objects.filter(line=line_id)
        if kind == FaultLine.Kind.PAPERS:
            fact.update(papers_right=False)
        else:
            fact.update(**{_OF_KIND[kind]: F(_OF_KIND[kind]) + quantity})


def add_returned(order: Order, wrong: Mapping[int, tuple[str, int]], *, now: datetime) -> None:
    """What is asked back as damaged or wrong (order line id -> kind, pieces) counts with the facts of its delivery.

    Only within the days in which faults can be reported, as `add_faults`; and never on top of a fault of the same kind
    that was reported before: it is the same pieces. Of several deliveries it is the last.
    """
    if not wrong:
        return
    days = fault_days_of(order.account_id)
    zones = dict(OrderLine.objects.filter(pk__in=wrong).values_list("pk", "destination__ship_to__time_zone"))
    for line_id, (kind, quantity) in wrong.items():
        today = now.astimezone(ZoneInfo(zones[line_id] or order.time_zone)).date()
        came = LineFact.objects.filter(order_line=line_id, fact__delivered_on__gte=today - timedelta(days=days))
        latest = came.order_by("-fact__delivered_on", "-pk").values_list("pk", flat=True).first()
        column = _OF_KIND[kind]
        LineFact.objects.filter(pk=latest).update(**{column: Greatest(F(column), quantity)})
