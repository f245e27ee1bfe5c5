"""Finding products: words, codes, facets, pages, spelling."""

from dataclasses import replace

import pytest

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.models import Attribute, Category
from apps.catalogue.search import Query, find, orders, pages
from apps.catalogue.services import ProductRow, load_codes, load_products, reindex
from apps.core.scoping import NOBODY

pytestmark = pytest.mark.django_db

ROWS = [
    ProductRow("BLT-M8-40", "Hex bolt M8 x 40 zinc plated", "bolts", "Ferrum", popularity=5,
               attributes={"thread": "M8", "length": 40}, mpn="F-8040", gtin="04006381333931"),
    ProductRow("BLT-M8-60", "Hex bolt M8 x 60 zinc plated", "bolts", "Ferrum", popularity=9,
               attributes={"thread": "M8", "length": 60}),
    ProductRow("BLT-M10-60", "Hex bolt M10 x 60 stainless", "bolts", "Torvik", popularity=1,
               attributes={"thread": "M10", "length": 60, "stainless": True}),
    ProductRow("NUT-M8", "Hex nut M8", "nuts", "Ferrum", description="Fits every hex bolt of the series."),
    ProductRow("GLV-NIT-L", "Nitrile gloves large", "gloves", "Handsafe", summary="Powder-free, box of 100"),
    ProductRow("GLV-CUT-9", "Cutting protection gloves", "gloves", "Handsafe"),
    ProductRow("SVC-CUT", "Cutting to length", "services", kind="service"),
    ProductRow("OLD-1", "Hex bolt of old", "bolts", "Ferrum", status="discontinued"),
    ProductRow("HID-1", "Hex bolt not shown", "bolts", "Ferrum", status="hidden"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def catalogue(db):
    fasteners = Category.objects.create(name="Fasteners", slug="fasteners")
    for name, parent in (("Bolts", fasteners), ("Nuts", fasteners), ("Gloves", None), ("Services", None)):
        Category.objects.create(name=name, slug=name.lower(), parent=parent)
    Attribute.objects.create(code="thread", name="Thread", kind="choice")
    Attribute.objects.create(code="length", name="Length", kind="number", unit="mm", position=1)
    Attribute.objects.create(code="stainless", name="Stainless", kind="yes_no", position=2)
    load_products(ROWS)
    reindex()


def skus_of(found) -> list[str]:
    return [product.sku for product in found.products]


def skus(query: Query) -> list[str]:
    return skus_of(find(NOBODY, query))


def facet(found, code: str) -> dict[str, int]:
    return {value.value: value.count for facet in found.facets if facet.code == code for value in facet.values}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("glove", ["GLV-NIT-L", "GLV-CUT-9"]),
        ("GLOVES nitrile", ["GLV-NIT-L"]),
        ("nitr", ["GLV-NIT-L"]),
        ("cutting glo", ["GLV-CUT-9"]),
        ("cuttin", ["SVC-CUT", "GLV-CUT-9"]),
        ("powder-free", ["GLV-NIT-L"]),
        ("powder free", ["GLV-NIT-L"]),
        ("handsafe cutting", ["GLV-CUT-9"]),
        ('"hex bolt" -stainless', ["BLT-M8-60", "BLT-M8-40", "NUT-M8"]),
        ("nitrile or stainless", ["BLT-M10-60", "GLV-NIT-L"]),
        ("40mm", ["BLT-M8-40"]),
        ("40 mm bolt", ["BLT-M8-40"]),
        ("stainless bolt", ["BLT-M10-60"]),
        ("m8x40", ["BLT-M8-40"]),
        ("bolt M8 × 40", ["BLT-M8-40"]),
        ("m8 x 40 zinc", ["BLT-M8-40"]),
    ],
)
def test_words_find_products(text, expected):
    assert set(skus(Query(text))) == set(expected)


def test_what_matches_in_the_name_comes_before_the_description_and_near_ties_go_by_popularity():
    assert skus(Query("hex bolt")) == ["BLT-M8-60", "BLT-M8-40", "BLT-M10-60", "NUT-M8"]


@pytest.mark.parametrize("text", ["BLT-M8-40", "blt m8 40", "bltm840", "4006381333931", "f8040", "ＢＬＴ-M8-۴۰"])
def test_a_code_comes_first_however_it_is_written(text):
    assert skus(Query(text))[0] == "BLT-M8-40"


def test_the_beginning_of_a_code_finds_those_that_begin_so():
    assert set(skus(Query("BLT-M8"))) == {"BLT-M8-40", "BLT-M8-60"}


@pytest.mark.parametrize(
    "text", ["", " ", "the", "'); DROP TABLE catalogue_product; --", "\x00", ":*&|!", '"', "-", "%", "x" * 5000, "\\"]
)
def test_no_text_breaks_the_search(text):
    find(NOBODY, Query(text))


@pytest.mark.parametrize(
    ("typed", "corrected", "first"),
    [
        ("nitrle gloves", "nitrile gloves", "GLV-NIT-L"),
        ("glvoes", "gloves", "GLV-CUT-9"),
        ("stanless bolt", "stainless bolt", "BLT-M10-60"),
    ],
)
def test_a_misspelt_word_is_corrected_and_the_page_can_say_so(typed, corrected, first):
    found = find(NOBODY, Query(typed))
    assert found.corrected == corrected
    assert first in [product.sku for product in found.products]


def test_what_is_nowhere_near_stays_not_found():
    found = find(NOBODY, Query("xylophone"))
    assert (found.products, found.total, found.corrected) == ([], 0, None)


def test_a_category_is_its_whole_subtree_and_offers_its_children():
    found = find(NOBODY, Query(category="fasteners"))
    assert found.total == 4
    assert facet(found, "category") == {"bolts": 3, "nuts": 1}
    assert facet(find(NOBODY, Query()), "category") == {"fasteners": 4, "gloves": 2, "services": 1}
    with pytest.raises(CategoryNotFound):
        find(NOBODY, Query(category="nowhere"))


def test_counts_of_a_facet_are_right_under_all_other_filters():
    found = find(NOBODY, Query(category="bolts", brands=("ferrum",)))
    assert found.total == 2
    assert facet(found, "brand") == {"ferrum": 2, "torvik": 1}
    assert facet(found, "thread") == {"M8": 2}
    assert facet(found, "length") == {"40": 1, "60": 1}
    narrowed = find(NOBODY, Query(category="bolts", brands=("ferrum",), attributes={"length": ("60",)}))
    assert [product.sku for product in narrowed.products] == ["BLT-M8-60"]
    assert facet(narrowed, "brand") == {"ferrum": 1, "torvik": 1}
    assert facet(narrowed, "length") == {"40": 1, "60": 1}
    assert [v.value for f in narrowed.facets for v in f.values if v.chosen] == ["ferrum", "60"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"thread": ("M8", "M10")}, {"BLT-M8-40", "BLT-M8-60", "BLT-M10-60"}),
        ({"length": ("60.0",)}, {"BLT-M8-60", "BLT-M10-60"}),
        ({"length": ("..50",)}, {"BLT-M8-40"}),
        ({"length": ("50..",)}, {"BLT-M8-60", "BLT-M10-60"}),
        ({"length": ("30..45", "60")}, {"BLT-M8-40", "BLT-M8-60", "BLT-M10-60"}),
        ({"length": ("long",)}, set()),
        ({"length": ("NaN",)}, set()),
        ({"stainless": ("true",)}, {"BLT-M10-60"}),
        ({"colour": ("red",)}, {"BLT-M8-40", "BLT-M8-60", "BLT-M10-60"}),
    ],
)
def test_attributes_narrow_by_value_and_by_range(attributes, expected):
    assert set(skus(Query(category="bolts", attributes=attributes))) == expected


def test_values_stand_in_the_order_a_buyer_expects():
    assert list(facet(find(NOBODY, Query(category="bolts")), "thread")) == ["M8", "M10"]


def test_many_numbers_are_offered_in_ranges():
    load_products(ProductRow(f"STUD-{n}", f"Stud {n}", "bolts", attributes={"length": n}) for n in range(100, 160))
    reindex()
    found = find(NOBODY, Query("stud", category="bolts"))
    [length] = [facet for facet in found.facets if facet.code == "length"]
    assert length.values[0].value == "100..109"
    assert [value.count for value in length.values] == [10] * 6
    assert (length.unit, length.values[0].label) == ("mm", "100 – 109")
    assert find(NOBODY, Query(category="bolts", attributes={"length": ("100..109",)})).total == 10


def test_nobody_bought_anything_before():
    found = find(NOBODY, Query(bought_before=True))
    assert (found.products, found.total) == ([], 0)


@pytest.mark.parametrize("sort", ["relevance", "popularity", "name"])
@pytest.mark.parametrize("text", ["", "hex bolt", "BLT-M8"])
def test_pages_follow_one_another_and_back_without_a_gap_or_a_repeat(sort, text):
    whole = skus(Query(text, sort=sort))
    found = find(NOBODY, Query(text, sort=sort, size=2))
    assert found.previous_before is None
    pages = [skus_of(found)]
    while found.next_after:
        found = find(NOBODY, Query(text, sort=sort, size=2, after=found.next_after))
        pages.append(skus_of(found))
    assert [sku for page in pages for sku in page] == whole
    for page in reversed(pages[:-1]):
        found = find(NOBODY, Query(text, sort=sort, size=2, before=found.previous_before))
        assert skus_of(found) == page
        assert found.next_after
    assert found.previous_before is None


def all_pages(query: Query) -> list[str]:
    found = find(NOBODY, query)
    seen = skus_of(found)
    while found.next_after:
        found = find(NOBODY, replace(query, after=found.next_after))
        seen += skus_of(found)
    return seen


def test_names_stand_by_their_numbers_whatever_case_and_accents():
    load_products(
        ProductRow(f"STD-{place}", name, "bolts")
        for place, name in enumerate(("stud M10", "Stud M8", "Ståd M9", "stad M12", "STUD M8"))
    )
    assert skus(Query(category="bolts", sort="name"))[3:] == ["STD-2", "STD-3", "STD-1", "STD-4", "STD-0"]


def test_by_name_and_popularity_every_hit_is_reached_and_by_relevance_the_best(monkeypatch):
    monkeypatch.setattr(pages, "DEEPEST", 3)
    monkeypatch.setattr(orders, "AHEAD", 3)
    reached = {
        sort: len(all_pages(Query("hex bolt", sort=sort, size=1))) for sort in ("name", "popularity", "relevance")
    }
    assert reached == {"name": 4, "popularity": 4, "relevance": 3}


@pytest.mark.parametrize("sort", ["relevance", "popularity", "name"])
def test_what_comes_between_two_pages_makes_no_repeat_and_no_gap(sort):
    query = Query("hex bolt", sort=sort, size=2)
    found = find(NOBODY, query)
    before = all_pages(query)
    first = "Hex bolt hex bolt" if sort == "relevance" else "A hex bolt"
    load_products([ProductRow("NEW-1", first, "bolts", popularity=999)])
    assert skus_of(find(NOBODY, query))[0] == "NEW-1"
    assert skus_of(find(NOBODY, replace(query, after=found.next_after))) == before[2:4]


@pytest.mark.parametrize("token", ["", "x", "!!!", "bnVsbA", "WyJuYW1lIiwgMSwgMl0", "W10"])
def test_a_token_that_makes_no_sense_leads_to_the_first_page(token):
    assert skus(Query(after=token)) == skus(Query())
    assert skus(Query("hex bolt", after=token)) == skus(Query("hex bolt"))


def test_further_codes_are_found_too():
    load_codes([("NUT-M8", "competitor", "ZZ-991"), ("NUT-M8", "superseded", "N8")])
    assert skus(Query("zz991")) == ["NUT-M8"]
    assert skus(Query("N8")) == ["NUT-M8"]


@pytest.mark.parametrize("query", [Query(), Query("hex bolt"), Query(category="bolts", attributes={"length": ("60",)})])
def test_a_listing_takes_five_queries_at_most(query, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        found = find(NOBODY, query)
        assert [(product.brand_name, product.picture_url, product.summary) for product in found.products]


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries):
    load_products(ProductRow(f"WSH-{n}", f"Washer {n}", "nuts", "Ferrum") for n in range(300))
    reindex()
    with django_assert_max_num_queries(5):
        found = find(NOBODY, Query("washer", size=200))
        assert len([product.brand_name for product in found.products]) == 200
    assert (found.total, found.more) == (300, False)
