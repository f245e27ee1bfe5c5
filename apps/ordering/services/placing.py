"""The one way an order comes into being, whoever asks for it and from where.

1. The key is claimed: a second click, a retry or a lost reply gets the first order.
2. Every price is asked anew. One that is not what the buyer was shown refuses the order, unless they have agreed.
3. Stock is reserved in SKU order, and the way of delivery is priced for what was reserved; a place in a timed slot is
   taken, which one statement decides.
4. Limits and budgets are counted, and credit is taken, but for what is paid ahead: that waits for its money. What
   somebody must say yes to is kept and waits for it.
5. A code is redeemed within its limits. The order, its lines and its approvals are written with everything that
   was decided, and what happened is recorded.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from apps.accounts.models import Account, Contact, ShipTo
from apps.accounts.selectors import account_of, contact_of, ship_to_for
from apps.availability.rules import Demand, Lot
from apps.availability.services import reserve
from apps.core.bulk import insert
from apps.core.events import record
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.delivery.rules import Goods
from apps.ordering.errors import OrderTooLarge, WayToPayRefused
from apps.ordering.models import Approval, Order, OrderLine
from apps.ordering.rules.approvals import Asked
from apps.ordering.rules.payment import Way, fee_of, is_offered
from apps.ordering.rules.statuses import AWAITING_PAYMENT, CREDIT_LIMIT, PLACED, PREPAYMENT, status_while_waiting
from apps.ordering.rules.totals import Totals, totals
from apps.ordering.selectors.buying import Buying, limits_of
from apps.ordering.selectors.orders import order_by_key
from apps.ordering.selectors.payment import way_to_pay
from apps.ordering.selectors.terms import terms_of_ship_to
from apps.ordering.services.going import Going, chosen_going, hold_slot, when_each_arrives
from apps.ordering.services.spending import chosen_cost_centre, counted, refuse_above_budget
from apps.ordering.services.wishes import Instead, Priced, Wanted, Wish, priced, refuse_what_cannot_be
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
    ship_to = ship_to_for(actor, wanted.ship_to_id)
    refuse_what_cannot_be(actor, wishes, wanted, ship_to, now)
    lines, freight_percent, saved = priced(actor, account, wishes, wanted, ship_to, on)
    cost_centre = chosen_cost_centre(account, contact, wanted.cost_centre_id)
    limits = limits_of(account, contact, on_behalf=actor.acting_for is not None)
    terms, number = terms_of(account.pk), next_number("SO")
    lots = _reserve(number, lines, on)
    going = _going(lines, lots, wanted, ship_to, account.currency, now)
    way = way_to_pay(account, terms, wanted.payment)
    sums = _sums(lines, going, freight_percent, way, account.currency)
    if sums.gross > LARGEST_ORDER:
        raise OrderTooLarge()
    categories = [line.wish.product.category_id for line in lines]
    categories += [category_id for category_id, _net in wanted.instead.rest] if wanted.instead else []
    buying = counted(account, contact, limits, cost_centre, now, ship_to_id=ship_to.pk, category_ids=categories)
    asked = _asked(account, buying, lines, sums, way, wanted.instead)
    waits_for = {each.reason for each in asked}
    order = _header(actor, account, contact, ship_to, wanted, now)
    order.pay(way, sums.fee_net)
    order.number, order.delivery_option = number, going.option
    order.goods_net, order.freight_net, order.tax, order.gross = sums.goods_net, sums.freight_net, sums.tax, sums.gross
    order.freight_tax_percent = freight_percent
    order.coupon, order.coupon_saved = wanted.coupon, saved
    order.cost_centre, order.cost_centre_text = cost_centre, str(cost_centre or "")
    order.status = status_while_waiting(waits_for)
    if order.status == AWAITING_PAYMENT:
        order.await_payment(account.local_day(now))
    products = [line.wish.product.pk for line in lines]
    rows = _rows(order, lines, lots, when_each_arrives(going, products, lots), on)
    order.promised_on = max(row["promised_on"] for row in rows)
    going.keep_on(order)
    order.slot_id = hold_slot(going, number)
    _write(order, rows, asked)
    if wanted.coupon:
        redeem_coupon(wanted.coupon, account.pk, order_number=number, saved=saved, on=on, now=now)
    record_placed(actor, order, waits_for=waits_for, now=now)
    return order


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


def _reserve(number: str, lines: Sequence[Priced], on: date) -> list[tuple[Lot, ...]]:
    demands = {
        index: Demand(OrderLine.ref_of(number, index + 1), line.wish.product.pk, line.wish.quantity)
        for index, line in enumerate(lines)
        if not line.is_service
    }
    held = reserve(list(demands.values()), on=on) if demands else {}
    return [held[demands[index].ref] if index in demands else () for index in range(len(lines))]


def _going(
    lines: Sequence[Priced],
    lots: Sequence[tuple[Lot, ...]],
    wanted: Wanted,
    ship_to: ShipTo,
    currency: str,
    now: datetime,
) -> Going:
    """How it goes there, for what was reserved; no way where only services are ordered."""
    if all(line.is_service for line in lines) and wanted.option_id is None:
        return Going()
    goods = Goods.of(
        [(line.wish.product, line.wish.quantity, line.net, parts) for line, parts in zip(lines, lots, strict=True)]
    )
    return chosen_going(wanted, ship_to, goods, currency, now)


def _sums(lines: Sequence[Priced], going: Going, freight_percent: Decimal, way: Way, currency: str) -> Totals:
    """What the order comes to when it is paid this way; `WayToPayRefused` where it is too small for it."""
    taxed = [(line.tax_percent, line.net) for line in lines]
    freight = {"freight_net": going.charge, "freight_percent": freight_percent}
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


def _header(
    actor: Actor,
    account: Account,
    contact: Contact | None,
    ship_to: ShipTo,
    wanted: Wanted,
    now: datetime,
) -> Order:
    entered_by = actor.name if actor.acting_for or contact is None else ""
    return Order(
        account=account,
        contact=contact,
        placed_by_name=entered_by,
        ship_to=ship_to,
        ship_to_text=address_of(ship_to),
        country=ship_to.country,
        delivery_terms=terms_of_ship_to(ship_to),
        channel=Order.Channel.REP if actor.acting_for and wanted.channel == Order.Channel.PORTAL else wanted.channel,
        status=PLACED,
        po_number=folded(wanted.po_number)[:60],
        notes=wanted.notes.strip(),
        currency=account.currency,
        requested_on=wanted.requested_on,
        idempotency_key=wanted.key,
        placed_at=now,
    )


def address_of(ship_to: ShipTo) -> str:
    """The address as it stands on the order, a line each."""
    town = f"{ship_to.postal_code} {ship_to.city}".strip()
    lines = (ship_to.name, ship_to.contact_name, ship_to.street, town, ship_to.country, ship_to.gate, ship_to.markings)
    return "\n".join(line for line in lines if line)


def _rows(
    order: Order, lines: Sequence[Priced], lots: Sequence[tuple[Lot, ...]], arrivals: dict[int, date], on: date
) -> list[dict]:
    """The lines of the order as rows, but for its id. A service is promised with the last of the goods."""
    with_goods = max(arrivals.values(), default=on)
    rows = []
    for position, (line, parts) in enumerate(zip(lines, lots, strict=True), start=1):
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
                "promised_on": max(arrives_on, order.requested_on or arrives_on),
                "ready_on": max((lot.ready_on for lot in parts), default=on),
                "note": line.wish.note,
                "shipped_quantity": 0,
                "delivered_quantity": 0,
                "returned_quantity": 0,
            }
        )
    return rows


def _write(order: Order, rows: Sequence[dict], asked: Sequence[Asked]) -> None:
    order.save(force_insert=True)
    with connection.cursor() as cursor:
        insert(cursor, OrderLine._meta.db_table, [{"order_id": order.pk, **row} for row in rows])
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
