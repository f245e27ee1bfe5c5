"""What arrives, what a count says, what the ERP reports."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from apps.availability.errors import StockRefused, SupplyRefused
from apps.availability.models import IncomingSupply, Reservation, StockLevel
from apps.availability.selectors import supplies_of
from apps.availability.services.reservations import split_off
from apps.core import events
from apps.core.bulk import stage
from apps.core.scoping import SYSTEM, Actor


@transaction.atomic
def receive(
    supply: IncomingSupply, *, now: datetime, on: date, quantity: int | None = None, actor: Actor = SYSTEM
) -> StockLevel:
    """Incoming supply has arrived, in full unless `quantity` says otherwise: its pieces are on hand.

    What was held of it is held of the stock now, in the order in which it was promised to be ready; then what was to be
    sourced for this warehouse is served. Whoever goes away empty because less came is to be sourced anew. The
    second time refuses.
    """
    StockLevel.objects.bulk_create(
        [StockLevel(warehouse_id=supply.warehouse_id, product_id=supply.product_id)], ignore_conflicts=True
    )
    supplies_of([supply.product_id], locked=True)
    supply.refresh_from_db()
    came = supply.quantity if quantity is None else quantity
    if supply.received_on is not None or came < 0:
        raise SupplyRefused
    stock = StockLevel.objects.get(warehouse_id=supply.warehouse_id, product_id=supply.product_id)
    served = _serve(supply, stock, came, on)
    StockLevel.objects.filter(pk=stock.pk).update(on_hand=F("on_hand") + came, reserved=F("reserved") + served)
    ordered, supply.quantity, supply.reserved, supply.received_on = supply.quantity, came, 0, on
    supply.save(update_fields=["quantity", "reserved", "received_on"])
    _record_received(supply, ordered, now, actor)
    stock.refresh_from_db()
    return stock


def _serve(supply: IncomingSupply, stock: StockLevel, came: int, on: date) -> int:
    """Let waiting reservations hold of what came; how many pieces they hold."""
    waiting = Reservation.objects.select_for_update().filter(product_id=supply.product_id, state="held")
    of_it = list(waiting.filter(incoming_id=supply.pk).order_by("ready_on", "id"))
    sourced = waiting.filter(
        warehouse_id=supply.warehouse_id, stock=None, incoming=None, offer=None, product__kind="goods"
    )
    left = came
    for reservation in (*of_it, *sourced.order_by("ready_on", "id")):
        part = min(left, reservation.quantity)
        if 0 < part < reservation.quantity:
            split_off({reservation.pk: reservation.quantity - part}, "held")
        if part:
            Reservation.objects.filter(pk=reservation.pk).update(stock=stock, incoming=None, ready_on=on)
            left -= part
    again_on = on + timedelta(days=supply.product.lead_days)
    Reservation.objects.filter(incoming_id=supply.pk, state="held").update(incoming=None, ready_on=again_on)
    return came - left


def _record_received(supply: IncomingSupply, ordered: int, now: datetime, actor: Actor) -> None:
    events.record(
        "supply.received",
        f"supply:{supply.number}",
        actor=actor,
        at=now,
        sku=supply.product.sku,
        warehouse=supply.warehouse.code,
        quantity=supply.quantity,
        ordered=ordered,
    )


@transaction.atomic
def reschedule(supply: IncomingSupply, due_on: date, *, now: datetime, on: date, actor: Actor = SYSTEM) -> None:
    """Incoming supply comes on another day; what is held of it is ready then, as it would be promised on day `on`.

    Saying it again changes and records nothing; what has been received refuses.
    """
    supplies_of([supply.product_id], locked=True)
    supply.refresh_from_db()
    if supply.received_on is not None:
        raise SupplyRefused
    if due_on == supply.due_on:
        return
    was, supply.due_on = supply.due_on, due_on
    supply.save(update_fields=["due_on"])
    ready_on = due_on if due_on >= on else on + timedelta(days=1)
    Reservation.objects.filter(product_id=supply.product_id, incoming_id=supply.pk, state="held").update(
        ready_on=ready_on
    )
    events.record(
        "supply.rescheduled",
        f"supply:{supply.number}",
        actor=actor,
        at=now,
        sku=supply.product.sku,
        was=was.isoformat(),
        due_on=due_on.isoformat(),
    )


@transaction.atomic
def set_on_hand(stock: StockLevel, on_hand: int, *, now: datetime, reason: str = "", actor: Actor = SYSTEM) -> None:
    """What a count says is on hand; refused below what is reserved. Saying it again changes and records nothing."""
    supplies_of([stock.product_id], locked=True)
    stock.refresh_from_db()
    if on_hand == stock.on_hand:
        return
    if on_hand < stock.reserved:
        raise StockRefused(reserved=stock.reserved)
    was, stock.on_hand = stock.on_hand, on_hand
    stock.save(update_fields=["on_hand"])
    events.record(
        "stock.adjusted",
        f"stock:{stock.warehouse.code}/{stock.product.sku}",
        actor=actor,
        at=now,
        was=was,
        on_hand=on_hand,
        reason=reason,
    )


@transaction.atomic
def put_back(
    quantities: Mapping[int, int], *, warehouse_id: int, now: datetime, reason: str = "", actor: Actor = SYSTEM
) -> None:
    """Pieces of products (by id) that had been sold lie in a warehouse again and can be promised.

    Records `stock.adjusted` for each, as a count does; the products are locked in the common order.
    """
    wanted = {product_id: quantity for product_id, quantity in quantities.items() if quantity > 0}
    StockLevel.objects.bulk_create(
        [StockLevel(warehouse_id=warehouse_id, product_id=product_id) for product_id in sorted(wanted)],
        ignore_conflicts=True,
    )
    supplies_of(wanted, locked=True)
    levels = StockLevel.objects.filter(warehouse_id=warehouse_id, product_id__in=wanted)
    for stock in levels.select_related("warehouse", "product").order_by("product_id"):
        on_hand = stock.on_hand + wanted[stock.product_id]
        StockLevel.objects.filter(pk=stock.pk).update(on_hand=on_hand)
        events.record(
            "stock.adjusted",
            f"stock:{stock.warehouse.code}/{stock.product.sku}",
            actor=actor,
            at=now,
            was=stock.on_hand,
            on_hand=on_hand,
            reason=reason,
        )


@transaction.atomic
def load_stock(rows: Iterable[tuple[int, int, int]]) -> int:
    """Set stock on hand: rows of (warehouse_id, product_id, on_hand); how many rows were new or different.

    Of several rows for one place the last wins. Where fewer pieces are reported than are reserved, as many as are
    reserved stay on hand: the promises made stand until somebody counts. Rows are locked in the common order.
    """
    with connection.cursor() as cursor:
        staged = stage(cursor, "availability_stocklevel", ("warehouse_id", "product_id", "on_hand"), rows)
        cursor.execute(
            "INSERT INTO availability_stocklevel AS s (warehouse_id, product_id, on_hand, reserved, safety_stock)"
            f" SELECT DISTINCT ON (product_id, warehouse_id) warehouse_id, product_id, on_hand, 0, 0 FROM {staged}"
            " ORDER BY product_id, warehouse_id, ctid DESC"
            " ON CONFLICT (product_id, warehouse_id) DO UPDATE SET on_hand = greatest(EXCLUDED.on_hand, s.reserved)"
            " WHERE s.on_hand <> greatest(EXCLUDED.on_hand, s.reserved)"
        )
        return cursor.rowcount
