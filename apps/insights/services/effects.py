"""What failed deliveries cost, reckoned from what was delivered and ordered."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from django.conf import settings
from django.db import connection, transaction

from apps.fulfilment.selectors.kept import VERDICTS
from apps.insights import rules
from apps.insights.models import FailureCost
from apps.insights.rules.effects import ordered_between
from apps.ordering.models import Order
from apps.ordering.rules.rhythms import GAPS_FOR_A_RHYTHM, Rhythm
from apps.ordering.selectors import rhythms_of
from apps.pricing.selectors import house_rate

LOOK_BACK = timedelta(days=365)
_QUARTERS = 4
_DELIVERIES = f"""
SELECT v.account_id, a.segment, (v.delivered_at AT TIME ZONE 'UTC')::date, v.late, v.short, v.damaged, v.wrong
FROM ({VERDICTS.format(whose="NOT acc.is_test")}) v JOIN accounts_account a ON a.id = v.account_id ORDER BY v.id
"""


@transaction.atomic
def reckon_effects(*, now: datetime) -> int:
    """Reckon what each cause costs from the deliveries of a year whose 90 days are over; how many causes there are.

    Accounts with an order for which no rate is kept are left out, and counted as left out. Three queries to read.
    """
    until = now - timedelta(days=rules.HORIZON)
    since = until - LOOK_BACK
    orders, unknown = _orders(since, now)
    rhythms = rhythms_of(orders, now=now)
    found = rules.effects_of(list(_delivered(since, until, orders, unknown, rhythms)))
    FailureCost.objects.all().delete()
    FailureCost.objects.bulk_create(
        FailureCost(
            **{name: value for name, value in asdict(effect).items() if name not in ("again", "revenue")},
            **_ends("again", effect.again),
            **_ends("net", effect.revenue),
            currency=settings.HOME_CURRENCY,
            since_on=since.date(),
            until_on=until.date(),
            left_out=len(unknown),
            left_out_currencies=sorted(set().union(*unknown.values())),
            reckoned_at=now,
        )
        for effect in found
    )
    return len(found)


@dataclass(frozen=True, slots=True)
class _Orders:
    """An account's orders: their days, sorted, and the running total of what they came to, beginning with 0."""

    days: list[int]
    sums: list[float]


def _orders(since: datetime, now: datetime) -> tuple[dict[int, _Orders], dict[int, set[str]]]:
    """The orders of each account since then; and the accounts with some that the house's currency cannot state."""
    placed = Order.objects.filter(placed_at__gte=since, placed_at__lt=now).order_by("placed_at", "pk")
    bought = placed.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED)).annotate(rate=house_rate())
    by_account: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    unknown: dict[int, set[str]] = defaultdict(set)
    rows = bought.values_list("account_id", "placed_at", "goods_net", "rate", "currency")
    for account_id, placed_at, net, rate, currency in rows.iterator(chunk_size=20_000):
        if rate is None:
            unknown[account_id].add(currency)
        else:
            by_account[account_id].append((placed_at.toordinal(), net * rate))
    known = {pk: _running(bought) for pk, bought in by_account.items() if pk not in unknown}
    return known, dict(unknown)


def _running(bought: Iterable[tuple[int, Decimal]]) -> _Orders:
    days, nets = zip(*bought, strict=True)
    return _Orders(list(days), [float(total) for total in accumulate(nets, initial=Decimal(0))])


def _delivered(
    since: datetime,
    until: datetime,
    orders: Mapping[int, _Orders],
    unknown: Mapping[int, set[str]],
    rhythms: Mapping[int, Rhythm],
) -> Iterable[rules.Delivered]:
    sizes = _sizes(orders)
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, {"since": since, "until": until})
        for account_id, segment, on, late, short, damaged, wrong in cursor:
            if account_id in unknown or account_id not in orders:
                continue
            theirs, day = orders[account_id], on.toordinal()
            yield rules.Delivered(
                account=account_id,
                like=f"{segment}:{sizes[account_id]}:{on.year}:{(on.month - 1) // 3}",
                day=day,
                cause=rules.cause_of(late=late, short=short, damaged=damaged, wrong=wrong),
                again=_again(theirs, day, rhythms.get(account_id)),
                revenue=ordered_between(theirs.days, theirs.sums, day + 1, day + rules.HORIZON),
            )


def _again(orders: _Orders, day: int, rhythm: Rhythm | None) -> bool | None:
    """Whether the next order after a day came within the rhythm; None where the account has none."""
    if rhythm is None or rhythm.gaps < GAPS_FOR_A_RHYTHM:
        return None
    after = bisect_right(orders.days, day)
    return after < len(orders.days) and orders.days[after] - day <= rhythm.usual_gap


def _sizes(orders: Mapping[int, _Orders]) -> dict[int, int]:
    """Account id -> the quarter (0 to 3) of the accounts it is in by what it ordered."""
    ranked = sorted(orders, key=lambda pk: (orders[pk].sums[-1], pk))
    return {pk: at * _QUARTERS // len(ranked) for at, pk in enumerate(ranked)}


def _ends(name: str, difference) -> dict[str, float | None]:
    value, low, high = difference or (None, None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}
