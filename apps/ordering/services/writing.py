"""An order is written with everything that was decided about it; see `placing`."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from apps.accounts.models import Account, Contact, ShipTo
from apps.core.bulk import insert
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.ordering.models import Approval, Destination, Order, OrderLine
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.rules.approvals import Asked
from apps.ordering.rules.statuses import PLACED
from apps.ordering.selectors.terms import terms_of_ship_to
from apps.ordering.services.deliveries import Delivery
from apps.ordering.services.wishes import Wanted


def header(actor: Actor, account: Account, contact: Contact | None, wanted: Wanted, now: datetime) -> Order:
    """The order with who asked for it and how, but for what it comes to and where it goes."""
    entered_by = actor.name if actor.acting_for or contact is None else ""
    return Order(
        account=account,
        contact=contact,
        placed_by_name=entered_by,
        channel=Order.Channel.REP if actor.acting_for and wanted.channel == Order.Channel.PORTAL else wanted.channel,
        status=PLACED,
        po_number=folded(wanted.po_number)[:60],
        notes=wanted.notes.strip(),
        currency=account.currency,
        idempotency_key=wanted.key,
        placed_at=now,
    )


def write(order: Order, deliveries: Sequence[Delivery], asked: Sequence[Asked], on: date) -> None:
    """The order goes where the first delivery does, with a destination for each further one; lines stand together by
    where they go."""
    goes = [order, *(Destination(order=order, position=at) for at in range(1, len(deliveries)))]
    rows: list[dict] = []
    for each, delivery in zip(goes, deliveries, strict=True):
        _keep(each, delivery)
        delivery_rows = _rows(delivery, len(rows), on)
        each.promised_on = max(row["promised_on"] for row in delivery_rows)
        rows += delivery_rows
    order.country = deliveries[0].ship_to.country
    order.promised_on = max(row["promised_on"] for row in rows)
    order.save(force_insert=True)
    Destination.objects.bulk_create(goes[1:])
    ids = [None, *(each.pk for each in goes[1:])]
    of_lines = [ids[at] for at, delivery in enumerate(deliveries) for _line in delivery.lines]
    placed = [
        {"order_id": order.pk, "destination_id": goes_to, **row} for goes_to, row in zip(of_lines, rows, strict=True)
    ]
    with connection.cursor() as cursor:
        insert(cursor, OrderLine._meta.db_table, placed)
    Approval.objects.bulk_create(
        Approval(
            order=order,
            position=position,
            reason=each.reason,
            role=each.role,
            person_id=each.contact_id,
            policy=each.policy,
        )
        for position, each in enumerate(asked)
    )


def _keep(goes: GoesSomewhere, delivery: Delivery) -> None:
    goes.ship_to, goes.ship_to_text = delivery.ship_to, address_of(delivery.ship_to)
    goes.delivery_terms = terms_of_ship_to(delivery.ship_to) | delivery.going.terms
    goes.requested_on = delivery.wish.requested_on
    delivery.going.keep_on(goes)
    goes.slot_id = delivery.slot_id
    if isinstance(goes, Destination):
        goes.freight_net = delivery.going.charge


def address_of(ship_to: ShipTo) -> str:
    """The address as it stands on the order, a line each."""
    town = f"{ship_to.postal_code} {ship_to.city}".strip()
    lines = (ship_to.name, ship_to.contact_name, ship_to.street, town, ship_to.country, ship_to.gate, ship_to.markings)
    return "\n".join(line for line in lines if line)


def _rows(delivery: Delivery, before: int, on: date) -> list[dict]:
    """The lines of a delivery as rows, but for the ids. A service is promised with the last of the goods."""
    arrivals, requested_on = delivery.arrivals, delivery.wish.requested_on
    with_goods = max(arrivals.values(), default=on)
    rows = []
    for position, (line, parts) in enumerate(zip(delivery.lines, delivery.lots, strict=True), start=before + 1):
        product = line.wish.product
        arrives_on = arrivals.get(product.pk, with_goods)
        rows.append(
            {
                "position": position,
                "product_id": product.pk,
                "sku": product.sku,
                "name": product.name,
                "quantity": line.wish.quantity,
                "uom": product.uom,
                "unit_price": line.unit_price,
                "price_source": line.source,
                "price_source_ref": line.source_ref,
                "net": line.net,
                "tax_percent": line.tax_percent,
                "promised_on": max(arrives_on, requested_on or arrives_on),
                "ready_on": max((lot.ready_on for lot in parts), default=on),
                "note": line.wish.note,
                "shipped_quantity": 0,
                "delivered_quantity": 0,
                "returned_quantity": 0,
            }
        )
    return rows
