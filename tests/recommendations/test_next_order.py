"""The next order of an account: reckoned from orders, kept, told with its reason, dismissed."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.catalogue.models import Product, ProductRelation
from apps.core.events import record
from apps.core.models import Event
from apps.core.scoping import NOBODY
from apps.ordering.errors import NoAccountChosen
from apps.ordering.models import Order
from apps.recommendations.errors import DismissalNotFound, DismissalRefused
from apps.recommendations.models import Dismissal, NextLine, SegmentDemand, Training
from apps.recommendations.selectors import dismissals_of, next_order
from apps.recommendations.services import dismiss, refresh_next_order, take_back, train
from apps.recommendations.tasks import refresh_next_order_of_event
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def weekly(world, account, *products, last=None, times=4, quantity=30):
    last = last or world.today - timedelta(days=6)
    for n in range(times):
        order(account, last - timedelta(days=7 * n), *((product, quantity) for product in products))


def told(actor, on) -> list[str]:
    return [each.product.sku for each in next_order(actor, on)]


def kept(account) -> list[tuple]:
    fields = [field.attname for field in NextLine._meta.fields if field.name != "id"]
    return sorted(NextLine.objects.filter(account=account).values_list(*fields), key=str)


def test_what_is_ordered_every_week_is_next_with_its_reason_quantity_and_day(world, anna):
    weekly(world, world.brightwater, world.bolt)
    order(world.brightwater, world.today - timedelta(days=40), (world.oil, 2))
    train(world.now)

    first, second = next_order(anna, world.today)
    assert (first.product, first.kind, first.quantity) == (world.bolt, "rhythm", 100)  # raised to the pack
    assert first.because == {"times": 4, "gap": first.because["gap"], "last": "2026-02-26"}
    assert 7 <= first.because["gap"] <= 10
    assert first.due_on == date(2026, 2, 26) + timedelta(days=first.because["gap"])
    assert first.expected_on >= world.today
    assert first.confidence is None  # two accounts are too few to measure it
    assert (second.product, second.kind, second.because["times"], second.quantity) == (world.oil, "bought", 1, 2)


def test_a_refresh_leaves_the_lines_of_a_training_and_both_may_run_twice(world):
    weekly(world, world.brightwater, world.bolt, world.oil)
    weekly(world, world.calder, world.bolt, world.gloves, times=3)
    weekly(world, world.leeds, world.gloves, world.oil, times=2)
    order(world.brightwater, world.today - timedelta(days=1), (world.drill, 1))
    train(world.now)
    trained = {account.pk: kept(account) for account in Account.objects.all()}
    assert sum(map(len, trained.values())) >= 7
    for account in trained:
        assert refresh_next_order(account, world.now) == 0
    train(world.now)
    assert {account.pk: kept(account) for account in Account.objects.all()} == trained
    assert Training.objects.count() == 2


def test_an_order_or_its_end_moves_the_next_order_of_its_account(world, anna):
    today = timezone.localdate()
    weekly(world, world.brightwater, world.bolt, last=today - timedelta(days=6))
    train(timezone.now())
    placed = order(world.brightwater, today - timedelta(days=2), (world.gloves, 3))
    event = record("order.placed", "order:SO-5", account_id=world.brightwater.pk, at=world.now)
    refresh_next_order_of_event(event.pk)
    assert set(told(anna, today)) == {"BLT-M8-40", "GLV-NIT-L"}
    Order.objects.filter(pk=placed.pk).update(status="cancelled")
    refresh_next_order_of_event(event.pk)
    assert told(anna, today) == ["BLT-M8-40"]


@pytest.mark.parametrize(("days_ago", "expected"), [(20, ["BLT-M8-40"]), (90, [])])
def test_what_was_given_up_is_not_next(world, anna, days_ago, expected):
    weekly(world, world.brightwater, world.bolt, last=world.today - timedelta(days=days_ago))
    train(world.now)
    assert told(anna, world.today) == expected


class TestWhatIsGone:
    @pytest.fixture(autouse=True)
    def gone(self, world):
        weekly(world, world.brightwater, world.bolt)
        Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")

    def test_without_a_successor_it_is_silent(self, world, anna):
        train(world.now)
        assert next_order(anna, world.today) == []

    def test_its_successor_takes_its_rhythm_over_and_says_so(self, world, anna):
        ProductRelation.objects.create(product=world.bolt, other=world.bolt_long, kind="successor")
        train(world.now)
        [line] = next_order(anna, world.today)
        assert (line.product, line.kind) == (world.bolt_long, "successor")
        assert (line.because["replaces"], line.because["times"]) == ("BLT-M8-40", 4)
        order(world.brightwater, world.today, (world.bolt_long, 100))
        refresh_next_order(world.brightwater.pk, world.now)
        assert next_order(anna, world.today) == []  # ordered today
        [line] = next_order(anna, world.today + timedelta(days=2))
        assert (line.kind, line.because["times"]) == ("rhythm", 5)

    def test_a_ring_of_successors_ends(self, world, anna):
        for one, other in pairwise([world.bolt, world.bolt_long, world.bolt]):
            ProductRelation.objects.create(product=one, other=other, kind="successor")
        Product.objects.filter(pk=world.bolt_long.pk).update(status="discontinued")
        train(world.now)
        assert next_order(anna, world.today) == []

    def test_what_replaced_the_successor_is_next_at_last(self, world, anna):
        for one, other in pairwise([world.bolt, world.bolt_long, world.oil]):
            ProductRelation.objects.create(product=one, other=other, kind="successor")
        Product.objects.filter(pk=world.bolt_long.pk).update(status="discontinued")
        train(world.now)
        assert told(anna, world.today) == ["OIL-5L"]


class TestDismissed:
    @pytest.fixture(autouse=True)
    def trained(self, world):
        weekly(world, world.brightwater, world.bolt, world.oil)
        train(world.now)

    @pytest.mark.parametrize(("kind", "days"), [("not_now", 14), ("elsewhere", 90), ("never", None)])
    def test_it_stays_away_as_long_as_was_said(self, world, anna, kind, days):
        held = dismiss(anna, world.bolt, kind, world.now)
        assert held.until == (world.today + timedelta(days=days) if days else None)
        assert held.contact == world.anna
        assert told(anna, world.today) == ["OIL-5L"]
        if days:
            assert told(anna, world.today + timedelta(days=days - 1)) == ["OIL-5L"]
            assert len(told(anna, world.today + timedelta(days=days))) == 2

    @pytest.mark.parametrize("kind", Dismissal.Kind.values)
    def test_nothing_brings_it_back_but_who_said_so(self, world, anna, kind):
        dismiss(anna, world.bolt, kind, world.now)
        train(world.now)
        refresh_next_order(world.brightwater.pk, world.now)
        assert told(anna, world.today) == ["OIL-5L"]
        order(world.brightwater, world.today, (world.bolt, 100))
        refresh_next_order(world.brightwater.pk, world.now)
        assert told(anna, world.today) == ["OIL-5L"]
        take_back(anna, world.bolt, world.now)
        refresh_next_order(world.brightwater.pk, world.now)
        assert told(anna, world.today) == ["OIL-5L"]  # it was ordered today
        assert set(told(anna, world.today + timedelta(days=2))) == {"OIL-5L", "BLT-M8-40"}
        names = list(Event.objects.filter(name__startswith="suggestion").values_list("name", flat=True))
        assert names == ["suggestion.dismissed", "suggestion.taken_back"]

    def test_its_rhythm_may_end_and_begin_again(self, world, anna):
        dismiss(anna, world.bolt, "never", world.now)
        Order.objects.filter(account=world.brightwater).update(status="cancelled")
        refresh_next_order(world.brightwater.pk, world.now)
        assert next_order(anna, world.today) == []
        Order.objects.filter(account=world.brightwater).update(status="delivered")
        train(world.now)
        assert told(anna, world.today) == ["OIL-5L"]

    @pytest.mark.parametrize("kind", Dismissal.Kind.values)
    def test_nor_does_it_come_back_as_what_replaces_it(self, world, anna, kind):
        dismiss(anna, world.bolt, kind, world.now)
        ProductRelation.objects.create(product=world.bolt, other=world.bolt_long, kind="successor")
        Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")
        train(world.now)
        assert told(anna, world.today) == ["OIL-5L"]

    def test_said_again_it_holds_as_was_said_last(self, world, anna):
        dismiss(anna, world.bolt, "never", world.now)
        dismiss(anna, world.bolt, "elsewhere", world.now)
        [held] = dismissals_of(anna, world.today)
        assert (held.product, held.kind) == (world.bolt, "elsewhere")

    def test_bad_wishes_are_refused(self, world, anna):
        with pytest.raises(DismissalRefused):
            dismiss(anna, world.bolt, "sometimes", world.now)
        with pytest.raises(DismissalNotFound):
            take_back(anna, world.bolt, world.now)
        with pytest.raises(PermissionMissing):
            dismiss(actor_for(world.fiona.user), world.bolt, "never", world.now)
        with pytest.raises(NoAccountChosen):
            dismiss(actor_for(world.rhea.user), world.bolt, "never", world.now)

    def test_a_stranger_sees_none_of_it(self, world, anna):
        dismiss(anna, world.oil, "never", world.now)
        xaver = actor_for(world.xaver.user)
        assert next_order(xaver, world.today) == [] == next_order(NOBODY, world.today)
        assert dismissals_of(xaver, world.today) == [] == dismissals_of(NOBODY, world.today)
        with pytest.raises(DismissalNotFound):
            take_back(xaver, world.oil, world.now)


def test_who_never_ordered_is_told_what_the_segment_buys_and_no_single_competitor(world, anna):
    SegmentDemand.objects.create(segment="facilities", product=world.oil, accounts=3)
    SegmentDemand.objects.create(segment="facilities", product=world.drill, accounts=2)
    assert next_order(anna, world.today) == []
    train(world.now)
    [line] = next_order(anna, world.today)
    assert (line.product, line.kind, line.because) == (world.oil, "segment", {"accounts": 3})
    assert (line.confidence, line.due_on, line.expected_on) == (None, None, None)
    order(world.brightwater, world.today - timedelta(days=2), (world.gloves, 1))
    refresh_next_order(world.brightwater.pk, world.now)
    assert told(anna, world.today) == ["GLV-NIT-L"]


def test_what_others_like_it_order_is_told_from_three_on(world, anna):
    others = [Account.objects.create(number=f"X-{n}", name=f"X {n}") for n in range(3)]
    for account in others:
        weekly(world, account, world.bolt, world.oil, times=2)
    weekly(world, others[0], world.drill, times=2)
    weekly(world, world.brightwater, world.bolt, times=2)
    train(world.now)
    assert [(each.product.sku, each.kind) for each in next_order(anna, world.today)] == [
        ("BLT-M8-40", "bought"),
        ("OIL-5L", "alike"),
    ]


def test_how_sure_a_line_is_was_measured(world, anna):
    others = [Account.objects.create(number=f"X-{n}", name=f"X {n}") for n in range(109)]
    for account in (world.brightwater, *others):
        order(account, world.today - timedelta(days=20), (world.oil, 1))
        weekly(world, account, world.bolt, times=2)
    made = train(world.now)
    assert made.recall == 1.0
    assert made.accounts == 110
    sure = {each.product.sku: each.confidence for each in next_order(anna, world.today)}
    assert sure["BLT-M8-40"] > sure["OIL-5L"]
    assert sure["BLT-M8-40"] > 90


@pytest.mark.parametrize("products", [["bolt"], ["bolt", "oil", "gloves", "drill", "bolt_long"]])
def test_two_queries_however_many_lines(world, anna, products, django_assert_num_queries):
    weekly(world, world.brightwater, *(getattr(world, name) for name in products))
    train(world.now)
    with django_assert_num_queries(2):
        assert len([each.product.brand_name for each in next_order(anna, world.today)]) == len(products)


def test_an_account_of_three_orders_a_day_costs_no_more_than_its_latest_days(world, anna):
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ordering_order SELECT (jsonb_populate_record(o, jsonb_build_object(
                   'id', 1000000 + n, 'number', 'LO-' || n, 'placed_at', o.placed_at - n * interval '8 hours'))).*
               FROM ordering_order o, generate_series(1, 3000) n WHERE o.id = %s""",
            [order(world.brightwater, world.today).pk],
        )
        cursor.execute(
            """INSERT INTO ordering_orderline SELECT (jsonb_populate_record(l, jsonb_build_object(
                   'id', 1000000 + n, 'order_id', 1000000 + n, 'product_id',
                   (%s::bigint[])[1 + n %% 3]))).*
               FROM ordering_orderline l, generate_series(1, 3000) n WHERE l.order_id = %s""",
            [[world.bolt.pk, world.oil.pk, world.gloves.pk],
             order(world.calder, world.today - timedelta(days=900), (world.drill, 1)).pk],
        )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        assert refresh_next_order(world.brightwater.pk, world.now) == 3
    assert len(asked) < 25
    assert sorted(told(anna, world.today)) == ["BLT-M8-40", "GLV-NIT-L", "OIL-5L"]
    # The latest day has not seen each of the three yet.
    assert {each.because["times"] for each in next_order(anna, world.today)} <= {299, 300}
    assert np.ptp([each.because["gap"] for each in next_order(anna, world.today)]) == 0
