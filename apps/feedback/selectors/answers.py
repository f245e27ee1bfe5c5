from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.accounts.models import Contact
from apps.core.scoping import Actor
from apps.feedback import rules
from apps.feedback.models import Answer, Invitation, Programme
from apps.ordering.selectors.revenue import LeftOut, Revenue

BANDS = {"promoter": Q(score__gte=9), "passive": Q(score__in=(7, 8)), "detractor": Q(score__lte=6)}
#: Of the score, which indexes of answers hold: their rows need not be read.
COUNTS = {f"{band}s": Count("score", filter=those) for band, those in BANDS.items()}


def answers_of(
    actor: Actor,
    *,
    account_id: int | None = None,
    since: datetime | None = None,
    band: str = "",
    before: datetime | None = None,
    limit: int = 25,
) -> list[Answer]:
    """Answers, newest first, with account, contact, shipment and order. One query."""
    answers = _seen(actor, since=since).select_related("account", "contact", "shipment", "order")
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    if before is not None:
        answers = answers.filter(answered_at__lt=before)
    return list(answers.filter(BANDS.get(band, Q())).order_by("-answered_at", "-id")[:limit])


class Heard(NamedTuple):
    """What one account said in a period, and in which roles (of its contacts) it spoke."""

    account_id: int
    rep_id: int | None
    promoters: int
    passives: int
    detractors: int
    roles: list[str | None]

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.promoters, self.passives, self.detractors

    def and_in(self, role: str | None, counts: Iterable[int]) -> "Heard":
        """The same and what was said in one more role."""
        summed = (mine + more for mine, more in zip(self.counts, counts, strict=True))
        return Heard(self.account_id, self.rep_id, *summed, [*self.roles, role])

    def voice(self, revenue: Decimal = Decimal(0)) -> rules.Voice:
        return rules.Voice(n=sum(self.counts), total=self.promoters - self.detractors, revenue=revenue)


def heard_from(actor: Actor, *, since: datetime, until: datetime, account_id: int | None = None) -> list[Heard]:
    """What each account said in a period; those that said nothing are left out. One query."""
    answers = _seen(actor, since=since, until=until).order_by()
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    # One row for each account and role: the distinct roles of an account would have to be sorted for.
    by_role = answers.values_list("account_id", "account__rep_id", "contact__role").annotate(**COUNTS)
    heard: dict[int, Heard] = {}
    for account_id, rep_id, role, *counts in by_role:
        so_far = heard.get(account_id)
        heard[account_id] = so_far.and_in(role, counts) if so_far else Heard(account_id, rep_id, *counts, [role])
    return list(heard.values())


def nps_of(actor: Actor, *, since: datetime, until: datetime, account_id: int | None = None) -> rules.Nps:
    """The NPS of a period with its cluster-robust 95% interval. One query."""
    return nps_in(heard_from(actor, since=since, until=until, account_id=account_id))


def nps_in(heard: Sequence[Heard]) -> rules.Nps:
    """The same of what was heard already."""
    return nps_of_accounts([each.counts for each in heard])


def tally(heard: Iterable[Heard]) -> tuple[int, int, int]:
    """Promoters, passives and detractors in all."""
    counts = [each.counts for each in heard]
    return tuple(map(sum, zip(*counts, strict=True))) if counts else (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """The answers of a calendar month (its first day) with their NPS."""

    starts_on: date
    nps: rules.Nps


def nps_by_month(actor: Actor, *, since: datetime, until: datetime) -> list[Month]:
    """NPS month by month, oldest first; months without an answer are left out. One query."""
    said = _seen(actor, since=since, until=until).annotate(month=TruncMonth("answered_at")).order_by()
    months: dict[date, list[tuple[int, int, int]]] = defaultdict(list)
    for month, _account, *counts in said.values_list("month", "account_id").annotate(**COUNTS):
        months[month.date()].append(tuple(counts))
    return [Month(starts_on, nps_of_accounts(months[starts_on])) for starts_on in sorted(months)]


def nps_of_accounts(counts: Sequence[tuple[int, int, int]]) -> rules.Nps:
    """The NPS of promoters, passives and detractors by account."""
    voices = [rules.Voice(n=sum(each), total=each[0] - each[2]) for each in counts]
    return rules.summary(*(map(sum, zip(*counts, strict=True)) if counts else (0, 0, 0)), voices=voices)


@dataclass(frozen=True, slots=True)
class Weighted:
    """NPS by revenue in points, how many equal voices that is worth, and the share of revenue that was heard; and which
    accounts that leaves out, because nothing says what their currency is worth."""

    score: float | None
    n_eff: float
    coverage: rules.Coverage
    left_out: LeftOut


def weighted_nps_in(heard: Sequence[Heard], bought: Revenue) -> Weighted:
    """Each account's answers count by what it ordered in the period, in the house's currency; with coverage."""
    revenue = bought.by_account
    weighted = rules.revenue_weighted([each.voice(revenue.get(each.account_id, Decimal(0))) for each in heard])
    enough = sum(tally(heard)) >= rules.MINIMUM_ANSWERS
    return Weighted(
        score=100 * weighted[0] if weighted and enough else None,
        n_eff=weighted[1] if weighted else 0.0,
        coverage=_coverage(revenue, heard),
        left_out=bought.left_out,
    )


def _coverage(revenue: Mapping[int, Decimal], heard: Sequence[Heard]) -> rules.Coverage:
    answered = [revenue[each.account_id] for each in heard if each.account_id in revenue]
    return rules.coverage(
        revenue_answered=sum(answered, Decimal(0)),
        revenue=sum(revenue.values(), Decimal(0)),
        accounts_answered=len(answered),
        accounts=len(revenue),
        roles_answered=len({role for each in heard for role in each.roles} - {None}),
        roles=len(Contact.Role.values),
    )


def not_asked(actor: Actor, *, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Why deliveries were not asked about: (reason in words, how many), the most frequent first. One query."""
    decided = Invitation.objects.visible_to(actor).filter(decided_at__gte=since, decided_at__lt=until)
    decided = decided.filter(programme__kind=Programme.Kind.DELIVERY)
    withheld = decided.filter(state__in=(Invitation.State.SUPPRESSED, Invitation.State.CANCELLED)).order_by()
    counts = withheld.values_list("reason").annotate(count=Count("id")).order_by("-count", "reason")
    return [(Invitation.Reason(reason).label, count) for reason, count in counts]


def _seen(actor: Actor, *, since: datetime | None = None, until: datetime | None = None) -> QuerySet[Answer]:
    answers = Answer.objects.nps().visible_to(actor)
    if since is not None:
        answers = answers.filter(answered_at__gte=since)
    return answers if until is None else answers.filter(answered_at__lt=until)
