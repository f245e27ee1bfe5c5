"""What stands behind each measure of the journey: every order, invoice, case that counts, with what it counts for.

There is one definition of a measure, here. The sums are made of these rows (`services.journey`), and so are the pages
that show what is behind a figure: the two cannot differ. Each source yields the columns account_id, day, measure, hits,
total, ref, opens and id: the day (UTC) says in which month it counts; `ref` is the public number of the `noun`, `opens`
that of the order, delivery or case it is looked at with.

1. Needs met: of what accounts told us they lack, by the day they told it, what is in the range now.
2. Questions: of questions about products that were answered or declined, by the day asked, those answered in time.
3. Quotes: offered at the latest on the second working day (Monday to Friday) after they were asked for; of those
   offered and decided, accepted ones. Price matches: of those decided, granted ones. All by the day they were
   asked for.
4. Orders, by the day they were placed, without imported history and what was declined: those that neither a rep nor a
   quote placed; of those somebody had to agree to, what was decided within 24 hours; those cancelled, or with a line
   that was called off in whole or in part. Of their lines with a promise, those that slipped and did not come in time
   after all.
5. Deliveries, by the day the last part came, once nothing of the line (of the order) is under way, as
   `fulfilment.rules.otif` has it: lines on or before the first promise, of those with one; lines on time and in full;
   orders perfect in all their lines. Fill rate: units received by the first promise, of units ordered.
6. Invoices, by the day of issue: with a credit note; whose order has a case caused by the invoice; of those on account
   that are settled, paid in full by the day they were due.
7. Cases, by the day they were opened: answered by the day that was promised, of those answered or out of time; opened
   again, of those that were resolved once; proven, of those resolved that owe a proof.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from apps.core.scoping import Actor

_UTC = "(s.{0} AT TIME ZONE 'UTC')::date"
_NEEDS = """
SELECT s.account_id, s.told_on AS day, 'met' AS measure, (n.state = 'in_range')::int AS hits, 1 AS total,
    n.name::text AS ref, n.id::text AS opens, s.id
FROM insights_needmention s JOIN insights_need n ON n.id = s.need_id WHERE {where}
"""
_QUESTIONS = f"""
SELECT s.account_id, {_UTC.format("asked_at")} AS day, 'questions' AS measure,
    (s.answered_at <= s.answer_by)::int AS hits, 1 AS total, p.sku::text AS ref, s.id::text AS opens, s.id
FROM cases_productquestion s JOIN catalogue_product p ON p.id = s.product_id
WHERE s.state <> 'waiting' AND s.answered_at IS NOT NULL AND {{where}}
"""
_QUOTES = f"""
SELECT q.account_id, q.day, m.measure, m.hits, m.total, q.number::text AS ref, q.number::text AS opens, q.id
FROM (
    SELECT s.id, s.account_id, s.number, s.status, s.requested_at, {_UTC.format("requested_at")} AS day, coalesce(
        (SELECT min(v.made_at) FROM ordering_quoteversion v WHERE v.quote_id = s.id AND v.side = 'rep'), s.offered_at
    ) AS offered_at
    FROM ordering_quote s WHERE {{where}}
) q CROSS JOIN LATERAL (VALUES
    ('quoted', coalesce((q.offered_at AT TIME ZONE 'UTC')::date <= q.day + CASE extract(isodow FROM q.day)
        WHEN 4 THEN 4 WHEN 5 THEN 4 WHEN 6 THEN 3 ELSE 2 END, false)::int,
        (q.offered_at IS NOT NULL OR q.status IN ('withdrawn', 'expired'))::int),
    ('won', (q.status = 'accepted')::int,
        (q.offered_at IS NOT NULL AND q.status IN ('accepted', 'declined', 'expired'))::int)
) m (measure, hits, total) WHERE m.total > 0
"""
_MATCHES = f"""
SELECT s.account_id, {_UTC.format("asked_at")} AS day, 'matched' AS measure, (s.state = 'granted')::int AS hits,
    1 AS total, p.sku::text AS ref, s.id::text AS opens, s.id
FROM pricing_pricematch s JOIN catalogue_product p ON p.id = s.product_id
WHERE s.state IN ('granted', 'declined') AND {{where}}
"""
_ORDERS = f"""
SELECT c.account_id, c.day, m.measure, m.hits, m.total, c.number::text AS ref, c.number::text AS opens, c.id
FROM (
    SELECT s.id, s.account_id, s.number, s.channel, s.status, s.placed_at, {_UTC.format("placed_at")} AS day,
        bool_or(l.cancelled_quantity > 0) AS cut, count(*) FILTER (WHERE l.promised_on IS NOT NULL) AS promised,
        count(*) FILTER (WHERE l.promised_on IS NOT NULL AND EXISTS (
            SELECT FROM fulfilment_slip p WHERE p.order_id = s.id AND p.order_line_id = l.id AND p.ending <> 'kept'
        )) AS slipped
    FROM ordering_order s JOIN ordering_orderline l ON l.order_id = s.id
    WHERE s.channel <> 'import' AND {{where}} GROUP BY s.id
) c LEFT JOIN (
    SELECT a.order_id, bool_and(a.state <> 'waiting') AS is_decided, max(a.decided_at) AS decided_at
    FROM ordering_order s JOIN ordering_approval a ON a.order_id = s.id WHERE {{where}} GROUP BY 1
) a ON a.order_id = c.id CROSS JOIN LATERAL (VALUES
    ('touchless', (c.channel NOT IN ('rep', 'quote'))::int, (c.status NOT IN ('awaiting_approval', 'declined'))::int),
    ('approved', coalesce(a.decided_at <= c.placed_at + interval '24 hours', false)::int,
        coalesce(a.is_decided, false)::int),
    ('changed', (c.status = 'cancelled' OR c.cut)::int, (c.status NOT IN ('awaiting_approval', 'declined'))::int),
    ('slipped', c.slipped::int, CASE WHEN c.status IN ('awaiting_approval', 'declined') THEN 0 ELSE c.promised::int END)
) m (measure, hits, total) WHERE m.total > 0
"""
_DELIVERIES = """
SELECT d.account_id, d.day, d.measure, d.hits, d.total, o.number::text AS ref, o.number::text AS opens, o.id
FROM (
    WITH chosen AS (SELECT DISTINCT s.order_id FROM fulfilment_deliveryfact s WHERE {where}), under_way AS (
        SELECT DISTINCT h.order_id, sl.order_line_id FROM chosen c
        JOIN fulfilment_shipment h ON h.order_id = c.order_id AND h.status IN ('planned', 'shipped')
        JOIN fulfilment_shipmentline sl ON sl.shipment_id = h.id
    ), lines AS (
        SELECT f.account_id, f.order_id, l.order_line_id, max(f.delivered_on) AS day, max(l.ordered) AS ordered,
            min(l.first_promised_on) IS NOT NULL AS promised,
            coalesce(max(f.delivered_on) <= min(l.first_promised_on), true) AS on_time,
            sum(l.delivered - l.missing) >= max(l.ordered) AS in_full,
            sum(l.damaged + l.wrong) = 0 AND bool_and(l.papers_right) AS right_state,
            coalesce(sum(l.delivered - l.missing) FILTER (
                WHERE l.first_promised_on IS NULL OR f.delivered_on <= l.first_promised_on), 0) AS in_time
        FROM chosen c JOIN fulfilment_deliveryfact f ON f.order_id = c.order_id
        JOIN fulfilment_linefact l ON l.fact_id = f.id GROUP BY 1, 2, 3
    ), verdicts AS (
        SELECT v.* FROM lines v LEFT JOIN under_way u ON u.order_line_id = v.order_line_id
        WHERE u.order_line_id IS NULL
    )
    SELECT v.account_id, v.order_id, max(v.day) AS day, m.measure, sum(m.hits)::bigint AS hits,
        sum(m.total)::bigint AS total
    FROM verdicts v CROSS JOIN LATERAL (VALUES
        ('kept', (v.promised AND v.on_time)::int, v.promised::int),
        ('fill', greatest(least(v.in_time, v.ordered), 0), v.ordered),
        ('otif', (v.on_time AND v.in_full)::int, 1)
    ) m (measure, hits, total)
    GROUP BY v.account_id, v.order_id, date_trunc('month', v.day), m.measure
    UNION ALL
    SELECT v.account_id, v.order_id, max(v.day), 'perfect', bool_and(v.on_time AND v.in_full AND v.right_state)::int, 1
    FROM verdicts v WHERE v.order_id NOT IN (SELECT u.order_id FROM under_way u) GROUP BY 1, 2
) d JOIN ordering_order o ON o.id = d.order_id WHERE d.total > 0 AND {day}
"""
_INVOICES = """
SELECT i.account_id, i.day, m.measure, m.hits, m.total, i.number::text AS ref, coalesce(o.number, '')::text AS opens,
    i.id
FROM (
    SELECT s.id, s.account_id, s.order_id, s.number, s.issued_on AS day,
        EXISTS (SELECT FROM invoicing_invoice n WHERE n.corrects_id = s.id) AS credited,
        EXISTS (SELECT FROM cases_case k WHERE k.order_id = s.order_id AND k.cause = 'invoice') AS disputed,
        s.payment_kind = 'account' AND s.paid = s.gross AS settled,
        s.gross <= (SELECT coalesce(sum(p.amount), 0) FROM invoicing_payment p
            WHERE p.invoice_id = s.id AND p.received_on <= s.due_on) AS in_time
    FROM invoicing_invoice s WHERE s.kind = 'invoice' AND {where}
) i LEFT JOIN ordering_order o ON o.id = i.order_id CROSS JOIN LATERAL (VALUES
    ('credited', i.credited::int, 1), ('disputed', i.disputed::int, 1),
    ('paid', (i.settled AND i.in_time)::int, i.settled::int)
) m (measure, hits, total) WHERE m.total > 0
"""
_CASES = f"""
SELECT s.account_id, {_UTC.format("opened_at")} AS day, m.measure, m.hits, m.total, s.number::text AS ref,
    s.number::text AS opens, s.id
FROM cases_case s CROSS JOIN LATERAL (VALUES
    ('answered', coalesce(s.answered_at <= s.answer_by, false)::int,
        (s.answered_at IS NOT NULL OR (s.acknowledged_at IS NOT NULL AND s.escalated >= 100))::int),
    ('reopened', (s.reopened_at IS NOT NULL)::int, (s.resolved_at IS NOT NULL OR s.reopened_at IS NOT NULL)::int),
    ('proven', (s.status = 'verified')::int, (s.status IN ('resolved', 'verified')
        AND (s.origin IN ('survey', 'delivery', 'house') OR s.cause = 'delivery'))::int)
) m (measure, hits, total) WHERE m.total > 0 AND s.merged_into_id IS NULL AND {{where}}
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a kind: the measures they count for, what they are called, and the column `s` counts a month by."""

    noun: str
    measures: tuple[str, ...]
    column: str
    is_instant: bool
    query: str

    def rows(self, *, of_accounts: bool, of_days: bool, visible: str = "TRUE") -> str:
        """The query of its rows: with `of_accounts` those of %(accounts)s, with `of_days` from %(since)s until
        %(until)s, both days; `visible` is a condition on `s.account_id`."""
        where = [visible]
        if of_accounts:
            where.append("s.account_id = ANY(%(accounts)s)")
        if of_days:
            ends = ("(%({0})s::date::timestamp AT TIME ZONE 'UTC')" if self.is_instant else "%({0})s::date").format
            where.append(f"s.{self.column} >= {ends('since')} AND s.{self.column} < {ends('until')}")
        day = "d.day >= %(since)s::date AND d.day < %(until)s::date" if of_days else "TRUE"
        return self.query.format(where=" AND ".join(where), day=day)


SOURCES = (
    Source("need", ("met",), "told_on", False, _NEEDS),
    Source("question", ("questions",), "asked_at", True, _QUESTIONS),
    Source("quote", ("quoted", "won"), "requested_at", True, _QUOTES),
    Source("price_match", ("matched",), "asked_at", True, _MATCHES),
    Source("order", ("touchless", "approved", "changed", "slipped"), "placed_at", True, _ORDERS),
    Source("delivery", ("kept", "fill", "otif", "perfect"), "delivered_on", False, _DELIVERIES),
    Source("invoice", ("credited", "disputed", "paid"), "issued_on", False, _INVOICES),
    Source("case", ("answered", "reopened", "proven"), "opened_at", True, _CASES),
)
SOURCE_OF = {measure: source for source in SOURCES for measure in source.measures}


class Behind(NamedTuple):
    """One thing that counts: of `total` that many `hits`. `noun` is that of its source, `opens` what its page takes."""

    noun: str
    account_number: str
    account: str
    day: date
    ref: str
    opens: str
    hits: int
    total: int
    id: int


def behind(
    actor: Actor,
    measure: str,
    *,
    since: date,
    until: date,
    account_id: int | None = None,
    segment: str = "",
    rep_id: int | None = None,
    against: int | None = None,
    before: tuple[date, int] | None = None,
    limit: int | None = 50,
) -> list[Behind]:
    """What a figure consists of, the latest first; those before (day, id). Of the accounts the actor may see: of one,
    of a segment, of a rep's.

    With the direction of the measure in `against`, only what counts against it. One query.
    """
    source = SOURCE_OF[measure]
    which, said = chosen(actor, "s.account_id", segment=segment, rep_id=rep_id)
    rows = source.rows(of_accounts=account_id is not None, of_days=True, visible=which)
    missed = {1: "b.hits < b.total", -1: "b.hits > 0"}.get(against, "TRUE")
    place = "(b.day, b.id) < (%(before_on)s, %(before_id)s)" if before else "TRUE"
    query = f"""
        SELECT acc.number, acc.name, b.day, b.ref, b.opens, b.hits::bigint, b.total::bigint, b.id
        FROM ({rows}) b JOIN accounts_account acc ON acc.id = b.account_id
        WHERE b.measure = %(measure)s AND {missed} AND {place}
        ORDER BY b.day DESC, b.id DESC {"LIMIT %(limit)s" if limit else ""}
    """
    on, pk = before or (None, None)
    said |= {"since": since, "until": until, "measure": measure, "accounts": [account_id], "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(query, said | {"before_on": on, "before_id": pk})
        return [Behind(source.noun, *row) for row in cursor.fetchall()]


def chosen(actor: Actor, column: str, *, segment: str = "", rep_id: int | None = None) -> tuple[str, dict]:
    """The condition that an account's id in `column` is one the actor may see, of a segment, of a rep's; and what the
    condition takes."""
    of = f"{column} IN (SELECT x.id FROM accounts_account x WHERE x.{{}} = %({{}})s)".format
    which = ["TRUE"]
    if not actor.sees_everything:
        if actor.account_id is not None:
            which.append(f"{column} = ANY(%(visible)s)")
        else:
            which.append(of("rep_id", "rep") if actor.rep_id is not None else "FALSE")
    if segment:
        which.append(of("segment", "segment"))
    if rep_id is not None:
        which.append(of("rep_id", "of_rep"))
    said = {"visible": list(actor.account_ids), "rep": actor.rep_id, "segment": segment, "of_rep": rep_id}
    return " AND ".join(which), said
