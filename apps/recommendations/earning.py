"""Who gets suggestions, and what suggestions earn.

1. A stable share of the accounts is held out, drawn by the account's number. They get nothing that they did not ask
   for: no blocks on home, cart, quick order, product pages, confirmation or empty search, and no weekly letter. What
   they ask for themselves stays for all (the page of the next order, reorder lists, the API), and so does what helps
   in need or was chosen by a person: a substitute for what is short, a pick of their rep.
2. Two sides are compared by what an account ordered in all, not by what its suggestions led to: who is shown nothing
   orders much of it all the same. An account counts once, with everything it ordered (so the interval is over accounts,
   not over orders); it must have ordered in the year before the share became what it is, so that both sides are alike:
   who ordered since may have done so because of what was suggested.
3. What is compared begins on the day on which the share became what it is; where none is kept, nothing is compared yet.
4. A line counts as bought as long as it stands: what is cancelled or declined later counts no more. An account with a
   line for whose currency there is no rate of exchange counts with no amount at all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import account_of
from apps.core.comparing import Arm, Difference, difference_of_means, difference_of_rates, is_held_out
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.ordering.models import Order
from apps.ordering.selectors.revenue import LeftOut, revenue_of
from apps.pricing.selectors import house_rate
from apps.recommendations.models import SuggestionDay, SuggestionKind, SuggestionPlace, SuggestionSale, SuggestionTerms

DRAW = -1  # what accounts are drawn with, where rules of inserts have their ids and offers 0
DAYS = (28, 90, 180)
KEPT_FOR = timedelta(hours=2)
FOR_ALL = (SuggestionKind.SUBSTITUTE, SuggestionKind.PICK)
_LEARNT = "gets suggestions"
_NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.DECLINED)


def suggestion_terms() -> SuggestionTerms:
    """What operations set, or what counts where they set nothing. One query."""
    return SuggestionTerms.objects.first() or SuggestionTerms()


def gets_suggestions(actor: Actor, kind: str) -> bool:
    """Whether the account is shown suggestions of this kind without asking (see 1). One query, where nobody has asked
    yet; none for kinds that all accounts are shown."""
    if actor.account_id is None or kind in FOR_ALL:
        return True
    if _LEARNT not in actor.learnt:
        percent = suggestion_terms().held_out_percent
        actor.learnt[_LEARNT] = not percent or not is_held_out(account_of(actor).number, DRAW, percent)
    return actor.learnt[_LEARNT]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of suggestions of one kind in one place, of a week, or of all; `net` in the house's currency."""

    shown: int = 0
    clicked: int = 0
    added: int = 0
    bought: int = 0
    net: Decimal = ZERO

    def __add__(self, other: "Made") -> "Made":
        return Made(
            self.shown + other.shown,
            self.clicked + other.clicked,
            self.added + other.added,
            self.bought + other.bought,
            self.net + other.net,
        )

    def of_shown(self, count: int) -> float | None:
        return count / self.shown if self.shown else None

    @property
    def click_rate(self) -> float | None:
        return self.of_shown(self.clicked)

    @property
    def add_rate(self) -> float | None:
        return self.of_shown(self.added)

    @property
    def buy_rate(self) -> float | None:
        return self.of_shown(self.bought)


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The same of a kind in a place."""

    kind: SuggestionKind
    place: SuggestionPlace
    made: Made


@dataclass(frozen=True, slots=True)
class MadeIn:
    """The same of a week, by the Monday it begins on; the first may have begun before the period."""

    week_on: date
    made: Made


@dataclass(frozen=True, slots=True)
class Lift:
    """Accounts that get suggestions against those held out: what each ordered between `since` and `as_of`."""

    since: datetime
    as_of: datetime
    treated: Arm
    held_out: Arm
    rate: Difference | None
    spent: Difference | None


@dataclass(frozen=True, slots=True)
class Earned:
    """What suggestions led to in a period: by kind and place, the dearest first; by week; in all. No amount holds what
    the accounts of `left_out` bought."""

    since: date
    until: date
    rows: list[MadeBy]
    weeks: list[MadeIn]
    total: Made
    left_out: LeftOut
    lift: Lift


def earned(actor: Actor, *, days: int, now: datetime) -> Earned | None:
    """What suggestions led to in the last `days`; None for who does not see everything. Two queries, four where a rate
    is missing, and those of the lift: three at most."""
    if not actor.sees_everything:
        return None
    until = timezone.localdate(now)
    since = until - timedelta(days=days - 1)
    sold, left_out = _sold(since, until)
    cells = [*_shown(since, until), *sold]
    by_kind, by_week = defaultdict(Made), defaultdict(Made)
    for on, kind, place, made in cells:
        by_kind[kind, place] += made
        by_week[on - timedelta(days=on.weekday())] += made
    rows = [MadeBy(SuggestionKind(kind), SuggestionPlace(place), made) for (kind, place), made in by_kind.items()]
    rows.sort(key=lambda row: (-row.made.net, -row.made.shown, row.kind, row.place))
    weeks = [MadeIn(on, by_week[on]) for on in _mondays(since, until)]
    return Earned(since, until, rows, weeks, sum(by_kind.values(), Made()), left_out, lift_of(days=days, now=now))


def _mondays(since: date, until: date) -> Iterable[date]:
    first = since - timedelta(days=since.weekday())
    return [first + timedelta(days=7 * n) for n in range((until - first).days // 7 + 1)]


Cell = tuple[date, str, str, Made]  # day, kind, place, what became of it


def _shown(since: date, until: date) -> Iterator[Cell]:
    """One query."""
    seen = SuggestionDay.objects.filter(on__range=(since, until)).order_by()
    for on, kind, place, *counts in seen.values_list("on", "kind", "place", "shown", "clicked", "added"):
        yield on, kind, place, Made(*counts)


def _sold(since: date, until: date) -> tuple[list[Cell], LeftOut]:
    """What was bought and stands, and which accounts are left out of its amounts. One query, and two more where there
    are any."""
    sales = SuggestionSale.objects.filter(on__range=(since, until), line__quantity__gt=0).order_by()
    sales = sales.exclude(line__order__status__in=_NOT_BOUGHT)
    sales = sales.annotate(rate=house_rate(currency="line__order__currency", at="line__order__placed_at"))
    cells, without_rate = _added_up(sales)
    if not without_rate:
        return cells, LeftOut()
    lost = set(sales.filter(rate=None).values_list("line__order__account", "line__order__currency").distinct())
    accounts, currencies = {account for account, _currency in lost}, {currency for _account, currency in lost}
    cells, _without_rate = _added_up(sales, accounts)
    return cells, LeftOut(len(accounts), tuple(sorted(currencies)))


def _added_up(sales: QuerySet, left_out: Collection[int] = ()) -> tuple[list[Cell], int]:
    """By day, kind and place, without the amounts of some accounts; and how many have no rate. One query."""
    told = ~Q(line__order__account__in=list(left_out))
    found = sales.values("on", "kind", "place").annotate(
        bought=Count("pk"), net=Sum(F("line__net") * F("rate"), filter=told), lost=Count("pk", filter=Q(rate=None))
    )
    rows = list(found.values_list("on", "kind", "place", "bought", "net", "lost"))
    cells = [(on, kind, place, Made(bought=bought, net=net or ZERO)) for on, kind, place, bought, net, _lost in rows]
    return cells, sum(lost for *_cell, lost in rows)


def lift_of(*, days: int, now: datetime) -> Lift:
    """What accounts with suggestions ordered more than those held out (see 2), at most two hours old. One query where
    it is kept, else three."""
    kept = cache.get(kept_as(days))
    return kept if kept and now - kept.as_of < KEPT_FOR else lift_reckoned(days=days, now=now)


def kept_as(days: int) -> str:
    return f"recommendations.lift.{days}"


def lift_reckoned(*, days: int, now: datetime) -> Lift:
    """The same as of `now`. Three queries."""
    terms = suggestion_terms()
    begun = timezone.make_aware(datetime.combine(terms.held_out_since, time())) if terms.held_out_since else now
    since = max(now - timedelta(days=days), begun)
    year_before = Order.objects.filter(account=OuterRef("pk"), placed_at__range=(begun - timedelta(days=365), begun))
    customers = Account.objects.filter(Exists(year_before.exclude(status__in=_NOT_BOUGHT)), is_active=True)
    spent = revenue_of(Order.objects.filter(placed_at__gt=since, placed_at__lte=now))
    sides: dict[bool, list[Decimal | None]] = {True: [], False: []}
    for pk, number in customers.filter(is_test=False).order_by().values_list("pk", "number"):
        if pk not in spent.unknown:
            sides[is_held_out(number, DRAW, terms.held_out_percent)].append(spent.by_account.get(pk))
    treated, held_out = (_arm(sides[side]) for side in (False, True))
    spent_more = difference_of_means(treated.spent, held_out.spent)
    return Lift(since, now, treated, held_out, difference_of_rates(treated, held_out), spent_more)


def _arm(spent: list[Decimal | None]) -> Arm:
    return Arm(len(spent), sum(each is not None for each in spent), tuple(float(each or 0) for each in spent))
