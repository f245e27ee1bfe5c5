"""Who never answers: accounts that order and say nothing, and whose voice that leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Max

from apps.accounts.models import Account, Contact
from apps.core.scoping import SYSTEM, Actor
from apps.feedback.models import Invitation
from apps.feedback.selectors import Weighted
from apps.insights import rules
from apps.insights.selectors.account_sums import Sums, rows_of, sums_of
from apps.insights.selectors.added_up import weighted_of_ordering
from apps.insights.selectors.rolled import asked_by, said_by, whose


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


_HEARD = """
WITH {said}, voices AS (
    SELECT account_id, sum(promoters) AS p, sum(passives) AS s, sum(detractors) AS d FROM said GROUP BY 1
)
SELECT CASE WHEN coalesce(t.deliveries_half, 0) = 0 THEN 'no_delivery' WHEN t.failed_half = 0 THEN 'none'
        WHEN 5 * t.failed_half <= t.deliveries_half THEN 'some' ELSE 'many' END,
    sum(v.p + v.s + v.d)::int, sum(v.p - v.d)::int
FROM voices v LEFT JOIN {rows} t ON t.account_id = v.account_id GROUP BY 1
"""
_SILENT = """
WITH {said}
SELECT count(*) OVER ()::int, acc.id, CASE WHEN cardinality(t.ordered_in) = 0 THEN t.ordered END, t.deliveries_half,
    t.failed_half
FROM accounts_account acc JOIN {rows} t ON t.account_id = acc.id
WHERE t.orders > 0 AND {whose} AND acc.id NOT IN (SELECT account_id FROM said)
ORDER BY 3 DESC NULLS FIRST, acc.id LIMIT %(limit)s
"""
_ROLES = """
SELECT c.role, count(*)::int, (count(*) FILTER (WHERE c.id = ANY(t.asked)))::int,
    (count(*) FILTER (WHERE c.id = ANY(t.answered)))::int
FROM accounts_contact c JOIN accounts_account acc ON acc.id = c.account_id
LEFT JOIN {rows} t ON t.account_id = acc.id WHERE c.is_active AND {whose} GROUP BY 1
"""


def silence_of(actor: Actor, *, now: datetime, limit: int = 50) -> Silence:
    """Of the accounts the actor may see; the table rests on everybody's answers. Nine queries at most."""
    year, sums = rules.period("year", now)._asdict(), sums_of(SYSTEM, now=now)
    asked = asked_by(actor, **year) | sums.said | {"limit": limit}
    with_said = {"said": said_by("role"), "rows": sums.rows, "whose": whose(actor)}
    table = rules.expectations(rows_of(_HEARD.format(**with_said), asked))
    silent = rows_of(_SILENT.format(**with_said), asked)
    shown = [pk for _total, pk, *_facts in silent]
    accounts, invited = Account.objects.select_related("rep__user").in_bulk(shown), _asked(shown, **year)
    return Silence(
        rows=tuple(
            SilentAccount(accounts[pk], ordered, *invited.get(pk, (0, 0, None)), *went, table[rules.experience(*went)])
            for _total, pk, ordered, *went in silent
        ),
        total=silent[0][0] if silent else 0,
        table=tuple(table.values()),
        weighted=weighted_of_ordering(actor, sums, **year),
        roles=_roles(actor, sums),
        currency=settings.HOME_CURRENCY,
    )


def _asked(account_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, tuple[int, int, datetime]]:
    sent = Invitation.objects.filter(sent_at__gte=since, sent_at__lt=until, account__in=list(account_ids)).order_by()
    rows = sent.values_list("account_id").annotate(
        asks=Count("pk"), people=Count("contact", distinct=True), latest=Max("sent_at")
    )
    return {account_id: tuple(counts) for account_id, *counts in rows}


def _roles(actor: Actor, sums: Sums) -> tuple[RoleHeard, ...]:
    query = _ROLES.format(rows=sums.rows, whose=whose(actor))
    rows = rows_of(query, asked_by(actor) | sums.said)
    return tuple(sorted((RoleHeard(*row) for row in rows), key=lambda row: -row.contacts))
