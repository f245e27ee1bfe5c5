"""Blanket orders: what is behind, what may be called off, and what becomes of the rest."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing
from apps.catalogue.errors import QuantityRefused
from apps.core.models import Event
from apps.ordering import services
from apps.ordering.errors import BlanketNotFound, BlanketRefused, CallOffRefused, WrongStatus
from apps.ordering.models import BlanketLine, Order
from apps.ordering.rules.blankets import pace, warns_from
from apps.ordering.selectors import blanket_for, blankets_behind, blankets_of
from apps.ordering.services import blankets
from tests.ordering.trade import actor, fill

START, END = date(2026, 1, 1), date(2026, 4, 11)  # a hundred days


@pytest.mark.parametrize(
    ("called", "day", "state", "expected", "missing", "would_be_left"),
    [
        (0, -5, "not_begun", 0, 0, 1000),
        (0, 0, "on_pace", 0, 0, 1000),
        (0, 10, "on_pace", 100, 100, 1000),  # the first tenth of the term: too early to say
        (0, 11, "behind", 110, 110, 1000),
        (11, 11, "on_pace", 110, 99, 900),
        (400, 50, "on_pace", 500, 100, 200),  # a tenth behind is nothing
        (399, 50, "behind", 500, 101, 202),
        (500, 50, "on_pace", 500, 0, 0),
        (900, 50, "on_pace", 500, 0, 0),
        (1000, 50, "done", 500, 0, 0),
        (899, 100, "behind", 1000, 101, 101),  # the last day is still a day
        (900, 100, "on_pace", 1000, 100, 100),
        (900, 101, "over", 1000, 100, 100),
        (1000, 200, "done", 1000, 0, 0),
        (1000, -5, "done", 0, 0, 0),
    ],
)
def test_the_pace(called, day, state, expected, missing, would_be_left):
    found = pace(1000, called, START, END, START + timedelta(days=day))
    assert (found.state, found.expected, found.missing, found.would_be_left) == (
        state,
        expected,
        missing,
        would_be_left,
    )


@pytest.mark.parametrize(("days", "before"), [(365, 30), (150, 30), (100, 20), (10, 2), (4, 0)])
def test_the_end_is_told_beforehand(days, before):
    assert warns_from(START, START + timedelta(days=days)) == START + timedelta(days=days - before)


@pytest.fixture
def accepted(world):
    return accepted_quote(world)


def accepted_quote(world):
    """A quote over bolts and oil that Anna accepted."""
    fill(world, world.anna, (world.bolt, 1000), (world.oil, 2))
    quote = services.request_quote(actor(world.anna), now=world.now)
    prices = dict(zip(quote.lines.order_by("id").values_list("pk", flat=True), (D("0.12"), D(30)), strict=True))
    services.offer_quote(actor(world.rhea), quote, prices=prices, valid_until=world.today, now=world.now)
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "key": "q"}
    services.accept_quote(actor(world.anna), quote, **wish, now=world.now)
    return quote


def agree(world, quote, quantities=(5000, 20), who=None, **more):
    lines = quote.lines.order_by("id").values_list("pk", flat=True)
    term = {"starts_on": world.today, "ends_on": world.today + timedelta(days=100)} | more
    by_line = dict(zip(lines, quantities, strict=True))
    return blankets.make_blanket_order(actor(who or world.rhea), quote, quantities=by_line, **term, now=world.now)


@pytest.fixture
def blanket(world, accepted):
    return agree(world, accepted, name="Bolts 2026")


def call(world, blanket, bolts=None, oil=None, who=None, key="c-1", now=None):
    bolt, can = blanket.lines.order_by("pk")
    wished = {line.pk: quantity for line, quantity in ((bolt, bolts), (can, oil)) if quantity is not None}
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "key": key, "now": now or world.now}
    return blankets.call_off(actor(who or world.anna), blanket, quantities=wished, **wish)


def left(blanket):
    return [line.left for line in BlanketLine.objects.filter(blanket=blanket)]


def test_a_call_off_is_an_order_at_the_agreed_price(world, blanket):
    order = call(world, blanket, bolts=1000, oil=1)
    assert [(line.unit_price, line.price_source, line.price_source_ref) for line in order.lines.all()] == [
        (D("0.1200"), "blanket", blanket.number),
        (D("30.0000"), "blanket", blanket.number),
    ]
    assert (order.channel, left(blanket)) == ("blanket", [4000, 19])
    assert call(world, blanket, bolts=1000, oil=1) == order and left(blanket) == [4000, 19], "a second click"


def test_approvals_hold_and_what_is_declined_is_left_again(world, blanket):
    order = call(world, blanket, bolts=5000, oil=20)
    assert (order.status, left(blanket)) == ("awaiting_approval", [0, 0])
    services.decline(actor(world.boris), order, now=world.now)
    assert left(blanket) == [5000, 20]


def test_what_is_cancelled_is_left_again_once(world, blanket):
    order = call(world, blanket, oil=3)
    services.cancel_order(actor(world.anna), order, now=world.now)
    with pytest.raises(WrongStatus):
        services.cancel_order(actor(world.anna), order, now=world.now)
    assert left(blanket) == [5000, 20]


@pytest.mark.parametrize(
    ("wished", "refusal"),
    [
        ({"bolts": 5100}, CallOffRefused),
        ({"bolts": 150}, QuantityRefused),  # sold in hundreds
        ({"oil": 0}, QuantityRefused),
        ({"oil": "-3"}, QuantityRefused),
        ({"oil": "2.5"}, QuantityRefused),
        ({}, CallOffRefused),
    ],
)
def test_what_cannot_be_called_off(world, blanket, wished, refusal):
    before = Order.objects.count()
    with pytest.raises(refusal):
        call(world, blanket, **wished)
    assert left(blanket) == [5000, 20] and Order.objects.count() == before


def test_the_rest_may_be_less_than_a_step(world, accepted):
    odd = agree(world, accepted, quantities=(250, 0))
    line = odd.lines.get()
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "now": world.now}
    blankets.call_off(actor(world.anna), odd, quantities={line.pk: 200}, key="a", **wish)
    rest = blankets.call_off(actor(world.anna), odd, quantities={line.pk: 50}, key="b", **wish)
    assert rest.lines.get().quantity == 50 and left(odd) == [0]


def test_only_in_its_term_and_only_by_its_account(world, blanket):
    for days, words in ((-1, "not begun"), (101, "has ended")):
        with pytest.raises(CallOffRefused, match=words):
            call(world, blanket, oil=1, now=world.now + timedelta(days=days))
    with pytest.raises(BlanketNotFound):
        call(world, blanket, oil=1, who=world.xaver)
    with pytest.raises(BlanketNotFound):
        blanket_for(actor(world.xaver), blanket.number, world.today)
    with pytest.raises(PermissionMissing):
        call(world, blanket, oil=1, who=world.fiona)
    assert not blankets_of(actor(world.ruben), world.today)


def test_only_the_rep_makes_one_and_once_of_an_accepted_quote(world, accepted):
    with pytest.raises(PermissionMissing):
        agree(world, accepted, who=world.anna)
    with pytest.raises(BlanketNotFound):
        agree(world, accepted, who=world.ruben)
    for wrong in ({"ends_on": world.today}, {"ends_on": world.today + timedelta(days=3000)}, {"quantities": (0, 0)}):
        with pytest.raises(BlanketRefused):
            agree(world, accepted, **wrong)
    agree(world, accepted)
    with pytest.raises(WrongStatus):
        agree(world, accepted)


def test_the_rep_is_told_of_what_is_behind(world, blanket):
    later = world.today + timedelta(days=30)
    assert not blankets_behind(actor(world.rhea), world.today, limit=9)
    [view] = blankets_behind(actor(world.rhea), later, limit=9)
    assert (view.blanket, view.days_left, view.percent, view.expected_percent) == (blanket, 70, 0, 30)
    call(world, blanket, bolts=2000, oil=6)
    assert not blankets_behind(actor(world.rhea), later, limit=9)


def test_it_is_told_before_it_ends_and_what_is_left_lapses(world, blanket):
    soon, over = world.now + timedelta(days=80), world.now + timedelta(days=101)
    assert blankets.warn_of_ends(now=world.now) == 0
    assert [blankets.warn_of_ends(now=soon) for _twice in range(2)] == [1, 0]
    assert blankets.lapse_blankets(now=soon) == 0
    assert [blankets.lapse_blankets(now=over) for _twice in range(2)] == [1, 0]
    assert Event.objects.get(name="blanket.lapsed").facts["left"] == 5020
