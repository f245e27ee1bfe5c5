"""Cost centres with what is used of their budgets, and what contacts have ordered in a period.

What was ordered counts from the moment it was placed, also while it waits; what was declined or cancelled does not.
Nothing is kept beside the orders: the figures are sums over them, in one query each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, Exists, F, OuterRef, Q, Sum

from apps.accounts.models import Account, Contact
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.ordering.errors import CostCentreNotFound
from apps.ordering.models import CostCentre, Order
from apps.ordering.rules.approvals import Allowance
from apps.ordering.rules.periods import first_day, last_day
from apps.ordering.rules.statuses import WAITING

_NET = F("goods_net") + F("freight_net") + F("fee_net")
_AWAITING = tuple(WAITING)


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A cost centre with its budget in the period that runs now; `waiting` is the part of `used` that still waits.

    `budget` is None where there is none; used and waiting are then those of the same period all the same.
    """

    cost_centre: CostCentre
    budget: Decimal | None
    used: Decimal
    waiting: Decimal
    from_on: date
    until_on: date

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.used

    def less(self, net: Decimal) -> "BudgetView":
        """The same with less of it used."""
        return replace(self, used=self.used - net)

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def percent(self) -> int | None:
        """How much of the budget is used, in whole percent; None without a budget."""
        return int(self.used * 100 / self.budget) if self.budget else None

    @property
    def allowance(self) -> Allowance | None:
        if self.budget is None:
            return None
        return Allowance(self.budget, self.used, self.cost_centre.period, self.cost_centre.when_over)


def cost_centres_of(account: Account, *, with_closed: bool = False) -> list[CostCentre]:
    """The cost centres of an account, with the people who order on them. Two queries."""
    found = CostCentre.objects.filter(account=account).select_related("account").prefetch_related("people")
    return list(found if with_closed else found.filter(is_active=True))


def cost_centres_for(account: Account, contact: Contact | None) -> list[CostCentre]:
    """Those that a contact orders on: everybody's and their own; all of them for an account's own system. One query."""
    open_ones = CostCentre.objects.filter(account=account, is_active=True)
    if contact is not None:
        people = CostCentre.people.through.objects.filter(costcentre=OuterRef("pk"), contact=contact.pk)
        open_ones = open_ones.filter(Q(for_everybody=True) | Exists(people))
    found = list(open_ones)
    for each in found:
        each.account = account
    return found


def cost_centre_for(actor: Actor, cost_centre_id: int) -> CostCentre:
    """A cost centre of the actor's accounts; `CostCentreNotFound` for absent and not theirs alike."""
    found = CostCentre.objects.visible_to(actor).select_related("account").filter(pk=cost_centre_id).first()
    if found is None:
        raise CostCentreNotFound()
    return found


def budgets_of(cost_centres: Iterable[CostCentre], now: datetime) -> dict[int, BudgetView]:
    """What is used of each in the period that runs now: cost centre id -> view. One query."""
    cost_centres = list(cost_centres)
    days = {each.pk: period_of(each.account, each.period, now) for each in cost_centres}
    in_period = Q(pk__in=[])
    for each in cost_centres:
        in_period |= Q(cost_centre=each.pk) & _between(each.account, *days[each.pk])
    sums = {}
    if cost_centres:
        rows = _counted().filter(in_period).values("cost_centre").order_by("cost_centre")
        total = Sum(_NET, output_field=DecimalField())
        waits = Sum(_NET, output_field=DecimalField(), filter=Q(status__in=_AWAITING))
        sums = {row["cost_centre"]: row for row in rows.annotate(used=total, waiting=waits)}
    return {
        each.pk: BudgetView(
            each,
            each.budget,
            sums.get(each.pk, {}).get("used") or ZERO,
            sums.get(each.pk, {}).get("waiting") or ZERO,
            *days[each.pk],
        )
        for each in cost_centres
    }


def visible_budgets(actor: Actor, now: datetime) -> list[BudgetView]:
    """Every open cost centre of the actor's accounts, by account and code. Two queries."""
    found = CostCentre.objects.visible_to(actor).filter(is_active=True).select_related("account")
    return list(budgets_of(found.order_by("account__name", "code"), now).values())


def ordered_in_period(account: Account, contact: Contact | None, period: str, now: datetime) -> Decimal:
    """What a contact has ordered in the period that runs now; without a contact, what nobody in person has. Net."""
    orders = _counted().filter(account=account, contact=contact)
    orders = orders.filter(_between(account, *period_of(account, period, now)))
    return orders.aggregate(net=Sum(_NET, output_field=DecimalField()))["net"] or ZERO


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """What somebody has ordered in the period of their own limit that runs now. Net."""

    name: str
    limit: Decimal
    used: Decimal
    period: str

    @property
    def left(self) -> Decimal:
        return self.limit - self.used


def limits_used(account: Account, now: datetime) -> list[LimitUsed]:
    """People of the account with a limit per period who have ordered in it, who has used most of it first.

    One query.
    """
    in_period = Q(pk__in=[])
    for period in Contact.Period.values:
        in_period |= Q(contact__limit_period=period) & _between(account, *period_of(account, period, now))
    orders = _counted().filter(in_period, account=account, contact__is_active=True, contact__period_limit__gt=0)
    rows = orders.values_list("contact__name", "contact__period_limit", "contact__limit_period", "contact").order_by()
    found = [
        LimitUsed(name, limit, used, period)
        for name, limit, period, _pk, used in rows.annotate(used=Sum(_NET, output_field=DecimalField()))
    ]
    return sorted(found, key=lambda each: (-each.used / each.limit, each.name))


def period_of(account: Account, period: str, now: datetime) -> tuple[date, date]:
    """The first and the last day of the period that runs now at the account."""
    today = now.astimezone(ZoneInfo(account.time_zone)).date()
    return first_day(period, today), last_day(period, today)


def _counted():
    orders = Order.objects.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    return orders.exclude(channel=Order.Channel.IMPORTED)


def _between(account: Account, first: date, last: date) -> Q:
    zone = ZoneInfo(account.time_zone)
    begins = datetime.combine(first, time(), zone)
    return Q(placed_at__gte=begins, placed_at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
