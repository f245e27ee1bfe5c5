"""NPS by account tree, segment, role, persona, rep, warehouse, carrier, supplier or category, each as sure as it is.

1. A row is what was said in the last 90 days; its change is to the 90 days before, where chance does not explain it.
2. By revenue, each account's answers in the row count by all it ordered in the period, in the house's currency.
3. Heard is the share of what was ordered that comes from accounts that said something in the row: of what the accounts
   of the row ordered where it consists of accounts (tree, segment, rep), else of what all of them ordered.
4. Under ten answers a row has counts and no score, by revenue neither.
5. A large house's tables are kept as the manager's figures are (`selectors.house`); by role and persona, whose
   names are words of the reader's language, never.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Q

from apps.accounts.models import Account, Contact, Rep
from apps.availability.models import Warehouse
from apps.catalogue.models import Category
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback.models import Answer
from apps.insights import rules
from apps.insights.selectors.account_sums import sums_of
from apps.insights.selectors.added_up import (
    Row,
    all_bought,
    bought_by_rep,
    ordered_by_way,
    said_by_way,
)
from apps.insights.selectors.house import KEPT_FOR
from apps.insights.selectors.rolled import PARTS, WAYS
from apps.ordering.selectors.revenue import LeftOut

OF_ACCOUNTS = ("tree", "segment", "rep")
KEPT_WAYS = tuple(way for way in WAYS if way not in ("role", "persona"))


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A row of the table. `name` is empty where it is not known; `weighted` in points; `heard` a share from 0 to 1,
    None where nothing was ordered; `accounts` how many said something."""

    key: str
    name: str
    nps: scores.Nps
    before: scores.Nps
    change: float | None
    weighted: float | None
    n_eff: float
    heard: float | None
    accounts: int


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """The rows, those with the most answers first, how many there are in all, the accounts whose currency has no rate,
    and as of when."""

    rows: tuple[ScoreRow, ...]
    total: int
    left_out: LeftOut
    as_of: datetime


def scoreboard_of(actor: Actor, way: str, *, now: datetime, limit: int | None = None) -> Scoreboard:
    """The last 90 days by one of `rolled.WAYS`, of what the actor may see, at most ten minutes old.

    Six queries at most; nothing but the cache where kept.
    """
    kept = cache.get(scores_kept_as(way)) if actor.sees_everything and way in KEPT_WAYS else None
    if kept and now - kept.as_of < KEPT_FOR:
        return replace(kept, rows=kept.rows[:limit])
    return scoreboard_reckoned(actor, way, now=now, limit=limit)


def scores_kept_as(way: str) -> str:
    """The name under which a table of the whole house is kept."""
    return f"insights.scores.{way}"


def scoreboard_reckoned(actor: Actor, way: str, *, now: datetime, limit: int | None = None) -> Scoreboard:
    """The same as of `now`."""
    sums, last = sums_of(actor, now=now), rules.period("now", now)
    said, total = said_by_way(actor, way, sums, **last._asdict(), limit=limit if way == "tree" else None)
    keys = [row.key for row in said]
    earlier, _total = said_by_way(actor, way, None, **rules.period("before", now)._asdict(), keys=keys)
    before, bought = {row.key: row for row in earlier}, all_bought(bought_by_rep(actor, sums))
    ordered = ordered_by_way(actor, way, sums, keys) if way in OF_ACCOUNTS else dict.fromkeys(keys, bought.ordered)
    names = _names(way, keys)
    each = ((row, before.get(row.key, Row(None)), ordered.get(row.key, ZERO)) for row in said)
    rows = [_row(names.get(row.key, ""), row, then, worth) for row, then, worth in each]
    rows.sort(key=lambda row: (-row.nps.n, row.name))
    return Scoreboard(tuple(rows[:limit]), total, bought.left_out, now)


def answers_behind(
    actor: Actor, way: str, key: str, *, since: datetime, before: tuple[datetime, int], limit: int = 25
) -> list[Answer]:
    """The answers of a row, newest first, with account, contact and shipment: those before (instant, id). One query."""
    at, pk = before
    earlier = Q(answered_at__lt=at) | Q(answered_at=at, pk__lt=pk)
    said = Answer.objects.nps().visible_to(actor).filter(_behind(way, key), earlier, answered_at__gte=since)
    return list(said.select_related("account", "contact", "shipment", "order").order_by("-answered_at", "-pk")[:limit])


def name_of(way: str, key: str) -> str:
    """What a row is called; empty where that is not known. One query at most."""
    return _names(way, [key]).get(key, "")


def _behind(way: str, key: str) -> Q:
    if way in PARTS:
        return Q(counted__parts__contains=[f"{way}:{key}"])
    if way == "tree":
        return Q(account__path__startswith=f"/{key}/")
    if way == "rep":
        return Q(account__rep_id=key) if key.isdecimal() else Q(account__rep=None)
    return Q(counted__role=key) if way == "role" else Q(account__segment=key)


def _row(name: str, said: Row, before: Row, ordered: Decimal) -> ScoreRow:
    now, then, weighted = said.nps, before.nps, said.weights.weighted
    return ScoreRow(
        key=said.key,
        name=name,
        nps=now,
        before=then,
        change=scores.change_shown(then, now),
        weighted=100 * weighted[0] if weighted and now.score is not None else None,
        n_eff=weighted[1] if weighted else 0.0,
        heard=float(said.ordered / ordered) if ordered > 0 else None,
        accounts=said.accounts,
    )


def _names(way: str, keys: Iterable[str]) -> dict[str, str]:
    ids = [int(key) for key in keys if key.isdecimal()]
    if way == "tree":
        return _texts(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    if way == "rep":
        return _texts(Rep.objects.filter(pk__in=ids).values_list("pk", "user__name"))
    if way == "category":
        return _texts(Category.objects.filter(pk__in=ids).values_list("pk", "name"))
    if way == "warehouse":
        return _texts(Warehouse.objects.filter(code__in=list(keys)).values_list("code", "name"))
    if way in ("role", "persona"):
        named = {"role": Contact.Role, "persona": Contact.Persona}[way]
        return {key: str(named(key).label) for key in keys if key in named.values}
    return {key: key for key in keys}


def _texts(rows: Iterable[tuple]) -> dict[str, str]:
    return {str(key): name for key, name in rows}
