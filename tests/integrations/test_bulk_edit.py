"""Many products changed at once from their list: looked through, recorded, undone."""

import pytest
from django.urls import reverse

from apps.catalogue.models import Product
from apps.core.models import Event
from apps.integrations.models import CatalogueImport
from apps.integrations.tasks import go_on_with_catalogue_import

pytestmark = pytest.mark.django_db
LIST = "admin:catalogue_product_changelist"


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


def ask(client, products=(), *, query="", **said):
    body = {"action": "change_products", "_selected_action": [p.pk for p in products], "select_across": "0"}
    return client.post(reverse(LIST) + query, body | said)


def work(name: str) -> None:
    go_on_with_catalogue_import(Event.objects.filter(name=f"catalogue_import.{name}").latest("pk").pk)


def changed(client, *products, **said) -> CatalogueImport:
    assert ask(client, products, apply="1", **said).status_code == 302
    work("received")
    return CatalogueImport.objects.latest("pk")


def put_live(client, run) -> None:
    client.post(reverse("admin:integrations_catalogueimport_commit", args=[run.pk]))
    work("approved")


def test_the_page_says_what_was_chosen_and_asks_what_to_change(otto, world):
    page = ask(otto, [world.bolt, world.bolt_long]).content.decode()
    assert "2 products:" in page and world.bolt.sku in page and "What to change" in page
    assert "Say the new value" in ask(otto, [world.bolt], apply="1", field="brand").content.decode()


CHANGES = {
    "status": ({"status": "discontinued"}, lambda product: product.status == "discontinued"),
    "brand": ({"brand": "Novum"}, lambda product: product.brand.name == "Novum"),
    "tax_class": ({"tax_class": "reduced"}, lambda product: product.tax_class == "reduced"),
    "category": ({"category": "Power tools"}, lambda product: product.category.name == "Power tools"),
    "is_bulky": ({"is_bulky": "yes"}, lambda product: product.is_bulky),
    "is_dangerous": ({"is_dangerous": "yes"}, lambda product: product.is_dangerous),
    "attribute": (
        {"attribute": "length", "attribute_value": "47.5"},
        lambda product: product.attributes["length"] == 47.5,
    ),
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_field_is_previewed_put_live_and_undone(field, otto, world):
    said, done = CHANGES[field]
    chosen = Product.objects.select_related("brand", "category").filter(pk__in=[world.bolt.pk, world.bolt_long.pk])
    run = changed(otto, world.bolt, world.bolt_long, field=field, **said)
    assert (run.step, run.report["kinds"]["changed"]) == ("ready", 2)
    assert not any(map(done, chosen.all()))
    put_live(otto, run)
    assert all(map(done, chosen.all()))
    otto.post(reverse("admin:integrations_catalogueimport_undo", args=[run.pk]))
    work("revoked")
    assert not any(map(done, chosen.all()))


EMPTIED = {
    "brand": ({}, lambda product: product.brand is None),
    "attribute": ({"attribute": "length"}, lambda product: "length" not in product.attributes),
}


@pytest.mark.parametrize("field", EMPTIED)
def test_a_value_is_taken_away_and_comes_back(field, otto, world):
    said, done = EMPTIED[field]
    put_live(otto, changed(otto, world.bolt, field="attribute", attribute="length", attribute_value="47.5"))
    put_live(otto, changed(otto, world.bolt, field="brand", brand="Novum"))
    bolt = Product.objects.select_related("brand").filter(pk=world.bolt.pk)
    run = changed(otto, world.bolt, field=field, empty="on", **said)
    assert (run.step, run.report["kinds"]["changed"]) == ("ready", 1) and "left empty" in run.file_name
    page = otto.get(reverse("admin:integrations_catalogueimport_change", args=[run.pk])).content.decode()
    assert "<ins>–</ins>" in page
    put_live(otto, run)
    assert done(bolt.get())
    assert changed(otto, world.bolt, field=field, empty="on", **said).report["kinds"]["unchanged"] == 1
    otto.post(reverse("admin:integrations_catalogueimport_undo", args=[run.pk]))
    work("revoked")
    assert (bolt.get().brand.name, bolt.get().attributes["length"]) == ("Novum", 47.5)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"field": "status", "status": "hidden"}, "A product cannot be without that"),
        ({"field": "category"}, "A product cannot be without that"),
        ({"field": "brand", "brand": "Novum"}, "Say one of the two"),
        ({"field": "attribute"}, "Say which attribute"),
    ],
)
def test_what_cannot_be_emptied_is_refused(said, wrong, otto, world):
    assert wrong in ask(otto, [world.bolt], apply="1", empty="on", **said).content.decode()
    assert not CatalogueImport.objects.exists()


def test_a_whole_filter_is_changed_and_nothing_beyond_it(otto, world):
    Product.objects.filter(pk=world.oil.pk).update(tax_class="reduced")
    said = {"apply": "1", "field": "status", "status": "hidden", "select_across": "1"}
    assert ask(otto, [world.bolt], query="?tax_class=reduced", **said).status_code == 302
    work("received")
    put_live(otto, CatalogueImport.objects.latest("pk"))
    assert list(Product.objects.filter(status="hidden").values_list("pk", flat=True)) == [world.oil.pk]


def test_what_has_the_value_already_is_left_alone_and_nothing_else_is_said_to_be_gone(otto, world):
    put_live(otto, changed(otto, world.bolt, field="tax_class", tax_class="reduced"))
    run = changed(otto, world.bolt_long, field="status", status="active")
    assert run.report["kinds"] == {"new": 0, "changed": 0, "unchanged": 1, "gone": 0, "quarantined": 0}
    wrong = ask(otto, [world.bolt], apply="1", field="attribute", attribute="length", attribute_value="long")
    assert "does not fit the attribute" in wrong.content.decode()


def test_who_may_not_change_products_cannot(world, signed_in):
    answer = ask(signed_in(world.rhea), [world.bolt], apply="1", field="status", status="hidden")
    assert answer.status_code in (302, 403)
    assert not CatalogueImport.objects.exists()
