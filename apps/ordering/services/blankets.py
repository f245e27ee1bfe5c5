"""Blanket orders: agreed once, called off in parts, told of before they end.

1. The rep makes one from an accepted quote: at its prices, for quantities and a term that were agreed.
2. A call-off is an order like any other (approvals, limits, credit, stock), at the agreed price whatever the lists say
   that day; the line says which blanket order its price is from.
3. The blanket order is locked while it is called off: never more than is left, however many ask at once. An order that
   is cancelled or declined gives back what it took.
4. On the day after its last one it ends, and what is left lapses; its contact and the rep are told beforehand.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.errors import QuantityRefused
from apps.catalogue.rules import MAX_QUANTITY
from apps.core.events import record
from apps.core.formatting import listed
from apps.core.numbers import next_number
from apps.core.scoping import SYSTEM, Actor
from apps.core.text import folded, plain
from apps.ordering.errors import BlanketNotFound, BlanketRefused, CallOffRefused, NoAccountChosen, WrongStatus
from apps.ordering.models import BlanketLine, BlanketOrder, CallOff, Order, Quote
from apps.ordering.rules.blankets import WARN_DAYS, warns_from
from apps.ordering.services.carts import orderable_or_refused, quantity_rule
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.wishes import Wanted, Wish

LONGEST_TERM_DAYS = 5 * 366
State = BlanketOrder.State


class Called(NamedTuple):
    """A line of a blanket order and how much of it is wanted now."""

    line: BlanketLine
    quantity: int


@transaction.atomic
def make_blanket_order(
    actor: Actor,
    quote: Quote,
    *,
    quantities: Mapping[int, int],
    starts_on: date,
    ends_on: date,
    name: str = "",
    po_number: str = "",
    now: datetime,
) -> BlanketOrder:
    """Agree (quote line id -> quantity) of an accepted quote for a term, at the quote's prices; once for each quote.

    A line without a quantity is left out. Raises `BlanketRefused` by field, `WrongStatus` where the quote was not
    accepted or has its blanket order already.
    """
    demand(actor, "quote.offer")
    quote = Quote.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=quote.pk).first()
    if quote is None:
        raise BlanketNotFound()
    if quote.status != Quote.Status.ACCEPTED:
        raise WrongStatus(_("Only an accepted quote can become a blanket order."), status=quote.status)
    if BlanketOrder.objects.filter(quote=quote).exists():
        raise WrongStatus(_("This quote has its blanket order already."))
    lines = [line for line in quote.lines.select_related("product") if quantities.get(line.pk)]
    _refuse_term(starts_on, ends_on, timezone.localdate(now))
    _refuse_quantities(lines, quantities)
    blanket = BlanketOrder.objects.create(
        number=next_number("BO"), account_id=quote.account_id, contact_id=quote.contact_id, quote=quote,
        name=folded(plain(name))[:80] or quote.number, po_number=folded(plain(po_number))[:60],
        currency=quote.currency, starts_on=starts_on, ends_on=ends_on, made_by_name=actor.name[:120], made_at=now,
    )  # fmt: skip
    BlanketLine.objects.bulk_create(
        BlanketLine(
            blanket=blanket, product_id=line.product_id, unit_price=line.offered_price, agreed=quantities[line.pk]
        )
        for line in lines
    )
    _record("blanket.agreed", actor, blanket, now, quote=quote.number, lines=len(lines))
    return blanket


def _refuse_term(starts_on: date, ends_on: date, today: date) -> None:
    wrong = {}
    if ends_on <= max(starts_on, today):
        wrong["ends_on"] = [_("It has to end after it begins, on a day to come.")]
    elif (ends_on - starts_on).days > LONGEST_TERM_DAYS:
        wrong["ends_on"] = [_("Five years are the longest term.")]
    if wrong:
        raise BlanketRefused(fields=wrong)


def _refuse_quantities(lines: Sequence, quantities: Mapping[int, int]) -> None:
    if not lines:
        raise BlanketRefused(_("Agree a quantity for at least one product."))
    for line in lines:
        if not 1 <= quantities[line.pk] <= MAX_QUANTITY:
            raise QuantityRefused(quantity_rule(line.product), sku=line.product.sku)


@transaction.atomic
def call_off(
    actor: Actor,
    blanket: BlanketOrder,
    *,
    quantities: Mapping[int, object],
    ship_to_id: int,
    option_id: int | None,
    key: str,
    requested_on: date | None = None,
    po_number: str = "",
    notes: str = "",
    cost_centre_id: int | None = None,
    slot: str = "",
    branch_id: int | None = None,
    is_complete: bool | None = None,
    now: datetime,
) -> Order:
    """Order (blanket line id -> quantity) at the agreed prices; the same key gives the same order.

    Raises `CallOffRefused` before, after, or beyond what was agreed, with what is left; else as `place_order`.
    """
    demand(actor, "order.place")
    if actor.account_id is None:
        raise NoAccountChosen()
    if actor.account_id != blanket.account_id:
        raise BlanketNotFound()
    if not 1 <= len(key) <= 80:
        raise CallOffRefused(_("A call-off needs a key of 1 to 80 characters, so that a retry is not a second one."))
    if earlier := order_of_key(actor.account_id, key):
        return earlier
    blanket = locked_blanket(actor, blanket)
    _refuse_day(blanket, timezone.localdate(now))
    if blanket.currency != blanket.account.currency:
        raise CallOffRefused(_("It was agreed in another currency than yours is now: ask your rep."))
    called = _called(blanket, quantities)
    order = place(
        actor,
        [
            Wish(each.line.product, each.quantity, quoted_price=each.line.unit_price, agreed_in=blanket.number)
            for each in called
        ],
        Wanted(
            ship_to_id, option_id, key, requested_on, po_number or blanket.po_number, notes,
            channel=Order.Channel.BLANKET, cost_centre_id=cost_centre_id, slot=slot, branch_id=branch_id,
            is_complete=is_complete,
        ),
        now=now,
    )  # fmt: skip
    _take(order, called, now)
    _record("blanket.called_off", actor, blanket, now, order=order.number, lines=len(called))
    return order


def called_of(actor: Actor, blanket: BlanketOrder, quantities: Mapping[int, object], *, now: datetime) -> list[Called]:
    """What a call-off of these quantities would take, before it is ordered; refused as `call_off` refuses it."""
    demand(actor, "order.place")
    if actor.account_id != blanket.account_id:
        raise BlanketNotFound()
    _refuse_day(blanket, timezone.localdate(now))
    return _called(blanket, quantities)


def _refuse_day(blanket: BlanketOrder, today: date) -> None:
    if blanket.state != State.ACTIVE or today > blanket.ends_on:
        raise CallOffRefused(_("This blanket order has ended: ask your rep for a new one."))
    if today < blanket.starts_on:
        raise CallOffRefused(_("This blanket order has not begun yet."))


def _called(blanket: BlanketOrder, quantities: Mapping[int, object]) -> list[Called]:
    """What is wanted of which line; a quantity is in the steps of its product, or all that is left."""
    lines = {line.pk: line for line in blanket.lines.select_related("product")}
    if set(quantities) - set(lines):
        raise CallOffRefused(_("One of the lines is not of this blanket order; nothing was ordered."))
    called = [_of_line(lines[pk], quantity) for pk, quantity in sorted(quantities.items())]
    if not called:
        raise CallOffRefused(_("Say how much you want of at least one product."))
    over = [each.line for each in called if each.quantity > each.line.left]
    if over:
        left = listed([f"{line.product.sku}: {line.left}" for line in over], get_language())
        words = _("More than is left was asked for. Left are: %(left)s.") % {"left": left}
        raise CallOffRefused(words, left={line.product.sku: line.left for line in over})
    return called


def _of_line(line: BlanketLine, wished: object) -> Called:
    amount = orderable_or_refused(line.product, wished)
    is_the_rest = amount.raised_from is not None and amount.raised_from == line.left
    if amount.raised_from is not None and not is_the_rest:
        raise QuantityRefused(quantity_rule(line.product), sku=line.product.sku)
    return Called(line, line.left if is_the_rest else amount.quantity)


def _take(order: Order, called: Sequence[Called], now: datetime) -> None:
    for each in called:
        BlanketLine.objects.filter(pk=each.line.pk).update(called=F("called") + each.quantity)
    CallOff.objects.bulk_create(
        CallOff(line=each.line, order=order, quantity=each.quantity, called_at=now) for each in called
    )


@transaction.atomic
def lapse_blankets(*, now: datetime) -> int:
    """End those whose last day has passed; how many. Safe to repeat."""
    over = BlanketOrder.objects.filter(state=State.ACTIVE, ends_on__lt=timezone.localdate(now))
    blankets = list(over.select_for_update(skip_locked=True)[:500])
    for blanket in blankets:
        blanket.state = State.LAPSED
        left = sum(line.left for line in blanket.lines.all())
        _record("blanket.lapsed", SYSTEM, blanket, now, left=left)
    BlanketOrder.objects.bulk_update(blankets, ["state"])
    return len(blankets)


@transaction.atomic
def warn_of_ends(*, now: datetime) -> int:
    """Tell of those that end soon with something left, once each; how many. Safe to repeat."""
    today = timezone.localdate(now)
    soon = BlanketOrder.objects.filter(state=State.ACTIVE, warned_at=None, ends_on__gte=today)
    soon = soon.filter(ends_on__lte=date.fromordinal(today.toordinal() + WARN_DAYS))
    some_left = soon.filter(pk__in=BlanketLine.objects.filter(called__lt=F("agreed")).values("blanket"))
    blankets = list(some_left.select_for_update(skip_locked=True)[:500])
    due = [blanket for blanket in blankets if warns_from(blanket.starts_on, blanket.ends_on) <= today]
    for blanket in due:
        blanket.warned_at = now
        _record("blanket.ending", SYSTEM, blanket, now, ends_on=blanket.ends_on.isoformat())
    BlanketOrder.objects.bulk_update(due, ["warned_at"])
    return len(due)


def locked_blanket(actor: Actor, blanket: BlanketOrder) -> BlanketOrder:
    """The blanket order as it is now, locked for the rest of the transaction."""
    found = BlanketOrder.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=blanket.pk).first()
    if found is None:
        raise BlanketNotFound()
    return found


def _record(name: str, actor: Actor, blanket: BlanketOrder, now: datetime, **facts) -> None:
    subject = f"blanket:{blanket.number}"
    record(name, subject, account_id=blanket.account_id, actor=actor, at=now, title=blanket.name, **facts)
