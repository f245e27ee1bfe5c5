"""What accounts were invoiced, in the house's currency at the rate of each invoice's day; credit notes count with their
minus."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from apps.core.money import ZERO
from apps.invoicing.models import Invoice
from apps.pricing.selectors.terms import house_rate

Span = tuple[date, date]  # the first day and the last


@dataclass(frozen=True, slots=True)
class Invoiced:
    """Net by account for each span asked for; `unknown` are accounts with an invoice for whose currency no rate is
    kept: their sums are of the rest."""

    by_account: Mapping[int, tuple[Decimal, ...]]
    unknown: frozenset[int]

    def of(self, account_id: int, span: int = 0) -> Decimal:
        sums = self.by_account.get(account_id)
        return sums[span] if sums else ZERO

    def total(self, account_ids: Collection[int], span: int = 0) -> Decimal:
        return sum((self.of(each, span) for each in account_ids), ZERO)


def invoiced_of(account_ids: Collection[int], *spans: Span) -> Invoiced:
    """Of these accounts in each span. One query."""
    within, sums = _in_spans(spans)
    rows = (
        Invoice.objects.filter(within, account__in=account_ids)
        .order_by()
        .annotate(rate=house_rate(at="issued_on"))
        .values("account_id")
        .annotate(missing=Count("id", filter=Q(rate=None)), **sums)
        .values_list("account_id", "missing", *sums)
    )
    found = list(rows)
    return Invoiced(
        {account_id: tuple(net or ZERO for net in nets) for account_id, _missing, *nets in found},
        frozenset(account_id for account_id, missing, *_nets in found if missing),
    )


def invoiced_by_order_day(account_ids: Collection[int], *spans: Span) -> list[tuple[int, date, tuple[Decimal, ...]]]:
    """The same by the day on which it was ordered: (account, day, net in each span). One query.

    A credit note counts on the day of the order that it corrects; what has no order, on the day it was issued.
    """
    within, sums = _in_spans(spans)
    placed = TruncDate(Coalesce("order__placed_at", "corrects__order__placed_at"))
    rows = (
        Invoice.objects.filter(within, account__in=account_ids)
        .order_by()
        .annotate(rate=house_rate(at="issued_on"), ordered_on=Coalesce(placed, "issued_on"))
        .values("account_id", "ordered_on")
        .annotate(**sums)
        .values_list("account_id", "ordered_on", *sums)
    )
    return [(account_id, day, tuple(net or ZERO for net in nets)) for account_id, day, *nets in rows]


def _in_spans(spans: Sequence[Span]) -> tuple[Q, dict[str, Sum]]:
    """What is issued in any of the spans, and the net of each, where rows have the rate to the house's currency."""
    inside = [Q(issued_on__range=span) for span in spans]
    sums = {f"span_{place}": Sum(F("net") * F("rate"), filter=each) for place, each in enumerate(inside)}
    return reduce(or_, inside, Q(pk__in=())), sums
