"""Standing orders: agreed to once, placed at their rhythm, and asked about again when prices rise.

1. Each date is one order: its key is the standing order's and the date, and one key is one order (`place_lines`).
2. It is placed in the name of its contact, who may order as much as ever: limits, approvals and credit are those of any
   order.
3. What cannot be placed as agreed is not placed: it goes into review with the reason, and its contact is told.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from apps.accounts.models import Contact
from apps.accounts.rules import may
from apps.accounts.selectors import actor_for, contact_of, ship_to_for
from apps.accounts.services import demand
from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask
from apps.catalogue.selectors import sold_by_id
from apps.core.errors import Refusal
from apps.core.events import record
from apps.core.money import line_net
from apps.core.scoping import NOBODY, SYSTEM, Actor
from apps.core.text import folded, plain
from apps.delivery.rules import Goods
from apps.delivery.selectors import options_for
from apps.ordering.errors import NoAccountChosen, OptionRefused, StandingOrderRefused, WrongStatus
from apps.ordering.models import Order, StandingOrder, StandingOrderLine
from apps.ordering.rules.standing import following, risen
from apps.ordering.selectors.standing import standing_order_for
from apps.ordering.services.carts import orderable_or_refused
from apps.ordering.services.orders import place_lines
from apps.ordering.services.spending import chosen_cost_centre
from apps.pricing.selectors import prices_for

NAMED_TWICE = gettext_lazy("Two lines name the same product: a standing order has each product once.")
MOST_LINES, MOST_EVERY, MOST_RISE = 200, 26, 100
State = StandingOrder.State


@transaction.atomic
def make_standing_order(
    actor: Actor,
    *,
    name: str,
    lines: Sequence[tuple[int, int]],
    ship_to_id: int,
    every: int,
    unit: str,
    first_on: date,
    ends_on: date | None = None,
    rise_percent: Decimal = Decimal(5),
    po_number: str = "",
    cost_centre_id: int | None = None,
    in_name_of: str = "",
    now: datetime,
) -> StandingOrder:
    """Order (product id, quantity) lines at a rhythm, at today's prices, in the name of the contact who asks; a machine
    says by e-mail in whose (`in_name_of`). Raises `StandingOrderRefused` by field, and `CostCentreRefused`."""
    demand(actor, "order.place")
    if actor.account_id is None:
        raise NoAccountChosen()
    contact = _orderer(actor, in_name_of)
    name = folded(plain(name))
    _check(name, lines, every, unit, first_on, ends_on, rise_percent, timezone.localdate(now))
    standing = StandingOrder.objects.create(
        cost_centre=chosen_cost_centre(contact.account, contact, cost_centre_id),
        account_id=actor.account_id, contact=contact, ship_to=ship_to_for(actor, ship_to_id), name=name,
        po_number=folded(plain(po_number))[:60], every=every, unit=unit, first_on=first_on, next_on=first_on,
        ends_on=ends_on, rise_percent=rise_percent, created_at=now,
    )  # fmt: skip
    _write_lines(actor, standing, lines, now)
    _record("standing_order.made", actor, standing, now)
    return standing


def _orderer(actor: Actor, in_name_of: str) -> Contact:
    """Who will be ordering: the actor's contact, or the one that a machine of the account names."""
    if actor.contact_id is not None:
        contact = contact_of(actor)
        is_other = in_name_of and in_name_of.strip().lower() != contact.email.lower()
        found = None if is_other else contact
    else:
        able = Contact.objects.filter(account=actor.account_id, is_active=True, user__is_active=True)
        found = able.filter(email__iexact=in_name_of.strip()).select_related("account").first() if in_name_of else None
        found = found if found and may(found.role, "order.place") else None
    if found is None:
        words = _("Name a contact of the account who may order, by their e-mail; people order in their own name.")
        raise StandingOrderRefused(words, fields={"contact": [words]})
    return found


def _check(name, lines, every, unit, first_on, ends_on, rise_percent, today: date) -> None:
    wrong = {
        "name": not 1 <= len(name) <= 80 and _("Give it a name of at most 80 characters."),
        "lines": not 1 <= len(lines) <= MOST_LINES
        and _("A standing order has 1 to %(most)s products.") % {"most": MOST_LINES},
        "every": not 1 <= every <= MOST_EVERY and _("Every 1 to %(most)s.") % {"most": MOST_EVERY},
        "unit": unit not in StandingOrder.Unit.values and _("Choose weeks or months."),
        "first_on": first_on < today and _("The first day has passed already."),
        "ends_on": ends_on is not None and ends_on < first_on and _("It cannot end before it begins."),
        "rise_percent": not 0 <= rise_percent <= MOST_RISE and _("0 to %(most)s per cent.") % {"most": MOST_RISE},
    }
    if fields := {field: [words] for field, words in wrong.items() if words}:
        raise StandingOrderRefused(next(iter(fields.values()))[0], fields=fields)


def _write_lines(actor: Actor, standing: StandingOrder, lines: Sequence[tuple[int, int]], now: datetime) -> None:
    products = sold_by_id(actor, (product_id for product_id, _quantity in lines))
    asks = {
        product_id: Ask(product_id, orderable_or_refused(products[product_id], quantity).quantity)
        for product_id, quantity in lines
        if product_id in products
    }
    prices = prices_for(actor, asks.values(), timezone.localdate(now))
    unpriced = [products[pk].sku for pk, ask in asks.items() if prices[ask].unit_price is None]
    if len(asks) < len(dict(lines)) or unpriced:
        words = _("Some of these are not sold to you, or have no agreed price: %(skus)s.")
        raise StandingOrderRefused(words % {"skus": ", ".join(unpriced) or "–"})
    StandingOrderLine.objects.bulk_create(
        StandingOrderLine(
            standing_order=standing, product_id=pk, quantity=ask.quantity, agreed_price=prices[ask].unit_price
        )
        for pk, ask in asks.items()
    )


@transaction.atomic
def change_lines(
    actor: Actor,
    standing: StandingOrder,
    *,
    quantities: Mapping[int, object],
    more: Sequence[tuple[int, object]] = (),
    now: datetime,
) -> StandingOrder:
    """Let lines (line id -> quantity, 0 takes it out) come in other quantities, and (product id, quantity) come too.

    What changes is agreed to at today's price for its quantity; what does not keeps the price agreed to before. Raises
    `StandingOrderRefused`, `QuantityRefused`, `WrongStatus` where it has ended.
    """
    standing = _held(actor, standing)
    if standing.state == State.ENDED:
        raise WrongStatus(_("It has ended; begin a new one."))
    kept = {line.pk: line for line in standing.lines.select_related("product")}
    if set(quantities) - set(kept):
        raise StandingOrderRefused(_("One of the lines is not there any more: look at it again."))
    wished = {pk: _wished(kept[pk], quantity) for pk, quantity in quantities.items()}
    gone = [pk for pk, quantity in wished.items() if quantity == 0]
    changed = [(kept[pk].product_id, n) for pk, n in wished.items() if n and n != kept[pk].quantity]
    new = _new_lines(kept.values(), gone, more)
    if not 1 <= len(kept) - len(gone) + len(new) <= MOST_LINES:
        raise StandingOrderRefused(_("A standing order has 1 to %(most)s products.") % {"most": MOST_LINES})
    replaced = [product_id for product_id, _quantity in changed]
    standing.lines.filter(pk__in=gone).delete()
    standing.lines.filter(product__in=replaced).delete()
    _write_lines(actor, standing, [*changed, *new], now)
    if gone or changed or new:
        _record("standing_order.changed", actor, standing, now, lines=len(changed) + len(new), gone=len(gone))
    return standing


def _wished(line: StandingOrderLine, quantity: object) -> int:
    if str(quantity).strip() == "0":
        return 0
    return orderable_or_refused(line.product, quantity).quantity


def _new_lines(kept, gone: Sequence[int], more: Sequence[tuple[int, object]]) -> list[tuple[int, object]]:
    there = {line.product_id: line.product.sku for line in kept if line.pk not in gone}
    for product_id, _quantity in more:
        if product_id in there:
            words = _("%(sku)s comes already: change its quantity.")
            raise StandingOrderRefused(words % {"sku": there[product_id]})
    return list(more)


@transaction.atomic
def skip_once(actor: Actor, standing: StandingOrder, next_on: date, *, now: datetime) -> StandingOrder:
    """Leave out the order of `next_on`; where that has been placed or left out meanwhile, nothing changes."""
    standing = _held(actor, standing)
    if standing.next_on != next_on or standing.state == State.ENDED:
        raise WrongStatus(_("That date has passed or been left out already."))
    _go_on(standing, timezone.localdate(now), standing.next_on)
    _record("standing_order.skipped", actor, standing, now, left_out=next_on.isoformat())
    return standing


@transaction.atomic
def change_state(actor: Actor, standing: StandingOrder, state: str, *, now: datetime) -> StandingOrder:
    """Pause, go on, or end. What has ended stays ended; what is in review goes on by `agree` alone."""
    standing = _held(actor, standing)
    allowed = {
        State.PAUSED: (State.ACTIVE,),
        State.ACTIVE: (State.PAUSED,),
        State.ENDED: (State.ACTIVE, State.PAUSED, State.REVIEW),
    }
    if standing.state not in allowed.get(state, ()):
        raise WrongStatus()
    if state == State.ACTIVE and standing.next_on < timezone.localdate(now):
        _go_on(standing, timezone.localdate(now), standing.next_on)
    standing.state = State.ENDED if standing.state == State.ENDED else state
    standing.review = ""
    standing.save(update_fields=["state", "review", "next_on"])
    _record(f"standing_order.{standing.state}", actor, standing, now)
    return standing


@transaction.atomic
def agree(actor: Actor, standing: StandingOrder, *, now: datetime) -> StandingOrder:
    """Agree to today's prices; what is no longer sold or has no price is left out from now on. The date that waited is
    ordered with the next sweep."""
    standing = _held(actor, standing)
    if standing.state != State.REVIEW:
        raise WrongStatus()
    lines = list(standing.lines.all())
    sold = sold_by_id(actor, (line.product_id for line in lines))
    asks = {line: Ask(line.product_id, line.quantity) for line in lines if line.product_id in sold}
    prices = prices_for(actor, asks.values(), timezone.localdate(now))
    kept = {line: prices[ask].unit_price for line, ask in asks.items() if prices[ask].unit_price is not None}
    if not kept:
        raise StandingOrderRefused(_("Nothing of it can be ordered any more: end it."))
    for line, price in kept.items():
        line.agreed_price = price
    StandingOrderLine.objects.bulk_update(kept, ["agreed_price"])
    standing.lines.exclude(pk__in=[line.pk for line in kept]).delete()
    StandingOrder.objects.filter(pk=standing.pk).update(state=State.ACTIVE, review="")
    _record("standing_order.agreed", actor, standing, now)
    return standing_order_for(actor, standing.pk)


def place_due(*, now: datetime) -> int:
    """Place what is due; how many orders that were. Many may do this at once: each standing order is claimed by one."""
    today = timezone.localdate(now)
    due = StandingOrder.objects.filter(state=State.ACTIVE, next_on__lte=today).order_by("next_on", "pk")
    return sum(_place_one(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _place_one(standing_id: int, now: datetime) -> bool:
    today = timezone.localdate(now)
    due = StandingOrder.objects.filter(pk=standing_id, state=State.ACTIVE, next_on__lte=today)
    standing = due.select_for_update(skip_locked=True, of=("self",)).select_related("account", "contact__user").first()
    if standing is None:
        return False
    if standing.ends_on and standing.next_on > standing.ends_on:
        StandingOrder.objects.filter(pk=standing.pk).update(state=State.ENDED)
        return False
    with override(standing.contact.language):
        try:
            with transaction.atomic():
                order = _order(standing, now)
        except Refusal as refusal:
            _to_review(standing, str(refusal.detail), now)
            return False
    standing.last_order = order
    _go_on(standing, today, standing.next_on)
    return True


def _order(standing: StandingOrder, now: datetime) -> Order:
    contact = standing.contact
    actor = actor_for(contact.user, account_id=standing.account_id) if contact.user else NOBODY
    if not contact.is_active or actor.contact_id != contact.pk:
        raise StandingOrderRefused(_("%(name)s orders for this account no more.") % {"name": contact.name})
    lines = list(standing.lines.select_related("product"))
    asks = {line: Ask(line.product_id, line.quantity) for line in lines}
    prices = prices_for(actor, asks.values(), timezone.localdate(now))
    more = risen(
        ((line.product.sku, line.agreed_price, prices[ask].unit_price) for line, ask in asks.items()),
        standing.rise_percent,
    )
    if more:
        raise StandingOrderRefused(_("The price has risen by more than agreed: %(skus)s.") % {"skus": ", ".join(more)})
    return place_lines(
        actor,
        lines=[(line.product_id, line.quantity) for line in lines],
        ship_to_id=standing.ship_to_id,
        option_id=_option(standing, lines, prices, asks, now),
        key=f"standing-{standing.pk}-{standing.next_on.isoformat()}",
        po_number=standing.po_number,
        notes=_("Standing order: %(name)s") % {"name": standing.name},
        channel=Order.Channel.STANDING,
        cost_centre_id=standing.cost_centre_id,
        now=now,
    )


def _option(standing: StandingOrder, lines, prices, asks, now: datetime) -> int | None:
    """The first way of delivery for which nobody has to choose a time slot; None where all is services."""
    goods = [line for line in lines if not line.product.is_service]
    if not goods:
        return None
    promises = promises_for([asks[line] for line in goods], timezone.localdate(now))
    currency = standing.account.currency
    net = {line: line_net(line.quantity, prices[asks[line]].unit_price, currency) for line in lines}
    lots = {line: promises[asks[line]].lots for line in goods}
    load = Goods.of([(line.product, line.quantity, net[line], lots.get(line, ())) for line in lines])
    quotes = options_for(ship_to=standing.ship_to, goods=load, currency=currency, now=now)
    able = [quote.option.pk for quote in quotes if not quote.refused and not quote.has_slots]
    if not able:
        why = " ".join(f"{quote.option.name}: {quote.refused}" for quote in quotes if quote.refused)
        raise OptionRefused(why or _("Every way there comes in time slots, of which somebody has to choose one."))
    return able[0]


def _to_review(standing: StandingOrder, why: str, now: datetime) -> None:
    StandingOrder.objects.filter(pk=standing.pk).update(state=State.REVIEW, review=why[:300])
    _record("standing_order.held", SYSTEM, standing, now, due_on=standing.next_on.isoformat(), why=why[:300])


def _go_on(standing: StandingOrder, today: date, done: date) -> None:
    """The next date after the one that is done with, and after what was missed; the end where there is none."""
    standing.next_on = following(standing.first_on, standing.every, standing.unit, max(done, today))
    if standing.ends_on and standing.next_on > standing.ends_on:
        standing.state = State.ENDED
    standing.save(update_fields=["next_on", "state", "last_order"])


def _held(actor: Actor, standing: StandingOrder) -> StandingOrder:
    demand(actor, "order.place")
    StandingOrder.objects.select_for_update().filter(pk=standing.pk).first()
    return standing_order_for(actor, standing.pk)


def _record(name: str, actor: Actor, standing: StandingOrder, now: datetime, **facts) -> None:
    subject = f"standing_order:{standing.pk}"
    record(name, subject, at=now, account_id=standing.account_id, actor=actor, order_name=standing.name, **facts)
