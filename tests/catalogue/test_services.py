"""Changes by hand: codes, search and counts follow; each is told."""

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.errors import PermissionMissing
from apps.accounts.selectors import actor_for
from apps.catalogue.errors import PartNumberRefused
from apps.catalogue.models import Category, CustomerPartNumber, Product
from apps.catalogue.search import Query, find
from apps.catalogue.selectors import category_tree, part_numbers_of, products_by_code
from apps.catalogue.services import discontinue, product_changed, put_on_sale, set_part_number, set_popularity
from apps.catalogue.services.indexing import count_products
from apps.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def skus(actor, text: str) -> list[str]:
    return [product.sku for product in find(actor, Query(text)).products]


def test_a_part_number_is_kept_changed_and_taken_away(world, anna):
    set_part_number(anna, world.bolt, " BW ۱۲ ", world.now)
    assert part_numbers_of(anna, [world.bolt.pk]) == {world.bolt.pk: "BW 12"}
    set_part_number(anna, world.bolt, "BW-13", world.now)
    set_part_number(anna, world.bolt, "BW-13", world.now)
    assert CustomerPartNumber.objects.get().normal == "BW13"
    assert set_part_number(anna, world.bolt, "", world.now) is None
    assert not CustomerPartNumber.objects.exists()
    told = Event.objects.filter(name="part_number.set").order_by("pk")
    assert [event.facts["code"] for event in told] == ["BW 12", "BW-13", ""]


@pytest.mark.parametrize("code", ["---", "X" * 61])
def test_a_part_number_has_letters_or_digits(world, anna, code):
    with pytest.raises(PartNumberRefused):
        set_part_number(anna, world.bolt, code, world.now)


def test_a_receiver_sets_no_part_numbers(world):
    with pytest.raises(PermissionMissing):
        set_part_number(actor_for(world.rick.user), world.bolt, "X1", world.now)


def test_the_stranger_never_sees_anothers_part_numbers(world, anna):
    set_part_number(anna, world.bolt, "BW-12", world.now)
    xaver = actor_for(world.xaver.user)
    assert part_numbers_of(xaver, [world.bolt.pk]) == {}
    assert products_by_code(xaver, ["BW-12"]) == {"BW-12": []}


def test_a_product_changed_by_hand_is_found_by_its_new_name_and_codes(world, anna):
    bolt = world.bolt
    bolt.name, bolt.mpn, bolt.gtin = "Carriage screw", "NEW-9", ""
    bolt.save()
    product_changed(bolt, now=world.now, fields=["name", "mpn"])
    assert skus(anna, "carriage") == ["BLT-M8-40"] == skus(anna, "new9")
    assert set(bolt.codes.values_list("kind", "normal")) == {("sku", "BLTM840"), ("mpn", "NEW9")}
    assert Event.objects.get(name="product.changed").facts["fields"] == ["mpn", "name"]


def test_a_discontinued_product_leaves_the_listing_and_comes_back(world, anna):
    assert discontinue(Product.objects.filter(sku="DRL-18V"), now=world.now) == 1
    assert discontinue([world.drill], now=world.now) == 0
    assert skus(anna, "drill") == []
    assert "power-tools" not in [node.slug for node in category_tree()]
    assert put_on_sale([world.drill], now=world.now) == 1
    assert skus(anna, "drill") == ["DRL-18V"]
    told = Event.objects.filter(subject="product:DRL-18V").order_by("pk")
    assert [event.name for event in told] == ["product.discontinued", "product.put_on_sale"]


def test_popularity_is_set_for_all_at_once(world):
    assert set_popularity([(world.bolt.pk, 7), (world.oil.pk, 2)]) == 2
    assert set_popularity([(world.bolt.pk, 7)]) == 1
    assert dict(Product.objects.filter(popularity__gt=0).values_list("sku", "popularity")) == {"BLT-M8-40": 7}


def test_a_moved_category_takes_its_subtree_and_its_counts_along(world):
    hand_tools = Category.objects.create(name="Hand tools", slug="hand-tools")
    fasteners = Category.objects.get(slug="fasteners")
    fasteners.parent = hand_tools
    fasteners.save()
    world.bolts.refresh_from_db()
    assert world.bolts.path == f"/{hand_tools.pk}/{fasteners.pk}/{world.bolts.pk}/"
    assert world.bolts.depth == 2
    count_products()
    assert [(node.slug, node.count) for node in category_tree() if node.slug == "hand-tools"] == [("hand-tools", 2)]
    hand_tools.parent = world.bolts
    with pytest.raises(ValidationError):
        hand_tools.clean()
