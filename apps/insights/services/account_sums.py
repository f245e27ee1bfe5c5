"""The sums of accounts are made anew from what stands behind them, account by account, whenever an event tells of one.

1. Who counts an account waits for whoever counts it already, and then reads what was committed meanwhile: so the row
   says what is true, however often and in whatever order events come, and an event that comes twice changes nothing.
2. All rows are as of one day (`SumsStand.accounts_on`). Who counts holds it shared; after midnight (UTC) all accounts
   are counted as of the new day, by who holds it alone. Until then readers reckon what they read
   (`selectors.account_sums`). What no event told of is found then as well.
3. What changes the sums of all accounts leaves a mark (`SumsStand.accounts_stale_at`). They are made anew once for all
   marks, a lot of accounts at a time, and nobody waits for it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import connection, transaction

from apps.accounts.models import Account
from apps.core.turns import take_turns
from apps.insights.models import SumsStand
from apps.insights.selectors.account_sums import COLUMNS, days_of, fresh
from apps.insights.services.counting import held

_LOT = 500
_THESE, _ALL = "{} = ANY(%(accounts)s)", "TRUE"
_KEPT = ", ".join(COLUMNS)
_VALUES = ", ".join(name for name in COLUMNS if name != "account_id")
_KEEP = f"""
WITH changed AS (
    INSERT INTO insights_accountsums AS k ({_KEPT})
    SELECT {_KEPT} FROM ({{fresh}}) f ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET ({_VALUES}) = ROW({", ".join(f"EXCLUDED.{one}" for one in COLUMNS[1:])})
    WHERE ({", ".join(f"k.{one}" for one in COLUMNS[1:])})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{one}" for one in COLUMNS[1:])})
    RETURNING 1
)
SELECT count(*) FROM changed
"""
_DIFFERENCES = f"""
SELECT a.number FROM ({{fresh}}) f LEFT JOIN insights_accountsums k USING (account_id)
JOIN accounts_account a ON a.id = f.account_id
WHERE ({", ".join(f"f.{one}" for one in COLUMNS)}) IS DISTINCT FROM ({", ".join(f"k.{one}" for one in COLUMNS)})
ORDER BY 1
"""


@transaction.atomic
def count_accounts(account_ids: Iterable[int]) -> int:
    """Make the sums of these accounts anew; how many changed. Safe to repeat; three queries."""
    accounts = sorted(account_ids)
    if (day := held("SHARE").accounts_on) is None:
        return 0
    take_turns("insights.accounts", accounts)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(fresh=fresh(_THESE)), days_of(day) | {"accounts": accounts})
        return cursor.fetchone()[0]


def mark_accounts_stale(*, now: datetime) -> None:
    """The sums of all accounts are to be made anew."""
    SumsStand.objects.update(accounts_stale_at=now)


def count_stale_accounts() -> int:
    """Make the sums of all accounts anew where a mark says so; how many changed. A mark set meanwhile stays."""
    marked = SumsStand.objects.values_list("accounts_stale_at", flat=True).first()
    if marked is None:
        return 0
    changed, last = 0, 0
    ids = Account.objects.order_by("pk").values_list("pk", flat=True)
    while lot := list(ids.filter(pk__gt=last)[:_LOT]):
        changed, last = changed + count_accounts(lot), lot[-1]
    SumsStand.objects.filter(accounts_stale_at=marked).update(accounts_stale_at=None)
    return changed


@transaction.atomic
def slide_account_sums(*, now: datetime) -> bool:
    """Let the sums of accounts be as of today (UTC); whether they were not yet. Made where they never were."""
    today = now.astimezone(UTC).date()
    stand = SumsStand.objects.values_list("accounts_on", flat=True).first()
    if stand is not None and stand >= today:
        return False
    stand = held("UPDATE").accounts_on
    if stand is not None and stand >= today:
        return False
    _keep_all(today)
    SumsStand.objects.update(accounts_on=today)
    return True


@transaction.atomic
def rebuild_account_sums() -> int:
    """Make the sums of all accounts anew; how many were not what they should be."""
    day = held("UPDATE").accounts_on
    return 0 if day is None else _keep_all(day)


@transaction.atomic
def account_sums_differing() -> list[str]:
    """The numbers of the accounts whose sums a rebuild would change, by number."""
    if (day := held("SHARE").accounts_on) is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_DIFFERENCES.format(fresh=fresh(_ALL)), days_of(day))
        return [number for (number,) in cursor.fetchall()]


def _keep_all(day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # years of orders take longer than a page may
        cursor.execute(_KEEP.format(fresh=fresh(_ALL)), days_of(day))
        return cursor.fetchone()[0]
