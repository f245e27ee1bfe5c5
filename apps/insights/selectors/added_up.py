"""What many accounts said and ordered, added up in the database: as many rows as are shown, however many accounts.

The interval of a score needs of its accounts only sums (`feedback.rules.Clusters`), and so does what they said weighted
by what they ordered (`feedback.rules.Weights`). What they ordered is of `account_sums`; an account for whose currency
there is no rate of exchange is left out altogether, as in `ordering.selectors.revenue`.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from apps.accounts.models import Contact
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.feedback import rules
from apps.feedback.selectors import Weighted
from apps.fulfilment.selectors.kept import Kept
from apps.insights.selectors.account_sums import Sums, rows_of
from apps.insights.selectors.rolled import asked_by, key_of, said_by, whose
from apps.ordering.selectors.revenue import LeftOut

KNOWN = "t.orders > 0 AND cardinality(t.ordered_in) = 0"
KNOWN_YEAR = "t.orders_year > 0 AND cardinality(t.ordered_year_in) = 0"
_N, _VALUES = "(v.p + v.s + v.d)", "(v.p - v.d)"
_VOICED = f"""coalesce(sum(v.p), 0)::int, coalesce(sum(v.s), 0)::int, coalesce(sum(v.d), 0)::int, count(*)::int,
    coalesce(sum({_N} * {_N}), 0)::bigint, coalesce(sum({_N} * {_VALUES}), 0)::bigint,
    coalesce(sum({_VALUES} * {_VALUES}), 0)::bigint"""
_WORTH = "t.ordered::float8"
_WEIGHED = f"""coalesce(sum({_WORTH}) FILTER (WHERE {KNOWN}), 0),
    coalesce(sum({_WORTH} * {_WORTH} / {_N}) FILTER (WHERE {KNOWN}), 0),
    coalesce(sum({_WORTH} * {_VALUES} / {_N}) FILTER (WHERE {KNOWN}), 0),
    coalesce(sum(t.ordered) FILTER (WHERE {KNOWN}), 0), (count(*) FILTER (WHERE {KNOWN}))::int"""
_UNTOLD = "v.d > 0 AND t.ordered_year_in <> '{}'"
_STAKE = f"""coalesce(sum(t.ordered_year) FILTER (WHERE v.d > 0 AND {KNOWN_YEAR}), 0),
    (count(*) FILTER (WHERE v.d > 0 AND {KNOWN_YEAR}))::int, (count(*) FILTER (WHERE {_UNTOLD}))::int,
    coalesce(string_agg(array_to_string(t.ordered_year_in, ' '), ' ') FILTER (WHERE {_UNTOLD}), '')"""
_VOICES = """
voices AS (
    SELECT {key} AS key, said.account_id, sum(said.promoters) AS p, sum(said.passives) AS s, sum(said.detractors) AS d
    FROM said JOIN accounts_account acc ON acc.id = said.account_id WHERE {whose} GROUP BY 1, 2
)
"""


class Row(NamedTuple):
    """What the accounts of one row said: their answers, how many they are, the sums of `rules.Clusters` over them; and
    the sums of `rules.Weights`, what those of them ordered that ordered, and how many these are."""

    key: object
    promoters: int = 0
    passives: int = 0
    detractors: int = 0
    accounts: int = 0
    n_n: int = 0
    n_total: int = 0
    total_total: int = 0
    revenue: float = 0.0
    squares: float = 0.0
    values: float = 0.0
    ordered: Decimal = ZERO
    ordering: int = 0

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def nps(self) -> rules.Nps:
        """With its cluster-robust interval."""
        total = self.promoters - self.detractors
        clusters = rules.Clusters(self.accounts, self.n, total, self.n_n, self.n_total, self.total_total)
        return rules.summary(self.promoters, self.passives, self.detractors, clusters)

    @property
    def weights(self) -> rules.Weights:
        return rules.Weights(self.revenue, self.squares, self.values)


def together(rows: Iterable[Row]) -> Row:
    """The sums of rows of different accounts."""
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    return Row(None, *sums)


def said_in(actor: Actor, *, since: datetime, until: datetime) -> Row:
    """What was said in a period, without what was ordered. One query."""
    query = f"""
        WITH {said_by("role")}, {_VOICES.format(key="NULL", whose=whose(actor))} SELECT NULL, {_VOICED} FROM voices v
    """
    return Row(*rows_of(query, asked_by(actor, since, until))[0])


class Stake(NamedTuple):
    """What accounts ordered within a year, in the house's currency, and how many they are; of how many that cannot be
    told, and the currencies for which there is no rate."""

    total: Decimal = ZERO
    accounts: int = 0
    unknown: int = 0
    currencies: str = ""

    @property
    def left_out(self) -> LeftOut:
        return LeftOut(self.unknown, tuple(sorted(set(self.currencies.split()))))


def said_by_rep(
    actor: Actor, sums: Sums, *, since: datetime, until: datetime, which: str = "TRUE"
) -> list[tuple[Row, Stake]]:
    """What the accounts of each rep said in a period, and what the unhappy of them ordered; those of which a condition
    on their sums `t` holds. One query."""
    query = f"""
        WITH {said_by("role")}, {_VOICES.format(key="acc.rep_id", whose=whose(actor))}
        SELECT {_STAKE}, v.key, {_VOICED}, {_WEIGHED}
        FROM voices v LEFT JOIN {sums.rows} t ON t.account_id = v.account_id WHERE {which} GROUP BY v.key
    """
    rows = rows_of(query, asked_by(actor, since, until) | sums.said)
    return [(Row(*row[4:]), Stake(*row[:4])) for row in rows]


def all_at_stake(stakes: Iterable[Stake]) -> Stake:
    """The sums of those of different accounts."""
    stakes = list(stakes)
    sums = (sum(getattr(each, name) for each in stakes) for name in ("total", "accounts", "unknown"))
    return Stake(*sums, " ".join(each.currencies for each in stakes))


def roles_heard(actor: Actor, sums: Sums | None = None, *, since: datetime, until: datetime) -> int:
    """In how many roles something was said in a period; with `sums` by accounts that ordered lately. One query."""
    ordered = f"JOIN {sums.rows} t ON t.account_id = acc.id AND t.orders > 0" if sums else ""
    query = f"""
        WITH {said_by("role")} SELECT count(DISTINCT said.key)::int
        FROM said JOIN accounts_account acc ON acc.id = said.account_id {ordered}
        WHERE said.key <> '' AND {whose(actor)}
    """
    return rows_of(query, asked_by(actor, since, until) | (sums.said if sums else {}))[0][0]


class Bought(NamedTuple):
    """Of the accounts of a rep: the active ones, those that ordered in 90 days and what; of how many that cannot be
    told, and the currencies for which there is no rate."""

    rep_id: int | None
    active: int
    ordering: int
    ordered: Decimal
    unknown: int
    currencies: str

    @property
    def left_out(self) -> LeftOut:
        return LeftOut(self.unknown, tuple(sorted(set(self.currencies.split()))))


def bought_by_rep(actor: Actor, sums: Sums) -> list[Bought]:
    """One query."""
    query = f"""
        SELECT acc.rep_id, (count(*) FILTER (WHERE acc.is_active))::int, (count(*) FILTER (WHERE {KNOWN}))::int,
            coalesce(sum(t.ordered) FILTER (WHERE {KNOWN}), 0),
            (count(*) FILTER (WHERE t.ordered_in <> '{{}}'))::int,
            coalesce(string_agg(array_to_string(t.ordered_in, ' '), ' ') FILTER (WHERE t.ordered_in <> '{{}}'), '')
        FROM accounts_account acc LEFT JOIN {sums.rows} t ON t.account_id = acc.id
        WHERE {whose(actor)} GROUP BY 1
    """
    return [Bought(*row) for row in rows_of(query, asked_by(actor) | sums.said)]


def all_bought(rows: Iterable[Bought]) -> Bought:
    """The sums of those of all reps."""
    rows = list(rows)
    sums = (sum(getattr(row, name) for row in rows) for name in ("active", "ordering", "ordered", "unknown"))
    return Bought(None, *sums, " ".join(row.currencies for row in rows))


def weighted_nps(said: Row, bought: Bought, roles: int) -> Weighted:
    """NPS by revenue with its coverage, of what accounts said and all of them bought."""
    weighted = said.weights.weighted
    return Weighted(
        score=100 * weighted[0] if weighted and said.n >= rules.MINIMUM_ANSWERS else None,
        n_eff=weighted[1] if weighted else 0.0,
        coverage=rules.coverage(
            revenue_answered=said.ordered,
            revenue=bought.ordered,
            accounts_answered=said.ordering,
            accounts=bought.ordering,
            roles_answered=roles,
            roles=len(Contact.Role.values),
        ),
        left_out=bought.left_out,
    )


def weighted_of_ordering(actor: Actor, sums: Sums, *, since: datetime, until: datetime) -> Weighted:
    """The same of what those accounts said in a period that ordered in the last 90 days. Three queries."""
    said = {"since": since, "until": until}
    rows = [row for row, _stake in said_by_rep(actor, sums, **said, which="t.orders > 0")]
    return weighted_nps(together(rows), all_bought(bought_by_rep(actor, sums)), roles_heard(actor, sums, **said))


def kept_lately(actor: Actor, sums: Sums) -> Kept:
    """Which deliveries of 90 days kept what was promised. One query."""
    columns = ", ".join(f"coalesce(sum(t.{name}), 0)::int" for name in Kept._fields)
    query = f"""
        SELECT {columns} FROM accounts_account acc JOIN {sums.rows} t ON t.account_id = acc.id WHERE {whose(actor)}
    """
    return Kept(*rows_of(query, asked_by(actor) | sums.said)[0])


def said_by_way(
    actor: Actor, way: str, sums: Sums | None, *, since: datetime, until: datetime, **only
) -> tuple[list[Row], int]:
    """What was said in a period by one of `rolled.WAYS`, the rows with the most answers first, and how many rows there
    are: without `sums` nothing of what was ordered; of `keys` only; at most `limit` rows, of equal ones those that come
    first by their names. One query.
    """
    keys, limit = only.get("keys"), only.get("limit")
    weighed = f", {_WEIGHED}" if sums else ""
    joined = f"LEFT JOIN {sums.rows} t ON t.account_id = v.account_id" if sums else ""
    name = "(SELECT top.name FROM accounts_account top WHERE top.id = v.key::bigint)" if way == "tree" else "v.key"
    query = f"""
        WITH {said_by(way)}, {_VOICES.format(key=key_of(way), whose=whose(actor))}
        SELECT count(*) OVER ()::int, v.key, {_VOICED}{weighed} FROM voices v {joined}
        {"WHERE v.key = ANY(%(keys)s)" if keys is not None else ""}
        GROUP BY v.key ORDER BY sum({_N}) DESC, {name} COLLATE "C" {"LIMIT %(limit)s" if limit else ""}
    """
    said = asked_by(actor, since, until, way) | (sums.said if sums else {}) | {"keys": keys, "limit": limit}
    rows = rows_of(query, said)
    return [Row(*row) for _total, *row in rows], rows[0][0] if rows else 0


def ordered_by_way(actor: Actor, way: str, sums: Sums, keys: list[str]) -> dict[str, Decimal]:
    """What all accounts of each of these rows ordered, by a way of which rows consist of accounts. One query."""
    query = f"""
        SELECT {key_of(way)} AS key, sum(t.ordered)
        FROM accounts_account acc JOIN {sums.rows} t ON t.account_id = acc.id
        WHERE {KNOWN} AND {whose(actor)} AND {key_of(way)} = ANY(%(keys)s) GROUP BY 1
    """
    return dict(rows_of(query, asked_by(actor) | sums.said | {"keys": keys}))
