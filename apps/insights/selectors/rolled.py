"""What was said in a period: from the sums of windows, else of whole months and the answers at its ends.

1. A period that is one of `rules.WINDOWS` as it stands today is read from the sums that `services.counting` keeps for
   it: as many rows as accounts and roles spoke, however many answers there are.
2. Of any other, months that lie in it altogether are read from their sums; what is before the first and after the last
   of them, from the answers themselves. A month is that of UTC. So until the windows slide, after midnight, they say
   the same a little slower.
3. Whose answers may be read is decided as everywhere: a rep's are those of the accounts assigned to them.
"""

from datetime import UTC, date, datetime

from apps.core.scoping import Actor
from apps.feedback import rules
from apps.feedback.selectors import Heard, Month
from apps.insights.rules import midnight, named
from apps.insights.selectors.account_sums import rows_of

_ENDS = """
    a.kind = 'nps' AND (a.answered_at >= %(since)s AND a.answered_at < %(first_at)s
        OR a.answered_at >= %(last_at)s AND a.answered_at < %(until)s)
"""
_COUNTS = """(a.score >= 9)::int AS promoters, (a.score BETWEEN 7 AND 8)::int AS passives,
        (a.score <= 6)::int AS detractors"""
_WHOLE_MONTHS = "month >= %(first)s AND month < %(last)s"
_NOT_KEPT = """month = ANY(ARRAY(
        SELECT m::date
        FROM generate_series(%(first)s::timestamp, %(last)s::timestamp - interval '1 day', '1 month') AS m
        WHERE m NOT IN (SELECT month FROM kept)
    ))"""
_MONTHS = f"""
    SELECT account_id, month, role, promoters, passives, detractors FROM insights_scoremonth
    WHERE {_WHOLE_MONTHS} AND promoters + passives + detractors > 0
    UNION ALL
    SELECT a.account_id, date_trunc('month', a.answered_at AT TIME ZONE 'UTC')::date, coalesce(k.role, c.role, ''),
        {_COUNTS}
    FROM feedback_answer a LEFT JOIN accounts_contact c ON c.id = a.contact_id
    LEFT JOIN insights_countedanswer k ON k.answer_id = a.id
    WHERE {_ENDS}
"""
_PARTS = f"""
    SELECT account_id, substr(part, strpos(part, ':') + 1) AS key, promoters, passives, detractors
    FROM insights_scorepart WHERE month >= %(first)s AND month < %(last)s AND part LIKE %(parts)s
        AND promoters + passives + detractors > 0
    UNION ALL
    SELECT k.account_id, substr(part, strpos(part, ':') + 1), {_COUNTS}
    FROM feedback_answer a JOIN insights_countedanswer k ON k.answer_id = a.id, unnest(k.parts) AS part
    WHERE {_ENDS} AND part LIKE %(parts)s
"""
# The window that the period is, if the windows stand on the day on which it is that; one of the two halves is read.
_SAID = """
stands AS MATERIALIZED (
    SELECT w.name FROM unnest(%(windows)s::text[], %(days)s::date[]) AS w (name, day)
    JOIN insights_sumsstand s ON s.day = w.day
), said AS (
    SELECT account_id, key, promoters, passives, detractors FROM insights_scorewindow
    WHERE name = (SELECT name FROM stands) AND way = %(way)s AND promoters + passives + detractors > 0
    UNION ALL
    SELECT account_id, {key}, promoters, passives, detractors FROM ({rows}) rows WHERE NOT EXISTS (SELECT FROM stands)
)
"""
_SAID_IN_ROLES = _SAID.format(key="role AS key", rows=_MONTHS)
_SAID_OF_PARTS = _SAID.format(key="key", rows=_PARTS)
_SUMS = "sum(said.promoters)::int, sum(said.passives)::int, sum(said.detractors)::int"
#: What accounts can be told by: an expression of the said or of its account.
_BY = {
    "tree": "split_part(acc.path, '/', 2)",
    "segment": "acc.segment",
    "rep": "coalesce(acc.rep_id::text, '')",
    "role": "said.key",
}
PARTS = ("persona", "warehouse", "carrier", "supplier", "category")
WAYS = (*_BY, *PARTS)


def heard_in(actor: Actor, *, since: datetime, until: datetime) -> list[Heard]:
    """What each account said in a period, as `feedback.selectors.heard_from` tells it. One query."""
    rows = rows_of(
        f"""
        WITH {_SAID_IN_ROLES} SELECT said.account_id, acc.rep_id, {_SUMS}, array_agg(DISTINCT nullif(said.key, ''))
        FROM said JOIN accounts_account acc ON acc.id = said.account_id WHERE {whose(actor)} GROUP BY 1, 2
        """,
        asked_by(actor, since, until),
    )
    return [Heard(*row) for row in rows]


def months_of(actor: Actor, *, since: datetime, until: datetime) -> list[Month]:
    """NPS month by month, oldest first, each over its accounts; months without an answer are left out. One query.

    Of the whole house a month is read as `services.keep_months` added it up, where that is kept.
    """
    rows = rows_of(
        f"""
        WITH kept AS MATERIALIZED (
            SELECT * FROM insights_monthofhouse
            WHERE %(everything)s AND month >= %(first)s AND month < %(last)s AND promoters + passives + detractors > 0
        ), said AS ({_MONTHS.replace(_WHOLE_MONTHS, _NOT_KEPT)}), voices AS (
            SELECT said.month, said.account_id, sum(said.promoters) AS p, sum(said.passives) AS s,
                sum(said.detractors) AS d
            FROM said JOIN accounts_account acc ON acc.id = said.account_id WHERE {whose(actor)} GROUP BY 1, 2
        )
        SELECT month, promoters, passives, detractors, accounts, promoters + passives + detractors,
            promoters - detractors, nn, nt, tt
        FROM kept
        UNION ALL
        SELECT month, sum(p)::int, sum(s)::int, sum(d)::int, count(*)::int, sum(p + s + d)::int, sum(p - d)::int,
            sum((p + s + d) * (p + s + d))::bigint, sum((p + s + d) * (p - d))::bigint, sum((p - d) * (p - d))::bigint
        FROM voices GROUP BY 1 ORDER BY 1
        """,
        asked_by(actor, since, until) | {"everything": actor.sees_everything},
    )
    return [Month(month, rules.summary(p, s, d, rules.Clusters(*sums))) for month, p, s, d, *sums in rows]


def said_by(way: str) -> str:
    """The CTE `said` for a WITH: what accounts said in a period, by account and key."""
    return _SAID_IN_ROLES if way in _BY else _SAID_OF_PARTS


def key_of(way: str) -> str:
    """The key of a row of the way, of `said` and its account `acc`."""
    return _BY.get(way, "said.key")


def asked_by(actor: Actor, since: datetime | None = None, until: datetime | None = None, way: str = "role") -> dict:
    """What `whose` takes, and of a period what `said_by` takes."""
    asked = {"accounts": list(actor.account_ids), "rep": actor.rep_id}
    return asked | _period(since, until, "role" if way in _BY else way) if since else asked


def _period(since: datetime, until: datetime, way: str = "role") -> dict:
    """The windows that a period may be; its whole months, and where its ends meet them."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    first = date(since.year, since.month, 1)
    if since > midnight(first):
        first = date(since.year + since.month // 12, since.month % 12 + 1, 1)
    last = max(first, date(until.year, until.month, 1))
    first_at = min(midnight(first), until)
    windows = named(since, until)
    return {
        "windows": [name for name, _day in windows],
        "days": [day for _name, day in windows],
        "way": way,
        "parts": f"{way}:%",
        "since": since,
        "until": until,
        "first": first,
        "last": last,
        "first_at": first_at,
        "last_at": max(min(midnight(last), until), first_at),
    }


def whose(actor: Actor) -> str:
    """The condition on `acc`, an account, that the actor may see it; `asked_by` says what it takes."""
    if actor.sees_everything:
        return "TRUE"
    if actor.account_id is not None:
        return "acc.id = ANY(%(accounts)s)"
    return "acc.rep_id = %(rep)s" if actor.rep_id is not None else "FALSE"
