"""Products by SKU, by id and by any code; the tree; everything on one page."""

import pytest
from django.core.files.base import ContentFile

from apps.accounts.selectors import actor_for
from apps.catalogue.errors import CategoryNotFound, ProductNotFound
from apps.catalogue.models import PackagingUnit, Product, ProductCode, ProductDocument, ProductRelation
from apps.catalogue.rules import normal_code
from apps.catalogue.selectors import (
    breadcrumbs,
    category_for,
    category_tree,
    product_for,
    product_page,
    products_by_code,
    products_by_id,
    products_by_sku,
)
from apps.catalogue.services import set_part_number
from apps.core.scoping import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def add_code(product, kind, code):
    ProductCode.objects.create(product=product, kind=kind, code=code, normal=normal_code(code))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("BLT-M8-40", "sku"),
        ("blt m8 40", "sku"),
        ("ＢＬＴ/M8/۴۰", "sku"),
        ("tv m8x40", "mpn"),
        ("4006381333931", "gtin"),
        ("04006381333931", "gtin"),
        ("0 4006381 333931", "gtin"),
    ],
)
def test_any_code_however_written_means_the_product(world, anna, typed, kind):
    assert [(match.product, match.kind) for match in products_by_code(anna, [typed])[typed]] == [(world.bolt, kind)]


def test_several_answers_are_kept_the_likeliest_kind_first(world, anna):
    add_code(world.oil, "competitor", "BLTM840")
    add_code(world.drill, "superseded", "blt-m8-40")
    set_part_number(anna, world.gloves, "BLT M8 40", world.now)
    found = products_by_code(anna, ["BLT-M8-40"])["BLT-M8-40"]
    assert [(match.product.sku, match.kind) for match in found] == [
        ("GLV-NIT-L", "own"),
        ("BLT-M8-40", "sku"),
        ("DRL-18V", "superseded"),
        ("OIL-5L", "competitor"),
    ]


def test_a_product_with_one_code_of_two_kinds_is_one_answer(world, anna):
    set_part_number(anna, world.bolt, "TV-M8X40", world.now)
    assert [match.kind for match in products_by_code(anna, ["TV-M8X40"])["TV-M8X40"]] == ["own"]


@pytest.mark.parametrize("typed", ["", "--", "NOPE-1", "\x00"])
def test_an_unknown_code_has_no_answer(anna, typed):
    assert products_by_code(anna, [typed]) == {typed: []}


def test_hidden_products_answer_to_no_code_and_discontinued_ones_do(world, anna):
    Product.objects.filter(pk=world.bolt.pk).update(status="hidden")
    Product.objects.filter(pk=world.oil.pk).update(status="discontinued")
    found = products_by_code(anna, ["BLT-M8-40", "OIL-5L"])
    assert found["BLT-M8-40"] == []
    assert [match.product for match in found["OIL-5L"]] == [world.oil]


@pytest.mark.parametrize(
    "codes", [["BLT-M8-40"], ["BLT-M8-40", "OIL-5L", "GLV-NIT-L", "SVC-CUT"] + [f"N{n}" for n in range(96)]]
)
def test_a_hundred_codes_take_as_many_queries_as_one(anna, codes, django_assert_num_queries):
    with django_assert_num_queries(4):
        found = products_by_code(anna, codes)
        assert [match.product.brand.name for matches in found.values() for match in matches]


def test_a_product_has_one_door_and_hidden_is_absent(world, anna):
    assert product_for(anna, "BLT-M8-40").category == world.bolts
    Product.objects.filter(pk=world.bolt.pk).update(status="hidden")
    with pytest.raises(ProductNotFound):
        product_for(anna, "BLT-M8-40")
    with pytest.raises(ProductNotFound):
        product_for(anna, "NOPE")


def test_products_by_id_and_sku_bring_their_brands(world, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert products_by_id([world.bolt.pk, 0])[world.bolt.pk].brand.name == "Torvik"
        assert products_by_sku(["OIL-5L", "NOPE"])["OIL-5L"].brand.name == "Torvik"


def test_the_tree_counts_whole_subtrees_in_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree = category_tree()
    fasteners = next(node for node in tree if node.slug == "fasteners")
    assert fasteners.count == 2
    assert [(node.name, node.depth) for node in fasteners.walk()] == [("Fasteners", 0), ("Hex bolts", 1)]


def test_breadcrumbs_lead_from_the_top(world):
    assert [category.name for category in breadcrumbs(category_for("hex-bolts"))] == ["Fasteners", "Hex bolts"]
    with pytest.raises(CategoryNotFound):
        category_for("nowhere")


def test_a_page_has_everything_in_a_constant_number_of_queries(world, anna, django_assert_num_queries):
    set_part_number(anna, world.bolt, "BW-12", world.now)
    for n in range(2, 12):
        other = Product.objects.create(sku=f"SUB-{n}", name=f"Substitute {n}", category=world.bolts, brand=world.brand)
        ProductRelation.objects.create(product=world.bolt, other=other, kind="substitute")
        PackagingUnit.objects.create(product=world.bolt, name="Carton", quantity=n * 100)
        file = ContentFile(b"%PDF-", name=f"sheet-{n}.pdf")
        ProductDocument.objects.create(product=world.bolt, kind="data_sheet", title=f"Sheet {n}", file=file)
    product = product_for(anna, "BLT-M8-40")
    with django_assert_num_queries(2):
        page = product_page(anna, product)
        assert {related.product.brand_name for related in page.substitutes} == {"Torvik"}
    assert [(s.name, s.value, s.unit) for s in page.specifications] == [("Thread", "M8", ""), ("Length", 40, "mm")]
    assert (len(page.substitutes), len(page.packaging), len(page.documents)) == (11, 10, 10)
    assert (page.substitutes[0].product, page.substitutes[0].note) == (world.bolt_long, "20 mm longer")
    assert [s.product for s in page.services] == [world.cutting]
    assert page.part_number == "BW-12"
    assert product_page(actor_for(world.xaver.user), product).part_number == ""
    assert product_page(NOBODY, product).part_number == ""


def test_what_is_off_sale_is_no_substitute(world, anna):
    Product.objects.filter(pk=world.bolt_long.pk).update(status="discontinued")
    assert product_page(anna, world.bolt).substitutes == []
