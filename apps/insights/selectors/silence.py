"""Who never answers: accounts that order and say nothing, and whose voice that leaves out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q

from apps.accounts.models import Account, Contact
from apps.core.money import ZERO
from apps.core.scoping import SYSTEM, Actor
from apps.feedback.models import Answer, Invitation
from apps.feedback.selectors import Weighted, bought_by, weighted_nps_in
from apps.fulfilment.selectors.kept import failed_by_account
from apps.insights import rules
from apps.insights.selectors.rolled import heard_in

_EXPERIENCED = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class SilentAccount:
    """An account that ordered in the last 90 days and has not answered for a year. `ordered` in the house's currency,
    None where nothing says what its own is worth; `asked` how often in the year, of `contacts` people; how its
    deliveries of the half-year went, and what accounts after such deliveries say."""

    account: Account
    ordered: Decimal | None
    asked: int
    contacts: int
    asked_at: datetime | None
    deliveries: int
    failed: int
    expected: rules.Expected


@dataclass(frozen=True, slots=True)
class RoleHeard:
    """The active contacts of a role: how many there are, were asked in the year, answered in it."""

    role: str
    contacts: int
    asked: int
    answered: int

    @property
    def name(self) -> str:
        return Contact.Role(self.role).label


@dataclass(frozen=True, slots=True)
class Silence:
    """The silent accounts, those that ordered most first (`total` of them), the table their expectation comes from, how
    much of what was ordered and of the accounts that ordered was heard in the year, and which roles."""

    rows: tuple[SilentAccount, ...]
    total: int
    table: tuple[rules.Expected, ...]
    weighted: Weighted
    roles: tuple[RoleHeard, ...]
    currency: str


def silence_of(actor: Actor, *, now: datetime, limit: int = 50) -> Silence:
    """Of the accounts the actor may see; the table rests on everybody's answers. Seven queries at most."""
    year = rules.period("year", now)
    everybody = heard_in(SYSTEM, **year._asdict())
    went = defaultdict(lambda: (0, 0), failed_by_account(since=now - _EXPERIENCED, until=now))
    table = rules.expectations(
        (rules.experience(*went[each.account_id]), voice.n, voice.total)
        for each, voice in ((each, each.voice()) for each in everybody)
    )
    bought = bought_by(actor, **rules.period("now", now)._asdict())
    spoken = {each.account_id for each in everybody}
    silent = [pk for pk in (*bought.unknown, *bought.by_account) if pk not in spoken]
    silent.sort(key=lambda pk: (pk in bought.by_account, -bought.by_account.get(pk, ZERO), pk))
    shown = silent[:limit]
    accounts, asked = Account.objects.select_related("rep__user").in_bulk(shown), _asked(shown, *year)
    ordering = bought.by_account.keys() | bought.unknown.keys()
    return Silence(
        rows=tuple(
            SilentAccount(
                accounts[pk],
                bought.by_account.get(pk),
                *asked.get(pk, (0, 0, None)),
                *went[pk],
                table[rules.experience(*went[pk])],
            )
            for pk in shown
        ),
        total=len(silent),
        table=tuple(table.values()),
        weighted=weighted_nps_in([each for each in everybody if each.account_id in ordering], bought),
        roles=_roles(actor, *year),
        currency=settings.HOME_CURRENCY,
    )


def _asked(account_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, tuple[int, int, datetime]]:
    sent = Invitation.objects.filter(sent_at__gte=since, sent_at__lt=until, account__in=list(account_ids)).order_by()
    rows = sent.values_list("account_id").annotate(
        asks=Count("pk"), people=Count("contact", distinct=True), latest=Max("sent_at")
    )
    return {account_id: tuple(counts) for account_id, *counts in rows}


def _roles(actor: Actor, since: datetime, until: datetime) -> tuple[RoleHeard, ...]:
    theirs = Contact.objects.filter(is_active=True, account__in=Account.objects.visible_to(actor)).order_by()
    theirs = theirs.annotate(
        was_asked=Exists(Invitation.objects.filter(contact=OuterRef("pk"), sent_at__gte=since, sent_at__lt=until)),
        has_answered=Exists(
            Answer.objects.filter(contact=OuterRef("pk"), answered_at__gte=since, answered_at__lt=until)
        ),
    )
    asked, answered = Count("pk", filter=Q(was_asked=True)), Count("pk", filter=Q(has_answered=True))
    rows = theirs.values_list("role").annotate(all=Count("pk"), asked=asked, answered=answered)
    return tuple(sorted((RoleHeard(*row) for row in rows), key=lambda row: -row.contacts))
