"""What accounts ordered, in one currency.

1. Each order counts with its goods, net, at the exchange rate of the day it was placed (`house_rate` of pricing).
2. An account with an order for which no rate is kept is left out altogether, and named as left out: part of what it
   ordered would pass for all of it.
3. What was cancelled or declined was not ordered.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from apps.core.money import ZERO
from apps.ordering.models import Order
from apps.pricing.selectors import house_rate


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many accounts a sum leaves out, and the currencies that lack a rate."""

    accounts: int = 0
    currencies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.accounts > 0


@dataclass(frozen=True, slots=True)
class Revenue:
    """Account id -> what it ordered, in the house's currency; and the accounts for which that cannot be said."""

    by_account: Mapping[int, Decimal]
    unknown: Mapping[int, tuple[str, ...]]

    @property
    def total(self) -> Decimal:
        return sum(self.by_account.values(), ZERO)

    @property
    def left_out(self) -> LeftOut:
        currencies = {currency for missing in self.unknown.values() for currency in missing}
        return LeftOut(len(self.unknown), tuple(sorted(currencies)))

    def of(self, account_ids: Iterable[int]) -> "Revenue":
        """That of some of the accounts."""
        ids = set(account_ids)
        known = {pk: net for pk, net in self.by_account.items() if pk in ids}
        return Revenue(known, {pk: missing for pk, missing in self.unknown.items() if pk in ids})


def revenue_of(orders: QuerySet[Order]) -> Revenue:
    """What was ordered by these orders, by account. One query."""
    bought = orders.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED)).order_by()
    # One row for each account and currency: a distinct currency per account would have to be sorted for.
    rows = (
        bought.annotate(rate=house_rate())
        .values("account_id", "currency")
        .annotate(net=Sum(F("goods_net") * F("rate")), missing=Count("id", filter=Q(rate=None)))
        .values_list("account_id", "currency", "net", "missing")
    )
    known: Counter[int] = Counter()
    unknown: dict[int, tuple[str, ...]] = {}
    for account_id, currency, net, missing in sorted(rows, key=lambda row: row[:2]):
        known[account_id] += net or ZERO
        if missing:
            unknown[account_id] = (*unknown.get(account_id, ()), currency)
    return Revenue({pk: net for pk, net in known.items() if pk not in unknown}, unknown)
