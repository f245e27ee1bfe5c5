"""Pictures of products in an archive: checked by their content, made small, given to what they are named by."""

import io
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.catalogue.models import Product
from apps.catalogue.services import ProductRow, load_products, product_changed
from apps.core.images import NoPicture, sizes_of, suffix
from apps.core.models import Event
from apps.integrations.models import CatalogueImport, CatalogueImportRow, ImportProfile, PictureBatch
from apps.integrations.tasks import take_pictures

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (2_000, 1_000), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


def upload(client, data: bytes, run: CatalogueImport | None = None):
    body = {"file": SimpleUploadedFile("pictures.zip", data), "run": run.pk if run else ""}
    return client.post("/admin/integrations/picturebatch/add/", body)


def done(client, data: bytes, run: CatalogueImport | None = None) -> PictureBatch:
    assert upload(client, data, run).status_code == 302
    take_pictures(Event.objects.filter(name="pictures.received").latest("pk").pk)
    return PictureBatch.objects.first()


def test_pictures_named_by_sku_become_large_and_small(otto, world):
    batch = done(otto, archive({"deep/BLT-M8-40.png": picture(), "OIL-5L.jpg": picture("JPEG")}))
    assert (batch.step, batch.report["counts"]) == ("done", {"taken": 2})
    bolt = Product.objects.get(pk=world.bolt.pk)
    assert Image.open(bolt.picture).size == (1_200, 600)
    assert Image.open(bolt.thumbnail).size == (320, 160)
    assert bolt.thumbnail_url.endswith(suffix())
    assert Event.objects.filter(name="product.pictured").count() == 2


def test_a_card_shows_the_small_picture_and_the_page_the_large_one(otto, world, signed_in):
    done(otto, archive({"BLT-M8-40.png": picture()}))
    bolt = Product.objects.get(pk=world.bolt.pk)
    buyer = signed_in(world.anna)
    listing = buyer.get(reverse("portal:catalogue"), {"q": "bolt"}).content.decode()
    assert bolt.thumbnail.url in listing and bolt.picture.url not in listing
    assert bolt.picture.url in buyer.get(reverse("portal:product", args=[bolt.sku])).content.decode()


def test_the_same_archive_twice_changes_nothing(otto, world):
    data = archive({"BLT-M8-40.png": picture()})
    done(otto, data)
    assert done(otto, data).report["counts"] == {"unchanged": 1}


def test_pictures_are_named_by_the_rows_of_an_import(otto, world):
    profile = ImportProfile.objects.create(name="Torvik")
    run = CatalogueImport.objects.create(profile=profile, file_name="t.csv", started_at=world.now)
    for number, product in enumerate((world.bolt, world.bolt_long), 1):
        said = {"pictures": ["img/bolt.jpg", "b.jpg"]}
        CatalogueImportRow.objects.create(run=run, row_number=number, sku=product.sku, kind="unchanged", wanted=said)
    done(otto, archive({"bolt.jpg": picture("JPEG")}), run)
    assert Product.objects.exclude(thumbnail="").count() == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture"),
        (b"<html><script>alert(1)</script></html>", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (picture()[:300], "damaged"),
        (b"", "no picture"),
    ],
    ids=["a drawing with a script", "a page", "a document", "half a picture", "nothing"],
)
def test_what_is_no_picture_whatever_it_is_called_is_refused_and_the_rest_is_taken(otto, world, data, why):
    batch = done(otto, archive({"BLT-M8-40.png": data, "OIL-5L.png": picture(), "WHO.png": picture()}))
    assert batch.report["counts"] == {"refused": 1, "taken": 1, "unnamed": 1}
    assert why in dict(batch.report["samples"])["BLT-M8-40.png"]
    assert not Product.objects.get(pk=world.bolt.pk).picture


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded():
    head = picture(size=(1, 1))
    chunk = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + head[24:29]
    bomb = head[:12] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + head[33:]
    with pytest.raises(NoPicture, match=r"pixels|too large"):
        sizes_of(bomb)


def test_what_else_a_picture_held_is_gone():
    exif = Image.Exif()
    exif[0x010E] = "taken at the managing director's house"
    assert b"director" not in b"".join(sizes_of(picture("JPEG", exif=exif)))


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(otto, world, monkeypatch):
    monkeypatch.setattr("apps.integrations.pictures.batches.MOST_BYTES", 10_000)
    assert "unpacks to more" in upload(otto, archive({"A.png": b"0" * 20_000})).content.decode()
    assert "no ZIP archive" in upload(otto, picture()).content.decode()
    assert PictureBatch.objects.count() == 0


def test_nobody_else_takes_pictures_in(world, signed_in):
    assert upload(signed_in(world.rhea), archive({})).status_code in (302, 403)
    assert PictureBatch.objects.count() == 0


def test_another_picture_by_hand_or_by_load_leaves_no_small_one_of_the_old(otto, world):
    done(otto, archive({"BLT-M8-40.png": picture()}))
    bolt = Product.objects.get(pk=world.bolt.pk)
    product_changed(bolt, now=world.now, fields=["name"])
    assert Product.objects.get(pk=bolt.pk).thumbnail
    product_changed(bolt, now=world.now, fields=["picture"])
    assert not Product.objects.get(pk=bolt.pk).thumbnail
    Product.objects.filter(pk=bolt.pk).update(thumbnail="thumbnails/old.webp")
    load_products([ProductRow(bolt.sku, bolt.name, world.bolts.slug, picture="products/other.webp")])
    assert not Product.objects.get(pk=bolt.pk).thumbnail


def test_further_pictures_and_pdfs_are_named_by_the_sku_as_well(otto, world):
    files = {
        "BLT-M8-40.png": picture(), "BLT-M8-40_2.png": picture(size=(400, 300)),
        "BLT-M8-40.pdf": b"%PDF-1.7\n%%EOF\n", "OIL-5L.pdf": b"%PDF-1.7 cut off",
    }  # fmt: skip
    batch = done(otto, archive(files))
    assert batch.report["counts"] == {"taken": 3, "refused": 1}
    assert "no whole PDF" in dict(batch.report["samples"])["OIL-5L.pdf"]
    bolt = Product.objects.get(pk=world.bolt.pk)
    assert bolt.picture and bolt.pictures.get().position == 1
    assert bolt.documents.get().kind == "manual"
    assert done(otto, archive(files)).report["counts"] == {"unchanged": 3, "refused": 1}
