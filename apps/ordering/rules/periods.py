"""The months, quarters and years by which limits and budgets run, from the first day to the last."""

from datetime import date, timedelta

MONTH, QUARTER, YEAR = "month", "quarter", "year"
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


def first_day(period: str, on: date) -> date:
    """The first day of the month, quarter or year that `on` lies in."""
    months = _MONTHS[period]
    return date(on.year, (on.month - 1) // months * months + 1, 1)


def last_day(period: str, on: date) -> date:
    """The last day of the month, quarter or year that `on` lies in."""
    first, months = first_day(period, on), _MONTHS[period]
    year, month = divmod(first.month - 1 + months, 12)
    return date(first.year + year, month + 1, 1) - timedelta(days=1)
