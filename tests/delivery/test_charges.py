"""What a delivery costs: rate tables, zones, pallets, and what is beyond them."""

from decimal import Decimal

import pytest

from apps.delivery.rules import Goods, RateRow, Rates, charge, refused

D = Decimal
TABLE = (
    RateRow(D(5), up_to_kg=D(5)),
    RateRow(D(9), up_to_kg=D(30), up_to_m3=D("0.5")),
    RateRow(D(7), up_to_kg=D(30), from_net=D(200)),
    RateRow(D(12), per_kg=D("0.50"), zone_id=1, up_to_kg=D(30)),
    RateRow(D(20), zone_id=2, up_to_kg=D(10)),
)
RATES = Rates(D(99), D(0), None, D(0), None, table=TABLE)


def goods(weight, volume="0", net="10"):
    return Goods((), D(weight), D(volume), D(net))


@pytest.mark.parametrize(
    ("what", "depths", "costs"),
    [
        (goods("5"), {}, "5"),
        (goods("5.01"), {}, "9"),
        (goods("5.01", net="200"), {}, "7"),
        (goods("10"), {1: 2}, "17"),
        (goods("10"), {1: 2, 2: 4}, "20"),
        (goods("10"), {9: 4}, "9"),
    ],
)
def test_the_row_of_the_place_that_holds_the_goods_and_is_the_cheapest_counts(what, depths, costs):
    assert charge(RATES, what, currency="GBP", depths=depths) == (D(costs), None)


@pytest.mark.parametrize(
    ("what", "depths"), [(goods("31"), {}), (goods("20", "0.6"), {}), (goods("11"), {2: 4}), (goods("31"), {1: 1})]
)
def test_what_no_row_holds_is_refused(what, depths):
    assert refused(RATES, what, depths) == "beyond_rates"


@pytest.mark.parametrize(
    ("weight", "volume", "pallets"), [("1", "0", 1), ("500", "0", 1), ("501", "0", 2), ("1", "3.7", 3)]
)
def test_pallets_are_filled_by_weight_or_volume(weight, volume, pallets):
    rates = Rates(D(0), D(0), None, D(0), None, D(500), D("1.8"), (RateRow(D(20), per_pallet=D(30)),))

    assert rates.pallets(goods(weight, volume)) == pallets
    assert charge(rates, goods(weight, volume), currency="GBP")[0] == 20 + 30 * pallets


def test_a_rate_table_knows_the_free_value_as_well():
    rates = Rates(D(0), D(0), D(150), D(0), None, table=TABLE)

    assert charge(rates, goods("3", net="100"), currency="GBP") == (D(5), D(50))
    assert charge(rates, goods("3", net="150"), currency="GBP") == (D(0), None)
