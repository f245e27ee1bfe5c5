"""The catalogue by the hundred thousand: merged by SKU, equal the second time."""

import pytest

from apps.catalogue.errors import LoadRefused
from apps.catalogue.models import Brand, Category, Product, ProductCode
from apps.catalogue.services import ProductRow, load_codes, load_products
from apps.catalogue.services.loading import Loaded

pytestmark = pytest.mark.django_db

BOLT = ProductRow("BLT-M8-40", "Hex bolt M8 x 40", "bolts", "Ferrum", mpn="F-8040", gtin="04012345678901")
GLOVE = ProductRow("GLV-NIT-L", "Nitrile gloves, large", "gloves", "Handsafe", attributes={"size": "L", "length": 240})


@pytest.fixture(autouse=True)
def categories():
    for slug in ("bolts", "gloves"):
        Category.objects.create(name=slug.title(), slug=slug)


def test_rows_become_products_with_brands_attributes_and_codes():
    assert load_products(iter([BOLT, GLOVE])) == Loaded(read=2, made=2, changed=0)
    bolt, glove = Product.objects.order_by("sku").select_related("brand")
    assert (bolt.sku, bolt.brand.name, bolt.minimum_quantity) == ("BLT-M8-40", "Ferrum", 1)
    assert glove.attributes == {"size": "L", "length": 240}
    assert set(bolt.codes.values_list("kind", "code", "normal")) == {
        ("sku", "BLT-M8-40", "BLTM840"),
        ("mpn", "F-8040", "F8040"),
        ("gtin", "04012345678901", "4012345678901"),
    }


def test_the_same_rows_twice_change_nothing():
    load_products([BOLT, GLOVE])
    assert load_products([BOLT, GLOVE]) == Loaded(read=2, made=0, changed=0)
    assert (Product.objects.count(), Brand.objects.count(), ProductCode.objects.count()) == (2, 2, 4)


def test_a_changed_row_changes_its_product_and_drops_its_old_codes():
    load_products([BOLT, GLOVE])
    assert load_products([BOLT._replace(name="Hex bolt", mpn="F-8041"), GLOVE]) == Loaded(read=2, made=0, changed=1)
    bolt = Product.objects.get(sku="BLT-M8-40")
    assert bolt.name == "Hex bolt"
    assert list(bolt.codes.filter(kind="mpn").values_list("normal", flat=True)) == ["F8041"]


def test_of_one_sku_twice_in_the_rows_the_last_counts():
    assert load_products([BOLT._replace(name="Old"), BOLT]) == Loaded(read=2, made=1, changed=0)
    assert Product.objects.get().name == "Hex bolt M8 x 40"


def test_only_new_leaves_what_operations_changed():
    load_products([BOLT])
    assert load_products([BOLT._replace(name="From the export"), GLOVE], only_new=True).made == 1
    assert Product.objects.get(sku="BLT-M8-40").name == "Hex bolt M8 x 40"


def test_an_unknown_category_is_refused_and_nothing_is_written():
    with pytest.raises(LoadRefused, match="nuts"):
        load_products([GLOVE, BOLT._replace(category="nuts")])
    assert not Product.objects.exists()


def test_brands_that_look_alike_get_their_own_slugs():
    load_products([BOLT._replace(brand="Ferrum!"), GLOVE._replace(brand="Ferrum")])
    assert sorted(Brand.objects.values_list("slug", flat=True)) == ["ferrum", "ferrum-2"]


def test_further_codes_are_merged_and_unknown_skus_passed_over():
    load_products([BOLT])
    rows = [("BLT-M8-40", "competitor", "X 99"), ("BLT-M8-40", "superseded", "BLT8"), ("NONE", "competitor", "Y")]
    assert load_codes(rows).made == 2
    assert load_codes(rows) == Loaded(read=3, made=0, changed=0)
