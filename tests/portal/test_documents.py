"""A document is for whoever may see a product it belongs to; its address tells a stranger nothing."""

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import reverse

from apps.catalogue.models import AssortmentRule, Product, ProductDocument
from config.media import media

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(world) -> ProductDocument:
    document = ProductDocument(product=world.oil, kind="safety", title="Safety data sheet")
    document.file.save("oil.pdf", ContentFile(b"%PDF-1.7 oil"))
    return document


def shut(world, product) -> None:
    """From now on Brightwater may not see the product."""
    AssortmentRule.objects.create(effect="exclude", account=world.brightwater, product=product)


def test_the_page_of_the_product_leads_to_it_and_it_is_read_there(world, sheet, signed_in):
    anna = signed_in(world.anna)
    assert sheet.file.url in anna.get(reverse("portal:product", args=[world.oil.sku])).content.decode()
    answer = anna.get(sheet.file.url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 oil"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-cache"


def test_who_has_it_is_told_so_in_short_but_asked_each_time(world, sheet, signed_in):
    anna = signed_in(world.anna)
    seen = {"If-None-Match": anna.get(sheet.file.url)["ETag"]}
    assert anna.get(sheet.file.url, headers=seen).status_code == 304
    shut(world, world.oil)
    assert anna.get(sheet.file.url, headers=seen).status_code == 404


def test_outside_the_assortment_it_is_as_absent_as_one_that_never_was(world, sheet, signed_in):
    shut(world, world.oil)
    anna = signed_in(world.anna)
    shut_off, never = anna.get(sheet.file.url), anna.get("/documents/never.pdf")
    assert (shut_off.status_code, never.status_code) == (404, 404)
    assert signed_in(world.xaver).get(sheet.file.url).status_code == 200


def test_nobody_reads_it_without_logging_in_nor_under_the_root_of_pictures(world, sheet, client, rf):
    assert client.get(sheet.file.url).status_code == 302
    with override_settings(SERVE_MEDIA=True), pytest.raises(Exception, match="exist"):
        media(rf.get("/media/"), sheet.file.name)


def test_one_file_of_several_products_is_read_by_whoever_sees_one_of_them(world, sheet, signed_in):
    ProductDocument.objects.create(product=world.bolt, kind="manual", title="Both", file=sheet.file.name)
    shut(world, world.oil)
    assert signed_in(world.anna).get(sheet.file.url).status_code == 200
    shut(world, world.bolt)
    assert signed_in(world.anna).get(sheet.file.url).status_code == 404


def test_of_a_hidden_product_only_staff_reads_it(world, sheet, signed_in):
    Product.objects.filter(pk=world.oil.pk).update(status="hidden")
    assert signed_in(world.anna).get(sheet.file.url).status_code == 404
    assert signed_in(world.otto).get(sheet.file.url).status_code == 200


def test_what_a_browser_might_run_is_handed_over_to_be_kept(world, signed_in):
    page = ProductDocument(product=world.bolt, kind="manual", title="Page")
    page.file.save("page.html", ContentFile(b"<script>alert(1)</script>"))
    answer = signed_in(world.anna).get(page.file.url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
