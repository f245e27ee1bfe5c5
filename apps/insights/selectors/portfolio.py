"""The accounts somebody looks after, the neediest first, each with what one wants to know before calling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.cases.models import Case
from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.insights.selectors.today import Attention, today_for
from apps.ordering.models import Order

PAGE = 50
_MOST_IN_NEED = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An account of the list. `attention` says why it needs somebody today, None where it does not."""

    account: Account
    attention: Attention | None
    open_orders: int
    last_order_at: datetime | None
    open_cases: int
    last_score: int | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A page of accounts, how many there are in all, the page's number (from 1) and how many pages there are."""

    rows: tuple[Kept, ...]
    total: int
    page: int
    pages: int


def segments_of(actor: Actor) -> list[str]:
    """The segments of the accounts the actor may see, by name. One query."""
    named = accounts_visible(actor).exclude(segment="").order_by("segment")
    return list(named.values_list("segment", flat=True).distinct())


def portfolio_of(actor: Actor, *, text: str = "", segment: str = "", page: int = 1, now: datetime) -> Portfolio:
    """The active accounts the actor may see, ranked as `today_for`, then by name; 21 queries for any number.

    `text` finds part of a name, or the beginning of an account's number.
    """
    needy = {one.account.pk: one for one in today_for(actor, now=now, limit=_MOST_IN_NEED)}
    places = {account_id: place for place, account_id in enumerate(needy)}
    ids = list(_found(actor, text, segment).order_by("name", "pk").values_list("pk", flat=True))
    ids.sort(key=lambda account_id: places.get(account_id, len(places)))
    pages = max(-(-len(ids) // PAGE), 1)
    page = min(max(page, 1), pages)
    chosen = ids[(page - 1) * PAGE : page * PAGE]
    return Portfolio(_rows(chosen, needy), len(ids), page, pages)


def _found(actor: Actor, text: str, segment: str) -> QuerySet[Account]:
    accounts = accounts_visible(actor)
    if text:
        accounts = accounts.filter(Q(name__icontains=text) | Q(number__istartswith=text))
    return accounts.filter(segment=segment) if segment else accounts


def _rows(ids: Sequence[int], needy: dict[int, Attention]) -> tuple[Kept, ...]:
    accounts = Account.objects.select_related("rep__user", "parent").in_bulk(ids)
    orders = Order.objects.filter(account__in=ids).order_by().values("account")
    bought = ~Q(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    counted = orders.annotate(
        waiting=Count("id", filter=Q(status__in=Order.OPEN)), last=Max("placed_at", filter=bought)
    )
    ordered = {row[0]: row[1:] for row in counted.values_list("account", "waiting", "last")}
    cases = Case.objects.unresolved().filter(account__in=ids).order_by()
    open_cases = dict(cases.values_list("account").annotate(Count("id")))
    latest = Answer.objects.nps().filter(account__in=ids).order_by("account", "-answered_at").distinct("account")
    said = {row[0]: row[1:] for row in latest.values_list("account", "score", "answered_at")}
    return tuple(
        Kept(
            accounts[account_id],
            needy.get(account_id),
            *ordered.get(account_id, (0, None)),
            open_cases.get(account_id, 0),
            *said.get(account_id, (None, None)),
        )
        for account_id in ids
    )
