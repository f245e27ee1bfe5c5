"""Operations keep the catalogue in the admin: what they save is found at once."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from PIL import Image

from apps.catalogue.models import Attribute, Brand, Category, Product, ProductCode
from apps.catalogue.search import Query, find
from apps.core.models import Event
from apps.core.scoping import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world, client):
    client.force_login(world.otto)
    return client


def skus(text: str) -> list[str]:
    return [product.sku for product in find(NOBODY, Query(text)).products]


def form_of(page) -> dict:
    """What the browser would send back of a change page."""
    form = page.context["adminform"].form
    data = {}
    for bound in [form, *(f for formset in page.context["inline_admin_formsets"] for f in formset.formset.forms)]:
        for field in bound:
            value = field.value()
            if value is not None and value is not False and not isinstance(value, FieldFile):
                data[field.html_name] = value
    for formset in page.context["inline_admin_formsets"]:
        for field in formset.formset.management_form:
            data[field.html_name] = field.value()
    return data


def change(desk, product, **fields):
    url = reverse("admin:catalogue_product_change", args=[product.pk])
    data = form_of(desk.get(url)) | fields
    answer = desk.post(url, data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    product.refresh_from_db()


def test_a_changed_product_is_found_by_its_new_words_codes_and_attributes(world, desk):
    change(desk, world.bolt, name="Carriage screw", mpn="NEW-9", attribute_thread="M12", attribute_length="45.5")
    assert world.bolt.attributes == {"thread": "M12", "length": 45.5}
    assert skus("carriage screw") == skus("new 9") == skus("M12") == ["BLT-M8-40"]
    event = Event.objects.get(name="product.changed")
    assert event.actor_name == "Otto"
    assert set(event.facts["fields"]) >= {"name", "mpn", "thread", "length"}


def test_attributes_of_the_category_are_offered_typed_and_can_be_emptied_and_added(world, desk):
    Attribute.objects.create(code="coated", name="Coated", kind="yes_no")
    change(desk, world.bolt, attribute_length="", added_attribute=Attribute.objects.get(code="coated").pk)
    assert world.bolt.attributes == {"thread": "M8", "coated": True}
    change(desk, world.bolt, attribute_coated="false", attribute_length="50")
    assert world.bolt.attributes == {"thread": "M8", "coated": False, "length": 50}
    page = desk.get(reverse("admin:catalogue_product_change", args=[world.bolt_long.pk]))
    assert "Length (mm)" in page.content.decode()


def test_a_number_that_is_none_is_refused_in_the_page(world, desk):
    url = reverse("admin:catalogue_product_change", args=[world.bolt.pk])
    page = desk.post(url, form_of(desk.get(url)) | {"attribute_length": "long"})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["attribute_length"]


def test_a_further_code_typed_in_is_searchable_and_the_products_own_are_not_offered(world, desk):
    url = reverse("admin:catalogue_product_change", args=[world.bolt.pk])
    data = form_of(desk.get(url))
    prefix = next(key for key in data if key.endswith("TOTAL_FORMS") and key.startswith("codes")).split("-")[0]
    data |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-0-kind": "competitor", f"{prefix}-0-code": "ZZ 77/1"}
    assert desk.post(url, data).status_code == 302
    assert ProductCode.objects.get(kind="competitor").normal == "ZZ771"
    assert skus("zz-77-1") == ["BLT-M8-40"]


@pytest.mark.parametrize("term", ["hex bolt", "BLT-M8-40", "4006381333931", "tv m8x40", "cordl"])
def test_operations_search_by_words_and_any_code(desk, term):
    page = desk.get(reverse("admin:catalogue_product_changelist"), {"q": term})
    assert len(page.context["cl"].result_list) >= 1


def test_products_are_discontinued_and_put_back_by_actions(world, desk):
    url = reverse("admin:catalogue_product_changelist")
    for action, status in (("discontinue", "discontinued"), ("put_on_sale", "active")):
        desk.post(url, {"action": action, "_selected_action": [world.bolt.pk, world.oil.pk]})
        assert set(Product.objects.filter(sku__in=["BLT-M8-40", "OIL-5L"]).values_list("status", flat=True)) == {status}


def test_a_renamed_category_and_brand_are_found_by_their_new_names(world, desk):
    url = reverse("admin:catalogue_category_change", args=[world.bolts.pk])
    desk.post(url, form_of(desk.get(url)) | {"name": "Setscrews"})
    assert set(skus("setscrews")) == {"BLT-M8-40", "BLT-M8-60"}
    url = reverse("admin:catalogue_brand_change", args=[world.brand.pk])
    desk.post(url, form_of(desk.get(url)) | {"name": "Norrfast"})
    assert "BLT-M8-40" in skus("norrfast")


def test_the_category_list_is_the_tree_in_its_order(world, desk):
    page = desk.get(reverse("admin:catalogue_category_changelist"))
    names = [category.name for category in page.context["cl"].result_list]
    assert names.index("Hex bolts") == names.index("Fasteners") + 1
    assert len(names) == Category.objects.count()


@pytest.mark.parametrize("model", ["product", "category", "brand", "attribute", "customerpartnumber"])
def test_every_list_and_form_opens(world, desk, model):
    assert desk.get(reverse(f"admin:catalogue_{model}_changelist")).status_code == 200
    assert desk.get(reverse(f"admin:catalogue_{model}_add")).status_code == 200


def test_a_picture_sent_for_a_product_is_checked_made_small_and_kept_under_a_name_nobody_guesses(world, desk):
    url = reverse("admin:catalogue_product_change", args=[world.bolt.pk])
    script = SimpleUploadedFile("bolt.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    page = desk.post(url, form_of(desk.get(url)) | {"picture": script})
    assert "no picture of a kind known here" in str(page.context["adminform"].form.errors["picture"])
    pixels = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(pixels, "PNG")
    change(desk, world.bolt, picture=SimpleUploadedFile("bolt.png", pixels.getvalue(), "image/png"))
    assert re.fullmatch(r"products/[0-9a-f]{32}\.webp", world.bolt.picture.name)
    assert Image.open(world.bolt.thumbnail).size == (320, 213)
    change(desk, world.bolt, name="Renamed")
    assert world.bolt.thumbnail


def test_which_brands_are_our_own_is_ticked_in_the_list_for_many_at_once(world, desk):
    Brand.objects.bulk_create([Brand(name=f"House {n}", slug=f"house-{n}") for n in range(3)])
    page = reverse("admin:catalogue_brand_changelist") + "?q=House"
    formset = desk.get(page).context["cl"].formset
    data = {field.html_name: field.value() for field in formset.management_form} | {"_save": "Save"}
    for form in formset.forms:
        data[f"{form.prefix}-id"] = form.instance.pk
        if form.instance.slug != "house-2":
            data[f"{form.prefix}-is_own"] = "on"
    assert desk.post(page, data).status_code == 302
    assert set(Brand.objects.filter(is_own=True).values_list("slug", flat=True)) == {"house-0", "house-1"}
