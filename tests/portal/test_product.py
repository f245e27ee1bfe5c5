"""The page of a product over HTTP: everything is there, for whom it is, and nothing for whom it is not."""

import re
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.cases.services import answer_question, ask_question
from apps.catalogue.models import (
    PackagingUnit,
    Product,
    ProductCode,
    ProductDocument,
    ProductPicture,
    ProductRelation,
)
from apps.feedback.services import show_review
from apps.ordering.models import OrderLine
from apps.recommendations.models import Watch
from tests.feedback.deliveries import delivered

HTMX = {"HTTP_HX_REQUEST": "true"}
PARTS = ["offer", "schedule", "certificates", "data_sheet", "reviews", "review", "questions", "share"]
POSTS = ["part_number", "review", "questions", "watch", "share"]


def at(name, product, **query) -> str:
    return reverse(f"portal:{name}", args=[product if isinstance(product, str) else product.sku], query=query or None)


def shown(client, name, product, **query) -> str:
    answer = client.get(at(name, product, **query))
    assert answer.status_code == 200, answer.status_code
    return plain(answer)


def plain(answer) -> str:
    """The words of a page, one blank between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def anna(world, signed_in):
    return signed_in(world.anna)


def furnish(world, n: int = 1) -> None:
    """One, or many, of everything that can hang on the bolt."""
    for at_ in range(n):
        spare = Product.objects.create(
            sku=f"NUT-{at_}", name=f"Nut {at_}", category=world.bolts, attributes={"thread": "M8"}
        )
        kit = Product.objects.create(sku=f"KIT-{at_}", name=f"Kit {at_}", category=world.bolts)
        pump = Product.objects.create(sku=f"PMP-{at_}", name=f"Pump {at_}", category=world.bolts)
        relations = (
            (world.bolt, spare, "spare_part", 4),
            (world.bolt, spare, "component", 2),
            (kit, world.bolt, "component", 12),
            (pump, world.bolt, "spare_part", 1),
        )
        for product, other, kind, quantity in relations:
            ProductRelation.objects.create(product=product, other=other, kind=kind, quantity=quantity)
        ProductPicture.objects.create(product=world.bolt, file="products/x.svg", caption=f"Side {at_}")
        PackagingUnit.objects.create(
            product=world.bolt, name="Carton", quantity=100 * (at_ + 1), gtin="4006381333948", weight_kg="2.1",
            dimensions_mm="200 x 100 x 50",
        )  # fmt: skip
        for version, year in (("1.0", 2023), ("2.0", 2025)):
            ProductDocument.objects.create(
                product=world.bolt, kind="safety", title=f"Sheet {at_}", version=version, issued_on=date(year, 5, 1),
                file=f"documents/{version}.pdf",
            )  # fmt: skip
        ProductDocument.objects.create(
            product=world.bolt, kind="certificate", title="Certificate of the lot", lot=f"H25-{100 + at_}",
            issued_on=date(2025, 6, 1), file="documents/lot.pdf",
        )  # fmt: skip


def test_everything_about_it_is_on_one_page(world, anna):
    furnish(world)
    page = shown(anna, "product", world.bolt)
    for words in (
        "40 mm 1.57 in",
        "0.02 kg 0.0441 lb",
        "200 × 100 × 50 mm 7.87 × 3.94 × 1.97 in",
        "4006381333948",
        "Your contract “Fasteners 2026” sets £0.16",
        "Leeds Pick-up 5,000",
        "Length 60 mm 2.36 in (here 40 mm 1.57 in )",
        "4 in each",
        "12 in each",
        "What the kit contains",
        "Spare parts",
        "Fits these",
        "Part of these kits",
        "version 2.0",
        "1 older version",
        "H25-100",
        "Cutting to length",
    ):
        assert words in page, words
    assert "out of stock" not in page.lower()


def test_it_costs_the_same_queries_however_much_there_is(world, anna):
    def count() -> int:
        anna.get(at("product", world.bolt))
        with CaptureQueriesContext(connection) as asked:
            assert anna.get(at("product", world.bolt)).status_code == 200
        return len(asked)

    few = count()
    furnish(world, 12)
    assert count() == few <= 21  # one of them after the answer is sent


@pytest.mark.parametrize("name", ["reviews", "questions", "schedule", "certificates"])
def test_a_part_is_a_fragment_for_htmx_and_a_page_without(name, world, anna):
    page, fragment = anna.get(at(name, world.bolt)), anna.get(at(name, world.bolt), **HTMX)
    assert b"<html" in page.content and b"<html" not in fragment.content
    assert b"<h1>" in page.content


@pytest.mark.parametrize("name", PARTS)
def test_what_is_not_there_is_not_found(name, world, anna):
    Product.objects.filter(pk=world.oil.pk).update(status="hidden")
    for sku in ("NO-SUCH-SKU", world.oil.sku):
        assert anna.get(at(name, sku)).status_code == 404
        refused = anna.get(at(name, sku), **HTMX)  # said where the page keeps its messages
        assert refused["HX-Retarget"] == "#messages" and world.oil.name not in refused.content.decode()


@pytest.mark.parametrize("name", POSTS)
def test_nothing_can_be_done_to_what_is_not_there(name, world, anna):
    assert anna.post(at(name, "NO-SUCH-SKU"), {"body": "x"}).status_code == 404


# --- by when how much ---------------------------------------------------------------------------------------------


def test_a_quantity_is_answered_lot_by_lot_with_a_date_for_each(world, anna):
    page = shown(anna, "schedule", world.bolt, quantity=9000)
    assert "How 9,000 would arrive" in page
    assert "7,000 7,000 in stock" in page and "2,000 9,000 ordered in for you" in page


@pytest.mark.parametrize(
    ("typed", "words"), [("150", "Raised to 200"), ("x", "Raised to 100"), ("-5", "Raised to 100")]
)
def test_what_cannot_be_ordered_is_raised_to_what_can(typed, words, world, anna):
    assert words in shown(anna, "schedule", world.bolt, quantity=typed)


def test_a_service_has_a_day_and_no_shelf(world, anna):
    assert "Done for you" in shown(anna, "product", world.cutting)


# --- documents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lot", "found"),
    [("h25 100", ["H25-100"]), ("H25", ["H25-100", "H25-101"]), ("Z9", []), ("", ["H25-100", "H25-101"])],
)
def test_certificates_are_found_by_lot(lot, found, world, anna):
    furnish(world, 2)
    page = shown(anna, "certificates", world.bolt, lot=lot)
    assert sorted(set(re.findall(r"H25-\d+", page))) == found
    assert ("No certificate for a lot that begins with" in page) == (not found)


def test_the_data_sheet_has_prices_only_where_they_are_asked_for_and_may_be_seen(world, signed_in, monkeypatch):
    ladders = []

    def sheet(page, *, prices, **how) -> bytes:
        ladders.append(list(prices))
        return b"%PDF-"

    monkeypatch.setattr("apps.portal.datasheet.datasheet_pdf", sheet)
    for who, query in ((world.anna, {}), (world.anna, {"prices": "1"}), (world.rick, {"prices": "1"})):
        answer = signed_in(who).get(at("data_sheet", world.bolt, **query))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'inline; filename="blt-m8-40.pdf"'
    assert ladders == [[], [("from 1 pc", "£0.16"), ("from 1,000 pc", "£0.14")], []]


@pytest.mark.parametrize("picture", ["", "bad.svg", "good.svg", "evil.exe"])
def test_a_sheet_is_set_whatever_the_picture_is(picture, world, anna, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    if picture:
        world.bolt.picture.save(picture, ContentFile(drawing if picture == "good.svg" else b"<no picture"))
    Product.objects.filter(pk=world.bolt.pk).update(name='A "bolt" #strong[not markup] $x$')
    furnish(world)
    answer = anna.get(at("data_sheet", world.bolt))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")


# --- successors ---------------------------------------------------------------------------------------------------


def test_what_is_no_longer_made_leads_to_what_replaces_it(world, anna):
    Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")
    ProductRelation.objects.create(product=world.bolt, other=world.bolt_long, kind="successor")
    page = anna.get(at("product", world.bolt)).content.decode()
    assert "This takes its place" in page and at("product", world.bolt_long) in page and "Add the successor" in page
    assert "Add to cart" not in page


def test_without_a_successor_it_says_so_and_what_else_there_is(world, anna):
    Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")
    page = shown(anna, "product", world.bolt)
    assert "nothing takes its place one to one" in page and "These do the same" in page


def test_an_old_number_leads_to_the_product_that_bears_it(world, anna):
    ProductCode.objects.create(product=world.bolt, kind="superseded", code="OLD-77")
    assert anna.get(at("product", "OLD-77")).url == at("product", world.bolt)
    ProductCode.objects.create(product=world.bolt_long, kind="superseded", code="OLD-77")
    assert anna.get(at("product", "OLD-77")).status_code == 404


# --- reviews ------------------------------------------------------------------------------------------------------

SAID = {"stars": "4", "title": "Good", "body": "Two hundred fitted, not one stripped."}


def test_a_buyer_reviews_what_was_delivered_and_all_read_it(world, anna, client):
    assert "You can write one once" in shown(anna, "reviews", world.bolt)
    assert anna.post(at("review", world.bolt), SAID).status_code == 403
    delivered(world, world.anna, days_ago=10)
    answer = anna.post(at("review", world.bolt), SAID)
    assert answer.url == at("product", world.bolt) + "#reviews"
    assert "Your review waits to be checked" in shown(anna, "reviews", world.bolt)
    version = world.bolt.reviews.get().versions.get()
    show_review(actor_for(world.otto), version, now=timezone.now())
    client.force_login(world.xaver.user)
    page = shown(client, "reviews", world.bolt)
    assert "Two hundred fitted" in page and "4.0" in page and "Anna" not in page and "Brightwater" not in page
    assert "Two hundred fitted" not in shown(client, "reviews", world.bolt, stars="1")


@pytest.mark.parametrize(
    "wrong", [{"stars": "9"}, {"stars": ""}, {"body": "Short"}, {"body": "x" * 3001}, {"title": "x" * 121}]
)
def test_a_review_that_needs_correcting_says_what(wrong, world, anna):
    delivered(world, world.anna, days_ago=10)
    answer = anna.post(at("review", world.bolt), SAID | wrong)
    assert answer.status_code == 422 and not world.bolt.reviews.exists()


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_question_is_asked_answered_at_the_desk_and_stands_under_the_product(world, anna, client):
    asked = {"body": "Can it be tightened with an impact driver?", "asked_of": "rep"}
    assert anna.post(at("questions", world.bolt), asked).url == at("product", world.bolt) + "#questions"
    assert "we answer by" in shown(anna, "questions", world.bolt)
    question = world.bolt.questions.get()

    client.force_login(world.rhea.user)
    assert "impact driver" in plain(client.get(reverse("workspace:questions")))
    desk = reverse("workspace:question", args=[question.pk])
    assert client.post(desk, {"body": "", "way": "public"}).status_code == 422
    assert client.post(desk, {"body": "Yes, at 20 Nm.", "way": "public"}).status_code == 302
    assert client.post(desk, {"body": "No.", "way": "public"}).status_code == 422

    client.force_login(world.xaver.user)
    page = shown(client, "questions", world.bolt)
    assert "Yes, at 20 Nm." in page and "Anna" not in page and "Brightwater" not in page


def test_what_is_private_to_one_account_is_never_seen_by_another(world, client):
    now, anna = timezone.now(), actor_for(world.anna.user)
    alone = ask_question(anna, world.bolt, body="What for the whole year's need?", is_private=True, now=now)
    answer_question(actor_for(world.rhea.user), alone, body="A secret price.", in_public=False, now=now)
    ask_question(anna, world.bolt, body="Not answered yet, not seen yet.", now=now)

    client.force_login(world.xaver.user)
    for how in ({}, HTMX):
        page = plain(client.get(at("questions", world.bolt), **how))
        assert "whole year" not in page and "secret price" not in page and "Not answered yet" not in page
    client.force_login(world.boris.user)
    assert "A secret price." in shown(client, "questions", world.bolt)


def test_a_private_question_cannot_be_answered_for_all_at_the_desk(world, client):
    anna = actor_for(world.anna.user)
    alone = ask_question(anna, world.bolt, body="What for the whole year?", is_private=True, now=timezone.now())
    client.force_login(world.rhea.user)
    desk = reverse("workspace:question", args=[alone.pk])
    assert client.post(desk, {"body": "A secret price.", "way": "public"}).status_code == 422
    client.force_login(world.ruben.user)
    assert client.get(desk).status_code == 404


# --- watching and sharing -----------------------------------------------------------------------------------------


def test_a_watch_is_begun_listed_and_stopped_by_post(world, anna):
    assert anna.get(at("watch", world.oil)).status_code == 405
    assert anna.post(at("watch", world.oil), {"kind": "price", "below": "30,50"}).status_code == 302
    watch = Watch.objects.get()
    assert "You wait for a price below £30.50" in shown(anna, "product", world.oil)
    assert "a price below £30.50" in plain(anna.get(reverse("portal:account")))
    stop = reverse("portal:unwatch", args=[watch.pk])
    assert anna.post(stop, {"from_account": "1"}).url == reverse("portal:account")
    watch.refresh_from_db()
    assert watch.state == "stopped"


@pytest.mark.parametrize("below", ["cheap", "-1", "NaN", "1e99", "0"])
def test_a_price_that_is_none_is_refused(below, world, anna):
    assert anna.post(at("watch", world.oil), {"kind": "price", "below": below}).status_code == 422
    assert not Watch.objects.exists()


def test_another_accounts_watch_cannot_be_stopped(world, anna, client):
    anna.post(at("watch", world.oil), {"kind": "price"})
    client.force_login(world.xaver.user)
    assert client.post(reverse("portal:unwatch", args=[Watch.objects.get().pk])).status_code == 404


def test_a_product_is_shared_with_a_colleague_and_with_nobody_else(world, anna):
    assert "Boris" in shown(anna, "share", world.oil) and "Xaver" not in shown(anna, "share", world.oil)
    sent = {"colleague": world.boris.pk, "quantity": 2, "note": "This one?"}
    assert anna.post(at("share", world.oil), sent).url == at("product", world.oil)
    assert anna.post(at("share", world.oil), sent | {"colleague": world.xaver.pk}).status_code == 422
    assert anna.post(at("share", world.oil), sent | {"note": "x" * 501}).status_code == 422


def test_the_history_is_ones_own(world, anna, client):
    delivered(world, world.anna, days_ago=5)
    number = OrderLine.objects.get().order.number
    assert number in shown(anna, "product", world.bolt)
    client.force_login(world.xaver.user)
    assert number not in shown(client, "product", world.bolt)


def test_breaks_say_how_many_cartons_they_are(world, signed_in):
    PackagingUnit.objects.filter(product=world.bolt).delete()
    PackagingUnit.objects.create(product=world.bolt, name="Carton", quantity=200)
    assert "1,000 pc = 5 × Carton" in shown(signed_in(world.anna), "product", world.bolt)
