"""Products side by side: what differs, what is said where nothing or too much is asked, at a constant cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.catalogue.models import AssortmentRule, PackagingUnit, Product, ProductCode
from apps.catalogue.rules import normal_code
from apps.catalogue.services import set_part_number
from apps.portal.compare import MOST, address_of
from tests.portal.test_queries import MOST as MOST_QUERIES
from tests.portal.test_queries import more_bolts

BOLTS = ["BLT-M8-40", "BLT-M8-60"]


def page(client, *skus, **more):
    answer = client.get(reverse("portal:compare"), {"sku": skus, **more})
    assert answer.status_code == 200
    return answer


def rows(answer) -> dict[str, tuple]:
    """label -> (differs, values)"""
    return {row.label: (row.differs, row.values) for row in answer.context["rows"]}


def bolts(world) -> list[str]:
    """The SKUs of thirty more bolts, known by their codes."""
    made = more_bolts(world)
    ProductCode.objects.bulk_create(
        ProductCode(product=bolt, kind="sku", code=bolt.sku, normal=normal_code(bolt.sku)) for bolt in made
    )
    return [bolt.sku for bolt in made]


@pytest.fixture
def anna(world, signed_in):
    return signed_in(world.anna)


def test_attributes_stand_side_by_side_with_units_and_what_differs_is_marked(world, anna):
    answer = page(anna, *BOLTS)
    found = rows(answer)
    assert found["Length"] == (True, (40, 60))
    assert found["Thread"] == (False, ("M8", "M8"))
    text = answer.content.decode()
    assert "40 mm" in text and "60 mm" in text
    assert re.search(r'<tr class="is-different"><th scope="row"><span class="compare-label"><span>Length', text)
    assert re.search(r'<tr><th scope="row"><span class="compare-label"><span>Thread', text)


def test_price_availability_packaging_and_warranty_are_compared(world, anna):
    PackagingUnit.objects.create(product=world.bolt, name="Carton", quantity=1000)
    Product.objects.filter(pk=world.bolt.pk).update(warranty_months=24)
    found = rows(page(anna, *BOLTS))
    assert found["Your price"][0]
    assert [str(card.price.unit_price) for card in found["Your price"][1]] == ["0.1600", "0.2500"]
    assert [value.state for value in found["Availability"][1]] == ["in_stock", "sourced"]
    assert found["Packaging"] == (True, ((("Carton", 1000),), ()))
    assert found["Warranty"] == (True, (24, None))


def test_a_value_that_is_missing_is_a_difference(world, anna):
    assert rows(page(anna, "BLT-M8-40", "OIL-5L"))["Thread"] == (True, ("M8", None))


def test_what_none_of_them_has_is_no_row(anna):
    found = rows(page(anna, *BOLTS))
    assert "Warranty" not in found and "Size" not in found


def test_only_what_differs_can_be_shown(anna):
    answer = page(anna, *BOLTS, only="differences")
    assert "Thread" not in rows(answer) and "Length" in rows(answer)
    assert answer.context["toggle_url"] == address_of(BOLTS)


def test_the_address_leads_back_to_the_same_without_one_of_them(anna):
    sides = page(anna, *BOLTS).context["sides"]
    assert [side.without_url for side in sides] == [address_of(["BLT-M8-60"]), address_of(["BLT-M8-40"])]


def test_any_code_adds_a_product_and_none_twice(world, anna):
    set_part_number(actor_for(world.anna.user), world.oil, "SHOP-7", world.now)
    assert page(anna, "tv m8x40", "BLT-M8-40", "shop 7").context["skus"] == ["BLT-M8-40", "OIL-5L"]


def test_nothing_to_compare_says_what_to_do(anna):
    assert "Nothing to compare yet" in page(anna).content.decode()


def test_of_too_many_the_first_are_shown_and_the_others_named(world, anna):
    skus = bolts(world)[: MOST + 1]
    answer = page(anna, *skus)
    assert answer.context["skus"] == skus[:MOST]
    text = answer.content.decode()
    assert "Left out:" in text and "Hex bolt number 6" in text
    assert 'id="compare-sku"' not in text


def test_an_unknown_code_and_one_outside_the_assortment_sound_alike(world, anna):
    AssortmentRule.objects.create(effect="exclude", product=world.oil, account=world.brightwater)
    answer = page(anna, "OIL-5L", "OIL-9L", "BLT-M8-40")
    assert answer.context["unknown"] == ["OIL-5L", "OIL-9L"]
    assert answer.context["skus"] == ["BLT-M8-40"]
    assert "Hydraulic" not in answer.content.decode()


@pytest.mark.parametrize("code", ["\x00", "<script>alert(1)</script>", "x" * 5000, "ﷺ", "-1"])
def test_no_code_can_break_it(code, anna):
    assert "<script>alert" not in page(anna, code, "BLT-M8-40").content.decode()


def test_who_sees_no_prices_compares_the_rest(world, signed_in):
    found = rows(page(signed_in(world.rick), *BOLTS))
    assert "Your price" not in found
    assert found["Length"][0]


def test_a_discontinued_one_is_compared_and_cannot_be_added(world, anna):
    Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")
    text = page(anna, *BOLTS).content.decode()
    assert text.count('action="/cart/add/"') == 1
    assert "No longer made" in text


def test_listings_offer_a_box_that_belongs_to_the_form(anna):
    for view in ("", "table"):
        text = anna.get(reverse("portal:catalogue"), {"q": "bolt", "view": view}).content.decode()
        assert text.count('<input type="checkbox" form="compare" name="sku"') == 2
        assert '<form id="compare"' in text and f'action="{reverse("portal:compare")}"' in text
    assert 'form="compare"' not in anna.get(reverse("portal:home")).content.decode()


def test_a_product_leads_to_the_comparison_with_its_substitutes(anna):
    text = anna.get(reverse("portal:product", args=["BLT-M8-40"])).content.decode()
    assert address_of(BOLTS).replace("&", "&amp;") in text


def test_six_cost_as_much_as_two(world, anna):
    skus = bolts(world)[:MOST]

    def cost(*asked) -> int:
        assert len(page(anna, *asked).context["sides"]) == len(asked)
        with CaptureQueriesContext(connection) as queries:
            page(anna, *asked)
        return len(queries)

    assert cost(*skus) == cost(*skus[:2]) <= MOST_QUERIES
