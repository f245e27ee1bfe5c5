"""What is suggested while somebody types: in their assortment, in few queries, their own searches to themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.catalogue.models import AssortmentRule, PastSearch
from apps.catalogue.search import suggestions
from apps.catalogue.services import forget_searches, remember_search, set_part_number
from apps.core.scoping import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.mark.parametrize(
    ("typed", "products", "categories", "brands"),
    [
        ("glo", {"GLV-NIT-L"}, ["Gloves"], []),
        ("hex b", {"BLT-M8-40", "BLT-M8-60"}, ["Hex bolts"], []),
        ("hex bo", {"BLT-M8-40", "BLT-M8-60"}, ["Hex bolts"], []),
        ("hxe bolt", {"BLT-M8-40", "BLT-M8-60"}, ["Hex bolts"], []),
        ("torv", {"BLT-M8-40", "BLT-M8-60", "GLV-NIT-L", "DRL-18V", "OIL-5L", "SVC-CUT"}, [], ["Torvik"]),
        ("blt-m8-6", {"BLT-M8-60"}, [], []),
        ("81333", {"BLT-M8-40"}, [], []),
        ("g", set(), [], []),
        ("zzz", set(), [], []),
    ],
)
def test_products_categories_brands_and_codes(anna, typed, products, categories, brands):
    found = suggestions(anna, typed)
    assert {product.sku for product in found.products} == products
    assert [category.name for category, _count in found.categories] == categories
    assert [brand.name for brand, _count in found.brands] == brands


def test_an_own_number_is_suggested_to_its_account_alone(world, anna):
    set_part_number(anna, world.gloves, "BW-77-001", world.now)
    assert [product.sku for product in suggestions(anna, "bw-77").products] == ["GLV-NIT-L"]
    assert suggestions(actor_for(world.xaver.user), "bw-77").products == ()


def test_what_is_outside_the_assortment_is_suggested_in_no_way(world, anna):
    AssortmentRule.objects.create(effect="exclude", category=world.bolts, account=world.brightwater)
    for typed in ("hex bo", "fasten", "BLT-M8", "4006381333931"):
        assert not suggestions(anna, typed), typed
    assert suggestions(actor_for(world.xaver.user), "hex bo")


def test_it_takes_six_queries_at_most(anna, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert [product.brand_name for product in suggestions(anna, "hex bo").products]


def test_a_search_that_found_something_is_offered_again(world, signed_in, anna):
    client = signed_in(world.anna)
    for text in ("Hex bolt", "hex  BOLT", "hexadecimal", "gl"):
        client.get(reverse("portal:catalogue"), {"q": text})
    assert list(PastSearch.objects.values_list("contact", "text", "times")) == [(world.anna.pk, "hex bolt", 2)]
    assert suggestions(anna, "hex b").searches == ("hex bolt",)
    assert suggestions(anna, "hex bolt").searches == ()
    assert suggestions(actor_for(world.boris.user), "hex b").searches == ()
    page = client.get(reverse("portal:suggest"), {"q": "hex b"}).content.decode()
    assert "?q=hex%20bolt" in page
    assert client.post(reverse("portal:forget_searches"), follow=True).status_code == 200
    assert not PastSearch.objects.exists()


def test_who_is_no_contact_leaves_no_trace_and_forgets_nothing_of_others(world, anna):
    remember_search(anna, "hex bolt", timezone.now())
    remember_search(NOBODY, "hex bolt", timezone.now())
    assert forget_searches(NOBODY) == 0
    assert forget_searches(actor_for(world.boris.user)) == 0
    assert PastSearch.objects.count() == 1
