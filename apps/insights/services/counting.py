"""Each answer is counted into the sums exactly once, and moved where it changes.

1. The answer is locked, then its row among the counted is written, and what that changed is added to the sums: one
   statement, so all of it happens or nothing.
2. Who counts the same answer at the same time waits for the lock, finds the value as it is, and adds nothing. Who comes
   late with an older task still counts what the answer says now.
3. Rows are written in one order, so that two who count do not wait for one another in a circle.
4. What nobody told of (an answer older than the sums, an event that was lost) is found by `count_missed`.
5. Windows end on a day that is kept beside them (`SumsStand`). Who counts holds it shared, before anything else; who
   slides them to another day or makes sums anew holds it alone. So each answer is in a window once: by who counts it
   or by who turns its day over. What is deleted is taken out of the sums by the database (a trigger).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from apps.feedback.models import Answer
from apps.insights import rules
from apps.insights.models import CountedAnswer, SumsStand

_LOT = 5000
_WORDS = """ARRAY(
        SELECT one COLLATE "C" FROM (
            SELECT 'score:' || a.score
            UNION ALL
            SELECT CASE WHEN a.score >= 9 THEN 'promoter:' WHEN a.score >= 7 THEN 'passive:' ELSE 'detractor:' END
                || named FROM jsonb_array_elements_text(a.drivers) AS named
        ) words (one) ORDER BY 1
    )::varchar[]"""
_SAID = f"""
said AS (
    SELECT a.id, a.account_id, (a.answered_at AT TIME ZONE 'UTC')::date AS day, {_WORDS} AS words,
        coalesce(c.role, '') AS role, coalesce(c.persona, '') AS persona,
        CASE WHEN a.score >= 9 THEN 1 WHEN a.score >= 7 THEN 0 ELSE -1 END AS value,
        a.shipment_id
    FROM feedback_answer a LEFT JOIN accounts_contact c ON c.id = a.contact_id
    WHERE a.kind = 'nps' AND {{which}}
    ORDER BY a.id FOR NO KEY UPDATE OF a
), counted AS (
    INSERT INTO insights_countedanswer AS k (answer_id, account_id, month, day, role, said, value, has_persona, parts)
    SELECT said.id, said.account_id, date_trunc('month', said.day)::date, said.day, said.role, said.words, said.value,
        TRUE, ARRAY(
        SELECT DISTINCT part COLLATE "C" FROM (
            SELECT unnest(ARRAY['warehouse:' || coalesce(w.code, ''), 'carrier:' || coalesce(f.carrier, s.carrier)])
            FROM fulfilment_shipment s LEFT JOIN fulfilment_deliveryfact f ON f.shipment_id = s.id
            LEFT JOIN availability_warehouse w ON w.id = coalesce(f.warehouse_id, s.warehouse_id)
            WHERE s.id = said.shipment_id
            UNION ALL
            SELECT unnest(ARRAY['supplier:' || coalesce(lf.supplier, ''),
                'category:' || coalesce(split_part(g.path, '/', 2), '')])
            FROM fulfilment_shipmentline sl JOIN ordering_orderline ol ON ol.id = sl.order_line_id
            LEFT JOIN fulfilment_linefact lf ON lf.line_id = sl.id
            LEFT JOIN catalogue_product p ON p.id = ol.product_id LEFT JOIN catalogue_category g ON g.id = p.category_id
            WHERE sl.shipment_id = said.shipment_id
            UNION ALL
            SELECT 'persona:' || said.persona
        ) went (part) WHERE part IS NOT NULL ORDER BY 1
    )
    FROM said ORDER BY said.id
    ON CONFLICT (answer_id) DO UPDATE SET was = k.value, value = EXCLUDED.value, had_said = k.said,
        said = CASE WHEN k.day IS NOT NULL THEN EXCLUDED.said END
    WHERE k.value <> EXCLUDED.value OR k.said <> EXCLUDED.said
    RETURNING account_id, month, day, role, parts, said, had_said, value, was
), moved AS (
    SELECT account_id, month, day, role, parts,
        (value = 1)::int - coalesce((was = 1)::int, 0) AS promoters,
        (value = 0)::int - coalesce((was = 0)::int, 0) AS passives,
        (value = -1)::int - coalesce((was = -1)::int, 0) AS detractors
    FROM counted
)
"""
_ADD = """
    ON CONFLICT (account_id, month, {by}) DO UPDATE SET promoters = m.promoters + EXCLUDED.promoters,
        passives = m.passives + EXCLUDED.passives, detractors = m.detractors + EXCLUDED.detractors
"""
_TURN = """
    INSERT INTO insights_scorewindow AS m (name, way, key, account_id, promoters, passives, detractors)
    SELECT name, split_part(part, ':', 1), substr(part, strpos(part, ':') + 1), account_id, sum(sign * promoters),
        sum(sign * passives), sum(sign * detractors)
    FROM unnest(%(names)s::text[], %(signs)s::int[], %(firsts)s::date[], %(lasts)s::date[])
        AS w (name, sign, first, last)
    JOIN {turned} ON day BETWEEN first AND last, unnest(parts || ('role:' || role)::varchar) AS part
    WHERE name <> 'year' OR part LIKE 'role:%%'
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (name, way, key, account_id) DO UPDATE SET promoters = m.promoters + EXCLUDED.promoters,
        passives = m.passives + EXCLUDED.passives, detractors = m.detractors + EXCLUDED.detractors
"""
_SPEAK = """
    INSERT INTO insights_saidofday AS m (day, said, n)
    SELECT day, one, sum(more) FROM {words} WHERE day IS NOT NULL
    GROUP BY 1, 2 HAVING sum(more) <> 0 ORDER BY 1, 2
    ON CONFLICT (day, said) DO UPDATE SET n = m.n + EXCLUDED.n
"""
_COUNT = f"""
WITH {_SAID}, months AS (
    INSERT INTO insights_scoremonth AS m (account_id, month, role, promoters, passives, detractors)
    SELECT account_id, month, role, sum(promoters), sum(passives), sum(detractors) FROM moved
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="role")}
), parts AS (
    INSERT INTO insights_scorepart AS m (account_id, month, part, promoters, passives, detractors)
    SELECT account_id, month, part, sum(promoters), sum(passives), sum(detractors) FROM moved, unnest(parts) AS part
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="part")}
), windows AS ({_TURN.format(turned="moved")}), words AS (
    SELECT day, unnest(said) AS one, 1 AS more FROM counted
    UNION ALL
    SELECT day, unnest(had_said), -1 FROM counted
), spoken AS ({_SPEAK.format(words="words")}), stale AS (
    DELETE FROM insights_monthofhouse h WHERE h.month IN (SELECT month FROM moved)
)
SELECT count(*) FROM counted
"""
# What was counted before answers were told by day, maybe before they were by persona, is told so, and the sums with it.
_TELL = f"""
WITH untold AS (
    SELECT a.id, (a.answered_at AT TIME ZONE 'UTC')::date AS told_day, {_WORDS} AS told_words, k.has_persona AS had,
        ('persona:' || coalesce(c.persona, ''))::varchar AS persona
    FROM feedback_answer a JOIN insights_countedanswer k ON k.answer_id = a.id
    LEFT JOIN accounts_contact c ON c.id = a.contact_id
    WHERE k.day IS NULL ORDER BY k.answer_id LIMIT %(lot)s FOR NO KEY UPDATE OF a, k
), told AS (
    UPDATE insights_countedanswer k SET day = told_day, said = told_words, has_persona = TRUE,
        parts = CASE WHEN had THEN k.parts ELSE k.parts || persona END
    FROM untold WHERE k.answer_id = untold.id
    RETURNING k.account_id, k.month, k.day, k.role, k.parts, k.said, had, persona, (k.value = 1)::int AS promoters,
        (k.value = 0)::int AS passives, (k.value = -1)::int AS detractors
), parts AS (
    INSERT INTO insights_scorepart AS m (account_id, month, part, promoters, passives, detractors)
    SELECT account_id, month, persona, sum(promoters), sum(passives), sum(detractors) FROM told WHERE NOT had
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="part")}
), windows AS ({_TURN.format(turned="told")}), words AS (
    SELECT day, unnest(said) AS one, 1 AS more FROM told
), spoken AS ({_SPEAK.format(words="words")})
SELECT count(*) FROM told
"""
_RECKON = f"WITH {_SAID} SELECT count(*) FROM moved"
_SUMS = """
INSERT INTO insights_{table} (account_id, month, {by}, promoters, passives, detractors)
SELECT account_id, month, {by}, count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = 0),
    count(*) FILTER (WHERE value = -1)
FROM insights_countedanswer{unnested} GROUP BY account_id, month, {by} ORDER BY account_id, month, {by}
"""


_MONTHS_MISSING = """
SELECT month FROM (
    SELECT month::date FROM generate_series(%(since)s::timestamp, %(until)s::timestamp - interval '2 months', '1 month')
        AS month
) shown WHERE EXISTS (
    SELECT FROM insights_scoremonth m WHERE m.month = shown.month AND promoters + passives + detractors > 0
)   AND NOT EXISTS (SELECT FROM insights_monthofhouse h WHERE h.month = shown.month)
"""
_KEEP_MONTHS = """
INSERT INTO insights_monthofhouse (month, promoters, passives, detractors, accounts, nn, nt, tt)
SELECT month, sum(p), sum(s), sum(d), count(*), sum((p + s + d) * (p + s + d)), sum((p + s + d) * (p - d)),
    sum((p - d) * (p - d))
FROM (
    SELECT month, account_id, sum(promoters) AS p, sum(passives) AS s, sum(detractors) AS d FROM insights_scoremonth
    WHERE month = ANY(%(missing)s) GROUP BY 1, 2
) voices WHERE p + s + d > 0 GROUP BY 1 ON CONFLICT DO NOTHING
"""
_ALL = """(
    SELECT account_id, day, role, parts, (value = 1)::int AS promoters, (value = 0)::int AS passives,
        (value = -1)::int AS detractors
    FROM insights_countedanswer
) all_counted"""
_WORDS_OF_ALL = "(SELECT day, unnest(said) AS one, 1 AS more FROM insights_countedanswer) words"


class Stand(NamedTuple):
    """What `SumsStand` says."""

    day: date | None
    accounts_on: date | None


def held(how: str) -> Stand:
    """As of when the sums are, held by the transaction in common with others ("SHARE") or alone ("UPDATE")."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, accounts_on FROM insights_sumsstand FOR {how}")
        if not (found := cursor.fetchone()):
            cursor.execute("INSERT INTO insights_sumsstand (id) VALUES (1) ON CONFLICT DO NOTHING")
            cursor.execute(f"SELECT day, accounts_on FROM insights_sumsstand FOR {how}")
            found = cursor.fetchone()
        return Stand(*found)


@transaction.atomic
def count_answers(answer_ids: Iterable[int]) -> int:
    """Count these answers, or move those that changed; how many were counted or moved. Safe to repeat. Two queries."""
    with connection.cursor() as cursor:
        stands = {"ids": sorted(answer_ids)} | _turns(_windows_of(held("SHARE").day))
        cursor.execute(_COUNT.format(which="a.id = ANY(%(ids)s)"), stands)
        return cursor.fetchone()[0]


def count_missed() -> int:
    """Count the answers that are not counted yet, or not by day, a lot at a time; how many."""
    counted = 0
    while told := _tell_days():
        counted += told
    while lot := list(Answer.objects.nps().filter(counted=None).order_by("pk").values_list("pk", flat=True)[:_LOT]):
        counted += count_answers(lot)
    return counted


@transaction.atomic
def _tell_days() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {"lot": _LOT} | _turns(_windows_of(held("SHARE").day)))
        return cursor.fetchone()[0]


@transaction.atomic
def slide_windows(*, now: datetime) -> bool:
    """Let the windows end today (UTC); whether they did not yet. They are made where they never were.

    Not before all that is counted is told by day: until then who reads adds up months and answers.
    """
    today = now.astimezone(UTC).date()
    stand = SumsStand.objects.values_list("day", flat=True).first()
    if stand is not None and stand >= today:
        return False
    if stand is None and CountedAnswer.objects.filter(day=None).exists():
        return False
    stand = held("UPDATE").day
    if stand is not None and stand >= today:
        return False
    _turn(rules.turned(stand, today) if stand else rules.inside(today))
    SumsStand.objects.update(day=today)
    return True


@transaction.atomic
def keep_months(*, now: datetime) -> int:
    """Add up the months that pages show and that are over, where that is not kept or one was counted into; how many."""
    since, until = rules.year_of_months(now)
    months = {"since": since.date(), "until": until.date()}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS_MISSING, months)
        missing = [month for (month,) in cursor.fetchall()]
        if missing:
            held("UPDATE")
            cursor.execute(_KEEP_MONTHS, {"missing": missing})
    return len(missing)


@transaction.atomic
def rebuild_scores() -> int:
    """Count all answers and make the sums anew from them; how many answers are counted.

    Who counts meanwhile waits; who reads sees the sums of before until all is done.
    """
    stand = held("UPDATE").day  # first of all: who counts meanwhile holds it before any answer
    while _tell_days():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # years of answers take longer than a page may
        cursor.execute(_RECKON.format(which="TRUE").replace("FOR NO KEY UPDATE OF a", ""))
        for table in ("scoremonth", "scorepart", "scorewindow", "saidofday", "monthofhouse"):
            cursor.execute(f"DELETE FROM insights_{table}")
        cursor.execute(_SUMS.format(table="scoremonth", by="role", unnested=""))
        cursor.execute(_SUMS.format(table="scorepart", by="part", unnested=", unnest(parts) AS part"))
        cursor.execute(_SPEAK.format(words=_WORDS_OF_ALL))
    _turn(_windows_of(stand))
    return CountedAnswer.objects.count()


def _windows_of(stand: date | None) -> Sequence[rules.Turn]:
    return rules.inside(stand) if stand else ()


def _turns(turns: Iterable[rules.Turn]) -> dict[str, list]:
    found = list(turns)
    columns = {"names": "name", "signs": "sign", "firsts": "first", "lasts": "last"}
    return {column: [getattr(turn, each) for turn in found] for column, each in columns.items()}


def _turn(turns: Iterable[rules.Turn]) -> None:
    """Add up what comes into the windows and what leaves them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_TURN.format(turned=_ALL), _turns(turns))
        cursor.execute("DELETE FROM insights_scorewindow WHERE promoters = 0 AND passives = 0 AND detractors = 0")
