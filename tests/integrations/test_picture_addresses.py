"""Pictures and PDFs fetched from the addresses a list or an import names, each with what became of it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from apps.catalogue.models import Product
from apps.core.models import Event
from apps.integrations.models import CatalogueImport, ImportProfile, PictureAddress, PictureBatch
from apps.integrations.pictures.addresses import LATER, fetch_due
from apps.integrations.tasks import fetch_pictures_of_import, take_pictures
from tests.elsewhere import elsewhere  # noqa: F401
from tests.integrations.test_pictures import picture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


def send(client, rows: str, name: str = "list.csv"):
    body = {"file": SimpleUploadedFile(name, rows.encode()), "run": ""}
    return client.post("/admin/integrations/picturebatch/add/", body)


def done(client, rows: str) -> PictureBatch:
    assert send(client, rows).status_code == 302
    take_pictures(Event.objects.filter(name="pictures.received").latest("pk").pk)
    return PictureBatch.objects.first()


def go_live(file) -> None:
    call_command("import_products", str(file), profile="Torvik", commit=True)
    fetch_pictures_of_import(Event.objects.filter(name="catalogue_import.committed").latest("pk").pk)


def outcomes(batch) -> dict[str, str]:
    return dict(batch.addresses.values_list("sku", "state"))


def test_each_address_of_a_list_is_fetched_checked_and_told_about(otto, world, elsewhere):  # noqa: F811
    elsewhere.answers = {"/bolt.png": picture(), "/oil.png": b"<svg onload='alert(1)'/>", "/who.png": picture()}
    skus = {"BLT-M8-40": "/bolt.png", "OIL-5L": "/oil.png", "WHO": "/who.png"}
    rows = [f"{sku},{elsewhere.at(path)}" for sku, path in skus.items()] + ["BLT-M8-60,http://10.0.0.1/a.png"]
    batch = done(otto, "sku,picture\n" + "\n".join(rows))
    assert outcomes(batch) == {
        "BLT-M8-40": "taken", "OIL-5L": "refused", "WHO": "refused", "BLT-M8-60": "refused",
    }  # fmt: skip
    assert (batch.step, batch.report["counts"]) == ("done", {"taken": 1, "refused": 3})
    bolt = Product.objects.get(pk=world.bolt.pk)
    assert bolt.picture and bolt.thumbnail and bolt.avif_url.endswith("-av.avif")
    page = otto.get(reverse("admin:integrations_pictureaddress_changelist"), {"batch__id__exact": batch.pk})
    assert "no picture of a kind known here" in page.content.decode()


def test_a_card_offers_the_small_picture_as_avif_first(otto, world, elsewhere, signed_in):  # noqa: F811
    elsewhere.answers = {"/bolt.png": picture()}
    done(otto, f"sku,picture\nBLT-M8-40,{elsewhere.at('/bolt.png')}")
    listing = signed_in(world.anna).get(reverse("portal:catalogue"), {"q": "bolt"}).content.decode()
    bolt = Product.objects.get(pk=world.bolt.pk)
    assert f'<source type="image/avif" srcset="{bolt.avif_url}">' in listing
    assert bolt.thumbnail.storage.exists(bolt.avif_url.removeprefix("/media/"))


def test_what_fails_for_now_is_tried_again_later_and_given_up_in_the_end(otto, world, elsewhere):  # noqa: F811
    elsewhere.answers = {"/bolt.png": 503}
    batch, now = done(otto, f"sku,picture\nBLT-M8-40,{elsewhere.at('/bolt.png')}"), timezone.now()
    assert (batch.step, outcomes(batch)) == ("received", {"BLT-M8-40": ""})
    assert fetch_due(1, now=now) == 0
    for pause in LATER:
        now += pause + timedelta(minutes=1)
        assert fetch_due(1, now=now) == 1
    address = PictureAddress.objects.get()
    assert (address.state, address.tries, address.detail) == ("refused", 4, "The answer is 503.")
    elsewhere.answers = {"/bolt.png": picture()}
    chosen = {"action": "fetch_again", "_selected_action": [address.pk]}
    otto.post(reverse("admin:integrations_pictureaddress_changelist"), chosen)
    assert fetch_due(1, now=timezone.now()) == 1
    assert outcomes(batch) == {"BLT-M8-40": "taken"}


def test_an_import_that_is_live_has_its_pictures_and_documents_fetched_once(world, elsewhere, tmp_path):  # noqa: F811
    elsewhere.answers = {"/a.png": picture(), "/b.png": picture(size=(500, 400)), "/sds.pdf": PDF}
    ImportProfile.objects.create(name="Torvik", category="Fasteners > Hex bolts")
    file, urls = tmp_path / "t.csv", [elsewhere.at(path) for path in ("/a.png", "/b.png", "/sds.pdf")]
    file.write_text(f"sku;name;picture1;picture2;document\nNEW-1;New;{urls[0]};{urls[1]};{urls[2]}\n")
    go_live(file)
    assert fetch_due(5, now=timezone.now()) == 3
    new = Product.objects.get(sku="NEW-1")
    assert new.picture and new.pictures.get().position == 1
    document = new.documents.get()
    assert (document.kind, document.file.read()) == ("safety", PDF)
    go_live(file)
    assert PictureBatch.objects.count() == 1
    assert CatalogueImport.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("sku,name\nBLT-M8-40,x\n", "No column is called picture"),
        ("picture\nhttps://example.com/a.png\n", "columns"),
        ("sku,picture\n", "names no address"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_what_to_do(otto, world, rows, why):
    assert why in send(otto, rows).content.decode()
    assert not PictureBatch.objects.exists()


def test_nobody_else_sends_a_list(world, signed_in):
    assert send(signed_in(world.rhea), "sku,picture\n").status_code in (302, 403)
    assert not PictureAddress.objects.exists()
