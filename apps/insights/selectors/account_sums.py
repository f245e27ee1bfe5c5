"""What is told of each account in one row (`models.AccountSums`), kept where it stands today, else reckoned.

The rows are of whole days (UTC) up to today; both ways say the same. What is reckoned costs only the tables whose
columns are read. Money is in the house's currency, at the rate of the day (`pricing.selectors.house_rate` says how).
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from apps.core.scoping import Actor
from apps.feedback.rules import DRIVERS
from apps.fulfilment.selectors.kept import VERDICTS
from apps.insights.models import AccountSums, SumsStand

COLUMNS = tuple(field.attname for field in AccountSums._meta.concrete_fields)
_BOUGHT = "status NOT IN ('cancelled', 'declined')"
_BANDS = {"promoter": "score >= 9", "passive": "score BETWEEN 7 AND 8", "detractor": "score <= 6"}
#: What is counted of what was said, as `CountedAnswer.said` puts it, in the order of `AccountSums.said`.
SAID = {f"score:{score}": f"score = {score}" for score in range(11)} | {
    f"{band}:{driver}": f"{which} AND drivers ? '{driver}'" for driver in DRIVERS for band, which in _BANDS.items()
}
_SAID = ", ".join(f"(count(*) FILTER (WHERE {which}))::int" for which in SAID.values())


def _at(day: str) -> str:
    return f"(({day})::timestamp AT TIME ZONE 'UTC')"


def _rate(currency: str, day: str) -> str:
    return f"""CASE WHEN {currency} = %(home)s THEN 1 ELSE (
        SELECT x.rate FROM pricing_exchangerate x WHERE x.currency = {currency} AND x.valid_from <= {day}
        ORDER BY x.valid_from DESC LIMIT 1
    ) END"""


def _lacking(currencies: str) -> str:
    return f"ARRAY(SELECT DISTINCT one FROM unnest({currencies}) one ORDER BY 1)::varchar[]"


_VERDICTS = VERDICTS.replace("%(since)s", _at("%(half)s")).replace("%(until)s", _at("%(after)s"))
_ORDERS = f"""
SELECT account_id, (count(*) FILTER (WHERE is_now))::int AS orders, sum(worth) FILTER (WHERE is_now) AS ordered,
    array_agg(currency) FILTER (WHERE is_now AND worth IS NULL) AS ordered_in, count(*)::int AS orders_year,
    sum(worth) AS ordered_year, array_agg(currency) FILTER (WHERE worth IS NULL) AS ordered_year_in,
    max(placed_at) AS last_order_at
FROM (
    SELECT o.account_id, o.currency, o.placed_at, o.placed_at >= {_at("%(now)s")} AS is_now,
        o.goods_net * {_rate("o.currency", "(o.placed_at AT TIME ZONE 'UTC')::date")} AS worth
    FROM ordering_order o
    WHERE o.placed_at >= {_at("%(year)s")} AND o.placed_at < {_at("%(after)s")} AND {_BOUGHT} AND {{of}}
) bought GROUP BY account_id
"""
_RHYTHMS = f"""
SELECT account_id, max(day) AS last_on, percentile_disc(0.8) WITHIN GROUP (ORDER BY gap) AS usual_gap,
    count(gap)::int AS gaps
FROM (
    SELECT account_id, day, day - lag(day) OVER (PARTITION BY account_id ORDER BY day) AS gap
    FROM (
        SELECT DISTINCT o.account_id, (o.placed_at AT TIME ZONE 'UTC')::date AS day FROM ordering_order o
        WHERE o.placed_at >= {_at("%(look_back)s")} AND o.placed_at < {_at("%(after)s")} AND {_BOUGHT} AND {{of}}
    ) days
) gaps GROUP BY account_id
"""
_DELIVERIES = f"""
SELECT account_id, count(*)::int AS deliveries_half, (count(*) FILTER (WHERE failed))::int AS failed_half,
    (count(*) FILTER (WHERE is_now))::int AS deliveries, (count(*) FILTER (WHERE is_now AND late))::int AS late,
    (count(*) FILTER (WHERE is_now AND short))::int AS short,
    (count(*) FILTER (WHERE is_now AND damaged))::int AS damaged,
    (count(*) FILTER (WHERE is_now AND wrong))::int AS wrong,
    (count(*) FILTER (WHERE is_now AND NOT failed))::int AS kept
FROM (
    SELECT v.*, v.delivered_at >= {_at("%(now)s")} AS is_now, late OR short OR damaged OR wrong AS failed
    FROM ({_VERDICTS}) v
) went GROUP BY account_id
"""
_ANSWERS = f"""
SELECT a.account_id, (array_agg(a.score ORDER BY a.answered_at DESC, a.id DESC))[1] AS last_score,
    ARRAY[{_SAID}] AS said
FROM feedback_answer a
WHERE a.kind = 'nps' AND a.answered_at >= {_at("%(now)s")} AND a.answered_at < {_at("%(after)s")} AND {{of}}
GROUP BY a.account_id
"""
_PEOPLE = f"""
SELECT c.account_id, array_agg(c.id ORDER BY c.id) FILTER (WHERE EXISTS (
        SELECT FROM feedback_invitation s
        WHERE s.contact_id = c.id AND s.sent_at >= {_at("%(year)s")} AND s.sent_at < {_at("%(after)s")}
    )) AS asked, array_agg(c.id ORDER BY c.id) FILTER (WHERE EXISTS (
        SELECT FROM feedback_answer s
        WHERE s.contact_id = c.id AND s.answered_at >= {_at("%(year)s")} AND s.answered_at < {_at("%(after)s")}
    )) AS answered
FROM accounts_contact c WHERE {{of}} GROUP BY c.account_id
"""
_INVOICES = f"""
SELECT account_id, min(issued_on) AS first_invoiced_on,
    (count(*) FILTER (WHERE is_year AND is_bill))::int AS invoices_year,
    sum(worth) FILTER (WHERE is_year) AS invoiced_year,
    (count(*) FILTER (WHERE is_before AND is_bill))::int AS invoices_before,
    sum(worth) FILTER (WHERE is_before) AS invoiced_before,
    array_agg(currency) FILTER (WHERE (is_year OR is_before) AND worth IS NULL) AS invoiced_in
FROM (
    SELECT i.account_id, i.issued_on, i.currency, i.kind = 'invoice' AS is_bill, i.issued_on >= %(year)s AS is_year,
        i.issued_on >= %(before)s AND i.issued_on < %(year)s AS is_before,
        CASE WHEN i.issued_on >= %(before)s THEN i.net * {_rate("i.currency", "i.issued_on")} END AS worth
    FROM invoicing_invoice i WHERE i.issued_on < %(after)s AND {{of}}
) billed GROUP BY account_id
"""
_LISTS = ("ordered_in", "ordered_year_in", "invoiced_in")
_MAY_BE_NULL = ("last_order_at", "last_on", "last_score", "first_invoiced_on")


def _fresh(column: str) -> str:
    if column == "account_id":
        return "acc.id AS account_id"
    if column == "said":
        return f"coalesce(said, array_fill(0, ARRAY[{len(SAID)}])) AS said"
    if column in ("asked", "answered"):
        return f"coalesce({column}, '{{}}') AS {column}"
    if column in _LISTS:
        return f"{_lacking(column)} AS {column}"
    return column if column in _MAY_BE_NULL else f"coalesce({column}, 0) AS {column}"


def fresh(of: str) -> str:
    """A query for the rows as they should be as of %(today)s; `of` is a condition on `{}`, the id of an account."""
    columns = ", ".join(map(_fresh, COLUMNS))
    joins = "".join(
        f" LEFT JOIN ({query.format(of=of.format(column), whose=of.format('acc.id'))}) {name}"
        f" ON {name}.account_id = acc.id"
        for name, column, query in (
            ("o", "o.account_id", _ORDERS),
            ("r", "o.account_id", _RHYTHMS),
            ("d", "", _DELIVERIES),
            ("a", "a.account_id", _ANSWERS),
            ("p", "c.account_id", _PEOPLE),
            ("i", "i.account_id", _INVOICES),
        )
    )
    return f"SELECT {columns} FROM accounts_account acc{joins} WHERE {of.format('acc.id')}"


class Sums(NamedTuple):
    """A source of rows for a FROM, and what it takes."""

    rows: str
    said: dict


def sums_of(actor: Actor, *, now: datetime) -> Sums:
    """The rows of the accounts the actor may see, or more of them, as of the day of `now`. One query.

    To be joined to accounts, of which one that is new may have no row yet.
    """
    today = now.astimezone(UTC).date()
    if SumsStand.objects.filter(accounts_on=today).exists():
        return Sums("insights_accountsums", {})
    of, said = _whose(actor)
    return Sums(f"({fresh(of)})", said | days_of(today))


def days_of(today: date) -> dict:
    """What `fresh` takes, without its condition."""
    back = {"now": 89, "year": 364, "before": 729, "half": 181, "look_back": 539, "after": -1}
    said = {name: today - timedelta(days=days) for name, days in back.items()}
    return said | {"home": settings.HOME_CURRENCY}


def _whose(actor: Actor) -> tuple[str, dict]:
    if actor.sees_everything:
        return "TRUE", {}
    if actor.account_id is not None:
        return "{} = ANY(%(accounts)s)", {"accounts": list(actor.account_ids)}
    of = "{} IN (SELECT mine.id FROM accounts_account mine WHERE mine.rep_id = %(rep)s)"
    return (of, {"rep": actor.rep_id}) if actor.rep_id is not None else ("FALSE", {})


def rows_of(query: str, said: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, said)
        return cursor.fetchall()
