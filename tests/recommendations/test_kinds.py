"""Suggestions of every kind: what speaks for them, what keeps them away, at how many queries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.accounts.errors import AccountNotFound, PermissionMissing
from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.availability.models import StockLevel
from apps.catalogue.models import Brand, Category, Product, ProductRelation
from apps.catalogue.rules import Ask
from apps.core.models import Event
from apps.core.scoping import NOBODY
from apps.ordering.models import Cart, CartLine
from apps.pricing.models import Price
from apps.recommendations.because import suggestion_words
from apps.recommendations.errors import BlockNotFound
from apps.recommendations.models import CategoryService, NextLine, RangeGap
from apps.recommendations.rules import Offer, bare_attributes, best_saving, is_habit
from apps.recommendations.selectors import (
    blocks_of,
    missing_from_range,
    next_order,
    picks_of,
    savings_for,
    services_that_fit,
    sooner_instead,
    suggested_with,
    usually_added,
)
from apps.recommendations.services import (
    block,
    dismiss,
    pick,
    rebuild_popularity,
    rebuild_range_gaps,
    rebuild_segment_demand,
    unblock,
)
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


@pytest.fixture
def alike(world):
    """Ten more facilities; six of them order drill and gloves, and Brightwater orders bolts."""
    for n in range(10):
        account = Account.objects.create(number=f"F-{n}", name=f"Facilities {n}", segment="facilities")
        more = ((world.drill, 1), (world.bolt_long, 100)) if n < 6 else ()
        order(account, world.today - timedelta(days=20 + n), (world.oil, 2), *more)
    order(world.brightwater, world.today - timedelta(days=30), (world.bolt, 100), (world.oil, 1))
    rebuild_segment_demand()
    rebuild_range_gaps()


@pytest.mark.parametrize(
    ("together", "of", "expected"), [(1, 1, False), (2, 2, True), (2, 6, True), (2, 7, False), (5, 15, True)]
)
def test_a_habit_is_every_third_time(together, of, expected):
    assert is_habit(together, of) is expected


MINE = Offer(1, 10, Decimal(1), Decimal("2.00"))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], None),
        ([Offer(2, 10, Decimal(1), Decimal("1.95"))], None),
        ([Offer(2, 10, Decimal(1), Decimal("1.94"))], (2, 3)),
        ([Offer(2, 10, Decimal(1), None)], None),
        ([Offer(2, 2, Decimal(5), Decimal("8.00"))], (2, 20)),
        ([Offer(2, 7, Decimal(5), Decimal("8.00"))], None),
        ([Offer(2, 10, Decimal(1), Decimal(1)), Offer(3, 10, Decimal(1), Decimal("1.90"), is_own=True)], (3, 5)),
    ],
)
def test_the_best_saving(others, expected):
    found = best_saving(MINE, others)
    assert (found and (found[0].key, found[1])) == expected


def test_nothing_is_saved_where_there_is_no_price():
    assert best_saving(replace(MINE, unit_price=None), [Offer(2, 10, Decimal(1), Decimal(1))]) is None


def test_what_says_how_much_is_in_it_is_not_what_it_is():
    said = {"litres": 5, "grade": "HLP 46", "iso": 46, "reach": True}
    assert bare_attributes(said, Decimal("5.0000")) == {"grade": "HLP 46", "iso": 46, "reach": True}
    assert bare_attributes(said, None) == said


class TestUsuallyAdded:
    @pytest.fixture(autouse=True)
    def habits(self, world):
        for n in range(2, 6):
            order(world.brightwater, world.today - timedelta(days=7 * n), (world.bolt, 100), (world.gloves, 3))
        order(world.brightwater, world.today - timedelta(days=60), (world.bolt, 100), (world.drill, 1))
        order(world.calder, world.today - timedelta(days=60), (world.bolt, 100), (world.oil, 1))

    def test_its_own_baskets_say_what_it_adds_and_how_many(self, world, anna):
        [added] = usually_added(anna, [world.bolt.pk], world.today)
        assert (added.product, added.kind, added.quantity) == (world.gloves, "usually_added", 3)
        assert added.because == {"together": 4, "of": 5, "with": world.bolt.pk}

    def test_who_has_no_history_is_told_nothing(self, world, anna):
        assert usually_added(actor_for(world.lena.user), [world.bolt.pk], world.today) == []
        assert usually_added(NOBODY, [world.bolt.pk], world.today) == [] == usually_added(anna, [], world.today)

    def test_one_order_is_no_habit(self, world):
        xaver = actor_for(world.xaver.user)
        assert usually_added(xaver, [world.bolt.pk], world.today) == []

    def test_what_is_gone_dismissed_blocked_or_in_the_cart_is_left_out(self, world, anna, rhea):
        def told():
            return usually_added(anna, [world.bolt.pk], world.today)

        cart = Cart.objects.create(account=world.brightwater, contact=world.anna)
        line = CartLine.objects.create(cart=cart, product=world.gloves, quantity=1)
        assert told() == []
        line.delete()
        block(rhea, world.brightwater, world.gloves, "", world.now)
        assert told() == []
        unblock(rhea, world.brightwater, world.gloves, world.now)
        assert len(told()) == 1
        dismiss(anna, world.gloves, "never", world.now)
        assert told() == []

    def test_off_sale(self, world, anna):
        Product.objects.filter(pk=world.gloves.pk).update(status="discontinued")
        assert usually_added(anna, [world.bolt.pk], world.today) == []

    def test_as_many_queries_for_many(self, world, anna, django_assert_num_queries):
        next_order(anna, world.today)
        for ids in ([world.bolt.pk], [world.bolt.pk, world.oil.pk, world.drill.pk]):
            with django_assert_num_queries(2):
                assert usually_added(anna, ids, world.today)


class TestMissingFromRange:
    @pytest.fixture(autouse=True)
    def _alike(self, alike):
        pass

    def test_what_its_like_order_is_told_with_how_many_and_what_it_orders_instead(self, world, anna):
        bolts, drill = sorted(missing_from_range(anna, world.today), key=lambda each: each.product.sku)
        assert (bolts.product, drill.product) == (world.bolt_long, world.drill)
        assert bolts.because == {"accounts": 6, "of": 11, "category": "Hex bolts", "beside": world.bolt.name}
        assert drill.because == {"accounts": 6, "of": 11, "category": "Power tools", "beside": ""}

    def test_what_it_buys_and_who_never_bought_have_no_gap(self, world, anna):
        assert not RangeGap.objects.filter(product=world.oil, account=world.brightwater).exists()
        assert not RangeGap.objects.filter(account__in=[world.leeds, world.calder]).exists()
        assert missing_from_range(actor_for(world.lena.user), world.today) == []

    def test_a_dismissed_one_stays_away_after_the_night(self, world, anna):
        dismiss(anna, world.drill, "elsewhere", world.now)
        rebuild_range_gaps()
        assert [each.product for each in missing_from_range(anna, world.today)] == [world.bolt_long]
        later = world.today + timedelta(days=91)
        assert len(missing_from_range(anna, later)) == 2

    def test_few_or_rare_ones_are_no_gap(self, world, anna):
        Product.objects.filter(pk=world.cutting.pk).update(kind="goods")
        for n in (0, 1):
            account = Account.objects.get(number=f"F-{n}")
            order(account, world.today - timedelta(days=3), (world.cutting, 1))
        rebuild_segment_demand()
        rebuild_range_gaps()
        assert world.cutting not in [each.product for each in missing_from_range(anna, world.today)]

    def test_one_query(self, world, anna, django_assert_num_queries):
        next_order(anna, world.today)
        with django_assert_num_queries(1):
            assert [each.product.brand.name for each in missing_from_range(anna, world.today)] == ["Torvik"] * 2


class TestSooner:
    def test_a_substitute_that_is_there_is_told_with_both_days(self, world, anna):
        StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
        ask = Ask(world.bolt.pk, 9_000)
        [found] = sooner_instead(anna, [ask, Ask(world.gloves.pk, 1)], world.dock, timezone.now())
        assert (found.product, found.kind, found.quantity) == (world.bolt_long, "substitute", 9_000)
        assert found.because["instead"] == world.bolt.pk
        assert found.because["note"] == "20 mm longer"
        assert found.because["arrives_on"] < found.because["comes_on"]
        late_enough = {world.bolt.pk: timezone.localdate() + timedelta(days=60)}
        assert sooner_instead(anna, [ask], world.dock, timezone.now(), by=late_enough) == []
        assert sooner_instead(anna, [ask], world.dock, timezone.now(), by={world.bolt.pk: timezone.localdate()})

    def test_what_is_there_needs_none_and_what_comes_no_sooner_is_none(self, world, anna):
        assert sooner_instead(anna, [Ask(world.bolt.pk, 100)], world.dock, timezone.now()) == []
        assert sooner_instead(anna, [Ask(world.bolt.pk, 9_000)], world.dock, timezone.now()) == []
        assert sooner_instead(anna, [], world.dock, timezone.now()) == []


class TestSavings:
    @pytest.fixture(autouse=True)
    def other_oils(self, world):
        own = Brand.objects.create(name="House", slug="house", is_own=True)
        self.cheap = self._oil(world, world.brand, "OIL-X", "5", "28.0000")
        self.own = self._oil(world, own, "OIL-OWN", "5", "30.0000")
        Product.objects.filter(pk=world.oil.pk).update(attributes={"grade": "46", "litres": 5})

    def _oil(self, world, brand, sku, litres, price):
        oil = Product.objects.create(
            sku=sku, name=sku, category=world.oil.category, brand=brand, uom="can", content_quantity=litres,
            content_uom="l", attributes={"grade": "46", "litres": int(litres)},
        )  # fmt: skip
        Price.objects.create(price_list=world.base_list, product=oil, unit_price=price, valid_from=date(2026, 1, 1))
        return oil

    def told(self, world, anna, quantity=2):
        found = savings_for(anna, [Ask(world.oil.pk, quantity)], timezone.localdate())
        return [(each.product.sku, each.because["percent"], each.quantity) for each in found]

    def test_our_own_brand_comes_before_what_saves_more(self, world, anna):
        assert self.told(world, anna) == [("OIL-OWN", 7, 2)]
        self.own.status = "discontinued"
        self.own.save()
        assert self.told(world, anna) == [("OIL-X", 13, 2)]

    def test_a_larger_pack_counts_where_it_is_not_far_too_much(self, world, anna):
        Product.objects.filter(pk__in=[self.own.pk, self.cheap.pk]).delete()
        self._oil(world, world.brand, "OIL-20", "20", "100.0000")
        assert self.told(world, anna, quantity=4) == [("OIL-20", 22, 1)]
        assert self.told(world, anna, quantity=1) == []

    def test_another_grade_unit_or_higher_price_is_no_alternative(self, world, anna):
        Product.objects.filter(pk=self.own.pk).update(attributes={"grade": "68", "litres": 5})
        Product.objects.filter(pk=self.cheap.pk).update(content_uom="kg")
        self._oil(world, world.brand, "OIL-DEAR", "5", "40.0000")
        assert self.told(world, anna) == []

    def test_a_dismissed_one_makes_way(self, world, anna):
        dismiss(anna, self.own, "never", world.now)
        assert self.told(world, anna) == [("OIL-X", 13, 2)]

    def test_as_many_queries_for_many(self, world, anna, django_assert_num_queries):
        next_order(anna, world.today)
        asks = [Ask(each.pk, 1) for each in (world.oil, world.bolt, world.drill, world.gloves)]
        for some in (asks[:1], asks):
            with django_assert_num_queries(5):
                assert savings_for(anna, some, timezone.localdate())
        assert savings_for(anna, [], timezone.localdate()) == []


class TestServices:
    def test_by_relation_then_by_what_is_ordered_with_it(self, world, anna):
        kitting = Product.objects.create(sku="SVC-KIT", name="Kitting", category=world.cutting.category, kind="service")
        for n in range(3):
            order(world.calder, world.today - timedelta(days=n), (world.bolt, 100), (kitting, 1), (world.drill, 1))
        rebuild_popularity()
        found = services_that_fit(anna, [world.bolt.pk, world.gloves.pk], world.today)
        assert [(each.product, each.kind) for each in found] == [(world.cutting, "service"), (kitting, "service")]
        assert found[0].because == {"fits": 1, "with": world.bolt.pk}
        assert found[1].because == {"together": 3, "with": world.bolt.pk}
        assert [each.product for each in suggested_with(anna, [world.bolt.pk], world.today)] == [world.drill]

    def test_none_for_what_has_none(self, world, anna):
        assert services_that_fit(anna, [world.oil.pk], world.today) == [] == services_that_fit(anna, [], world.today)

    def test_by_the_category_of_what_is_in_the_cart(self, world, anna, django_assert_num_queries):
        services = world.cutting.category
        kitting, plating = (
            Product.objects.create(sku=sku, name=sku, category=services, kind="service") for sku in ("SVC-K", "SVC-P")
        )
        top = Category.objects.get(pk=world.bolt.category.ids_of_path[0])
        CategoryService.objects.create(category=top, service=kitting)
        CategoryService.objects.create(category=world.bolt.category, service=kitting, note="In labelled bags")
        CategoryService.objects.create(category=top, service=plating, is_active=False)
        CategoryService.objects.create(category=top, service=world.cutting)  # which the catalogue names itself
        found = services_that_fit(anna, [world.bolt.pk, world.bolt_long.pk, world.oil.pk], world.today)
        assert [each.product for each in found] == [world.cutting, kitting]
        assert found[0].because == {"fits": 1, "with": world.bolt.pk}
        named = world.bolt.category.name
        facts = {"fits": 2, "with": world.bolt.pk, "category": named, "note": "In labelled bags"}
        assert found[1].because == facts, "the nearest category speaks"
        told = suggestion_words(found[1], {world.bolt.pk: world.bolt.name}).replace("\u2068", "").replace("\u2069", "")
        assert told == f"Done for you: for what you order of {named} · In labelled bags"
        dismiss(anna, kitting, "never", world.now)
        assert kitting not in [each.product for each in services_that_fit(anna, [world.bolt.pk], world.today)]
        for some in ([world.bolt.pk], [world.bolt.pk, world.bolt_long.pk, world.oil.pk, world.gloves.pk]):
            with django_assert_num_queries(7):
                services_that_fit(actor_for(world.anna.user), some, world.today)


class TestBlocks:
    def test_a_block_wins_over_every_kind_and_ends_a_pick(self, world, anna, rhea, alike):
        today = world.today
        NextLine.objects.create(
            account=world.brightwater, product=world.drill, place=1, quantity=1, kind="alike", because={}
        )
        ProductRelation.objects.create(product=world.oil, other=world.drill, kind="service")
        pick(rhea, world.brightwater, world.drill, "Try it", world.now)
        for n in range(2, 6):
            order(world.brightwater, today - timedelta(days=7 * n), (world.oil, 1), (world.drill, 1))
        rebuild_popularity()

        def told():
            of = [
                next_order(anna, today),
                picks_of(anna, on=today),
                usually_added(anna, [world.oil.pk], today),
                suggested_with(anna, [world.oil.pk], today),
                services_that_fit(anna, [world.oil.pk], today),
                missing_from_range(anna, today),
            ]
            return [world.drill in [each.product for each in found] for found in of]

        assert told() == [True] * 6
        block(rhea, world.brightwater, world.drill, " They make their own ", world.now)
        block(rhea, world.brightwater, world.drill, "They make their own", world.now)
        assert told() == [False] * 6
        assert [(held.product, held.note, str(held.rep)) for held in blocks_of(anna)] == [
            (world.drill, "They make their own", "Rhea")
        ]
        pick(rhea, world.brightwater, world.drill, "They do not any more", world.now)
        assert told() == [True] * 6
        names = Event.objects.filter(subject="account:AC-1").order_by("pk").values_list("name", flat=True)
        assert list(names) == ["pick.added", "suggestion.blocked", "pick.added"]

    def test_nobody_blocks_for_an_account_that_is_not_theirs(self, world, anna, rhea):
        with pytest.raises(AccountNotFound):
            block(rhea, world.calder, world.drill, "", world.now)
        with pytest.raises(PermissionMissing):
            block(anna, world.brightwater, world.drill, "", world.now)
        with pytest.raises(BlockNotFound):
            unblock(rhea, world.brightwater, world.drill, world.now)


def test_a_dismissed_pick_leaves_the_home_page_but_the_rep_still_sees_it(world, anna, rhea):
    pick(rhea, world.brightwater, world.drill, "", world.now)
    dismiss(anna, world.drill, "not_now", world.now)
    assert picks_of(anna, on=world.today) == []
    assert len(picks_of(anna)) == 1
