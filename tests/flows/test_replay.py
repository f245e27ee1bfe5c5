"""A part of a real wholesaler's day, from the order to the payment, and its books to the penny."""

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from apps.fulfilment.models import Shipment
from apps.ordering.models import Order
from tests.bench.replay.play import month_of, play

REAL = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail.csv.gz"
DAY = date(2011, 11, 14)
ROWS = 40

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
MADE_UP = """\
1,MUG,TIN MUG,6,2011-11-14 08:26:00,2.55,1,United Kingdom
1,MUG,TIN MUG,4,2011-11-14 08:26:00,2.10,1,United Kingdom
1,LAN,LANTERN,10,2011-11-14 08:26:00,0.375,1,United Kingdom
2,MUG,TIN MUG,24,2011-11-14 09:00:00,2.10,2,France
3,LAN,LANTERN,3,2011-11-14 10:00:00,0.39,1,United Kingdom
C4,LAN,LANTERN,-3,2011-11-14 11:00:00,0.39,1,United Kingdom
C5,MUG,TIN MUG,-2,2011-11-16 11:00:00,2.55,1,United Kingdom
C6,NVR,NEVER BOUGHT,-1,2011-11-16 11:00:00,2.55,2,France
"""


@pytest.fixture(autouse=True)
def _by_the_day_itself(settings):
    """What reactions would do is done by the replay, at its own hours."""
    settings.REACTIONS = {}


@pytest.mark.django_db
def test_returns_call_off_what_has_not_left_and_credit_what_has(tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(f"{HEAD}\n{MADE_UP}")
    outcome = play(file, DAY, date(2011, 11, 16), lambda words: None)
    assert outcome.differences == 0, "\n".join(outcome.books)
    assert outcome.returns == {"in": 6, "called_off": 3, "credited": 2, "before": 1}
    assert (outcome.orders, outcome.lines) == (4, 5)  # the mug at two prices is on two orders
    assert dict(Order.objects.values_list("idempotency_key", "status")) == {
        "1": "delivered", "1-2": "delivered", "2": "delivered", "3": "cancelled",
    }  # fmt: skip
    again = play(file, DAY, date(2011, 11, 16), lambda words: None)
    assert (again.days, again.differences, Order.objects.count()) == (0, 0, 4)


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.exists(), reason=f"the real export is not at {REAL}")
def test_a_part_of_a_busy_day_adds_up(tmp_path):
    file = tmp_path / "lines.csv"
    with gzip.open(REAL, "rt", newline="") as text, file.open("w", newline="") as part:
        rows = csv.reader(text)
        todays = [next(rows), *(row for row in rows if row[4][:10] == DAY.isoformat() and row[6])]
        csv.writer(part).writerows(todays[:ROWS])
    outcome = play(file, DAY, DAY, lambda words: None)
    assert outcome.differences == 0, "\n".join(outcome.books)
    assert not Order.objects.exclude(status__in=("delivered", "cancelled", "shipped", "confirmed")).exists()
    assert Shipment.objects.filter(status="delivered").exists()


def test_a_month_has_a_first_and_a_last_day():
    assert month_of("2011-12") == (date(2011, 12, 1), date(2011, 12, 31))
    assert month_of("2011-11", 2) == (date(2011, 11, 1), date(2011, 11, 2))
