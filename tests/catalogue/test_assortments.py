"""What an account may see: verdicts, whom a rule reaches, and that the database agrees with the verdict."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import AccountGroup
from apps.accounts.selectors import actor_for
from apps.catalogue.models import AssortmentRule, Product
from apps.catalogue.rules import EVERYTHING, Assortment, Scope, ids_of_path
from apps.catalogue.search import Query, find
from apps.catalogue.selectors import (
    assortment_of,
    assortment_of_account,
    category_tree_of,
    products_seen,
    without_page,
)
from apps.catalogue.selectors.assortments import RULES
from apps.catalogue.services.indexing import count_products
from apps.core.scoping import NOBODY, SYSTEM

# A product 7 of brand 3 in category 12 below 1.
ASKED = ((1, 12), 3, 7)


def scope(**ids):
    return Scope(**{kind: frozenset(some) for kind, some in ids.items()})


@pytest.mark.parametrize(
    ("includes", "excludes", "allowed"),
    [
        ({}, {}, True),
        ({"categories": {12}}, {}, True),
        ({"categories": {1}}, {}, True),
        ({"categories": {2}}, {}, False),
        ({"categories": {2}, "brands": {3}}, {}, True),
        ({"products": {7}}, {}, True),
        ({"products": {8}}, {}, False),
        ({}, {"categories": {1}}, False),
        ({}, {"categories": {2}}, True),
        ({}, {"brands": {3}}, False),
        ({}, {"products": {7}}, False),
        ({"products": {7}}, {"categories": {1}}, False),
        ({"categories": {1}}, {"products": {7}}, False),
        ({"categories": {1}}, {"products": {8}}, True),
    ],
)
def test_what_is_excluded_is_out_and_what_is_not_included_is_out(includes, excludes, allowed):
    assert Assortment(scope(**includes), scope(**excludes)).allows(*ASKED) is allowed


def test_a_product_without_a_brand_is_of_no_brand():
    assert Assortment(excludes=scope(brands={3})).allows((1,), None, 7)
    assert not Assortment(includes=scope(brands={3})).allows((1,), None, 7)


def rule(effect, **more):
    return AssortmentRule.objects.create(effect=effect, **more)


def skus(assortment):
    return set(Product.objects.in_assortment(assortment).values_list("sku", flat=True))


ALL = {"BLT-M8-40", "BLT-M8-60", "GLV-NIT-L", "DRL-18V", "OIL-5L", "SVC-CUT"}


@pytest.mark.django_db
class TestInTheDatabase:
    @pytest.fixture
    def fasteners(self, world):
        return world.bolts.parent

    def test_it_gives_the_verdict_of_the_rules_for_every_product(self, world, fasteners):
        Product.objects.filter(pk=world.oil.pk).update(brand=None)
        scopes = [
            Scope(),
            scope(categories={fasteners.pk}),
            scope(categories={world.bolts.pk, world.safety.pk}),
            scope(brands={world.brand.pk}),
            scope(products={world.bolt.pk, world.oil.pk}),
            scope(categories={world.safety.pk}, products={world.oil.pk}),
        ]
        products = Product.objects.select_related("category")
        for assortment in (Assortment(i, e) for i in scopes for e in scopes):
            allowed = {p.sku for p in products if assortment.allows(p.category.ids_of_path, p.brand_id, p.pk)}
            assert skus(assortment) == allowed

    def test_a_category_whose_id_begins_like_another_is_another(self, world, fasteners):
        longer = int(f"{world.bolts.pk}0")
        assert skus(Assortment(excludes=scope(categories={longer}))) == ALL

    def test_everything_adds_nothing_to_the_statement(self, world):
        assert str(Product.objects.in_assortment(EVERYTHING).query) == str(Product.objects.all().query)

    @pytest.mark.parametrize(
        ("whom", "reached"),
        [
            ({"account": "brightwater"}, {"brightwater"}),
            ({"tree": "brightwater"}, {"brightwater", "leeds"}),
            ({"tree": "leeds"}, {"leeds"}),
            ({"group": "group"}, {"leeds", "calder"}),
        ],
    )
    def test_a_rule_reaches_an_account_a_tree_or_a_group(self, world, whom, reached):
        world.group = AccountGroup.objects.create(code="SCH", name="Schools")
        for account in (world.leeds, world.calder):
            account.group = world.group
            account.save()
        rule("exclude", category=world.safety, **{kind: getattr(world, name) for kind, name in whom.items()})
        for name in ("brightwater", "leeds", "calder"):
            seen = skus(assortment_of_account(getattr(world, name).pk))
            assert seen == (ALL - {"GLV-NIT-L"} if name in reached else ALL)

    def test_rules_of_all_sources_make_one_assortment(self, world, fasteners):
        rule("include", category=fasteners, tree=world.brightwater)
        rule("include", product=world.oil, account=world.leeds)
        rule("exclude", product=world.bolt_long, tree=world.brightwater)
        assert skus(assortment_of_account(world.leeds.pk)) == {"BLT-M8-40", "OIL-5L"}
        assert skus(assortment_of_account(world.brightwater.pk)) == {"BLT-M8-40"}

    @pytest.mark.parametrize(
        ("starts", "ends", "counts"),
        [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-3, None, True), (None, 3, True)],
    )
    def test_a_rule_counts_from_its_first_to_its_last_day(self, world, starts, ends, counts):
        today = timezone.now().date()
        days = [None if offset is None else today + timedelta(offset) for offset in (starts, ends)]
        rule("exclude", brand=world.brand, account=world.calder, valid_from=days[0], valid_until=days[1])
        assert assortment_of_account(world.calder.pk).is_everything is not counts

    def test_who_stands_in_no_account_sees_everything_without_asking(self, world, django_assert_num_queries):
        actors = [NOBODY, SYSTEM, actor_for(world.rhea.user), actor_for(world.otto)]
        with django_assert_num_queries(0):
            assert {assortment_of(actor) for actor in actors} == {EVERYTHING}

    def test_a_rep_acting_for_a_buyer_sees_what_the_buyer_sees(self, world):
        rule("exclude", brand=world.brand, account=world.brightwater)
        acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
        assert assortment_of(acting) == assortment_of(actor_for(world.anna.user)) != EVERYTHING

    def test_it_is_read_once_for_an_actor_and_anew_for_another_account(self, world, django_assert_num_queries):
        rule("exclude", brand=world.brand, account=world.brightwater)
        anna = actor_for(world.anna.user)
        with django_assert_num_queries(1):
            assert assortment_of(anna) is assortment_of(anna)
        assert assortment_of(anna.inside(world.calder.pk)) == EVERYTHING

    def test_search_finds_and_counts_only_what_is_in_it(self, world):
        rule("include", category=world.bolts, account=world.brightwater)
        rule("exclude", product=world.bolt_long, account=world.brightwater)
        found, other = (find(actor_for(who.user), Query("zinc plated")) for who in (world.anna, world.xaver))
        assert [product.sku for product in found.products] == ["BLT-M8-40"]
        assert (found.total, other.total) == (1, 2)
        assert find(actor_for(world.anna.user), Query("GLV-NIT-L")).total == 0
        brands = next(facet for facet in find(actor_for(world.anna.user), Query()).facets if facet.code == "brand")
        assert [value.count for value in brands.values] == [1]

    def test_the_tree_counts_what_the_account_sees_and_leaves_out_what_is_empty(self, world, fasteners):
        Product.objects.filter(pk=world.oil.pk).update(brand=None)
        Product.objects.filter(pk=world.drill.pk).update(category=fasteners)
        count_products()
        scopes = [
            Scope(),
            scope(categories={fasteners.pk}),
            scope(categories={world.bolts.pk, world.safety.pk}),
            scope(brands={world.brand.pk}),
            scope(products={world.bolt.pk, world.oil.pk}),
            scope(categories={world.safety.pk}, brands={world.brand.pk}, products={world.oil.pk}),
        ]
        for assortment in (Assortment(i, e) for i in scopes for e in scopes):
            anna = actor_for(world.anna.user)
            anna.learnt[Assortment] = assortment
            seen = list(Product.objects.in_assortment(assortment).values_list("category__path", flat=True))
            ids = [id_ for path in seen for id_ in ids_of_path(path)]
            counted = {node.id: node.count for top in category_tree_of(anna) for node in top.walk()}
            assert counted == Counter(ids)

    def test_the_tree_costs_at_most_two_queries_more(self, world, django_assert_num_queries):
        rule("exclude", product=world.bolt, account=world.brightwater)
        rule("exclude", brand=world.brand, account=world.brightwater)
        xaver = actor_for(world.xaver.user)
        with django_assert_num_queries(2):  # the tree, the rules
            category_tree_of(xaver)
        anna = actor_for(world.anna.user)
        with django_assert_num_queries(3):
            category_tree_of(anna)

    def test_what_was_ordered_is_no_link_where_it_is_outside_or_hidden(self, world):
        rule("exclude", product=world.bolt, account=world.brightwater)
        world.oil.status = "hidden"
        ordered = [world.bolt, world.oil, world.drill]
        assert without_page(actor_for(world.anna.user), ordered) == {world.bolt.pk, world.oil.pk}
        assert without_page(actor_for(world.xaver.user), ordered) == {world.oil.pk}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"account": "calder"},
            {"category": "safety"},
            {"category": "safety", "brand": "brand", "account": "calder"},
            {"category": "safety", "account": "calder", "tree": "calder"},
        ],
    )
    def test_a_rule_has_one_subject_and_is_for_one(self, world, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            rule("exclude", **{kind: getattr(world, name) for kind, name in wrong.items()})

    def test_a_rule_is_there_once(self, world):
        rule("exclude", category=world.safety, account=world.calder)
        with pytest.raises(IntegrityError), transaction.atomic():
            rule("include", category=world.safety, account=world.calder)

    def test_operations_see_what_a_rule_leaves(self, world, client):
        made = rule("exclude", category=world.bolts, tree=world.brightwater)
        assert products_seen(world.leeds.pk) == (4, 6)
        client.force_login(world.otto)
        page = client.get(reverse("admin:catalogue_assortmentrule_change", args=[made.pk])).content.decode()
        assert "Brightwater Leeds sees 4 of 6 products." in page
        assert "Calder" not in page
        listed = client.get(reverse("admin:catalogue_assortmentrule_changelist")).content.decode()
        assert "Brightwater Facilities and all below it" in listed

    def test_a_rule_without_a_subject_is_refused_in_the_admin_with_the_reason(self, world, client):
        client.force_login(world.otto)
        url = reverse("admin:catalogue_assortmentrule_add")
        answer = client.post(url, {"effect": "exclude", "account": world.calder.pk})
        assert "Choose one of category, brand and product." in answer.content.decode()
        assert not AssortmentRule.objects.exists()

    def test_the_same_rule_twice_is_refused_in_the_admin_with_the_reason(self, world, client):
        client.force_login(world.otto)
        url = reverse("admin:catalogue_assortmentrule_add")
        form = {"effect": "exclude", "category": world.safety.pk, "account": world.calder.pk}
        assert client.post(url, form).status_code == 302
        again = client.post(url, form | {"effect": "include"})
        assert "There is such a rule already: change that one." in again.content.decode()
        assert client.post(url, form | {"valid_from": "2026-06-01"}).status_code == 302

    def test_three_thousand_rules_for_others_are_not_read(self, world):
        groups = AccountGroup.objects.bulk_create(AccountGroup(code=f"G{n}", name=f"Group {n}") for n in range(3000))
        AssortmentRule.objects.bulk_create(
            AssortmentRule(effect="exclude", category=world.safety, group=group) for group in groups
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalogue_assortmentrule")
            cursor.execute("EXPLAIN " + RULES, {"account": world.brightwater.pk})
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on catalogue_assortmentrule" not in plan, plan
