"""Needs are gathered from wherever accounts told of them, each mention once however often it is gathered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Aggregate, DecimalField, F
from django.utils import timezone

from apps.core.money import round_amount
from apps.core.text import folded
from apps.insights.models import Need, NeedKey, NeedMention
from apps.insights.services.needs.heard import READERS, Heard
from apps.ordering.models import Order, OrderLine
from apps.pricing.selectors import house_rate

AT_A_TIME = 2_000
_YEAR = timedelta(days=365)
_LONGEST_NAME, _LONGEST_SAID = 160, 300


class _Middle(Aggregate):
    """The middle one of a set, as it stands in it."""

    function, template = "PERCENTILE_DISC", "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DecimalField()


def gather_needs(*, now: datetime) -> int:
    """Hear of the needs that nobody has heard of yet; how many mentions are new. Two at once do it one after the
    other, and the second finds nothing."""
    return sum(_all_of(read, now) for read in READERS)


def _all_of(read, now: datetime) -> int:
    kept = 0
    while True:
        found, new = _some_of(read, now)
        kept += new
        if found < AT_A_TIME:
            return kept


@transaction.atomic
def _some_of(read, now: datetime) -> tuple[int, int]:
    lock_needs()
    found = read(timezone.localdate(now), AT_A_TIME)
    heard = _sized([replace(one, key=one.key or f"={one.source} {one.source_ref}") for one in found], now)
    needs = _needs_of(heard)
    mentions = NeedMention.objects.bulk_create([_mention(one, needs[one.key]) for one in heard])
    return len(found), len(mentions)


def lock_needs() -> None:
    """Until the end of the transaction nobody else gathers needs or makes two of them one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('insights needs', 0))")


def _needs_of(heard: Iterable[Heard]) -> dict[str, int]:
    """The need of each key; of keys never heard before a new one, named as it was said first."""
    first = {one.key: one for one in sorted(heard, key=lambda one: one.told_on, reverse=True)}
    known = dict(NeedKey.objects.filter(key__in=first).values_list("key", "need_id"))
    new = [one for key, one in first.items() if key not in known]
    needs = Need.objects.bulk_create(
        [Need(name=_name(one), category_id=one.category_id, first_on=one.told_on) for one in new]
    )
    NeedKey.objects.bulk_create([NeedKey(key=one.key, need=need) for one, need in zip(new, needs, strict=True)])
    return known | {one.key: need.pk for one, need in zip(new, needs, strict=True)}


def _name(one: Heard) -> str:
    words = folded(one.name)
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…"


def _mention(one: Heard, need_id: int) -> NeedMention:
    return NeedMention(
        need_id=need_id, account_id=one.account_id, source=one.source, source_ref=one.source_ref,
        said=folded(one.said or one.name)[:_LONGEST_SAID], subject=one.subject, told_on=one.told_on,
        value=None if one.value is None else round_amount(one.value, settings.HOME_CURRENCY), basis=one.basis,
    )  # fmt: skip


def _sized(heard: list[Heard], now: datetime) -> list[Heard]:
    """The same, with the account's usual order line where nothing else tells what it is worth."""
    usual = usual_lines({one.account_id for one in heard if one.value is None}, on=timezone.localdate(now))
    return [
        replace(one, value=usual[one.account_id], basis="usual")
        if one.value is None and usual.get(one.account_id) is not None
        else one
        for one in heard
    ]


def usual_lines(account_ids: set[int], *, on: date) -> dict[int, Decimal]:
    """What a line of an order usually comes to for each account: the middle one of the last year, net, in the house's
    currency. Accounts that ordered nothing are missing. One query, none without accounts."""
    if not account_ids:
        return {}
    lines = OrderLine.objects.filter(order__account__in=account_ids, order__placed_at__date__gt=on - _YEAR)
    bought = lines.exclude(order__status__in=(Order.Status.CANCELLED, Order.Status.DECLINED)).order_by()
    worth = bought.annotate(worth=F("net") * house_rate(currency="order__currency", at="order__placed_at"))
    rows = worth.filter(worth__gt=0).values_list("order__account").annotate(middle=_Middle("worth"))
    return {account_id: middle for account_id, middle in rows if middle is not None}
