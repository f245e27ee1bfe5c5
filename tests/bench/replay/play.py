"""`python -m tests.bench.replay.play FILE MONTH [DAYS]`: the days of a month one by one; what became of it as JSON.

It goes on where an earlier run over the same database was stopped.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

#: Days after the last order, in which what waited comes and goes.
AFTERWARDS = 7


@dataclass
class Outcome:
    """Lines of goods, days and seconds of this run; each pair of the books; what became of returns."""

    lines: int = 0
    orders: int = 0
    days: int = 0
    seconds: float = 0.0
    books: list[str] = field(default_factory=list)
    differences: int = 0
    returns: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def play(file: Path, first: date, last: date, say: Callable[[str], None]) -> Outcome:
    """Every day from `first` to `last`, and some afterwards; then the books."""
    from apps.core.scoping import Actor
    from tests.bench.replay.books import reconcile, returns_of
    from tests.bench.replay.days import ZONE, Day
    from tests.bench.replay.month import read_month
    from tests.bench.replay.setting import set_up

    month = read_month(file, first, last)
    stage = set_up(
        month,
        Actor(role="operations", name="Operations"),
        first=first,
        now=datetime.combine(first, datetime.min.time(), ZONE),
    )
    sales, returns = (
        {on: list(rows) for on, rows in groupby(each, key=lambda one: one.at.astimezone(ZONE).date())}
        for each in (month.sales, month.returns)
    )
    outcome, started = Outcome(), time.perf_counter()
    until = last + timedelta(days=AFTERWARDS)
    for n in range((until - first).days + 1):
        day = Day(stage, first + timedelta(days=n))
        if day.is_done:
            continue
        todays = sales.get(day.on, [])
        day.run(todays, returns.get(day.on, []), is_last=day.on > last)
        outcome.days += 1
        outcome.lines += sum(sale.rows for sale in todays)
        outcome.orders += len(todays)
        say(f"{day.on}: {len(todays)} orders; {time.perf_counter() - started:.0f} s")
    outcome.seconds = time.perf_counter() - started
    books = reconcile(month, stage)
    outcome.books = [str(entry) for entry in books]
    outcome.differences = sum(bool(entry.difference) for entry in books)
    outcome.returns = returns_of(month)
    outcome.counts = month.kinds | _counts()
    return outcome


def _counts() -> dict[str, int]:
    from apps.fulfilment.models import CarrierMessage, Shipment, Wave
    from apps.invoicing.models import Invoice
    from apps.ordering.models import Order

    rows = (Order, Wave, Shipment, CarrierMessage, Invoice)
    return {model._meta.model_name: model.objects.count() for model in rows}


def month_of(text: str, days: int = 0) -> tuple[date, date]:
    """The first and the last day of "2011-11", or of its first `days`."""
    first = date.fromisoformat(f"{text}-01")
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, min(last, first + timedelta(days=days - 1)) if days else last


def main(file: str, month: str, days: str = "0") -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.REACTIONS = {}  # what reactions would do is done by the day itself, at its own hours
    outcome = play(Path(file), *month_of(month, int(days)), lambda words: print(f"  {words}", file=sys.stderr))
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main(*sys.argv[1:])
