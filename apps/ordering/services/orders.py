"""Orders are placed, confirmed and cancelled, and follow what happens to their goods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.services import release
from apps.core.errors import Invalid
from apps.core.events import record
from apps.core.scoping import Actor
from apps.delivery.services import release_slot
from apps.ordering.errors import NoAccountChosen, OrderNotFound, UnderReturn, WrongStatus
from apps.ordering.models import Approval, Cart, Destination, Order, OrderLine
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.statuses import (
    AWAITING_APPROVAL,
    AWAITING_RELEASE,
    CANCELLED,
    CONFIRMED,
    CREDIT_LIMIT,
    DELIVERED,
    PLACED,
    SHIPPED,
    sources_of,
)
from apps.ordering.services.called import return_call_offs
from apps.ordering.services.called_in_cart import agreed_lines, locked_call_offs, take_call_offs
from apps.ordering.services.carts import Added, reorder
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.splitting import split_again
from apps.ordering.services.wished import wishes_for_lines, wishes_of_cart
from apps.ordering.services.wishes import Wanted
from apps.pricing.selectors import normal_coupon
from apps.pricing.services import give_back_coupon, release_credit

#: From where an order can be taken back to be changed.
TAKEN_BACK = (AWAITING_APPROVAL, AWAITING_RELEASE, PLACED)

#: The lines of a cart and how they are split; constraints between them are looked at when the transaction ends.
_EMPTY = """
WITH apart AS (
    DELETE FROM ordering_cartsplit s USING ordering_cartline l WHERE l.id = s.line_id AND l.cart_id = %(cart)s
)
DELETE FROM ordering_cartline WHERE cart_id = %(cart)s
"""


@transaction.atomic
def place_order(
    actor: Actor,
    *,
    ship_to_id: int,
    option_id: int | None,
    key: str,
    requested_on: date | None = None,
    po_number: str = "",
    notes: str = "",
    accept_changes: bool = False,
    channel: str = Order.Channel.PORTAL,
    cost_centre_id: int | None = None,
    payment: str = "",
    slot: str = "",
    branch_id: int | None = None,
    is_complete: bool | None = None,
    further: Sequence[DeliveryWish] = (),
    now: datetime,
) -> Order:
    """Order what is in the actor's cart and empty it; the same `key` gives the same order, however often it comes.

    Lines that are split over other ship-tos go there as `further` says. It is one order all the same: with one PO
    number, one approval, one check of limits, budget and credit over all of it.

    Raises `PricesChanged` with the differences unless they are accepted, `CartEmpty`, `NotOnSale`, `OutsideAssortment`,
    `PriceOnRequest`, `CouponRefused`, `OptionRefused`, `SlotTaken`, `WayToPayRefused`, `DateRefused`, `ShipToUnknown`,
    `ShipToRefused`, `CostCentreRefused`, `BudgetExceeded`, `CallOffRefused`; whatever is refused leaves cart, stock and
    credit as they were.
    """
    _demand_account(actor, key)
    if earlier := order_of_key(actor.account_id, key):
        return earlier
    if actor.contact_id is None:
        raise NoAccountChosen()
    cart = Cart.objects.select_for_update().filter(contact=actor.contact_id).first()
    wanted = Wanted(ship_to_id, option_id, key, requested_on, po_number, notes, accept_changes, channel)
    coupon = cart.coupon if cart else ""
    wanted = replace(wanted, coupon=coupon, cost_centre_id=cost_centre_id, payment=payment)
    wanted = replace(wanted, slot=slot, branch_id=branch_id, is_complete=is_complete, further=tuple(further))
    taken = locked_call_offs(actor, cart, now) if cart else []
    order = place(actor, wishes_of_cart(cart, agreed_lines(taken)) if cart else [], wanted, now=now)
    take_call_offs(actor, order, taken, now)
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, {"cart": cart.pk})
    Cart.objects.filter(pk=cart.pk).update(checkout_key=uuid4(), coupon="", updated_at=now)
    return order


@transaction.atomic
def place_lines(
    actor: Actor,
    *,
    lines: Sequence[tuple[int, object] | tuple[int, object, int | None]],
    ship_to_id: int,
    option_id: int | None,
    key: str,
    requested_on: date | None = None,
    po_number: str = "",
    notes: str = "",
    expected_prices: Mapping[int, Decimal] | None = None,
    channel: str = Order.Channel.API,
    cost_centre_id: int | None = None,
    payment: str = "",
    coupon: str = "",
    slot: str = "",
    branch_id: int | None = None,
    is_complete: bool | None = None,
    further: Sequence[DeliveryWish] = (),
    now: datetime,
) -> Order:
    """Order (product id, quantity) lines without a cart; the same key gives the same order.

    A third member of a line is the id of the ship-to it goes to by itself, by the way that `further` says. Quantities
    are not raised but refused with their rule; the minimum is that of all of a product. `expected_prices` by product id
    refuse the order as `PricesChanged` where a price is another now; they are compared to prices without the `coupon`,
    a code as somebody typed it, which is refused like in the cart. Approvals, credit and stock are those of every
    order.
    """
    _demand_account(actor, key)
    if earlier := order_of_key(actor.account_id, key):
        return earlier
    wanted = Wanted(ship_to_id, option_id, key, requested_on, po_number, notes, False, channel)
    wanted = replace(wanted, cost_centre_id=cost_centre_id, payment=payment, coupon=normal_coupon(coupon))
    wanted = replace(wanted, slot=slot, branch_id=branch_id, is_complete=is_complete, further=tuple(further))
    return place(actor, wishes_for_lines(actor, lines, expected_prices or {}), wanted, now=now)


def _demand_account(actor: Actor, key: str) -> None:
    demand(actor, "order.place")
    if actor.account_id is None:
        raise NoAccountChosen()
    if not 1 <= len(key) <= 80:
        raise Invalid(_("An order needs a key of 1 to 80 characters, so that a retry is not a second order."))


@transaction.atomic
def confirm_order(actor: Actor, order: Order, *, now: datetime) -> Order:
    """Operations (or the ERP) confirm a placed order; picking can begin."""
    demand(actor, "order.confirm")
    order = locked_order(actor, order)
    move(order, CONFIRMED)
    record("order.confirmed", f"order:{order.number}", account_id=order.account_id, actor=actor, at=now)
    return order


@transaction.atomic
def cancel_order(actor: Actor, order: Order, *, reason: str = "", now: datetime) -> Order:
    """Call off an order of which nothing has been shipped; its stock and credit are free again.

    The account's buyers may until it is confirmed, operations until it is shipped.
    """
    demand(actor, "order.place")
    order = locked_order(actor, order)
    if order.status == CONFIRMED:
        demand(actor, "order.confirm")
    move(order, CANCELLED)
    give_back(order)
    record("order.cancelled", f"order:{order.number}", account_id=order.account_id, actor=actor, at=now, reason=reason)
    return order


@transaction.atomic
def take_back(actor: Actor, order: Order, *, now: datetime) -> tuple[list[Added], list[str]]:
    """Change an order that nobody has begun to pick: it is cancelled with the yeses it had, and its lines are in the
    cart again of whoever ordered it, split as they were. What is ordered from there asks anew.

    Returns what was added and the SKUs no longer sold, as `reorder` does. Raises `OrderNotFound` for a colleague's,
    `WrongStatus` where it was confirmed, or came from a quote or a blanket order.
    """
    order = locked_order(actor, order)
    if order.contact_id is None or order.contact_id != actor.contact_id:
        raise OrderNotFound()
    is_agreed = order.channel in (Order.Channel.QUOTE, Order.Channel.BLANKET) or order.call_offs.exists()
    if is_agreed or order.status not in TAKEN_BACK:
        raise WrongStatus(status=order.status)
    cancel_order(actor, order, reason=_("taken back to be changed"), now=now)
    taken = reorder(actor, order, now=now)
    split_again(actor, order, now=now)
    return taken


def locked_order(actor: Actor, order: Order) -> Order:
    """The order as it is now, locked for the rest of the transaction; `OrderNotFound` where it is not the actor's."""
    orders = Order.objects.visible_to(actor).select_related("account", "contact")
    found = orders.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if found is None:
        raise OrderNotFound()
    return found


def move(order: Order, target: str) -> None:
    """Compare and set the status: `WrongStatus` where the order has moved on."""
    moved = Order.objects.filter(pk=order.pk, status=order.status, status__in=sources_of(target)).update(status=target)
    if not moved:
        raise WrongStatus(
            _("Order %(number)s is already %(status)s; nothing was changed.")
            % {"number": order.number, "status": order.get_status_display()},
            status=order.status,
        )
    order.status = target


def give_back(order: Order) -> None:
    """Stock, slot, credit and the code that an order holds become free; credit that was never taken is not given back.

    What it called off is left again, before the stock: in the order in which a call-off takes them.
    """
    return_call_offs(order)
    positions = order.lines.values_list("position", flat=True)
    release([OrderLine.ref_of(order.number, position) for position in positions])
    further = order.destinations.values_list("position", flat=True)
    release_slot(order.number, *(Destination.ref_of(order.number, position) for position in further))
    give_back_credit(order, order.gross)
    if order.coupon:
        give_back_coupon(order.number)


def give_back_credit(order: Order, amount: Decimal) -> None:
    """So much of what the order counts against the credit limit is free again, where it was ever counted."""
    untaken = Approval.objects.filter(order=order, reason=CREDIT_LIMIT).exclude(state=Approval.State.APPROVED)
    if amount > 0 and order.way.takes_credit and not untaken.exists():
        release_credit(order.account_id, amount)


@transaction.atomic
def record_shipped(order: Order, quantities: Mapping[int, int]) -> Order:
    """Goods of these lines have left (order line id -> quantity); the order is shipped from its first shipment on."""
    _add(order, "shipped_quantity", quantities)
    if order.status != SHIPPED:
        move(order, SHIPPED)
    return order


@transaction.atomic
def record_delivered(order: Order, quantities: Mapping[int, int], *, is_complete: bool) -> Order:
    """Goods of these lines were received; `is_complete` says that nothing more of the order is under way."""
    _add(order, "delivered_quantity", quantities)
    if is_complete and order.status == SHIPPED and not _is_unshipped(order):
        move(order, DELIVERED)
    return order


@transaction.atomic
def correct_delivered(order: Order, differences: Mapping[int, int]) -> None:
    """Of these lines so much more, or less, was received than was recorded (order line id -> pieces).

    Raises `UnderReturn` where less would have been received than is back or on its way back.
    """
    changed = [pk for pk, pieces in differences.items() if pieces]
    for line in order.lines.select_for_update().filter(pk__in=changed).order_by("sku", "pk"):
        received = min(max(line.delivered_quantity + differences[line.pk], 0), line.quantity)
        coming_back = line.returned_quantity + line.returning_quantity
        if received < min(coming_back, line.delivered_quantity):
            words = _("%(pieces)s x %(sku)s of it are back or under a return: end the return first, or count again.")
            raise UnderReturn(words % {"pieces": coming_back, "sku": line.sku}, line=line.pk, pieces=coming_back)
        OrderLine.objects.filter(pk=line.pk).update(delivered_quantity=received)


@transaction.atomic
def take_back_delivered(order: Order, quantities: Mapping[int, int]) -> Order:
    """Goods of these lines were not received after all: they are under way again, and so is the order.

    Raises `UnderReturn` as `correct_delivered`.
    """
    correct_delivered(order, {pk: -pieces for pk, pieces in quantities.items()})
    if Order.objects.filter(pk=order.pk, status=DELIVERED).update(status=SHIPPED):
        order.status = SHIPPED
    return order


def _add(order: Order, field: str, quantities: Mapping[int, int]) -> None:
    lines = OrderLine.objects.filter(order=order, pk__in=quantities)
    more = Case(*(When(pk=pk, then=Value(quantity)) for pk, quantity in quantities.items()), default=Value(0))
    lines.update(**{field: Least(F(field) + more, F("quantity"))})


def _is_unshipped(order: Order) -> bool:
    return order.lines.filter(shipped_quantity__lt=F("quantity")).exists()
