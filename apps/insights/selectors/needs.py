"""What customers need and we lack, by need, by category and by segment, each sized in money.

A need is seen through the accounts that told of it: a rep reads those of their own accounts and what they are worth
there. Figures are of the mentions of a period, in the currency of the house.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import Rep
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.errors import NeedNotFound
from apps.insights.models import Need, NeedMention
from apps.insights.rules import Said, Size, size_of, words_of
from apps.ordering.models import Order, OrderLine
from apps.pricing.selectors import house_rate

PAGE = 30
_MOST_ALIKE, _LEAST_WORD = 8, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """Which needs are wanted: in a state ("" all), with these words, of a category (None: any), of a segment."""

    since: date
    state: str = ""
    text: str = ""
    category_id: int | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Sold:
    """What a product sold since it is in the range: net in the house's currency (None: no exchange rate), orders."""

    net: Decimal | None
    orders: int


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need with how many accounts told of it, in which segments and how (source -> times), when last, its worth, and
    what the product that meets it has sold since (None: none does)."""

    need: Need
    accounts: int
    segments: tuple[str, ...]
    sources: dict[str, int]
    last_on: date
    size: Size
    sold: Sold | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A category or a segment ("" where there is none): how many needs, of how many accounts, worth what."""

    name: str
    needs: int
    accounts: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Needs:
    """A page of needs, the largest first, of so many; and the same needs by category and by segment."""

    rows: tuple[NeedRow, ...]
    total: int
    page: int
    pages: int
    by_category: tuple[Group, ...]
    by_segment: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one account told of one need by one source and basis."""

    need_id: int
    account_id: int
    segment: str
    category: str
    source: str
    basis: str
    times: int
    total: Decimal | None
    largest: Decimal | None
    last_on: date


def needs_of(actor: Actor, asked: Asked, *, page: int | None = 1) -> Needs:
    """What the actor's accounts need, the largest in money first; all on one page where `page` is None. Three queries
    for any number: the mentions summed, the needs of the page, what was sold since."""
    told = _told(actor, asked)
    of_need: dict[int, list[_Told]] = defaultdict(list)
    for each in told:
        of_need[each.need_id].append(each)
    sizes = {need_id: _size(rows) for need_id, rows in of_need.items()}
    ids = sorted(of_need, key=lambda pk: (-sizes[pk].amount, -len({row.account_id for row in of_need[pk]}), pk))
    pages = max(-(-len(ids) // PAGE), 1) if page else 1
    page = min(max(page, 1), pages) if page else None
    chosen = ids[(page - 1) * PAGE : page * PAGE] if page else ids
    rows = tuple(_row(need, of_need[need.pk], sizes[need.pk]) for need in _needs(chosen))
    return Needs(rows, len(ids), page or 1, pages, _groups(told, "category"), _groups(told, "segment"))


def need_for(actor: Actor, need_id: int) -> Need:
    """The need, where an account the actor may see told of it; `NeedNotFound` for absent and not yours alike."""
    seen = NeedMention.objects.visible_to(actor).filter(need=need_id)
    need = Need.objects.select_related("owner__user", "product", "category").filter(pk=need_id, mentions__in=seen)
    found = need.distinct().first()
    if found is None:
        raise NeedNotFound()
    return found


def need_row(actor: Actor, need: Need, *, since: date) -> NeedRow | None:
    """The figures of one need; None where nobody told of it since then. Two queries."""
    told = _summed(NeedMention.objects.visible_to(actor).filter(need=need, told_on__gte=since))
    return _row(_needs([need.pk])[0], told, _size(told)) if told else None


def mentions_of(actor: Actor, need: Need, *, limit: int = 100) -> list[NeedMention]:
    """Who told of it, the latest first. One query."""
    return list(NeedMention.objects.visible_to(actor).filter(need=need).select_related("account")[:limit])


def alike(actor: Actor, need: Need) -> list[Need]:
    """Needs that share a word with this one's name, those with the most first: perhaps the same. One query."""
    words = [word for word in words_of(need.name) if len(word) >= _LEAST_WORD]
    if not words:
        return []
    shared = Q()
    for word in words[:12]:
        shared |= Q(name__icontains=word)
    seen = NeedMention.objects.visible_to(actor).values("need")
    found = Need.objects.filter(shared, pk__in=seen).exclude(pk=need.pk)[:200]
    mine = set(words)
    return sorted(found, key=lambda other: (-len(mine & set(words_of(other.name))), other.name))[:_MOST_ALIKE]


def owners() -> list[Rep]:
    """Who may look into a need: everybody with a desk, by name. One query."""
    return list(Rep.objects.filter(user__is_active=True).select_related("user").order_by("user__name"))


def need_segments(actor: Actor, *, since: date) -> list[str]:
    """The segments of the accounts that told of a need. One query."""
    told = NeedMention.objects.visible_to(actor).filter(told_on__gte=since).exclude(account__segment="")
    return list(told.order_by("account__segment").values_list("account__segment", flat=True).distinct())


def need_categories(actor: Actor, *, since: date) -> list[tuple[int, str]]:
    """Id and name of the categories needs are in. One query."""
    told = NeedMention.objects.visible_to(actor).filter(told_on__gte=since, need__category__isnull=False)
    return list(told.order_by("need__category__name").values_list("need__category", "need__category__name").distinct())


def _told(actor: Actor, asked: Asked) -> list[_Told]:
    mentions = NeedMention.objects.visible_to(actor).filter(told_on__gte=asked.since)
    if asked.state:
        mentions = mentions.filter(need__state=asked.state)
    if asked.category_id is not None:
        mentions = mentions.filter(need__category=asked.category_id)
    if asked.segment:
        mentions = mentions.filter(account__segment=asked.segment)
    for word in words_of(asked.text):
        mentions = mentions.filter(need__name__icontains=word)
    return _summed(mentions)


def _summed(mentions: QuerySet[NeedMention]) -> list[_Told]:
    rows = mentions.order_by().annotate(category=Coalesce("need__category__name", Value("")))
    groups = rows.values("need_id", "account_id", "category", "source", "basis", segment=F("account__segment"))
    summed = groups.annotate(times=Count("id"), total=Sum("value"), largest=Max("value"), last_on=Max("told_on"))
    return [_Told(**row) for row in summed]


def _size(rows: Sequence[_Told]) -> Size:
    """Sources may share a basis: an account's are summed, its usual line stands once."""
    of: dict[tuple[int, str], list[_Told]] = defaultdict(list)
    for row in rows:
        of[row.account_id, row.basis].append(row)
    return size_of(
        Said(
            account_id, basis,
            sum((row.total for row in told), ZERO) if basis else None,
            max(row.largest for row in told) if basis else None,
        )
        for (account_id, basis), told in of.items()
    )  # fmt: skip


def _needs(ids: Sequence[int]) -> list[Need]:
    """The needs in that order, each with `sold_net`, `sold_orders` and `sold_missing` since it is met. One query."""
    lines = (
        OrderLine.objects.filter(product=OuterRef("product"), order__placed_at__date__gte=OuterRef("met_on"))
        .exclude(order__status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
        .annotate(rate=house_rate(currency="order__currency", at="order__placed_at"))
        .order_by()
        .values("product")
    )
    sold = {
        "sold_net": Sum(F("net") * F("rate")),
        "sold_orders": Count("order", distinct=True),
        "sold_missing": Count("id", filter=Q(rate=None)),
    }
    needs = Need.objects.select_related("owner__user", "product", "category").annotate(
        **{name: Subquery(lines.annotate(figure=sum_).values("figure")) for name, sum_ in sold.items()}
    )
    found = needs.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _row(need: Need, told: Sequence[_Told], size: Size) -> NeedRow:
    sources: Counter[str] = Counter()
    for each in told:
        sources[each.source] += each.times
    return NeedRow(
        need=need,
        accounts=len({each.account_id for each in told}),
        segments=tuple(sorted({each.segment for each in told if each.segment})),
        sources={source: sources[source] for source in NeedMention.Source.values if source in sources},
        last_on=max(each.last_on for each in told),
        size=size,
        sold=_sold(need),
    )


def _sold(need: Need) -> Sold | None:
    if need.state != Need.State.IN_RANGE:
        return None
    return Sold(None if need.sold_missing else (need.sold_net or ZERO), need.sold_orders or 0)


def _groups(told: Sequence[_Told], by: str) -> tuple[Group, ...]:
    """The needs by category or segment; within one, an account counts for each need with its strongest basis."""
    of: dict[str, dict[int, list[_Told]]] = defaultdict(lambda: defaultdict(list))
    for each in told:
        of[getattr(each, by)][each.need_id].append(each)
    groups = [
        Group(
            name,
            len(needs),
            len({each.account_id for rows in needs.values() for each in rows}),
            sum((_size(rows).amount for rows in needs.values()), ZERO),
        )
        for name, needs in of.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.amount, -group.accounts, group.name)))
