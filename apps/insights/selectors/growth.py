"""Earned growth, from what accounts were invoiced in two years."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from apps.core.scoping import Actor
from apps.insights import rules
from apps.insights.selectors.account_sums import Sums, days_of, rows_of
from apps.insights.selectors.rolled import asked_by, whose
from apps.ordering.selectors.revenue import LeftOut

_LATE_BEGIN = timedelta(days=30)
_KNOWN, _WAS, _IS = "cardinality(t.invoiced_in) = 0", "t.invoices_before > 0", "t.invoices_year > 0"
_NEW = "t.first_invoiced_on >= %(year)s"
_SUMS = (
    ("invoiced_before", _KNOWN),
    ("invoiced_year", f"{_KNOWN} AND {_WAS}"),
    ("invoiced_year", f"{_KNOWN} AND NOT {_WAS} AND {_NEW}"),
    ("invoiced_year", f"{_KNOWN} AND NOT {_WAS} AND NOT {_NEW}"),
)
_COUNTS = (
    f"{_KNOWN} AND {_WAS} AND {_IS}",
    f"{_KNOWN} AND {_WAS} AND NOT {_IS}",
    f"{_KNOWN} AND NOT {_WAS} AND {_IS} AND {_NEW}",
    f"NOT {_KNOWN}",
)


@dataclass(frozen=True, slots=True)
class Grown:
    """Growth over a year, None where the invoices that are kept do not reach back over the year before: since when they
    do; and the accounts it leaves out, because nothing says what their currency is worth."""

    growth: rules.Growth | None
    invoiced_since: date | None
    left_out: LeftOut


def growth_of(actor: Actor, sums: Sums, *, now: datetime) -> Grown:
    """Of the accounts the actor may see. One query."""
    days = days_of(now.astimezone(UTC).date())
    columns = [f"coalesce(sum(t.{column}) FILTER (WHERE {which}), 0)" for column, which in _SUMS]
    columns += [f"(count(*) FILTER (WHERE {which}))::int" for which in _COUNTS]
    query = f"""
        SELECT min(t.first_invoiced_on), coalesce(string_agg(array_to_string(t.invoiced_in, ' '), ' '), ''),
            {", ".join(columns)}
        FROM accounts_account acc JOIN {sums.rows} t ON t.account_id = acc.id WHERE {whose(actor)}
    """
    ((first, currencies, *told, unknown),) = rows_of(query, asked_by(actor) | days | sums.said)
    if first is None or first > days["before"] + _LATE_BEGIN:
        return Grown(None, first, LeftOut())
    return Grown(rules.growth(*told), first, LeftOut(unknown, tuple(sorted(set(currencies.split())))))
