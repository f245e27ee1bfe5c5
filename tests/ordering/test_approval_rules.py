"""Whose yes an order needs, and whose turn it is: tables without a database."""

from datetime import date
from decimal import Decimal as D

import pytest

from apps.ordering.rules.approvals import (
    Allowance,
    Basket,
    Decider,
    Policy,
    Step,
    amount_under,
    asked_for,
    inherited,
    is_blocked,
    may_decide,
)
from apps.ordering.rules.periods import first_day, last_day

TOOLS, DRILLS, OILS = 1, 2, 3
DEPOT, OFFICE = 10, 11
YORK, LEEDS = 20, 21
MARTIN, ELLEN = 30, 31
LARGE = Policy("Large", (Step(D(500), "approver"), Step(D(5000), "administrator", ELLEN)))


def basket(net, *, tools=0, centre=DEPOT, ship_to=YORK):
    return Basket(D(net), {TOOLS: D(tools), DRILLS: D(tools)}, centre, frozenset({ship_to}))


@pytest.mark.parametrize(
    ("net", "more", "asked"),
    [
        (100, {}, []),
        (100, {"spend_limit": D(100)}, []),
        ("100.01", {"spend_limit": D(100)}, ["spend_limit approver"]),
        (100, {"spend_limit": D(0)}, ["spend_limit approver"]),
        # a period counts what was ordered in it before
        (100, {"allowances": [Allowance(D(1000), D(900), "month")]}, []),
        (101, {"allowances": [Allowance(D(1000), D(900), "month")]}, ["period_limit approver"]),
        (1, {"allowances": [Allowance(D(1000), D(2000), "year")]}, ["period_limit approver"]),
        # a budget asks only where it says so
        (101, {"budget": Allowance(D(1000), D(900), "month", "ask")}, ["budget approver"]),
        (101, {"budget": Allowance(D(1000), D(900), "month", "warn")}, []),
        (101, {"budget": Allowance(D(1000), D(900), "month", "block")}, []),
        (100, {"budget": Allowance(D(1000), D(900), "month", "ask")}, []),
        # several reasons, each said
        (
            200,
            {
                "spend_limit": D(100),
                "allowances": [Allowance(D(1), D(0), "month")],
                "budget": Allowance(D(0), D(0), "year"),
            },
            ["spend_limit approver", "period_limit approver", "budget approver"],
        ),
        # a chain: above 500 anybody, above 5000 Ellen as well
        (500, {"policies": [LARGE]}, []),
        ("500.01", {"policies": [LARGE]}, ["policy approver"]),
        (5001, {"policies": [LARGE]}, ["policy approver", "policy 31"]),
        # whoever has been asked is not asked again
        (5001, {"spend_limit": D(100), "policies": [LARGE]}, ["spend_limit approver", "policy 31"]),
        (5001, {"policies": [LARGE, LARGE]}, ["policy approver", "policy 31"]),
        # of two policies the lower amounts come first
        (
            9000,
            {"policies": [Policy("a", (Step(D(6000), "approver", MARTIN),)), LARGE]},
            ["policy approver", "policy 31", "policy 30"],
        ),
        # zero is every order
        (1, {"policies": [Policy("all", (Step(D(0)),))]}, ["policy approver"]),
        (0, {"policies": [Policy("all", (Step(D(0)),))]}, []),
    ],
)  # fmt: skip
def test_who_is_asked(net, more, asked):
    found = asked_for(basket(net), **more)
    assert [f"{each.reason} {each.contact_id or each.role}" for each in found] == asked


@pytest.mark.parametrize(
    ("policy", "amount"),
    [
        ({}, 900),
        ({"cost_centre_id": DEPOT}, 900),
        ({"cost_centre_id": OFFICE}, 0),
        ({"ship_to_id": YORK}, 900),
        ({"ship_to_id": LEEDS}, 0),
        ({"category_id": TOOLS}, 300),
        ({"category_id": DRILLS}, 300),
        ({"category_id": OILS}, 0),
        ({"category_id": TOOLS, "cost_centre_id": DEPOT, "ship_to_id": YORK}, 300),
        ({"category_id": TOOLS, "cost_centre_id": OFFICE}, 0),
    ],
)
def test_what_a_policy_looks_at(policy, amount):
    assert amount_under(Policy("p", (), **policy), basket(900, tools=300)) == amount


def test_a_policy_for_a_cost_centre_leaves_orders_without_one_alone():
    assert amount_under(Policy("p", (), cost_centre_id=DEPOT), basket(900, centre=None)) == 0


@pytest.mark.parametrize(
    ("net", "budget", "blocked"),
    [
        (101, Allowance(D(1000), D(900), "month", "block"), True),
        (100, Allowance(D(1000), D(900), "month", "block"), False),
        (101, Allowance(D(1000), D(900), "month", "ask"), False),
        (101, None, False),
    ],
)
def test_a_budget_that_refuses(net, budget, blocked):
    assert is_blocked(D(net), budget) is blocked


@pytest.mark.parametrize(
    ("lineage", "own_only", "holding"),
    [
        ((1,), (), (1,)),
        ((1, 2, 3), (), (1, 2, 3)),
        ((1, 2, 3), (3,), (3,)),
        ((1, 2, 3), (2,), (2, 3)),
        ((1, 2, 3), (1,), (1, 2, 3)),
        ((1, 2, 3), (2, 3), (3,)),
        ((1,), (1,), (1,)),
    ],
)
def test_which_accounts_policies_hold(lineage, own_only, holding):
    assert inherited(lineage, set(own_only)) == holding


def who(role, contact=99, user=199, stands_in=()):
    return Decider(role, contact, user, frozenset(stands_in))


@pytest.mark.parametrize(
    ("decider", "step", "theirs"),
    [
        # a step of a role
        (who("approver"), {"role": "approver", "contact_id": None}, True),
        (who("administrator"), {"role": "approver", "contact_id": None}, True),
        (who("approver"), {"role": "administrator", "contact_id": None}, False),
        (who("administrator"), {"role": "administrator", "contact_id": None}, True),
        (who("buyer"), {"role": "approver", "contact_id": None}, False),
        # a step of a person
        (who("approver", MARTIN), {"role": "administrator", "contact_id": MARTIN}, True),
        (who("approver", ELLEN), {"role": "administrator", "contact_id": MARTIN}, False),
        (who("administrator", ELLEN), {"role": "administrator", "contact_id": MARTIN}, False),
        # the same person at another account of theirs
        (who("approver", 98, 7), {"role": "administrator", "contact_id": MARTIN, "contact_user_id": 7}, True),
        (who("approver", 98, None), {"role": "administrator", "contact_id": MARTIN, "contact_user_id": None}, False),
        # their deputy of the day, also while they are there
        (who("approver", ELLEN, stands_in=[MARTIN]), {"role": "administrator", "contact_id": MARTIN}, True),
        (
            who("approver", ELLEN, stands_in=[MARTIN]),
            {"role": "administrator", "contact_id": MARTIN, "is_able": False},
            True,
        ),
        # who can decide no more, or ordered it: an administrator
        (who("approver", MARTIN), {"role": "administrator", "contact_id": MARTIN, "is_able": False}, False),
        (who("administrator", ELLEN), {"role": "administrator", "contact_id": MARTIN, "is_able": False}, True),
        (who("approver", ELLEN), {"role": "administrator", "contact_id": MARTIN, "is_able": False}, False),
    ],
)
def test_whose_step_it_is(decider, step, theirs):
    assert may_decide(decider, **step) is theirs


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        ("month", date(2026, 3, 4), date(2026, 3, 1), date(2026, 3, 31)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30)),
        ("quarter", date(2026, 12, 1), date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_runs_from_its_first_day_to_its_last(period, on, first, last):
    assert (first_day(period, on), last_day(period, on)) == (first, last)
