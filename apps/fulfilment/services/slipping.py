"""Supply changes its day, or is less than was said: whose promise slips is noticed in the same minute, and told.

1. Whatever changes supply records an event; its reaction comes here with the SKU. Each open order with that SKU is
   looked at in a transaction of its own, the first placed first, so nothing waits for a long list and a reaction that
   is cut off is simply run again: an order that is as it was is not touched, nor told of again.
2. Its loose shipments are planned anew, and each line's new day is held against its first promise (`rules.slips`).
   A line that is late has one open slip; the first promise never moves.
3. Who ordered is told once for an order and a change, with what they can choose: of a later day, and of an earlier one
   that is still after the first promise. What comes as first promised after all ends its slip in silence.
4. Of an order that somebody must still say yes to, or pay, nobody is written to: its page and the approver's say the
   new day. They are told when it is placed.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.availability.models import Reservation, StockLevel
from apps.availability.services import give_up_missing
from apps.core.events import record
from apps.fulfilment.models import Shipment, ShipmentLine, Slip
from apps.fulfilment.rules.slips import Late, late_lines
from apps.fulfilment.selectors.departures import arrivals_of, departures_of, place_of, waiting_places
from apps.fulfilment.services.planning import plan_shipments
from apps.ordering.models import Order, OrderLine
from apps.ordering.services.amending import AMENDABLE

LOT = 200
_AT_ONCE = ("ship_to", "delivery_option", "shipping_choice")


def follow_supply(*skus: str, because: str, now: datetime) -> int:
    """Every open order with one of the SKUs follows what is held now; how many lines have slipped or have another day.

    `because` is a `Slip.Reason`. An order that waits for several of them is looked at once. Not atomic: order by order,
    safe to repeat and to break off.
    """
    return sum(len(notice_slips(order_id, because=because, now=now)) for order_id in _awaiting(skus))


def _awaiting(skus: Collection[str]) -> Iterator[int]:
    """Ids of the open orders that wait for pieces of these SKUs, read a lot at a time."""
    waiting = OrderLine.objects.awaited().filter(product__sku__in=skus).order_by("order_id")
    last = 0
    while found := list(waiting.filter(order_id__gt=last).values_list("order_id", flat=True).distinct()[:LOT]):
        yield from found
        last = found[-1]


@transaction.atomic
def notice_slips(order_id: int, *, because: str, now: datetime, tells: bool = True) -> list[Slip]:
    """Plan an order anew and keep which of its lines are late; those that are late now, or on another day than before.

    `tells` says that who ordered is to be told; False where something else tells them. Safe to repeat.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related(*_AT_ONCE).get(pk=order_id)
    if order.status not in Order.OPEN:
        return []
    plan_shipments(order.pk, now=now)
    late, loose = _expected(order, now)
    changed = _keep(order, late, loose, because, now)
    if changed and not tells:
        Slip.objects.filter(pk__in=[slip.pk for slip in changed]).update(told_at=now)
    _tell(order, now)
    return changed


@transaction.atomic
def tell_of_slips(order_number: str, *, now: datetime) -> None:
    """An order is placed: of what slipped while it waited, its buyer is told now."""
    order = Order.objects.select_for_update(of=("self",)).filter(number=order_number).first()
    if order is not None:
        _tell(order, now)


def _expected(order: Order, now: datetime) -> tuple[dict[int, Late], set[int]]:
    """What of each line is late, and which lines nobody picks yet; the loose shipments have the day they come on."""
    today = timezone.localdate(now)
    leaving = departures_of(order, today=today)
    alone = departures_of(order, today=today, together=False) if waiting_places(order) else leaving
    arrivals = arrivals_of(order, {*leaving, *alone}, now)
    for shipment in order.shipments.filter(status=Shipment.Status.PLANNED, wave=None):
        day = arrivals.get(place_of(shipment))
        is_later = day is not None and shipment.promised_on is not None and day > shipment.promised_on
        expected_on = day if is_later else None
        if expected_on != shipment.expected_on:
            Shipment.objects.filter(pk=shipment.pk).update(expected_on=expected_on)
    lines = order.lines.filter(product__kind="goods").values_list("pk", "promised_on")
    late = late_lines({pk: day for pk, day in lines if day}, leaving, alone, arrivals, today)
    return late, {line_id for parts in leaving.values() for line_id in parts}


def late_now(order: Order, now: datetime) -> dict[int, Late]:
    """What of each line (by its id) of a locked order is late as things stand."""
    return _expected(order, now)[0]


def _keep(order: Order, late: Mapping[int, Late], loose: set[int], because: str, now: datetime) -> list[Slip]:
    """Make, move and end the slips of an order. What is being picked late is still late."""
    changed = []
    kept = {slip.order_line_id: slip for slip in Slip.objects.select_for_update().filter(order=order, ended_at=None)}
    promised = dict(order.lines.values_list("pk", "promised_on"))
    for line_id, each in sorted(late.items()):
        slip = kept.pop(line_id, None)
        if slip is None and each.is_news:
            changed.append(_made(order, each, promised[line_id], because, now))
        elif slip is not None and _moved(slip, each, because, now):
            changed.append(slip)
    in_time = [slip.pk for line_id, slip in kept.items() if line_id in loose]
    Slip.objects.filter(pk__in=in_time).update(ended_at=now, ending=Slip.Ending.KEPT)
    return changed


def _made(order: Order, late: Late, first_on: date, because: str, now: datetime) -> Slip:
    return Slip.objects.create(
        account_id=order.account_id,
        order=order,
        order_line_id=late.line_id,
        reason=Slip.Reason.TOGETHER if late.waits_for_rest else because,
        quantity=late.quantity,
        first_on=first_on,
        was_on=first_on,
        comes_on=late.comes_on,
        noticed_at=now,
    )


def _moved(slip: Slip, late: Late, because: str, now: datetime) -> bool:
    """Whether the day of a slip is another now. A later one asks anew what to do, unless a substitute is under way."""
    if (late.comes_on, late.quantity) == (slip.comes_on, slip.quantity):
        return False
    has_moved, slip.quantity = late.comes_on != slip.comes_on, late.quantity
    if has_moved:
        slip.was_on, slip.comes_on, slip.noticed_at, slip.told_at = slip.comes_on, late.comes_on, now, None
        slip.reason = Slip.Reason.TOGETHER if late.waits_for_rest else because
    if slip.comes_on > slip.was_on and slip.choice and slip.substitute_id is None and has_moved:
        slip.choice, slip.chosen_at, slip.chosen_by_name = Slip.Choice.NONE, None, ""
    slip.save()
    return has_moved


def _tell(order: Order, now: datetime) -> None:
    """One event for an order and all of its slips that nobody was told of."""
    if order.status not in AMENDABLE:
        return
    untold = list(order.slips.filter(ended_at=None, told_at=None).select_related("order_line"))
    if not untold:
        return
    Slip.objects.filter(pk__in=[slip.pk for slip in untold]).update(told_at=now)
    record(
        "order.slipped",
        f"order:{order.number}",
        account_id=order.account_id,
        at=now,
        earlier=all(slip.comes_on < slip.was_on for slip in untold),
        lines=[
            {
                "slip": slip.pk,
                "sku": slip.order_line.sku,
                "quantity": slip.quantity,
                "first": slip.first_on.isoformat(),
                "was": slip.was_on.isoformat(),
                "comes_on": slip.comes_on.isoformat(),
            }
            for slip in untold
        ],
    )


def follow_missing_stock(sku: str, warehouse: str, *, now: datetime) -> int:
    """Reserved pieces are missing in a warehouse: whoever was promised last is served otherwise; how many pieces.

    What is being picked stays: who picks it finds out, and says so. Safe to repeat.
    """
    with transaction.atomic():
        stock = StockLevel.objects.select_related("product").get(product__sku=sku, warehouse__code=warehouse)
        moved = give_up_missing(stock, _movable(stock), on=timezone.localdate(now))
    follow_supply(sku, because=Slip.Reason.STOCK_SHORT, now=now)
    return moved


def _movable(stock: StockLevel) -> dict[str, int]:
    """How much of each order line that holds of this stock nobody picks yet; their orders and shipments are locked."""
    held = Reservation.objects.filter(product_id=stock.product_id, stock_id=stock.pk, state=Reservation.State.HELD)
    quantities: dict[str, int] = {}
    for ref, quantity in held.values_list("demand_ref", "quantity"):
        quantities[ref] = quantities.get(ref, 0) + quantity
    numbers = {ref.rpartition("/")[0] for ref in quantities}
    orders = Order.objects.select_for_update(of=("self",)).filter(number__in=numbers).order_by("pk")
    known = {order.pk: order.number for order in orders}
    list(Shipment.objects.select_for_update().filter(order__in=known, status=Shipment.Status.PLANNED).order_by("pk"))
    picked = ShipmentLine.objects.filter(
        shipment__order__in=known, shipment__status=Shipment.Status.PLANNED, shipment__wave__isnull=False,
        shipment__warehouse=stock.warehouse_id, order_line__product=stock.product_id,
    )  # fmt: skip
    for order_id, position, quantity in picked.values_list("order_line__order", "order_line__position", "quantity"):
        ref = OrderLine.ref_of(known[order_id], position)
        quantities[ref] = max(quantities.get(ref, 0) - quantity, 0)
    return {ref: quantity for ref, quantity in quantities.items() if ref.rpartition("/")[0] in set(known.values())}
