"""How words, sizes, codes and languages of a search are understood."""

import pytest
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.catalogue.index.analysis import searched_tokens, tokens_of
from apps.catalogue.index.measures import units_of
from apps.catalogue.models import AssortmentRule, ProductCode, Synonym
from apps.catalogue.search import Query, find, skus_with_code_like
from apps.catalogue.services import ProductRow, load_products
from apps.core.scoping import NOBODY
from apps.core.text import folded


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1/2 in", ["12.7mm"]),
        ('1/2"', ["12.7mm"]),
        ("½ inch", ["12.7mm"]),
        ("12,7 mm", ["12.7mm"]),
        ("1½ inches", ["38.1mm"]),
        ("1 1/2in", ["38.1mm"]),
        ("10mm and 2 m", ["10mm", "2000mm"]),
        ("5 litres", ["5000ml"]),
        ("0.75 kg", ["750g"]),
        ("18V", ["18V"]),
        ("1/0 in", []),
        ("M8 x 40", []),
        ("mm", []),
        ("10mmm", []),
        ("v1.10 mm", []),
    ],
)
def test_sizes_in_any_unit(text, tokens):
    assert [measure.token for measure in units_of().measures(folded(text))] == tokens


def test_the_table_of_units_comes_before_what_is_known():
    units = units_of([(["cubit"], "mm", 457.2), (["l"], "ml", 999)])
    assert [measure.token for measure in units.measures("2 cubit, 1 l")] == ["914.4mm", "999ml"]


@pytest.mark.parametrize(
    ("indexed", "searched"),
    [
        ("ถุงมือไนไตรล์", "ถุงมือ"),
        ("고무장갑을", "장갑"),
        ("Găng tay cao su", "găng tay"),
        ("Găng tay cao su", "gang tay"),
        ("دستکش‌های لاستیکی", "دستکش"),
        ("دستکش‌های لاستیکی", "دستکشهای"),
        ("كفش ايمني", "کفش ایمنی"),
        ("دستکش‌های لاستیکی", "دستکش‌های"),
    ],
)
def test_each_language_is_taken_apart_alike_on_both_sides(indexed, searched):
    assert set(searched_tokens(searched)) <= set(tokens_of(indexed))


TEXTS = [
    ("th", "ถุงมือไนไตรล์ ขนาดใหญ่", "ถุงมือ"),
    ("ko", "니트릴 장갑 대형", "장갑"),
    ("vi", "Găng tay nitrile cỡ lớn", "gang tay"),
    ("vi", "Găng tay nitrile cỡ lớn", "găng tay"),
    ("fa", "دستکش‌های نیتریل بزرگ", "دستكش"),
]


@pytest.mark.parametrize(("language", "name", "searched"), TEXTS)
def test_a_product_is_found_and_shown_in_each_language_it_has(world, client, language, name, searched):
    world.gloves.texts.create(language=language, name=name)
    client.force_login(world.anna.user)
    client.cookies["django_language"] = language
    page = client.get("/catalogue/", {"q": searched}).content.decode()
    assert name in page
    assert world.gloves.name not in page
    client.cookies["django_language"] = "en"
    assert world.gloves.name in client.get("/catalogue/", {"q": searched}).content.decode()


ROWS = [
    ProductRow("PIP-12", "Pipe 1/2 in copper", "power-tools", attributes={"length": 2000}),
    ProductRow("PIP-34", "Pipe 3/4 in copper", "power-tools"),
    ProductRow("KEY-5", "Hex key 5 mm", "power-tools"),
    ProductRow("SCD-1", "Screwdriver slotted", "power-tools"),
    ProductRow("CBL-9", "Cable tie black", "power-tools", mpn="TY-00-2345X", gtin="0012345678905"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pipe 1/2 in", {"PIP-12"}),
        ('1/2" pipe', {"PIP-12"}),
        ("12.7 mm pipe", {"PIP-12"}),
        ("½ inch pipe", {"PIP-12"}),
        ("2 m pipe", {"PIP-12"}),
        ("allen key", {"KEY-5"}),
        ("screw driver", {"SCD-1"}),
        ("cabletie", {"CBL-9"}),
        ("ty002345x", {"CBL-9"}),
        ("2345", {"CBL-9"}),
        ("12345678905", {"CBL-9"}),
        ("0012345678905", {"CBL-9"}),
        ("5678", {"CBL-9"}),
        ("TY 00", {"CBL-9"}),
        ("cable ty-00-2345x", {"CBL-9"}),
        ("slotted torch", {"SCD-1"}),
    ],
)
def test_the_same_in_other_words(world, text, expected):
    load_products(ROWS)
    Synonym.objects.create(words="allen key, hex key")
    assert {product.sku for product in find(NOBODY, Query(text)).products} == expected


def test_most_of_the_words_are_offered_as_such(world):
    found = find(NOBODY, Query("hex bolt chartreuse"))
    assert {product.sku for product in found.products} == {"BLT-M8-40", "BLT-M8-60"}
    assert found.nearest


def test_what_filters_leave_nothing_of_is_not_taken_for_misspelt(world):
    found = find(NOBODY, Query("hex bolt", in_stock=True, attributes={"length": ("60",)}))
    assert (found.products, found.corrected, found.nearest) == ([], None, False)
    assert [v.value for facet in found.facets for v in facet.values if facet.code == "length"] == ["40", "60"]


def test_a_whole_code_stands_before_its_beginning_and_a_part_of_one(world):
    for product, code in ((world.oil, "XX-1234"), (world.gloves, "XX-1234-5"), (world.drill, "9-XX-1234-5")):
        ProductCode.objects.create(product=product, kind="competitor", code=code)
    assert [product.sku for product in find(NOBODY, Query("xx1234")).products] == ["OIL-5L", "GLV-NIT-L", "DRL-18V"]


def test_what_an_unknown_code_may_be_is_offered(world, django_assert_max_num_queries):
    anna = actor_for(world.anna.user)
    AssortmentRule.objects.create(effect="exclude", product=world.bolt_long, account=world.brightwater)
    with django_assert_max_num_queries(2):
        found = skus_with_code_like(anna, ["8x4-0", "lt-m8", "IL5L", "40", "none"])
    assert found == {"8x4-0": ("BLT-M8-40",), "lt-m8": ("BLT-M8-40",), "IL5L": ("OIL-5L",), "40": (), "none": ()}


def test_the_page_of_a_product_is_in_the_readers_language(world, client):
    world.gloves.texts.create(language="ko", name="니트릴 장갑 대형", description="분말 없음")
    client.force_login(world.anna.user)
    client.cookies["django_language"] = "ko"
    page = client.get(reverse("portal:product", args=["GLV-NIT-L"])).content.decode()
    assert "니트릴 장갑 대형" in page
    assert "분말 없음" in page
