"""What can be promised, out of which lots, by when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.availability.rules import Demand, Lot, Source, Supply, allot, everything, promise

ON = date(2026, 3, 4)
NORTH, SOUTH, EAST = 1, 2, 3


def days(count):
    return ON + timedelta(days=count)


def stock(warehouse, free, priority=None):
    return Source("stock", 10 + warehouse, warehouse, free, warehouse if priority is None else priority)


def incoming(pk, free, due, warehouse=NORTH):
    return Source("incoming", pk, warehouse, free, warehouse, due_on=days(due))


def offer(pk, free, lead_days):
    return Source("supplier", pk, None, free, lead_days=lead_days)


def supply(*sources, lead_days=14, is_service=False):
    return Supply(sources, lead_days, home_id=NORTH, is_service=is_service)


def summary(promised):
    return [(lot.quantity, lot.source, lot.warehouse_id, (lot.ready_on - ON).days) for lot in promised.lots]


@pytest.mark.parametrize(
    ("sources", "quantity", "lots"),
    [
        pytest.param([stock(NORTH, 5)], 5, [(5, "stock", NORTH, 0)], id="just enough"),
        pytest.param([stock(NORTH, 3), stock(SOUTH, 5)], 5, [(5, "stock", SOUTH, 0)], id="one that fills it all"),
        pytest.param([stock(SOUTH, 9), stock(NORTH, 9)], 5, [(5, "stock", NORTH, 0)], id="the first of two"),
        pytest.param(
            [stock(SOUTH, 3), stock(NORTH, 3)], 5, [(3, "stock", NORTH, 0), (2, "stock", SOUTH, 0)], id="split"
        ),
        pytest.param([], 5, [(5, "sourced", NORTH, 14)], id="nothing anywhere"),
        pytest.param([stock(NORTH, -4)], 5, [(5, "sourced", NORTH, 14)], id="below safety stock"),
        pytest.param(
            [stock(NORTH, 2), incoming(7, 10, 5)], 5, [(2, "stock", NORTH, 0), (3, "incoming", NORTH, 5)], id="later"
        ),
        pytest.param([incoming(7, 9, 5), incoming(8, 9, 3)], 5, [(5, "incoming", NORTH, 3)], id="first due first"),
        pytest.param([incoming(7, 9, -2)], 5, [(5, "incoming", NORTH, 1)], id="overdue: expected tomorrow"),
        pytest.param([incoming(7, 9, 5), offer(3, 9, 4)], 5, [(5, "supplier", NORTH, 4)], id="a faster supplier"),
        pytest.param([incoming(7, 9, 4), offer(3, 9, 4)], 5, [(5, "incoming", NORTH, 4)], id="incoming first"),
        pytest.param([incoming(7, 9, 30)], 5, [(5, "sourced", NORTH, 14)], id="sourced sooner than it comes"),
        pytest.param(
            [stock(SOUTH, 1), incoming(7, 1, 2), offer(3, 1, 6)],
            5,
            [(1, "stock", SOUTH, 0), (1, "incoming", NORTH, 2), (1, "supplier", NORTH, 6), (2, "sourced", NORTH, 14)],
            id="from everywhere",
        ),
    ],
)  # fmt: skip
def test_lots(sources, quantity, lots):
    assert summary(promise(quantity, supply(*sources), ON)) == lots


def test_a_promise_says_what_is_on_hand_and_what_is_short():
    promised = promise(8, supply(stock(NORTH, 3), stock(SOUTH, 2), offer(3, 9, 6)), ON)

    assert (promised.on_hand, promised.short, promised.ready_on) == (5, 3, days(6))


def test_a_service_is_always_ready():
    promised = promise(3, supply(is_service=True), ON)

    assert promised.lots == (Lot(3, ON, "service", NORTH, None),)
    assert (promised.ready_on, promised.short) == (ON, 0)


def test_what_one_demand_takes_is_gone_for_the_next():
    supplies = {1: supply(stock(NORTH, 5), stock(SOUTH, 4))}
    lots = allot([Demand("A", 1, 4), Demand("B", 1, 4), Demand("C", 1, 4)], supplies, ON)

    assert [(lot.quantity, lot.warehouse_id, lot.source) for ref in "ABC" for lot in lots[ref]] == [
        (4, NORTH, "stock"), (4, SOUTH, "stock"), (1, NORTH, "stock"), (3, NORTH, "sourced"),
    ]  # fmt: skip


def test_services_go_with_the_goods():
    supplies = {1: supply(stock(SOUTH, 5)), 2: supply(is_service=True)}

    assert allot([Demand("A", 2, 1), Demand("B", 1, 5)], supplies, ON)["A"][0].warehouse_id == SOUTH
    assert allot([Demand("A", 2, 1)], supplies, ON)["A"][0].warehouse_id == NORTH


sources = st.lists(
    st.one_of(
        st.builds(stock, st.integers(1, 5), st.integers(-5, 20)),
        st.builds(incoming, st.integers(1, 99), st.integers(0, 20), st.integers(-5, 40), st.integers(1, 5)),
        st.builds(offer, st.integers(1, 99), st.integers(0, 20), st.integers(0, 40)),
    ),
    max_size=8,
    unique_by=lambda source: (source.kind, source.id),
)
quantities = st.integers(1, 60)


@given(sources, quantities, st.integers(0, 30))
def test_lots_add_up_and_take_no_more_than_is_free(found, quantity, lead_days):
    promised = promise(quantity, supply(*found, lead_days=lead_days), ON)
    free = {(source.kind, source.id): source.free for source in found}

    assert sum(lot.quantity for lot in promised.lots) == quantity
    assert all(lot.quantity > 0 for lot in promised.lots)
    assert all(lot.quantity <= free[lot.source, lot.source_id] for lot in promised.lots if lot.source_id)
    assert len({(lot.source, lot.source_id) for lot in promised.lots}) == len(promised.lots)
    assert ON <= promised.ready_on <= days(lead_days) or promised.ready_on == ON
    assert promised.short == max(quantity - promised.on_hand, 0)


@given(sources, quantities, quantities)
def test_more_is_never_ready_sooner(found, one, other):
    less, more = sorted((one, other))

    assert promise(less, supply(*found), ON).ready_on <= promise(more, supply(*found), ON).ready_on


@given(sources, quantities, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(found, quantity, random):
    assert promise(quantity, supply(*found), ON) == promise(quantity, supply(*random.sample(found, len(found))), ON)


def test_everything_there_is_ends_with_when_any_more_is_ready():
    sources = (stock(NORTH, 40), stock(SOUTH, -5), incoming(3, 200, 8), Source("supplier", 4, None, 25, lead_days=6))
    lots = everything(Supply(sources, lead_days=10, home_id=NORTH), ON)
    assert [(lot.quantity, lot.source, lot.ready_on) for lot in lots] == [
        (40, "stock", ON),
        (25, "supplier", days(6)),
        (200, "incoming", days(8)),
        (1, "sourced", days(10)),
    ]
