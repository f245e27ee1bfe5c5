"""A rep's accounts side by side: what they bought, how they are, when they were seen, what is open, where they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q
from django.utils import timezone

from apps.accounts.models import Account, Rep, ShipTo
from apps.accounts.places import Place
from apps.accounts.selectors import accounts_visible
from apps.cases.models import Case
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.errors import RepNotFound
from apps.insights.models import CallReport, CoverRule, HealthScore
from apps.insights.rules.cover import USUAL, Cover, Due, due_of, grade_of, worth_of
from apps.insights.rules.health import Health
from apps.invoicing.selectors.ageing import ages
from apps.invoicing.selectors.revenue import Span, invoiced_of
from apps.ordering.selectors import rhythms_of

A_MONTH = timedelta(days=30)
_LATEST = timedelta(days=7)  # how old a score may be and still be told as the present one


@dataclass(frozen=True, slots=True)
class Talked:
    """When an account was last visited and last spoken to in any way."""

    visit_on: date | None = None
    contact_on: date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An account of the territory.

    Revenue is what was invoiced since New Year and in the same days a year before, in the house's currency; `owed` is
    by currency; `before` is the health of a month ago; `place` that of its first ship-to.
    """

    account: Account
    grade: str
    this_year: Decimal
    last_year: Decimal
    health: int | None
    before: int | None
    talked: Talked
    due: Due
    open_cases: int
    owed: tuple[tuple[str, Decimal], ...]
    days_over: int
    city: str
    place: Place | None

    @property
    def tone(self) -> str:
        return Health(self.health, ()).tone

    @property
    def change(self) -> Decimal | None:
        """Of revenue, as a share of last year's; None where there was none."""
        return (self.this_year - self.last_year) / self.last_year if self.last_year > 0 else None

    @property
    def owed_most(self) -> Decimal:
        return max((amount for _currency, amount in self.owed), default=ZERO)


def rep_seen(actor: Actor, rep_id: int | None) -> Rep | None:
    """Whose territory is shown: a rep's own, whatever they ask for; for who sees everything the one asked for, else the
    first by name. `RepNotFound` for one that does not exist or is not theirs to see. One query."""
    sales = Rep.objects.select_related("user", "deputy__user")
    if not actor.sees_everything:
        if rep_id not in (None, actor.rep_id):
            raise RepNotFound
        return sales.filter(pk=actor.rep_id).first()
    if rep_id is None:
        return sales.filter(desk=Rep.Desk.SALES, user__is_active=True).order_by("user__name", "pk").first()
    found = sales.filter(pk=rep_id).first()
    if found is None:
        raise RepNotFound
    return found


def reps_to_choose(actor: Actor) -> list[Rep]:
    """Those who have accounts or sell, for who sees everything; nobody else chooses. One query."""
    if not actor.sees_everything:
        return []
    with_accounts = Account.objects.filter(is_active=True, rep__isnull=False).values("rep")
    sellers = Q(desk=Rep.Desk.SALES, user__is_active=True) | Q(pk__in=with_accounts)
    return list(Rep.objects.filter(sellers).select_related("user").order_by("user__name", "pk"))


def cover_rules() -> dict[str, Cover]:
    """The rule of each class: as it was written, else the usual one. One query."""
    written = CoverRule.objects.values_list("grade", "least_worth", "visit_days", "contact_days")
    return dict(USUAL) | {grade: Cover(*rule) for grade, *rule in written}


def talked_with(account_ids: Collection[int]) -> dict[int, Talked]:
    """One query."""
    reports = CallReport.objects.filter(account__in=account_ids).order_by().values("account")
    visits = Q(kind=CallReport.Kind.VISIT)
    found = reports.annotate(visit=Max("held_on", filter=visits), any=Max("held_on"))
    return {row["account"]: Talked(row["visit"], row["any"]) for row in found}


def latest_health(account_ids: Collection[int], on: date) -> dict[int, HealthScore]:
    """The latest score of each account up to a day, no older than a week. One query."""
    scores = HealthScore.objects.filter(account__in=account_ids, on__range=(on - _LATEST, on))
    return {score.account_id: score for score in scores.order_by("account_id", "-on").distinct("account_id")}


def territory_of(actor: Actor, rep: Rep | None, *, now: datetime) -> list[Kept]:
    """The active accounts of a rep that the actor may see, by name. Eleven queries for any number."""
    on = timezone.localdate(now)
    accounts = list(accounts_visible(actor).filter(rep=rep).order_by("name", "pk")) if rep else []
    ids = [account.pk for account in accounts]
    rules, scores, before = cover_rules(), latest_health(ids, on), latest_health(ids, on - A_MONTH)
    this, last = spans_of(on)
    invoiced, talked = invoiced_of(ids, this, last), talked_with(ids)
    cases = Case.objects.unresolved().filter(account__in=ids).order_by().values_list("account")
    open_cases, owed = dict(cases.annotate(Count("pk"))), _owed(ids, on)
    rhythms, places = rhythms_of(ids, now=now), places_of(ids)
    rows = []
    for account in accounts:
        pk, score, heard = account.pk, scores.get(account.pk), talked.get(account.pk, Talked())
        grade = grade_of(worth_of(score.a_year, score.potential) if score else ZERO, rules)
        ship_to, rhythm = places.get(pk), rhythms.get(pk)
        rows.append(
            Kept(
                account,
                grade,
                invoiced.of(pk, 0),
                invoiced.of(pk, 1),
                score.score if score else None,
                before[pk].score if pk in before else None,
                heard,
                due_of(rules[grade], heard.visit_on, heard.contact_on, on),
                open_cases.get(pk, 0),
                owed.get(pk, ()),
                max(rhythm.days_over(on), 0) if rhythm else 0,
                ship_to.city if ship_to else "",
                ship_to.place if ship_to else None,
            )
        )
    return rows


def spans_of(on: date) -> tuple[Span, Span]:
    """Since New Year, and the same days of the year before."""
    before = date(on.year - 1, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)
    return (date(on.year, 1, 1), on), (date(on.year - 1, 1, 1), before)


def places_of(account_ids: Sequence[int]) -> dict[int, ShipTo]:
    """The first ship-to of each account, the default one ahead. One query."""
    rows = ShipTo.objects.filter(account__in=account_ids, is_active=True).select_related("account")
    return {row.account_id: row for row in rows.order_by("account_id", "-is_default", "pk").distinct("account_id")}


def _owed(account_ids: Sequence[int], on: date) -> Mapping[int, tuple[tuple[str, Decimal], ...]]:
    found: dict[int, tuple[tuple[str, Decimal], ...]] = {}
    for account_id, age in sorted(ages(account_ids, on), key=lambda one: (one[0], one[1].currency)):
        if age.total > 0:
            found[account_id] = (*found.get(account_id, ()), (age.currency, age.total))
    return found
