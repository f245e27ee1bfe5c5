"""What is outside an account's assortment answers on every page as what does not exist; history stays readable."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.catalogue.models import AssortmentRule, CustomerPartNumber, Product, ProductRelation
from apps.ordering.models import CartLine, Order, OrderLine, Quote
from apps.recommendations.models import NextLine, Pick
from tests.portal.buying import add, checkout_form, place, placed
from tests.portal.test_queries import MOST, count

PAGES = [("GET", "product"), ("GET", "offer"), ("POST", "part_number")]
FORMS = ["cart_add", "dismiss"]


def shut(world, account=None, **subject):
    """From now on the account may not buy oil (or what else is named)."""
    subject = subject or {"category": world.oil.category}
    AssortmentRule.objects.create(effect="exclude", account=account or world.brightwater, **subject)


def ask(client, method, name, sku):
    answer = client.generic(method, reverse(f"portal:{name}", args=[sku]))
    return answer.status_code, said(answer).replace(sku, "SKU")


def said(answer) -> str:
    """The page without what is new in each answer."""
    return re.sub(r'(content|value|nonce)="[\w-]{16,}"', "", answer.content.decode())


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_its_page_and_every_part_of_it_answer_as_for_an_unknown_sku(method, name, world, signed_in):
    shut(world)
    anna = signed_in(world.anna)
    status, text = ask(anna, method, name, "OIL-5L")
    assert (status, text) == ask(anna, method, name, "OIL-9L")
    assert status == 404
    assert "Hydraulic" not in text
    assert ask(signed_in(world.xaver), method, name, "OIL-5L")[0] in (200, 302)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_names_it_is_answered_as_for_an_unknown_sku(name, world, signed_in):
    shut(world)
    anna = signed_in(world.anna)
    for headers in ({}, {"HX-Request": "true"}):
        shut_off, unknown = (
            anna.post(reverse(f"portal:{name}"), {"sku": sku, "never": sku, "quantity": "1"}, headers=headers)
            for sku in ("OIL-5L", "OIL-9L")
        )
        assert (shut_off.status_code, said(shut_off)) == (unknown.status_code, said(unknown))
        assert "Hydraulic" not in said(shut_off)
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("text", ["hydraulic oil", "OIL-5L", "oil5l", "SHOP-7", "hydralic"])
def test_neither_listing_nor_suggestions_find_it(text, world, signed_in):
    CustomerPartNumber.objects.create(account=world.brightwater, product=world.oil, code="SHOP-7")
    names = ["catalogue", "suggest"]

    def found(who):
        return {name: "Hydraulic oil" in signed_in(who).get(reverse(f"portal:{name}"), {"q": text}).content.decode()
                for name in names}  # fmt: skip

    if text not in ("hydralic",):
        assert found(world.anna)["catalogue"]
    shut(world)
    assert found(world.anna) == {"catalogue": False, "suggest": False}


def test_a_category_that_holds_nothing_for_the_account_is_no_category(world, signed_in):
    shut(world)
    anna = signed_in(world.anna)
    absent = anna.get(reverse("portal:category", args=["nowhere"]))
    shut_off = anna.get(reverse("portal:category", args=["lubricants"]))
    assert (absent.status_code, shut_off.status_code) == (404, 404)
    assert "Lubricants" not in anna.get(reverse("portal:catalogue")).content.decode()
    assert signed_in(world.xaver).get(reverse("portal:category", args=["lubricants"])).status_code == 200


def test_it_is_not_offered_beside_what_is(world, signed_in):
    for kind in ("substitute", "accessory", "successor"):
        ProductRelation.objects.create(product=world.bolt, other=world.oil, kind=kind)
    page = reverse("portal:product", args=[world.bolt.sku])
    assert "Hydraulic oil" in signed_in(world.anna).get(page).content.decode()
    shut(world)
    assert "Hydraulic oil" not in signed_in(world.anna).get(page).content.decode()
    assert "Hydraulic oil" in signed_in(world.xaver).get(page).content.decode()


def test_it_is_neither_suggested_nor_picked(world, signed_in):
    today = timezone.localdate()
    NextLine.objects.create(
        account=world.brightwater, product=world.oil, place=1, quantity=2, due_on=today, expected_on=today,
        kind="rhythm", because={"times": 5, "gap": 30, "last": str(today - timedelta(days=30))},
    )  # fmt: skip
    Pick.objects.create(account=world.brightwater, product=world.oil, rep=world.rhea, picked_at=timezone.now())
    home = reverse("portal:home")
    assert "Hydraulic oil" in signed_in(world.anna).get(home).content.decode()
    shut(world)
    assert "Hydraulic oil" not in signed_in(world.anna).get(home).content.decode()


class TestALineThatLeft:
    """Oil was put in the cart while it was in the assortment."""

    @pytest.fixture
    def anna(self, world, signed_in):
        client = signed_in(world.anna)
        add(client, world.oil, 2)
        add(client, world.gloves, 1)
        return client

    def test_the_cart_says_so_beside_the_line_and_does_not_link_to_it(self, world, anna):
        shut(world)
        text = anna.get(reverse("portal:cart")).content.decode()
        assert "No longer in your assortment" in text
        assert "Hydraulic oil" in text
        assert reverse("portal:product", args=["OIL-5L"]) not in text
        assert reverse("portal:product", args=["GLV-NIT-L"]) in text

    def test_the_checkout_refuses_with_its_name_until_it_is_out(self, world, anna):
        form = checkout_form(anna) | {"place": "1"}
        shut(world)
        refused = anna.post(reverse("portal:checkout"), form)
        assert refused.status_code == 422
        assert "No longer in your assortment: Hydraulic oil 5 litres (OIL-5L)." in refused.content.decode()
        assert not Order.objects.exists()
        line = CartLine.objects.get(product=world.oil)
        anna.post(reverse("portal:cart_remove", args=[line.pk]))
        assert place(anna).status_code == 302

    def test_no_quote_is_asked_for_it(self, world, anna):
        shut(world)
        refused = anna.post(reverse("portal:request_quote"))
        assert refused.status_code == 422
        assert "Hydraulic oil 5 litres (OIL-5L)" in refused.content.decode()
        assert not Quote.objects.exists()
        assert CartLine.objects.count() == 2

    def test_cart_and_checkout_cost_one_statement_more_however_many_left(self, world, anna):
        usual = [count(anna, "cart"), count(anna, "checkout")]
        shut(world)
        assert [count(anna, "cart"), count(anna, "checkout")] == [n + 1 for n in usual]
        shut(world, category=world.safety)
        assert [count(anna, "cart"), count(anna, "checkout")] == [n + 1 for n in usual]


def test_an_offer_for_it_is_not_accepted(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.oil, 2)
    anna.post(reverse("portal:request_quote"))
    quote = Quote.objects.get()
    quote.lines.update(offered_price="30.00")
    Quote.objects.update(status="offered", valid_until=timezone.localdate() + timedelta(days=9))
    shut(world)
    page = anna.get(reverse("portal:quote", args=[quote.number])).content.decode()
    assert "Hydraulic oil" in page
    assert reverse("portal:product", args=["OIL-5L"]) not in page
    form = {"ship_to": world.dock.pk, "option": world.standard.pk, "key": "k"}
    refused = anna.post(reverse("portal:accept_quote", args=[quote.number]), form)
    assert refused.status_code == 422
    assert not Order.objects.exists()


class TestWhatWasOrdered:
    @pytest.fixture
    def number(self, world, signed_in):
        anna = signed_in(world.anna)
        add(anna, world.gloves, 1)
        return placed(anna, world.oil, 2)

    def test_it_stays_readable_without_a_link(self, world, signed_in, number):
        anna, product = signed_in(world.anna), reverse("portal:product", args=["OIL-5L"])
        page = reverse("portal:order", args=[number])
        assert product in anna.get(page).content.decode()
        shut(world)
        text = anna.get(page).content.decode()
        assert "Hydraulic oil" in text
        assert product not in text
        assert reverse("portal:product", args=["GLV-NIT-L"]) in text

    def test_a_hidden_product_has_no_link_either(self, world, signed_in, number):
        Product.objects.filter(pk=world.oil.pk).update(status="hidden")
        text = signed_in(world.anna).get(reverse("portal:order", args=[number])).content.decode()
        assert reverse("portal:product", args=["OIL-5L"]) not in text

    def test_ordering_again_leaves_it_out_and_says_so(self, world, signed_in, number):
        shut(world)
        answer = signed_in(world.anna).post(reverse("portal:reorder", args=[number]), follow=True)
        assert "No longer sold: OIL-5L." in answer.content.decode()
        assert list(CartLine.objects.values_list("product__sku", flat=True)) == ["GLV-NIT-L"]

    def test_nothing_of_it_can_be_ordered_again(self, world, signed_in, number):
        shut(world)
        shut(world, brand=world.brand)
        answer = signed_in(world.anna).post(reverse("portal:reorder", args=[number]), follow=True)
        assert "GLV-NIT-L" in answer.content.decode()
        assert not CartLine.objects.exists()
        assert OrderLine.objects.count() == 2


@pytest.mark.parametrize("name", ["home", "catalogue"])
def test_pages_cost_the_same_for_one_rule_and_for_many(name, world, signed_in):
    anna = signed_in(world.anna)
    free = count(anna, name)
    shut(world)
    one = count(anna, name)
    for product in (world.drill, world.gloves, world.bolt_long):
        shut(world, product=product)
    assert count(anna, name) <= one + 1 <= free + 1 <= MOST  # one to count what products rules name


def test_the_rep_who_acts_for_the_buyer_is_kept_to_it_too(world, signed_in, client):
    shut(world)
    rhea = signed_in(world.rhea)
    rhea.post(reverse("workspace:start_acting", args=[world.anna.pk]))
    assert rhea.get(reverse("portal:product", args=["BLT-M8-40"])).status_code == 200
    assert rhea.get(reverse("portal:product", args=["OIL-5L"])).status_code == 404


def test_the_rep_picks_nothing_the_account_may_not_see(world, signed_in):
    shut(world)
    rhea = signed_in(world.rhea)
    address = reverse("workspace:pick", args=[world.brightwater.number])
    assert "No product is known by the code" in rhea.post(address, {"code": "OIL-5L"}, follow=True).content.decode()
    assert not Pick.objects.exists()


def test_the_rep_is_told_that_an_account_sees_part_of_the_catalogue(world, signed_in):
    page, words = reverse("workspace:account", args=[world.brightwater.number]), "sees part of the catalogue"
    rhea = signed_in(world.rhea)
    assert words not in rhea.get(page).content.decode()
    shut(world)
    assert words in rhea.get(page).content.decode()
