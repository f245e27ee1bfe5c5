"""Nothing found: where else to look, and the form that asks the rep; from the listing to the answer."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.cases.models import Case, SourcingRequest
from apps.catalogue.models import Product, ProductRelation
from apps.catalogue.selectors import category_tree
from apps.portal.nearest import nearest_categories
from tests.cases.test_sourcing import picture

SOURCE = "portal:source"


@pytest.fixture
def anna(world, signed_in):
    return signed_in(world.anna)


def fields_of(text: str) -> dict:
    """What the form on a page would send as it stands."""
    key = re.search(r'name="key" value="([^"]+)"', text).group(1)
    typed = re.search(r'<textarea name="text"[^>]*>\s*([^<]*)</textarea>', text).group(1)
    return {"key": key, "text": typed.strip()}


@pytest.mark.parametrize(("words", "says"), [("asbestos glove xyz", "have most of them"), ("xyzzy", "Nothing matches")])
def test_nothing_found_shows_categories_and_the_form_with_what_was_searched(anna, words, says):
    text = anna.get(reverse("portal:catalogue"), {"q": words}).content.decode()
    assert says in text
    assert reverse("portal:category", args=["gloves"]) in text or "glove" not in words
    assert fields_of(text)["text"] == words


def test_something_found_shows_neither(anna):
    text = anna.get(reverse("portal:catalogue"), {"q": "bolt"}).content.decode()
    assert reverse(SOURCE) not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "slug", "first"),
    [
        ("nitril glove", "", "gloves"),
        ("GLOVES", "", "gloves"),
        ("lubricant", "", "lubricants"),
        ("hexx bolts", "", "hex-bolts"),
        ("qqqq", "hex-bolts", "hex-bolts"),
        ("qqqq", "", "fasteners"),
        ("", "", "fasteners"),
    ],
)
def test_the_nearest_category_comes_first(world, text, slug, first):
    assert nearest_categories(category_tree(), text, slug)[0].slug == first


def test_from_the_listing_to_the_answer(world, signed_in):
    anna = signed_in(world.anna)
    form = fields_of(anna.get(reverse("portal:catalogue"), {"q": "unobtainium seal"}).content.decode())
    photo = SimpleUploadedFile("../../plate.svg", picture(), "image/svg+xml")
    sent = {**form, "quantity": "12", "wished_on": "2099-01-31", "file": photo}
    answer = anna.post(reverse(SOURCE), sent)
    case = Case.objects.get()
    assert answer.url == reverse("portal:case", args=[case.number])
    assert anna.post(reverse(SOURCE), {**form, "quantity": "12"}).url == answer.url
    assert Case.objects.count() == 1
    file = anna.get(reverse("portal:sourcing_file", args=[case.number]))
    assert file.headers["Content-Type"] == "image/jpeg"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{case.number}.jpg"'
    assert file.content.startswith(b"\xff\xd8")
    assert "unobtainium seal" in anna.get(reverse("portal:cases")).content.decode()

    rhea = signed_in(world.rhea)
    assert "unobtainium seal" in rhea.get(reverse("workspace:today")).content.decode()
    page = rhea.get(reverse("workspace:case", args=[case.number])).content.decode()
    assert reverse("workspace:sourcing_file", args=[case.number]) in page
    assert rhea.get(reverse("workspace:sourcing_file", args=[case.number])).content == file.content
    rhea.post(reverse("workspace:answer_case", args=[case.number]), {"body": "From Brennick, in two weeks."})
    text = signed_in(world.anna).get(answer.url).content.decode()
    assert "From Brennick, in two weeks." in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "This field is required"),
        ({"quantity": "-3"}, "greater than or equal to 1"),
        ({"quantity": "1e9999"}, "whole number"),
        ({"wished_on": "yesterday"}, "valid date"),
        ({"wished_on": "2001-01-01"}, "That day has passed"),
        ({"file": "html"}, "Only a picture"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(wrong, said, anna):
    if "file" in wrong:
        wrong = {"file": SimpleUploadedFile("a.pdf", b"<html><script>", "application/pdf")}
    answer = anna.post(reverse(SOURCE), {"key": "k1", "text": "A seal", "quantity": "3", **wrong})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert 'value="k1"' in text
    assert not Case.objects.exists()


def test_a_discontinued_product_without_successor_leads_to_the_form_one_with_does_not(world, anna):
    Product.objects.filter(pk=world.oil.pk).update(status="discontinued")
    page = reverse("portal:product", args=["OIL-5L"])
    link = re.search(rf'href="({reverse(SOURCE)}[^"]*)"', anna.get(page).content.decode()).group(1)
    text = anna.get(link.replace("&amp;", "&")).content.decode()
    assert "In place of" in text
    assert anna.post(reverse(SOURCE), {**fields_of(text), "sku": "OIL-5L"}).status_code == 302
    assert SourcingRequest.objects.get().product == world.oil
    ProductRelation.objects.create(product=world.oil, other=world.gloves, kind="successor")
    assert reverse(SOURCE) not in anna.get(page).content.decode()


def test_an_unknown_product_to_replace_is_not_found(anna):
    assert anna.get(reverse(SOURCE), {"sku": "NOPE"}).status_code == 404
    assert anna.post(reverse(SOURCE), {"key": "k1", "text": "A seal", "sku": "NOPE"}).status_code == 404
