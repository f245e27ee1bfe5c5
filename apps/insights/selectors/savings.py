"""What an account has paid less than the list this year.

1. A line counts at the price that the base list had for its quantity on the day it was ordered. What had no list price
   then is left out of both sums; what cost more than the list counts against it.
2. A sum over a year's lines is reckoned once a day for each account, when somebody wants to read it, and kept.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.rules import may
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import Price

_KEPT_SECONDS = int(timedelta(days=1).total_seconds())
_NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.DECLINED)
_MONEY = DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Savings:
    """Net sums since the first day of the year, in the currency of the account."""

    since_on: date
    at_list: Decimal
    paid: Decimal
    currency: str

    @property
    def saved(self) -> Decimal:
        return self.at_list - self.paid

    @property
    def share(self) -> Decimal | None:
        """What was saved, of the list."""
        return self.saved / self.at_list if self.at_list else None


def savings_of(actor: Actor, account: Account, on: date) -> Savings | None:
    """What the account of the asker has saved; None for who may see no prices. One query where it is kept, else two
    and what it takes to keep it."""
    if account.pk not in actor.account_ids or not may(actor.role, "price.read"):
        return None
    key = f"insights.savings.{account.pk}.{on}"
    kept = cache.get(key)
    if kept is None:
        kept = _reckoned(account, on)
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def _reckoned(account: Account, on: date) -> Savings:
    since = on.replace(month=1, day=1)
    lines = OrderLine.objects.filter(
        order__account=account, order__currency=account.currency, quantity__gt=0,
        order__placed_at__gte=timezone.make_aware(datetime.combine(since, time())),
    )  # fmt: skip
    lines = lines.exclude(order__status__in=_NOT_BOUGHT).annotate(ordered_on=TruncDate("order__placed_at"))
    listed = (
        Price.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=OuterRef("ordered_on")),
            price_list__is_base=True, price_list__currency=account.currency, product=OuterRef("product"),
            min_quantity__lte=OuterRef("quantity"), valid_from__lte=OuterRef("ordered_on"),
        )
        .order_by("-price_list__priority", "-min_quantity", "-valid_from")
        .values("unit_price")
    )  # fmt: skip
    priced = lines.annotate(listed=Subquery(listed[:1])).filter(listed__isnull=False).order_by()
    sums = priced.aggregate(at_list=Sum(F("listed") * F("quantity"), output_field=_MONEY), paid=Sum("net"))
    return Savings(since, sums["at_list"] or ZERO, sums["paid"] or ZERO, account.currency)
