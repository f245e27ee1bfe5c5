"""What becomes of suggestions: shown, clicked, put into the cart, ordered.

1. Shown is what was really seen, clicked what was opened from there. Each counts once a day for a contact, a product, a
   kind and a place, however often it happens; so does what was put into the cart.
2. Where the form says from which suggestion a product comes, it was put into the cart from that. Else from the one that
   was clicked last, or else shown last, within `ADD_WITHIN` days; from none where there is no such.
3. A line of an order comes from the suggestion from which its product was put into the cart last, or else clicked,
   within `BUY_WITHIN` days before; of the one who ordered before that of a colleague. What was put into the cart once
   was ordered once; where that order was cancelled or declined, by the one that replaces it. Orders that place
   themselves, and call-offs, come from none.
4. Who acts for a contact, a machine, and who only looks leave no trace.

One statement for any number of products. Whatever is sent here that makes no sense is left out: nobody waits for it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from apps.core.scoping import Actor
from apps.ordering.models import Order
from apps.recommendations.models import SuggestionKind, SuggestionPlace

ADD_WITHIN, BUY_WITHIN = 7, 14  # days
MOST_AT_ONCE = 100
MOST_A_DAY = 1000  # traces of a contact: beyond that nobody looks at what they are shown
STEPS = ("shown", "clicked", "added")
_NOT_CHOSEN = (Order.Channel.STANDING, Order.Channel.BLANKET, Order.Channel.IMPORTED)
_NOT_BOUGHT = (Order.Status.CANCELLED, Order.Status.DECLINED)


class Noted(NamedTuple):
    """That something was done with a suggestion: a step of `STEPS`, its kind and place, the SKU."""

    step: str
    kind: str
    place: str
    sku: str


_BY_DAY = """
INSERT INTO recommendations_suggestionday AS d ("on", kind, place, shown, clicked, added)
SELECT %(on)s, kind, place, count(*) FILTER (WHERE %(step)s = 'shown'), count(*) FILTER (WHERE %(step)s = 'clicked'),
    count(*) FILTER (WHERE %(step)s = 'added')
FROM new GROUP BY kind, place ORDER BY kind, place
ON CONFLICT ("on", kind, place) DO UPDATE SET (shown, clicked, added) =
    (d.shown + EXCLUDED.shown, d.clicked + EXCLUDED.clicked, d.added + EXCLUDED.added)
"""
_SAID = f"""
WITH new AS (
    INSERT INTO recommendations_suggestiontrace AS t
        (account_id, contact_id, product_id, kind, place, touched_at, {{step}}_on)
    SELECT DISTINCT %(account)s, %(contact)s, p.id, s.kind, s.place, %(now)s::timestamptz, %(on)s::date
    FROM unnest(%(skus)s::text[], %(kinds)s::text[], %(places)s::text[]) AS s (sku, kind, place)
    JOIN catalogue_product p ON p.sku = s.sku
    WHERE {MOST_A_DAY} > (
        SELECT count(*) FROM recommendations_suggestiontrace WHERE contact_id = %(contact)s AND {{step}}_on = %(on)s)
    ORDER BY p.id
    ON CONFLICT (contact_id, product_id, kind, place) DO UPDATE
    SET ({{step}}_on, touched_at) = (EXCLUDED.{{step}}_on, EXCLUDED.touched_at)
    WHERE t.{{step}}_on IS NULL OR t.{{step}}_on < EXCLUDED.{{step}}_on
    RETURNING kind, place
)
{_BY_DAY}
"""
_FOUND = f"""
WITH latest AS (
    SELECT DISTINCT ON (product_id) id FROM recommendations_suggestiontrace
    WHERE contact_id = %(contact)s
        AND product_id IN (SELECT id FROM catalogue_product WHERE sku = ANY(%(skus)s))
        AND greatest(shown_on, clicked_on) >= %(on)s::date - {ADD_WITHIN}
    ORDER BY product_id, CASE WHEN clicked_on >= %(on)s::date - {ADD_WITHIN} THEN clicked_on END DESC NULLS LAST,
        touched_at DESC, id DESC
), new AS (
    UPDATE recommendations_suggestiontrace t SET (added_on, touched_at) = (%(on)s::date, %(now)s)
    FROM latest WHERE t.id = latest.id AND (t.added_on IS NULL OR t.added_on < %(on)s)
    RETURNING t.kind, t.place
)
{_BY_DAY}
"""
_BOUGHT = f"""
INSERT INTO recommendations_suggestionsale (line_id, account_id, contact_id, kind, place, "on")
SELECT DISTINCT ON (l.id) l.id, t.account_id, t.contact_id, t.kind, t.place, %(on)s::date
FROM ordering_orderline l
JOIN recommendations_suggestiontrace t ON t.account_id = %(account)s AND t.product_id = l.product_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.clicked_on BETWEEN %(on)s::date - {BUY_WITHIN} AND %(on)s THEN t.clicked_on END,
        CASE WHEN t.added_on BETWEEN %(on)s::date - {BUY_WITHIN} AND %(on)s THEN t.added_on END
) AS lately (clicked_on, added_on)
WHERE l.order_id = %(order)s AND l.quantity > 0
    AND greatest(lately.clicked_on, lately.added_on) IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM recommendations_suggestionsale s JOIN ordering_orderline sl ON sl.id = s.line_id
        JOIN ordering_order so ON so.id = sl.order_id
        WHERE s.account_id = t.account_id AND sl.product_id = l.product_id AND sl.order_id <> l.order_id
            AND sl.quantity > 0 AND so.status <> ALL(%(not_bought)s)
            AND s."on" >= greatest(lately.clicked_on, lately.added_on))
ORDER BY l.id, (t.contact_id = %(contact)s) DESC, lately.added_on DESC NULLS LAST, lately.clicked_on DESC NULLS LAST,
    t.id DESC
ON CONFLICT DO NOTHING
"""


def note_suggestions(actor: Actor, noted: Iterable[Noted], *, now: datetime) -> None:
    """Keep what a contact saw, opened or took. What is no suggestion is left out.

    A statement for each step there is; at most `MOST_AT_ONCE` are looked at.
    """
    if not _leaves_traces(actor):
        return
    known = [each for each in list(noted)[:MOST_AT_ONCE] if _is_one(each)]
    for step in STEPS:
        if of_step := [each for each in known if each.step == step]:
            lists = {f"{name}s": [getattr(each, name) for each in of_step] for name in ("sku", "kind", "place")}
            _count(_SAID.format(step=step), actor, step, now, **lists)


def note_added(actor: Actor, skus: Iterable[str], source: str, *, now: datetime) -> None:
    """Products were put into the cart, from the suggestion that `source` names ("kind:place"; else see 2).

    One statement, whatever the number; none for nobody.
    """
    kind, _colon, place = source.partition(":")
    if kind in SuggestionKind.values and place in SuggestionPlace.values:
        note_suggestions(actor, [Noted("added", kind, place, sku) for sku in skus], now=now)
    elif _leaves_traces(actor):
        _count(_FOUND, actor, "added", now, skus=list(skus))


@transaction.atomic
def note_bought(number: str) -> int:
    """Which lines of the order a suggestion led to; how many are new. Safe to repeat."""
    order = Order.objects.filter(number=number).exclude(channel__in=_NOT_CHOSEN).exclude(status__in=_NOT_BOUGHT).first()
    if order is None:
        return 0
    values = {"order": order.pk, "account": order.account_id, "contact": order.contact_id}
    values["not_bought"] = [status.value for status in _NOT_BOUGHT]
    with connection.cursor() as cursor:
        cursor.execute(_BOUGHT, {**values, "on": timezone.localdate(order.placed_at)})
        return cursor.rowcount


def _leaves_traces(actor: Actor) -> bool:
    return actor.contact_id is not None and actor.account_id is not None and actor.acting_for is None


def _is_one(each: Noted) -> bool:
    return each.kind in SuggestionKind.values and each.place in SuggestionPlace.values


def _count(statement: str, actor: Actor, step: str, now: datetime, **values) -> None:
    about = {"account": actor.account_id, "contact": actor.contact_id, "step": step, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**about, **values, "on": timezone.localdate(now)})
