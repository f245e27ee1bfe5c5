"""What a series of times is told as."""

import pytest

from tests.bench.__main__ import BENCHES, main
from tests.bench.figures import Figure, as_json, over_rounds, p50, p95, table


@pytest.mark.parametrize(
    ("values", "half", "most"),
    [([7.0], 7, 7), ([3.0, 1.0, 2.0], 2, 3), (list(range(1, 21)), 10, 19), (list(range(1, 101)), 50, 95)],
)
def test_percentiles(values, half, most):
    assert (p50(values), p95(values)) == (half, most)


def test_the_median_of_rounds_forgives_one_bad_round():
    assert over_rounds([[1.0, 2.0, 3.0], [900.0] * 3, [2.0, 3.0, 4.0]], p50) == 3


def test_a_table_and_json():
    figures = [Figure("orders", "per_s", 51.25, "/s", "40"), Figure("orders", "oversold", 0, "pieces", "0")]

    assert table(figures).splitlines()[1].split() == ["orders", "per_s", "51.25", "/s", "40"]
    assert as_json(figures)[1] == {
        "bench": "orders", "figure": "oversold", "value": 0, "unit": "pieces", "aim": "0", "note": "",
    }  # fmt: skip


def test_without_a_name_the_benches_are_listed(capsys):
    assert main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(BENCHES)
