"""The quick order over HTTP: sent in every way, answered line by line, kept over a log-out, into the cart."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from xlsxwriter import Workbook

from apps.accounts.models import ShipTo
from apps.cases.models import FollowUp
from apps.cases.tasks import follow_failed_upload
from apps.catalogue.models import AssortmentRule, Product, ProductCode
from apps.core.models import Event
from apps.ordering.models import CartLine, CartSplit, QuickOrderLine
from tests.portal.test_queries import MOST, more_bolts

QUICK = "/quick-order/"


def said(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def paste(client, text):
    return client.post(reverse("portal:quick_paste"), {"text": text}, follow=True)


def upload(client, content: bytes, name="list.csv", **more):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("portal:quick_upload"), {"file": file, **more}, follow=True)


def workbook(*rows) -> bytes:
    file = io.BytesIO()
    with Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def kept() -> list[tuple[str, str]]:
    return list(QuickOrderLine.objects.values_list("code", "quantity"))


def test_from_a_pasted_list_to_the_cart_over_a_log_out(world, client):
    client.force_login(world.anna.user)
    page = paste(client, "SKU\tQty\nBLT-M8-40\t60\nGLV-NIT-L\tsome\nNO-SUCH-1\t2\nTV-M8X40\t40")
    assert "4 lines read." in said(page)
    client.logout()
    client.force_login(world.anna.user)
    page = client.get(QUICK)
    words = said(page)
    for expected in (
        "lines 1 and 4 are added up", "Counted with line 1.", "How many?", "Nothing in your range has this code",
        "2 lines are ready", "2 lines wait for you", "£16.00",
    ):  # fmt: skip
        assert expected in words, expected
    key = page.context["view"].key
    for _press in range(2):
        answer = client.post(reverse("portal:quick_cart"), {"key": key}, follow=True)
    assert "in your cart already" in said(answer)
    assert CartLine.objects.values_list("product__sku", "quantity").get() == ("BLT-M8-40", 100)
    assert kept() == [("GLV-NIT-L", "some"), ("NO-SUCH-1", "2")]


def test_a_list_that_is_sent_twice_is_read_once(world, signed_in):
    anna = signed_in(world.anna)
    sent = {"text": "GLV-NIT-L 3", "key": anna.get(QUICK).context["sending"]}
    for _press in range(2):
        assert anna.post(reverse("portal:quick_paste"), sent).status_code == 302
    assert kept() == [("GLV-NIT-L", "3")]


def test_a_colleague_has_a_quick_order_of_their_own(world, client):
    client.force_login(world.anna.user)
    paste(client, "BLT-M8-40 100")
    client.force_login(world.boris.user)
    assert "BLT-M8-40" not in said(client.get(QUICK))


def test_typed_answered_and_added_by_htmx_and_without(world, signed_in):
    anna = signed_in(world.anna)
    answer = said(anna.get(reverse("portal:quick_answer"), {"code": "tv m8x40", "quantity": "60"}))
    assert "Hex bolt M8 x 40" in answer
    assert "Raised from 60 to 100" in answer
    assert not kept()
    sent = {"code": "GLV-NIT-L", "quantity": "2"}
    swapped = anna.post(reverse("portal:quick_add"), sent, headers={"HX-Request": "true", "HX-Target": "quick"})
    assert 'id="quick"' in swapped.content.decode()
    assert anna.post(reverse("portal:quick_add"), sent).url == QUICK
    assert kept() == [("GLV-NIT-L", "4")]


def test_one_of_several_is_chosen_in_place_and_what_was_typed_meanwhile_is_kept(world, signed_in):
    for product in (world.gloves, world.oil):
        ProductCode.objects.create(product=product, kind="mpn", code="SHARED-1")
    anna = signed_in(world.anna)
    page = paste(anna, "SHARED-1 1\nBLT-M8-60 1")
    shared, bolt = page.context["view"].line_ids
    assert f'value="{shared}:OIL-5L"' in page.content.decode()
    typed = {
        f"code-{shared}": "SHARED-1",
        f"quantity-{shared}": "3",
        f"code-{bolt}": "BLT-M8-60",
        f"quantity-{bolt}": "1",
    }
    page = anna.post(reverse("portal:quick_lines"), typed | {"choice": f"{shared}:OIL-5L"}, follow=True)
    line = page.context["answers"].lines[0]
    assert (line.meaning.product, line.counted.quantity) == (world.oil, 3)
    page = anna.post(reverse("portal:quick_lines"), {"remove": shared}, follow=True)
    assert kept() == [("BLT-M8-60", "1")]


def test_what_is_outside_the_assortment_answers_as_what_does_not_exist(world, signed_in):
    AssortmentRule.objects.create(effect="exclude", account=world.brightwater, product=world.oil)
    anna = signed_in(world.anna)
    hidden, unknown = (said(anna.get(reverse("portal:quick_answer"), {"code": code})) for code in ("OIL-5L", "OIL-9L"))
    assert hidden == unknown
    page = paste(anna, "OIL-5L 1")
    assert "Hydraulic" not in said(page)
    line = page.context["view"].line_ids[0]
    chosen = anna.post(reverse("portal:quick_lines"), {"choice": f"{line}:OIL-5L"})
    assert chosen.status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Artikel;Menge\nBLT-M8-40;200\nGLV-NIT-L;3".encode("cp1252"), "list.csv"),
        ("Artikel\tMenge\nBLT-M8-40\t200\nGLV-NIT-L\t3".encode("utf-16"), "list.txt"),
        ("\ufeffStück,Artikel\n200,BLT-M8-40\n3,GLV-NIT-L".encode(), "list.csv"),
        (workbook(("Name", "SKU", "Qty"), ("Bolt", "BLT-M8-40", 200), ("Gloves", "GLV-NIT-L", "3")), "list.xlsx"),
    ],
)
def test_files_in_the_ways_that_sheets_are_kept(world, signed_in, content, name):
    assert "2 lines read." in said(upload(signed_in(world.anna), content, name))
    assert kept() == [("BLT-M8-40", "200"), ("GLV-NIT-L", "3")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0 an old workbook", "old or a locked workbook"),
        (b"PK\x03\x04 torn", "damaged"),
        (b"\x00\x01\x02", "neither a .csv nor an .xlsx"),
        (b"", "no line with a code"),
        (b"BLT-M8-40,1\n" * 5_001, "5,001 lines are more than the 5,000"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(world, signed_in, content, words):
    answer = upload(signed_in(world.anna), content)
    assert answer.status_code == 422
    assert words in said(answer)
    assert not kept()


def test_a_refused_text_stays_in_its_box(world, signed_in):
    answer = paste(signed_in(world.anna), " \n ")
    assert answer.status_code == 422
    assert "no line with a code" in said(answer)


@pytest.fixture
def site(world):
    return ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", city="Hull"
    )


def test_an_unknown_ship_to_is_refused_in_its_row_and_mended_there(world, site, signed_in):
    anna = signed_in(world.anna)
    page = upload(anna, b"SKU;Qty;Deliver to\nGLV-NIT-L;3;Hull\nBLT-M8-40;100;HUL\nOIL-5L;2;Paris\nDRL-18V;1;")
    words = said(page)
    for expected in (
        "Ship-tos are from the column “Deliver to”.", "None of your addresses is called “Hull”. Did you mean",
        "None of your addresses is called “Paris”. Write its code or name", "2 lines wait for you",
    ):  # fmt: skip
        assert expected in words, expected
    gloves, _bolt, oil, _drill = page.context["view"].line_ids
    assert f'name="there" value="{gloves}:HUL"' in page.content.decode()
    typed = {f"code-{oil}": "OIL-5L", f"quantity-{oil}": "2", f"place-{oil}": "HUL"}
    page = anna.post(reverse("portal:quick_lines"), typed | {"there": f"{gloves}:HUL"}, follow=True)
    assert page.context["answers"].waiting == 0
    anna.post(reverse("portal:quick_cart"), {"key": page.context["view"].key})
    there = CartSplit.objects.order_by("line").values_list("line__product__sku", "ship_to__code", "quantity")
    assert list(there) == [("GLV-NIT-L", "HUL", None), ("BLT-M8-40", "HUL", None), ("OIL-5L", "HUL", None)]


def test_a_column_of_ship_tos_that_is_not_there_is_refused(world, site, signed_in):
    answer = upload(signed_in(world.anna), b"SKU;Qty\nGLV-NIT-L;3", place_column="Site")
    assert answer.status_code == 422
    assert "There is no column “Site” for the ship-tos." in said(answer)
    assert not kept()


def test_nobody_is_asked_for_a_ship_to_where_there_is_one(world, signed_in):
    page = paste(signed_in(world.anna), "GLV-NIT-L 3")
    assert "GLV-NIT-L" in page.content.decode()
    assert 'name="place-' not in page.content.decode()


def test_who_may_not_order_has_no_quick_order(world, signed_in):
    assert signed_in(world.rick).get(QUICK).status_code == 403


def test_a_hundred_lines_a_page_and_as_many_queries_for_any(world, signed_in, django_assert_max_num_queries):
    more_bolts(world)
    ProductCode.objects.bulk_create(
        ProductCode(product=bolt, kind="sku", code=bolt.sku, normal=bolt.sku.replace("-", ""))
        for bolt in Product.objects.filter(name__startswith="Hex bolt number")
    )
    anna = signed_in(world.anna)
    paste(anna, "\n".join(f"BLT-{n % 40} {n + 1}" for n in range(250)))
    anna.get(QUICK)
    with django_assert_max_num_queries(MOST):
        page = anna.get(QUICK, {"page": "3"})
    assert "Lines 201 to 250 of 250" in said(page)
    waiting = anna.get(QUICK, {"show": "waiting"})
    assert len(waiting.context["lines"]) == 60
    assert all(line.is_wrong for line in waiting.context["lines"])


@pytest.mark.parametrize(
    ("file", "detail"),
    [
        ((b"code;qty\nNO-1;2\nNO-2;3\nBLT-M8-40;100\n", "ours.csv"), "2 of its 3 lines have a code"),
        ((b"\x00\x01 no sheet", "scan.pdf"), "csv"),
        ((b"code;qty\nNO-1;2\nBLT-M8-40;100\n", "half.csv"), None),
    ],
)
def test_whoever_is_stuck_with_a_file_is_called_once(world, signed_in, file, detail):
    for _ in range(2):
        upload(signed_in(world.anna), *file)
    for event in Event.objects.filter(name="quick_order.upload_failed"):
        follow_failed_upload(event.pk)
    calls = FollowUp.objects.all()
    if detail is None:
        assert not calls
        return
    (call,) = calls
    assert (call.kind, call.owner, call.contact) == ("call", world.rhea, world.anna)
    assert file[1] in call.title
    assert detail in call.detail
