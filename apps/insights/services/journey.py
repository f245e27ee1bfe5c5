"""The journey is counted month by month, exactly, however often and in whatever order events come.

1. An event says what happened to what. From that follow an account and the months in which the thing counts; those
   sums are made anew from what stands behind them (`selectors.behind`), and only what differs is written. Where the
   month of before is not known any more (a delivery was corrected or taken back), all months of the account are.
2. So nothing is added twice and nothing taken off that was not there: a repeated event changes nothing, a late one
   finds what is true by now, a correction moves its month.
3. Who counts an account waits for whoever counts it already, and then reads what was committed meanwhile.
4. What no event tells of (facts frozen later, needs gathered by the hour) is found every night.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from apps.core.models import Event
from apps.core.turns import take_turns
from apps.insights.rules.journey import WINDOW, first_of
from apps.insights.selectors.behind import SOURCES, Source

_FRESH = """
WITH behind AS ({rows}), fresh AS (
    SELECT account_id, date_trunc('month', day)::date AS month, measure, sum(hits)::bigint AS hits,
        sum(total)::bigint AS total
    FROM behind GROUP BY 1, 2, 3
), kept AS (SELECT * FROM insights_journeymonth k WHERE k.measure = ANY(%(measures)s) AND {kept})
"""
_KEEP = f"""
{_FRESH}, gone AS (
    DELETE FROM insights_journeymonth j USING kept k WHERE j.id = k.id AND NOT EXISTS (
        SELECT FROM fresh f WHERE f.account_id = k.account_id AND f.month = k.month AND f.measure = k.measure
    ) RETURNING 1
), changed AS (
    INSERT INTO insights_journeymonth (account_id, month, measure, hits, total)
    SELECT f.account_id, f.month, f.measure, f.hits, f.total FROM fresh f
    LEFT JOIN kept k ON k.account_id = f.account_id AND k.month = f.month AND k.measure = f.measure
    WHERE (k.hits, k.total) IS DISTINCT FROM (f.hits, f.total)
    ORDER BY 1, 2, 3
    ON CONFLICT (account_id, month, measure) DO UPDATE SET hits = EXCLUDED.hits, total = EXCLUDED.total RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed)
"""
_DIFFERENCES = f"""
{_FRESH}
SELECT a.number, coalesce(f.month, k.month), coalesce(f.measure, k.measure), k.hits, k.total, f.hits, f.total
FROM fresh f FULL JOIN kept k ON k.account_id = f.account_id AND k.month = f.month AND k.measure = f.measure
JOIN accounts_account a ON a.id = coalesce(f.account_id, k.account_id)
WHERE (k.hits, k.total) IS DISTINCT FROM (f.hits, f.total)
ORDER BY 1, 2, 3
"""
_OF_ORDERS = """
SELECT o.account_id, (o.placed_at AT TIME ZONE 'UTC')::date FROM ordering_order o WHERE {which}
UNION SELECT f.account_id, f.delivered_on FROM fulfilment_deliveryfact f JOIN ordering_order o ON o.id = f.order_id
WHERE {which}
"""
#: The account and the days by which something counts, by the noun of an event's subject; and what it counts for.
_TOUCHED = {
    "order": (_OF_ORDERS.format(which="o.number = %(ref)s"), ("order", "delivery")),
    "shipment": (
        _OF_ORDERS.format(which="o.id = (SELECT order_id FROM fulfilment_shipment WHERE number = %(ref)s)"),
        ("order", "delivery"),
    ),
    "invoice": (
        """SELECT coalesce(c.account_id, i.account_id), coalesce(c.issued_on, i.issued_on)
        FROM invoicing_invoice i LEFT JOIN invoicing_invoice c ON c.id = i.corrects_id WHERE i.number = %(ref)s""",
        ("invoice",),
    ),
    "case": (
        """SELECT k.account_id, (k.opened_at AT TIME ZONE 'UTC')::date FROM cases_case k WHERE k.number = %(ref)s
        UNION SELECT i.account_id, i.issued_on FROM cases_case k JOIN invoicing_invoice i ON i.order_id = k.order_id
        WHERE k.number = %(ref)s""",
        ("case", "invoice"),
    ),
    "quote": (
        "SELECT account_id, (requested_at AT TIME ZONE 'UTC')::date FROM ordering_quote WHERE number = %(ref)s",
        ("quote",),
    ),
    "price_match": (
        "SELECT account_id, (asked_at AT TIME ZONE 'UTC')::date FROM pricing_pricematch WHERE id::text = %(ref)s",
        ("price_match",),
    ),
    "question": (
        "SELECT account_id, (asked_at AT TIME ZONE 'UTC')::date FROM cases_productquestion WHERE id::text = %(ref)s",
        ("question",),
    ),
}


#: After these a thing may count in no month, or in another than before: its account is counted anew as a whole.
_MOVED = ("shipment.corrected", "shipment.voided")


class Difference(NamedTuple):
    """A sum that is not what stands behind it; None is one that is not there."""

    account: str
    month: date
    measure: str
    hits: int | None
    total: int | None
    hits_behind: int | None
    total_behind: int | None


def count_journey(event: Event) -> int:
    """Count what an event is about; how many sums changed. Safe to repeat; a constant number of queries a month."""
    noun, _colon, ref = event.subject.partition(":")
    if noun == "need":
        return sum(_count(_named(("need",)), lock="EXCLUSIVE"))
    if noun not in _TOUCHED:
        return 0
    query, sources = _TOUCHED[noun]
    with connection.cursor() as cursor:
        cursor.execute(query, {"ref": ref})
        found = cursor.fetchall()
    if event.name in _MOVED:
        return sum(
            sum(_count(_named(sources), account_id=pk)) for pk in sorted({account_id for account_id, _ in found})
        )
    touched = {(account_id, first_of(day)) for account_id, day in found}
    return sum(
        sum(_count(_named(sources), account_id=account_id, since=month, until=first_of(month, -1)))
        for account_id, month in sorted(touched)
    )


def count_recent_journey(*, now: datetime) -> int:
    """Count the needs, and this month and those before that are compared with it; how many sums changed."""
    since = first_of(now.date(), WINDOW)
    others = [source for source in SOURCES if source.noun != "need"]
    return sum(_count(_named(("need",)), lock="EXCLUSIVE")) + sum(
        _count(others, since=since, until=first_of(now.date(), -1), lock="EXCLUSIVE")
    )


def rebuild_journey() -> int:
    """Make all sums anew from what stands behind them; how many were not what they should be.

    Who counts meanwhile waits; who reads sees the sums of before until all is done.
    """
    return sum(_count(SOURCES, lock="EXCLUSIVE"))


def journey_differences() -> Iterator[Difference]:
    """The sums that a rebuild would change. One query a source."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for source in SOURCES:
            query = _DIFFERENCES.format(rows=source.rows(of_accounts=False, of_days=False), kept="TRUE")
            cursor.execute(query, {"measures": list(source.measures)})
            yield from (Difference(*row) for row in cursor.fetchall())


def _named(nouns: Iterable[str]) -> list[Source]:
    return [source for source in SOURCES if source.noun in nouns]


@transaction.atomic
def _count(
    sources: Sequence[Source],
    *,
    account_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    lock: str = "ROW EXCLUSIVE",
) -> list[int]:
    """Make sums anew, of an account or all, of the months from `since` until `until` or all; of each source how many
    changed."""
    kept = "k.account_id = ANY(%(accounts)s)" if account_id else "TRUE"
    kept += " AND k.month >= %(since)s AND k.month < %(until)s" if since else ""
    said = {"accounts": [account_id], "since": since, "until": until}
    changed = []
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE insights_journeymonth IN {lock} MODE")
        if account_id:
            take_turns("insights.journey", [account_id])
        else:
            cursor.execute("SET LOCAL statement_timeout = 0")  # years of orders take longer than a page may
        for source in sources:
            rows = source.rows(of_accounts=account_id is not None, of_days=since is not None)
            cursor.execute(_KEEP.format(rows=rows, kept=kept), said | {"measures": list(source.measures)})
            changed.append(cursor.fetchone()[0])
    return changed
