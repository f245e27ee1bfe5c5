"""Supply that fails what was promised of it: pieces that are not there, an offer that is gone, more time than was said.

What is held follows at once, and is held of whatever is ready first then; whoever was promised last goes without
first. Who is told of another day, and what they can choose, is decided where the orders are.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from apps.availability.models import Reservation, StockLevel, SupplierOffer
from apps.availability.rules import Demand
from apps.availability.selectors import supplies_of
from apps.availability.services.reservations import reserve, send_directly, split_off
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor


@transaction.atomic
def change_offer(
    offer: SupplierOffer, *, stock: int, lead_days: int, now: datetime, on: date, actor: Actor = SYSTEM
) -> None:
    """A supplier has another number of pieces, or takes another time; what is held of the offer follows.

    It is ready the new time after it was asked for. Saying it again changes and records nothing.
    """
    supplies_of([offer.product_id], locked=True)
    offer.refresh_from_db()
    was_stock, was_lead_days = offer.stock, offer.lead_days
    if (stock, lead_days) == (was_stock, was_lead_days):
        return
    held = Reservation.objects.filter(product_id=offer.product_id, offer_id=offer.pk, state="held")
    gone = _let_go(held, max(offer.reserved - stock, 0))
    offer.stock, offer.lead_days = stock, lead_days
    offer.reserved -= sum(demand.quantity for demand in gone)
    offer.save(update_fields=["stock", "reserved", "lead_days"])
    _hold_anew(gone, on)
    if lead_days != was_lead_days:
        _ready_after(held, lead_days, on)
    record(
        "offer.changed",
        f"offer:{offer.pk}",
        actor=actor,
        at=now,
        sku=offer.product.sku,
        supplier=offer.supplier,
        stock=stock,
        lead_days=lead_days,
        was_stock=was_stock,
        was_lead_days=was_lead_days,
    )


@transaction.atomic
def follow_lead_time(sku: str, *, on: date) -> int:
    """What is to be sourced of a product is ready the product's own lead time after it was asked for; how many
    reservations have another day now."""
    product = Product.objects.only("pk", "lead_days").filter(sku=sku, kind=Product.Kind.GOODS).first()
    if product is None:
        return 0
    supplies_of([product.pk], locked=True)
    held = Reservation.objects.filter(product_id=product.pk, stock=None, incoming=None, offer=None, state="held")
    return _ready_after(held, product.lead_days, on)


@transaction.atomic
def give_up_missing(stock: StockLevel, movable: Mapping[str, int], *, on: date) -> int:
    """Reserved pieces that the ERP says are not there are no longer on hand, and no longer held: how many.

    `movable` is how much of each demand (by its ref) may be held of something else; the rest is being picked, and who
    picks it finds out. What cannot be given up stays missing.
    """
    supplies_of([stock.product_id], locked=True)
    stock.refresh_from_db()
    held = Reservation.objects.filter(product_id=stock.product_id, stock_id=stock.pk, state="held")
    gone = _let_go(held, stock.missing, movable)
    pieces = sum(demand.quantity for demand in gone)
    stock.on_hand, stock.reserved = stock.on_hand - pieces, stock.reserved - pieces
    stock.missing = min(stock.missing - pieces, stock.reserved)
    stock.save(update_fields=["on_hand", "reserved", "missing"])
    _hold_anew(gone, on)
    return pieces


def _let_go(held: QuerySet, pieces: int, movable: Mapping[str, int] | None = None) -> list[Demand]:
    """Release so many pieces, of what was reserved last first; what is to be held anew. Sources are the caller's."""
    left, free, gone = pieces, dict(movable or {}), []
    for row in held.order_by("-id") if pieces else ():
        part = min(left, row.quantity, row.quantity if movable is None else free.get(row.demand_ref, 0))
        if not part:
            continue
        if part < row.quantity:
            split_off({row.pk: part}, Reservation.State.RELEASED)
        else:
            Reservation.objects.filter(pk=row.pk).update(state=Reservation.State.RELEASED)
        gone.append(Demand(row.demand_ref, row.product_id, part))
        free[row.demand_ref] = free.get(row.demand_ref, 0) - part
        left -= part
    return gone


def _hold_anew(gone: list[Demand], on: date) -> None:
    """Each in turn, the first promised first; a demand may have lost more than one reservation. What was to come
    straight from a supplier still does, where another sends so."""
    direct = Reservation.objects.filter(demand_ref__in=[demand.ref for demand in gone], is_direct=True)
    refs = set(direct.values_list("demand_ref", flat=True))
    for demand in reversed(gone):
        reserve([demand], on=on)
    send_directly(refs)


def _ready_after(held: QuerySet, lead_days: int, on: date) -> int:
    """Each is ready so many days after the day it was made, at the earliest tomorrow; how many changed."""
    changed = 0
    for row in held.order_by("id").only("pk", "created_at"):
        ready_on = max(localdate(row.created_at) + timedelta(days=lead_days), on + timedelta(days=1))
        changed += held.filter(pk=row.pk).exclude(ready_on=ready_on).update(ready_on=ready_on)
    return changed
