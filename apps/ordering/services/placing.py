"""The one way an order comes into being, whoever asks for it and from where.

1. The key is claimed: a second click, a retry or a lost reply gets the first order.
2. Every price is asked anew. One that is not what the buyer was shown refuses the order, unless they have agreed.
3. Lines are put together by the ship-to they go to: each is a delivery with a way, a day and a charge of its own.
4. Stock is reserved in SKU order, and the ways of delivery are priced for what was reserved; a place in a timed slot is
   taken, which one statement decides.
5. Limits and budgets are counted, and credit is taken, over all deliveries together, but for what is paid ahead: that
   waits for its money. What somebody must say yes to is kept and waits for it.
6. A code is redeemed within its limits; one that takes off freight alone stays where none is owed. The order, its
   lines and its approvals are written with everything that was decided, and what happened is recorded.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import account_of, contact_of
from apps.core.events import record
from apps.core.money import ZERO
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.ordering.errors import CartEmpty, OrderTooLarge, WayToPayRefused
from apps.ordering.models import Order
from apps.ordering.rules.approvals import Asked
from apps.ordering.rules.payment import Way, fee_of, is_offered
from apps.ordering.rules.statuses import AWAITING_PAYMENT, CREDIT_LIMIT, PREPAYMENT, status_while_waiting
from apps.ordering.rules.totals import Totals, totals
from apps.ordering.selectors.buying import Buying, limits_of
from apps.ordering.selectors.orders import order_by_key
from apps.ordering.selectors.payment import way_to_pay
from apps.ordering.services.deliveries import (
    Delivery,
    deliveries_of,
    places_of,
    reserve_all,
    with_freight_off,
    with_goings,
)
from apps.ordering.services.spending import chosen_cost_centre, counted, refuse_above_budget
from apps.ordering.services.wishes import Instead, Priced, Wanted, Wish, priced, refuse_what_cannot_be
from apps.ordering.services.writing import header, write
from apps.pricing.selectors import terms_of
from apps.pricing.services import redeem_coupon, take_credit

#: What the columns of amounts hold.
LARGEST_ORDER = Decimal("999999999999.99")


def order_of_key(account_id: int, key: str) -> Order | None:
    """The order this key has made, after waiting for whoever is making it now. Must run in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"order {account_id} {key}"])
        cursor.execute("SELECT FROM ordering_order WHERE account_id = %s AND idempotency_key = %s", [account_id, key])
        is_known = cursor.fetchone() is not None
    return order_by_key(account_id, key) if is_known else None


def place(actor: Actor, wishes: Sequence[Wish], wanted: Wanted, *, now: datetime) -> Order:
    """An order for the wishes, each product once, in the caller's transaction.

    What can be read before is read before stock is reserved: others who want the same SKUs wait from there on.
    """
    on = timezone.localdate(now)
    contact = contact_of(actor)
    account = contact.account if contact and contact.account_id == actor.account_id else account_of(actor)
    if not wishes:
        raise CartEmpty()
    places = places_of(actor, wishes, wanted, now)
    refuse_what_cannot_be(actor, wishes)
    lines, freight_percent, code = priced(actor, account, wishes, wanted, places[0], on)
    cost_centre = chosen_cost_centre(account, contact, wanted.cost_centre_id)
    limits = limits_of(account, contact, on_behalf=actor.acting_for is not None)
    terms, number = terms_of(account.pk), next_number("SO")
    apart = deliveries_of(lines, places, wanted, account.currency)
    deliveries = with_goings(apart, reserve_all(number, apart, on), number, wanted, account.currency, now)
    deliveries, freight_saved = with_freight_off(deliveries, code.freight_up_to if code else ZERO)
    lines = [line for each in deliveries for line in each.lines]
    way = way_to_pay(account, terms, wanted.payment)
    sums = _sums(lines, deliveries, freight_percent, way, account.currency)
    if sums.gross > LARGEST_ORDER:
        raise OrderTooLarge()
    about = {"ship_to_ids": [each.pk for each in places], "category_ids": _categories(lines, wanted.instead)}
    buying = counted(account, contact, limits, cost_centre, now, **about)
    asked = _asked(account, buying, lines, sums, way, wanted.instead)
    waits_for = {each.reason for each in asked}
    order = header(actor, account, contact, wanted, now)
    order.number = number
    order.pay(way, sums.fee_net)
    order.goods_net, order.freight_net, order.tax, order.gross = sums.goods_net, sums.freight_net, sums.tax, sums.gross
    order.freight_tax_percent = freight_percent
    saved = code.saved + freight_saved if code else ZERO
    order.coupon, order.coupon_saved = (code.code, saved) if saved else ("", ZERO)
    order.cost_centre, order.cost_centre_text = cost_centre, str(cost_centre or "")
    order.status = status_while_waiting(waits_for)
    if order.status == AWAITING_PAYMENT:
        order.await_payment(account.local_day(now))
    write(order, deliveries, asked, on)
    if order.coupon:
        redeem_coupon(order.coupon, account.pk, order_number=number, saved=saved, on=on, now=now)
    record_placed(actor, order, waits_for=waits_for, now=now)
    return order


def _categories(lines: Sequence[Priced], instead: Instead | None) -> list[int | None]:
    """Of what is ordered, and of what it is looked at together with."""
    rest = instead.rest if instead else ()
    return [*(line.wish.product.category_id for line in lines), *(category_id for category_id, _net in rest)]


def record_placed(actor: Actor, order: Order, *, waits_for: set[str], now: datetime) -> None:
    """`order.placed`, or `order.approval_needed` while somebody must say yes."""
    record(
        "order.approval_needed" if waits_for else "order.placed",
        f"order:{order.number}",
        account_id=order.account_id,
        actor=actor,
        at=now,
        channel=order.channel,
        gross=str(order.gross),
        currency=order.currency,
        **({"reasons": sorted(waits_for)} if waits_for else {}),
    )


def _sums(
    lines: Sequence[Priced], deliveries: Sequence[Delivery], freight_percent: Decimal, way: Way, currency: str
) -> Totals:
    """What the order comes to when it is paid this way; `WayToPayRefused` where it is too small for it."""
    taxed = [(line.tax_percent, line.net) for line in lines]
    charge = sum((each.going.charge for each in deliveries), ZERO)
    freight = {"freight_net": charge, "freight_percent": freight_percent}
    without_fee = totals(taxed, currency, **freight)
    if not is_offered(way, without_fee.gross):
        raise WayToPayRefused(fields={"payment": [WayToPayRefused.title]})
    fee = fee_of(without_fee.net, way, currency)
    return totals(taxed, currency, **freight, fee_net=fee) if fee else without_fee


def _asked(
    account: Account, buying: Buying, lines: Sequence[Priced], sums: Totals, way: Way, instead: Instead | None
) -> list[Asked]:
    """Whose yes the order needs: the account's own people in their order, and the credit desk or its money."""
    refuse_above_budget(buying, sums.net, account.currency)
    asked = [] if instead and instead.is_covered(lines, sums.net) else _asked_there(buying, lines, sums, instead)
    if sums.gross > 0 and not way.takes_credit:
        asked.append(Asked(PREPAYMENT))
    elif sums.gross > 0 and not take_credit(account.pk, sums.gross):
        asked.append(Asked(CREDIT_LIMIT))
    return asked


def _asked_there(buying: Buying, lines: Sequence[Priced], sums: Totals, instead: Instead | None) -> list[Asked]:
    """The people of the account; what stands in for part of another order is looked at as one with the rest of it."""
    ordered = [(line.wish.product.category_id, line.net) for line in lines]
    if instead is None:
        return list(buying.asked(sums.net, ordered))
    return list(buying.beside(instead.rest_net).asked(sums.net + instead.rest_net, [*ordered, *instead.rest]))
