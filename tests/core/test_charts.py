"""Where bars and lines stand."""

from decimal import Decimal

from apps.core import charts


def test_the_greatest_bar_fills_the_height_and_all_stand_on_the_ground():
    chart = charts.bars(("a", "b", "c"), (5, Decimal(10), -3), ("5", "10", "−3"), width=300, height=100)
    assert [(bar.y, bar.height) for bar in chart.bars] == [(50, 50), (0, 100), (100, 0)]
    assert [bar.x for bar in chart.bars] == [12, 112, 212]


def test_no_bars_and_only_zeros_draw_nothing():
    assert charts.bars((), (), ()).bars == ()
    assert charts.bars(("a",), (0,), ("0",)).bars[0].height == 0


def test_a_sparkline_runs_from_foot_to_head():
    spark = charts.sparkline((1, 2, 3), width=96, height=24)
    assert spark.points == "3,21 48,12 93,3"
    assert (spark.last_x, spark.last_y) == (93, 3)


def test_a_sparkline_of_one_figure_or_none_is_a_point():
    assert charts.sparkline((7,)).points == "3,21"
    assert charts.sparkline(()).points == "3,21"
