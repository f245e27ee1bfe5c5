"""Which deliveries kept what was promised, by the facts that were frozen and what a receiver reported of them since.

1. Late is what came after the first promise, short what came with less than was shipped or is reported missing; damaged
   and wrong (other goods, or papers that are not right) as received or reported. Perfect is what is none of these.
2. A delivery whose facts are not frozen yet counts by what was found when it was received: late, short, damaged.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from apps.core.scoping import Actor

#: The verdict on each delivery of a period: `account_id`, `late`, `short`, `damaged`, `wrong`. Only lines with a fault
#: are looked up, by an index of their own.
VERDICTS = """
SELECT s.id, s.account_id, s.delivered_at, coalesce(f.delivered_on > f.first_promised_on, s.is_late) AS late,
    s.is_short OR coalesce(bool_or(l.missing > 0), false) AS short,
    s.is_damaged OR coalesce(bool_or(l.damaged > 0), false) AS damaged,
    coalesce(bool_or(l.wrong > 0 OR NOT l.papers_right), false) AS wrong
FROM fulfilment_shipment s JOIN accounts_account acc ON acc.id = s.account_id
LEFT JOIN fulfilment_deliveryfact f ON f.shipment_id = s.id
LEFT JOIN fulfilment_linefact l ON l.fact_id = f.id
    AND (l.missing > 0 OR l.damaged > 0 OR l.wrong > 0 OR NOT l.papers_right)
WHERE s.status = 'delivered' AND s.delivered_at >= %(since)s AND s.delivered_at < %(until)s AND {whose}
GROUP BY s.id, f.id
"""
_BY = {
    "warehouse": """coalesce(f.warehouse_id, s.warehouse_id)
        = (SELECT w.id FROM availability_warehouse w WHERE w.code = %(warehouse)s)""",
    "carrier": "coalesce(f.carrier, s.carrier) = %(carrier)s",
}
_FAILED = "late OR short OR damaged OR wrong"


FAULTS = ("late", "short", "damaged", "wrong")


class Failed(NamedTuple):
    """A delivery that failed, and in which ways."""

    id: int
    number: str
    account_number: str
    account: str
    delivered_at: datetime
    late: bool
    short: bool
    damaged: bool
    wrong: bool


class Kept(NamedTuple):
    """How many deliveries there were, how many were late, short, damaged, wrong, and how many of all that not."""

    deliveries: int = 0
    late: int = 0
    short: int = 0
    damaged: int = 0
    wrong: int = 0
    kept: int = 0

    @property
    def perfect(self) -> float | None:
        """The share that kept everything; None where nothing was delivered."""
        return self.kept / self.deliveries if self.deliveries else None


def kept_in(
    actor: Actor, *, since: datetime, until: datetime, warehouse: str | None = None, carrier: str | None = None
) -> Kept:
    """Of the deliveries of a period that the actor may see, those of a warehouse (its code) or by a carrier if said.

    One query.
    """
    by = {way: of for way, of in (("warehouse", warehouse), ("carrier", carrier)) if of is not None}
    whose = " AND ".join([_whose(actor), *(_BY[way] for way in by)])
    query = f"""
        SELECT count(*)::int, (count(*) FILTER (WHERE late))::int, (count(*) FILTER (WHERE short))::int,
            (count(*) FILTER (WHERE damaged))::int, (count(*) FILTER (WHERE wrong))::int,
            (count(*) FILTER (WHERE NOT ({_FAILED})))::int
        FROM ({VERDICTS.format(whose=whose)}) v
    """
    said = {"since": since, "until": until, "accounts": list(actor.account_ids), "rep": actor.rep_id, **by}
    with connection.cursor() as cursor:
        cursor.execute(query, said)
        return Kept(*cursor.fetchone())


def failed_in(
    actor: Actor,
    *,
    since: datetime,
    until: datetime,
    fault: str = "",
    before: tuple[datetime, int] | None = None,
    limit: int | None = 50,
) -> list[Failed]:
    """The deliveries of a period that failed, with one of `FAULTS` or any, the latest first; those before
    (instant, id).

    Of what the actor may see, and as many as `kept_in` counts. One query.
    """
    how = fault if fault in FAULTS else _FAILED
    place = "(v.delivered_at, v.id) < (%(before_at)s, %(before_id)s)" if before else "TRUE"
    query = f"""
        SELECT v.id, s.number, acc.number, acc.name, v.delivered_at, v.late, v.short, v.damaged, v.wrong
        FROM ({VERDICTS.format(whose=_whose(actor))}) v JOIN fulfilment_shipment s ON s.id = v.id
        JOIN accounts_account acc ON acc.id = v.account_id WHERE ({how}) AND {place}
        ORDER BY v.delivered_at DESC, v.id DESC {"LIMIT %(limit)s" if limit else ""}
    """
    said = {"since": since, "until": until, "accounts": list(actor.account_ids), "rep": actor.rep_id, "limit": limit}
    before_at, before_id = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(query, said | {"before_at": before_at, "before_id": before_id})
        return [Failed(*row) for row in cursor.fetchall()]


def _whose(actor: Actor) -> str:
    if actor.sees_everything:
        return "TRUE"
    if actor.account_id is not None:
        return "acc.id = ANY(%(accounts)s)"
    return "acc.rep_id = %(rep)s" if actor.rep_id is not None else "FALSE"
