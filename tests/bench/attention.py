"""Whom a rep should call: of the money that a real wholesaler's customers no longer brought, how much a ranking finds.

1. On the first of each month from April to August 2011, customers with orders on three days or more are ranked by what
   is known on that day.
2. Lost is what a customer ordered in the 180 days before (or since the history begins), as a sum for 90 days, less what
   it ordered in the 90 days after; nothing where that is more.
3. Gone is the same of those alone that then ordered nothing at all in the 90 days.
4. Figures are the share of all that was lost with the first 20 and 50, of all that was gone with the first 50, and NDCG
   of the first 50 with what was lost as the gain: the mean of the five months. The error of a difference is that of 500
   samples of the customers, the same for both rankings.
5. `own` is `insights.rules.at_stake`; recency the days since the last order, rhythm the days beyond the usual gap,
   revenue what was ordered in a year.
"""

import csv
import gzip
import math
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import mean, stdev
from typing import NamedTuple

from apps.insights.rules.lapsing import at_stake, chance_of_lapsing
from apps.ordering.rules.rhythms import Rhythm, rhythm_of
from tests.bench.figures import Figure, Plan

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.csv.gz"
CUTS = tuple(date(2011, month, 1) for month in range(4, 9))
BEFORE, AFTER = timedelta(days=180), timedelta(days=90)
LEAST_DAYS, SAMPLES = 3, 500
WAYS = ("own", "recency", "rhythm", "revenue", "random")
Sales = dict[str, dict[date, float]]


class Customer(NamedTuple):
    """What each ranking says of a customer on a day, what was lost with it then, and what was foretold."""

    scores: dict[str, float]
    lost: float
    gone: float
    chance: float
    is_gone: bool


def measure(plan: Plan) -> list[Figure]:
    file = Path(os.environ.get("BENCH_SALES_HISTORY", FILE))
    if not file.exists():
        plan.say(f"attention: there is no {file.name}; BENCH_SALES_HISTORY may name it")
        return []
    sales = read(file)
    months = [customers_on(sales, cut) for cut in CUTS]
    told = f"{sum(map(len, months)):,} customers on {len(CUTS)} days"
    found = [
        Figure("attention", f"{way}_{name}", round(mean(reckon(month, way) for month in months), 3), "", "", told)
        for name, reckon in FIGURES.items()
        for way in WAYS
    ]
    return [*found, *_differences(months), *_foretold(months)]


def read(file: Path) -> Sales:
    """Customer -> day -> what it ordered: lines with a customer, a quantity and a price, nothing that was cancelled."""
    sales: Sales = defaultdict(lambda: defaultdict(float))
    with gzip.open(file, "rt", encoding="utf-8", errors="replace", newline="") as lines:
        for line in csv.DictReader(lines):
            worth = max(float(line["Quantity"]), 0.0) * max(float(line["UnitPrice"]), 0.0)
            if line["CustomerID"] in ("", "NA") or line["InvoiceNo"].startswith("C") or not worth:
                continue
            sales[line["CustomerID"]][date.fromisoformat(line["InvoiceDate"][:10])] += worth
    return sales


def customers_on(sales: Sales, cut: date) -> list[Customer]:
    """Everybody with enough days to be judged, by what was known on the morning of `cut`."""
    begins = min(min(days) for days in sales.values())
    known = [(days, sorted(day for day in days if day < cut)) for days in sales.values()]
    known = [(days, past) for days, past in known if len(past) >= LEAST_DAYS]
    rhythms = [rhythm_of(past, cut) for _days, past in known]
    mean_gap = sum(each.days for each in rhythms) / sum(each.gaps for each in rhythms)
    chance = random.Random(cut.toordinal())
    return [
        _customer(days, past, rhythm, cut, begins, mean_gap, chance.random())
        for (days, past), rhythm in zip(known, rhythms, strict=True)
    ]


def _customer(
    days: dict[date, float], past: list[date], rhythm: Rhythm, cut: date, begins: date, mean_gap: float, drawn: float
) -> Customer:
    silent, a_year = (cut - rhythm.last_on).days, sum(days[day] for day in past if day >= cut - timedelta(days=365))
    chance = chance_of_lapsing(rhythm.recent_gaps, rhythm.recent_days, silent, mean_gap)
    before, since = sum(days[day] for day in past if day >= cut - BEFORE), min(BEFORE, cut - begins)
    after = sum(net for day, net in days.items() if cut <= day < cut + AFTER)
    scores = {
        "own": float(at_stake(Decimal(round(a_year)), chance)), "recency": silent, "rhythm": silent - rhythm.usual_gap,
        "revenue": a_year, "random": drawn,
    }  # fmt: skip
    lost = max(before * (AFTER / since) - after, 0.0)
    return Customer(scores, lost, 0.0 if after else lost, chance, after == 0)


def _first(customers: Sequence[Customer], way: str, many: int) -> list[Customer]:
    return sorted(customers, key=lambda one: -one.scores[way])[:many]


def _caught(what: str, first: int):
    def share(customers: Sequence[Customer], way: str) -> float:
        found, all_ = (sum(getattr(each, what) for each in some) for some in (_first(customers, way, first), customers))
        return found / all_

    return share


def _ndcg(customers: Sequence[Customer], way: str, first: int = 50) -> float:
    def gain(lost) -> float:
        return sum(value / math.log2(place + 2) for place, value in enumerate(lost))

    best = sorted((each.lost for each in customers), reverse=True)[:first]
    return gain(each.lost for each in _first(customers, way, first)) / gain(best)


FIGURES = {
    "lost_in_20": _caught("lost", 20),
    "lost_in_50": _caught("lost", 50),
    "gone_in_50": _caught("gone", 50),
    "ndcg_50": _ndcg,
}


def _differences(months: Sequence[Sequence[Customer]]) -> Iterator[Figure]:
    chance = random.Random(1)
    samples = [[chance.choices(month, k=len(month)) for month in months] for _ in range(SAMPLES)]
    for name, reckon in FIGURES.items():
        for other in ("recency", "revenue"):
            differences = [mean(reckon(month, "own") - reckon(month, other) for month in sample) for sample in samples]
            whole = mean(reckon(month, "own") - reckon(month, other) for month in months)
            error = stdev(differences)
            aim = "over 2 errors" if other == "recency" else ""
            note = f"error {error:.4f}, {whole / error:.1f} of them"
            yield Figure("attention", f"own_less_{other}_{name}", round(whole, 4), "", aim, note)


def _foretold(months: Sequence[Sequence[Customer]]) -> Iterator[Figure]:
    everybody = [each for month in months for each in month]
    gone, foretold = mean(each.is_gone for each in everybody), mean(each.chance for each in everybody)
    yield Figure("attention", "ordered_nothing_foretold", round(foretold, 3), "", f"{gone:.3f}", "what came true")
