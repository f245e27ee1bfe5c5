"""What is known of shipments when their boxes are thought of, what goes into them, and what it did."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery

from apps.catalogue.models import Category
from apps.core.comparing import Arm, Difference, difference_of_means, difference_of_rates
from apps.core.scoping import Actor
from apps.fulfilment.models import Complaint, InsertRule, Shipment, ShipmentInsert
from apps.fulfilment.rules.inserts import Occasion
from apps.ordering.models import Order, OrderLine

NO_ORDER = (Order.Status.CANCELLED, Order.Status.DECLINED)
SEEN_BY_BUYERS = ("sample", "coupon", "message")


def occasions_of(shipments: Sequence[Shipment], *, categories: Iterable[int] = (), on: date) -> dict[int, Occasion]:
    """Shipment id -> what is known of it; of what was bought, only what lies in these categories. Four queries."""
    accounts = {shipment.account_id for shipment in shipments}
    orders = {order.pk: order for order in _orders({shipment.order_id for shipment in shipments})}
    bought = _bought(accounts, frozenset(categories))
    complaints = Complaint.objects.filter(account__in=accounts).values_list("account").annotate(Max("happened_at"))
    complained = {account_id: at.date() for account_id, at in complaints}
    return {
        shipment.pk: _occasion(orders[shipment.order_id], bought, complained.get(shipment.account_id), on)
        for shipment in shipments
    }


def _orders(order_ids: set[int]):
    """Orders with which of the account's they are, and when the one before was placed."""
    same = Order.objects.filter(account=OuterRef("account")).exclude(status__in=NO_ORDER).order_by()
    before = same.filter(
        Q(placed_at__lt=OuterRef("placed_at")) | Q(placed_at=OuterRef("placed_at"), pk__lt=OuterRef("pk"))
    )
    counted = before.values("account").annotate(count=Count("pk"), last=Max("placed_at"))
    orders = Order.objects.filter(pk__in=order_ids).select_related("account", "contact")
    return orders.annotate(before=Subquery(counted.values("count")), last=Subquery(counted.values("last")))


def _bought(accounts: set[int], wanted: frozenset[int]) -> dict[int, set[int]]:
    """Account id -> those of the categories from which, or from below which, it has bought."""
    found: dict[int, set[int]] = defaultdict(set)
    if not wanted:
        return found
    below = Q()
    for path in Category.objects.filter(pk__in=wanted).values_list("path", flat=True):
        below |= Q(product__category__path__startswith=path)
    lines = OrderLine.objects.filter(below, order__account__in=accounts).exclude(order__status__in=NO_ORDER)
    for account_id, path in lines.order_by().values_list("order__account", "product__category__path").distinct():
        found[account_id] |= {int(part) for part in path.split("/") if part} & wanted
    return found


def _occasion(order: Order, bought: dict[int, set[int]], complained_on: date | None, on: date) -> Occasion:
    account, contact = order.account, order.contact
    return Occasion(
        account_id=account.pk,
        on=on,
        segment=account.segment,
        group_id=account.group_id,
        country=account.country,
        persona=contact.persona if contact else "",
        nth_order=(order.before or 0) + 1,
        categories=frozenset(bought[account.pk]) if account.pk in bought else frozenset(),
        days_since_order=(order.placed_at - order.last).days if order.last else None,
        days_since_complaint=(on - complained_on).days if complained_on else None,
    )


def to_put_in(shipments: Iterable[Shipment]) -> dict[int, list[ShipmentInsert]]:
    """Shipment id -> what the picker puts in or has put in. One query."""
    found: dict[int, list[ShipmentInsert]] = defaultdict(list)
    rows = ShipmentInsert.objects.filter(shipment__in=[shipment.pk for shipment in shipments])
    for row in rows.filter(state__in=("chosen", "put_in")).select_related("insert__product"):
        found[row.shipment_id].append(row)
    return found


def in_the_parcels(actor: Actor, shipments: Iterable[Shipment]) -> dict[int, list[ShipmentInsert]]:
    """Shipment id -> samples, coupons and messages that are in what has left, for the buyer. One query."""
    found: dict[int, list[ShipmentInsert]] = defaultdict(list)
    theirs = Shipment.objects.visible_to(actor).filter(pk__in=[each.pk for each in shipments], shipped_at__isnull=False)
    rows = ShipmentInsert.objects.filter(shipment__in=theirs, state="put_in", kind__in=SEEN_BY_BUYERS)
    for row in rows.select_related("insert__product"):
        found[row.shipment_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Effect:
    """A rule, both sides of it, and what is between them. Spent is in `currency`, that of most of its accounts.

    `chosen` are all accounts for which it was chosen, also where the picker left it out; into `put_in` boxes it went.
    """

    rule: InsertRule
    chosen: Arm
    put_in: int
    held_out: Arm
    currency: str
    rate: Difference | None
    spent: Difference | None
    waiting: int


def effects(actor: Actor, *, days: int, now: datetime) -> list[Effect]:
    """What each rule did: orders within `days` after its choice. Accounts whose days are not over are `waiting`.

    Everybody counts on the side they were drawn for, whatever became of it: who was left out is not left out at random.
    Three queries.
    """
    if not actor.sees_everything:
        return []
    first = ShipmentInsert.objects.filter(rule__isnull=False).order_by("rule_id", "account_id", "chosen_at", "id")
    rows = first.distinct("rule_id", "account_id").values_list(
        "rule_id", "account_id", "state", "chosen_at", "account__currency"
    )
    chosen = list(rows)
    spent = _spent_after(chosen, days)
    by_rule: dict[int, list] = defaultdict(list)
    for row in chosen:
        by_rule[row[0]].append(row)
    rules = InsertRule.objects.select_related("insert").order_by("priority", "id")
    return [_effect(rule, by_rule[rule.pk], spent, now - timedelta(days=days)) for rule in rules]


def _spent_after(chosen: list, days: int) -> dict[tuple[int, int], float]:
    """(rule, account) -> what was ordered in the days after, net; nothing is absent."""
    if not chosen:
        return {}
    first, last = min(row[3] for row in chosen), max(row[3] for row in chosen) + timedelta(days=days)
    orders: dict[int, list] = defaultdict(list)
    placed = Order.objects.filter(account__in={row[1] for row in chosen}, placed_at__gt=first, placed_at__lte=last)
    for account_id, at, net in placed.exclude(status__in=NO_ORDER).values_list("account", "placed_at", "goods_net"):
        orders[account_id].append((at, net))
    found = {}
    for rule_id, account_id, _state, at, *_rest in chosen:
        nets = [net for placed_at, net in orders[account_id] if at < placed_at <= at + timedelta(days=days)]
        if nets:
            found[rule_id, account_id] = float(sum(nets))
    return found


def _effect(rule: InsertRule, rows: list, spent: dict, over_by: datetime) -> Effect:
    ripe = [row for row in rows if row[3] <= over_by]
    currencies = [row[4] for row in ripe]
    currency = max(sorted(set(currencies)), key=currencies.count, default="")
    arms = {}
    for is_held_out in (False, True):
        side = [row for row in ripe if (row[2] == ShipmentInsert.State.HELD_OUT) is is_held_out]
        again = sum((rule.pk, row[1]) in spent for row in side)
        nets = tuple(spent.get((rule.pk, row[1]), 0.0) for row in side if row[4] == currency)
        arms[is_held_out] = Arm(len(side), again, nets)
    given, held = arms[False], arms[True]
    put_in = sum(row[2] == ShipmentInsert.State.PUT_IN for row in ripe)
    return Effect(
        *(rule, given, put_in, held, currency, difference_of_rates(given, held)),
        spent=difference_of_means(given.spent, held.spent),
        waiting=len(rows) - len(ripe),
    )
