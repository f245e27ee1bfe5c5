"""Each answer is counted into the sums exactly once, and moved where it changes.

1. The answer is locked, then its row among the counted is written, and what that changed is added to the sums: one
   statement, so all of it happens or nothing.
2. Who counts the same answer at the same time waits for the lock, finds the value as it is, and adds nothing. Who comes
   late with an older task still counts what the answer says now.
3. Rows are written in one order, so that two who count do not wait for one another in a circle.
4. What nobody told of (an answer older than the sums, an event that was lost) is found by `count_missed`.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from apps.feedback.models import Answer

_LOT = 5000
_SAID = """
said AS (
    SELECT a.id, a.account_id, date_trunc('month', a.answered_at AT TIME ZONE 'UTC')::date AS month,
        coalesce(c.role, '') AS role, coalesce(c.persona, '') AS persona,
        CASE WHEN a.score >= 9 THEN 1 WHEN a.score >= 7 THEN 0 ELSE -1 END AS value,
        a.shipment_id
    FROM feedback_answer a LEFT JOIN accounts_contact c ON c.id = a.contact_id
    WHERE a.kind = 'nps' AND {which}
    ORDER BY a.id FOR NO KEY UPDATE OF a
), counted AS (
    INSERT INTO insights_countedanswer AS k (answer_id, account_id, month, role, parts, value, has_persona)
    SELECT said.id, said.account_id, said.month, said.role, ARRAY(
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
    ), said.value, TRUE
    FROM said ORDER BY said.id
    ON CONFLICT (answer_id) DO UPDATE SET was = k.value, value = EXCLUDED.value WHERE k.value <> EXCLUDED.value
    RETURNING account_id, month, role, parts, value, was
), moved AS (
    SELECT account_id, month, role, parts,
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
_COUNT = f"""
WITH {_SAID}, months AS (
    INSERT INTO insights_scoremonth AS m (account_id, month, role, promoters, passives, detractors)
    SELECT account_id, month, role, sum(promoters), sum(passives), sum(detractors) FROM moved
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="role")}
), parts AS (
    INSERT INTO insights_scorepart AS m (account_id, month, part, promoters, passives, detractors)
    SELECT account_id, month, part, sum(promoters), sum(passives), sum(detractors) FROM moved, unnest(parts) AS part
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="part")}
)
SELECT count(*) FROM counted
"""
# What was counted before answers were told by persona gets that part, and its sum gets it.
_PERSONAS = f"""
WITH old AS (
    SELECT answer_id FROM insights_countedanswer WHERE NOT has_persona ORDER BY answer_id LIMIT %(lot)s
    FOR NO KEY UPDATE
), told AS (
    UPDATE insights_countedanswer k SET has_persona = TRUE, parts = k.parts || who.part FROM (
        SELECT old.answer_id, ('persona:' || coalesce(c.persona, ''))::varchar AS part
        FROM old JOIN feedback_answer a ON a.id = old.answer_id LEFT JOIN accounts_contact c ON c.id = a.contact_id
    ) who WHERE k.answer_id = who.answer_id RETURNING k.account_id, k.month, k.value, who.part
), parts AS (
    INSERT INTO insights_scorepart AS m (account_id, month, part, promoters, passives, detractors)
    SELECT account_id, month, part, count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = 0),
        count(*) FILTER (WHERE value = -1)
    FROM told GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 {_ADD.format(by="part")}
)
SELECT count(*) FROM told
"""
_RECKON = f"WITH {_SAID} SELECT count(*) FROM moved"
_SUMS = """
INSERT INTO insights_{table} (account_id, month, {by}, promoters, passives, detractors)
SELECT account_id, month, {by}, count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = 0),
    count(*) FILTER (WHERE value = -1)
FROM insights_countedanswer{unnested} GROUP BY account_id, month, {by} ORDER BY account_id, month, {by}
"""


@transaction.atomic
def count_answers(answer_ids: Iterable[int]) -> int:
    """Count these answers, or move those that changed; how many were counted or moved. Safe to repeat. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(which="a.id = ANY(%(ids)s)"), {"ids": sorted(answer_ids)})
        return cursor.fetchone()[0]


def count_missed() -> int:
    """Count the answers that are not counted yet, or not by persona, a lot at a time; how many."""
    counted = 0
    while told := _tell_personas():
        counted += told
    while lot := list(Answer.objects.nps().filter(counted=None).order_by("pk").values_list("pk", flat=True)[:_LOT]):
        counted += count_answers(lot)
    return counted


@transaction.atomic
def _tell_personas() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_PERSONAS, {"lot": _LOT})
        return cursor.fetchone()[0]


@transaction.atomic
def rebuild_scores() -> int:
    """Count all answers and make the sums anew from them; how many answers are counted.

    Who counts meanwhile waits; who reads sees the sums of before until all is done.
    """
    while _tell_personas():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # years of answers take longer than a page may
        cursor.execute("LOCK TABLE insights_countedanswer, insights_scoremonth, insights_scorepart IN EXCLUSIVE MODE")
        cursor.execute(_RECKON.format(which="TRUE").replace("FOR NO KEY UPDATE OF a", ""))
        cursor.execute("DELETE FROM insights_scoremonth")
        cursor.execute("DELETE FROM insights_scorepart")
        cursor.execute(_SUMS.format(table="scoremonth", by="role", unnested=""))
        cursor.execute(_SUMS.format(table="scorepart", by="part", unnested=", unnest(parts) AS part"))
        cursor.execute("SELECT count(*) FROM insights_countedanswer")
        return cursor.fetchone()[0]
