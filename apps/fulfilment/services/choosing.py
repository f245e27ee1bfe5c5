"""What a buyer chooses about a line that comes later than it was promised. Chosen once; no answer is to wait.

1. The order is locked, and what is late of the line is asked anew: a line that comes as promised after all, or on
   another day than the one that was shown, refuses. So does a line about which a colleague has chosen before.
2. To wait keeps the new day. To split sends what is there to where the line goes, at what parts cost by the terms the
   order was placed with, as it was shown. To call off takes the late part off the order (`ordering.amending`).
   Something else is ordered the one way (`ordering.instead`); while somebody must say yes to it the late part stays
   held, and without the yes the line is open for another choice.
3. The choice is an event, in the words of who made it and for whom.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.selectors import supplies_of
from apps.core.events import record
from apps.core.formatting import money
from apps.core.money import ZERO
from apps.core.scoping import SYSTEM, Actor
from apps.fulfilment.errors import AlreadyChosen, ChoiceRefused, SlipMoved, SlipOver
from apps.fulfilment.models import Shipment, ShippingChoice, Slip
from apps.fulfilment.rules.slips import Late
from apps.fulfilment.selectors.departures import goes_together, position_of, split_offers
from apps.fulfilment.services.inserts import call_off_inserts
from apps.fulfilment.services.planning import plan_shipments
from apps.fulfilment.services.slipping import late_now, notice_slips
from apps.ordering.models import Order, OrderLine
from apps.ordering.rules.statuses import CANCELLED, DECLINED
from apps.ordering.services import add_freight, cancel_order, place_instead, take_off
from apps.ordering.services.amending import AMENDABLE
from apps.ordering.services.orders import locked_order

WAIT, SUBSTITUTE, SPLIT, CANCEL = Slip.Choice.WAIT, Slip.Choice.SUBSTITUTE, Slip.Choice.SPLIT, Slip.Choice.CANCEL


@transaction.atomic
def answer_slip(
    actor: Actor,
    order: Order,
    position: int,
    choice: str,
    *,
    comes_on: date | None,
    product_id: int | None = None,
    quantity: int = 0,
    unit_price: Decimal | None = None,
    freight: Decimal | None = None,
    channel: str = Order.Channel.PORTAL,
    now: datetime,
) -> Slip:
    """Decide about the late part of a line (by its position); the slip as it is then.

    `comes_on` is the day that was shown; product, quantity and unit price are of a substitute, `freight` is what was
    shown that parts cost. Raises `SlipOver`, `SlipMoved`, `AlreadyChosen`, `ChoiceRefused`, `FreightRefused`, and what
    placing an order raises.
    """
    demand(actor, "order.place")
    if choice not in (WAIT, SUBSTITUTE, SPLIT, CANCEL):
        raise ChoiceRefused(_("Choose to wait, something else instead, to send what is there, or to call it off."))
    order = locked_order(actor, order)
    slip, late = _slip_of(order, position, comes_on, now)
    if choice == SUBSTITUTE:
        _order_instead(actor, slip, late, product_id, quantity, unit_price, channel, now)
    elif choice == CANCEL:
        _call_off(actor, slip, late, now)
    elif choice == SPLIT:
        _split(actor, order, slip.order_line, freight or ZERO, now)
    _decide(actor, slip, choice, now)
    if slip.ended_at is None:
        plan_shipments(order.pk, now=now)
        notice_slips(order.pk, because=slip.reason, now=now)
    return slip


def _slip_of(order: Order, position: int, shown: date | None, now: datetime) -> tuple[Slip, Late]:
    beside = ("order_line__product__category", "order_line__destination")
    slips = Slip.objects.select_for_update(of=("self",)).select_related(*beside)
    slip = slips.filter(order=order, order_line__position=position, ended_at=None).first()
    if slip is None:
        slip = slips.filter(order=order, order_line__position=position).exclude(choice="").order_by("-pk").first()
        raise _chosen(slip) if slip else SlipOver(_("This line is not late; nothing was changed."))
    if slip.choice:
        raise _chosen(slip)
    late = late_now(order, now).get(slip.order_line_id)
    if order.status not in AMENDABLE or late is None:
        raise SlipOver(_("This line has moved on: it comes as promised, or is being sent. Nothing was changed."))
    if late.comes_on != shown:
        words = _("It comes on %(day)s as things stand now: look at the choices again. Nothing was changed.")
        raise SlipMoved(words % {"day": date_format(late.comes_on, "j F Y")}, comes_on=late.comes_on.isoformat())
    slip.order = slip.order_line.order = order
    return slip, late


def _chosen(slip: Slip) -> AlreadyChosen:
    words = {
        WAIT: _("%(name)s chose to wait for it; nothing was changed."),
        SUBSTITUTE: _("%(name)s ordered something else instead; nothing was changed."),
        SPLIT: _("%(name)s chose to have sent what is there; nothing was changed."),
        CANCEL: _("%(name)s called it off; nothing was changed."),
    }
    return AlreadyChosen(words[slip.choice] % {"name": slip.chosen_by_name}, choice=slip.choice)


def _decide(actor: Actor, slip: Slip, choice: str, now: datetime) -> None:
    """Keep the choice, and tell it."""
    slip.choice, slip.chosen_at, slip.chosen_by_name = choice, now, actor.name[:120]
    slip.save()
    record(
        "order.slip_answered",
        f"order:{slip.order.number}",
        account_id=slip.account_id,
        actor=actor,
        at=now,
        choice=str(choice),
        sku=slip.order_line.sku,
        quantity=slip.quantity,
        comes_on=slip.comes_on.isoformat(),
        **({"substitute": slip.substitute.number} if slip.substitute_id else {}),
    )


def _split(actor: Actor, order: Order, line: OrderLine, shown: Decimal, now: datetime) -> None:
    goes = line.goes
    if not goes_together(order, goes):
        raise ChoiceRefused(_("This order comes in parts already, each as soon as it is ready."))
    offer = split_offers(order, now).get(line.destination_id)
    charge = offer.charge if offer else ZERO
    if charge != shown:
        words = _("Sent in parts it costs %(charge)s more, net, by the terms of the order: look at the choices again.")
        told = words % {"charge": money(charge, order.currency)}
        raise ChoiceRefused(told, charge=str(charge), currency=order.currency)
    if charge:
        add_freight(actor, order, line.destination, charge, reason=_("It is sent in parts."), now=now)
    choice, _made = ShippingChoice.objects.get_or_create(order=order)
    choice.apart = sorted({*choice.apart, position_of(goes)})
    choice.save(update_fields=["apart"])
    order.shipping_choice = choice
    plan_shipments(order.pk, now=now)


def _call_off(actor: Actor, slip: Slip, late: Late, now: datetime) -> None:
    take_off(actor, slip.order, {slip.order_line_id: late.quantity}, reason=_("It would have come too late."), now=now)
    _end(slip, late.quantity, Slip.Ending.CANCELLED, now)


def _order_instead(
    actor: Actor,
    slip: Slip,
    late: Late,
    product_id: int | None,
    quantity: int,
    unit_price: Decimal | None,
    channel: str,
    now: datetime,
) -> None:
    line = slip.order_line
    if product_id is None or product_id == line.product_id:
        raise ChoiceRefused(_("Choose what is to be sent instead."))
    if not slip.order.way.takes_credit:
        raise ChoiceRefused(_("This order is paid ahead: ask us for something else, and we settle the difference."))
    supplies_of([line.product_id, product_id], locked=True)
    slip.substitute, at_once = place_instead(
        actor,
        line,
        late.quantity,
        product_id=product_id,
        quantity=quantity,
        unit_price=unit_price,
        channel=channel,
        reason=_("Something else was ordered instead."),
        now=now,
    )
    if at_once:
        slip.order.refresh_from_db()
        _end(slip, late.quantity, Slip.Ending.SUBSTITUTED, now)


def _end(slip: Slip, quantity: int, ending: str, now: datetime) -> None:
    """The late part is no longer ordered: nothing of it is waited for, nothing of it leaves."""
    slip.quantity, slip.ended_at, slip.ending = quantity, now, ending
    order = slip.order
    if order.status in Order.OPEN:
        plan_shipments(order.pk, now=now)
    else:
        _call_off_loose(order)


def _call_off_loose(order: Order) -> None:
    loose = order.shipments.filter(status=Shipment.Status.PLANNED)
    call_off_inserts(list(loose.values_list("pk", flat=True)))
    loose.update(status=Shipment.Status.CANCELLED)


@transaction.atomic
def settle_substitute(order_number: str, *, now: datetime) -> None:
    """An order that stands in for a late part was decided: the part is called off, or is open for another choice.

    Where the part has left meanwhile, the other is not needed, and cancelled. Safe to repeat.
    """
    of_it = Slip.objects.filter(substitute__number=order_number, choice=SUBSTITUTE, ended_at=None)
    order_id = of_it.values_list("order_id", flat=True).first()
    if order_id is None:
        return
    order = Order.objects.select_for_update(of=("self",)).select_related("account").get(pk=order_id)
    slip = of_it.select_for_update(of=("self",)).select_related("order_line", "substitute").first()
    if slip is None:
        return
    slip.order = slip.order_line.order = order
    if slip.substitute.status in (CANCELLED, DECLINED):
        _reopen(slip, now)
    elif slip.substitute.status in AMENDABLE:
        _exchange(slip, now)


def _exchange(slip: Slip, now: datetime) -> None:
    late = late_now(slip.order, now).get(slip.order_line_id)
    if slip.order.status in AMENDABLE and late is not None:
        reason = _("Something else was ordered instead.")
        take_off(SYSTEM, slip.order, {slip.order_line_id: late.quantity}, reason=reason, now=now)
        _end(slip, late.quantity, Slip.Ending.SUBSTITUTED, now)
        slip.save()
        return
    if slip.substitute.status == Order.Status.PLACED:
        cancel_order(SYSTEM, slip.substitute, reason=_("What it stood in for has come after all."), now=now)
    Slip.objects.filter(pk=slip.pk).update(ended_at=now, ending=Slip.Ending.KEPT)


def _reopen(slip: Slip, now: datetime) -> None:
    number = slip.substitute.number
    slip.choice, slip.chosen_at, slip.chosen_by_name, slip.substitute = Slip.Choice.NONE, None, "", None
    slip.save()
    record(
        "order.slip_reopened",
        f"order:{slip.order.number}",
        account_id=slip.account_id,
        at=now,
        sku=slip.order_line.sku,
        substitute=number,
    )
