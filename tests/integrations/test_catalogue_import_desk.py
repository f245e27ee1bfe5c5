"""Operations fill the catalogue in the admin: upload, tell the columns, look through, put live, undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.catalogue.models import Product
from apps.core.models import Event
from apps.integrations.models import CatalogueImport, ImportProfile
from apps.integrations.tasks import go_on_with_catalogue_import

pytestmark = pytest.mark.django_db

SHEET = "Article No;Name;Price\nNUT-M8;Hex nut M8;0,05\nBLT-M8-40;Hex bolt M8 x 40, black;0,25\nBAD;;x\n"
UPLOAD = "/admin/integrations/catalogueimport/add/"


@pytest.fixture
def profile(world) -> ImportProfile:
    return ImportProfile.objects.create(
        name="Torvik", decimal_mark=",", category="Fasteners > Hex bolts", price_list=world.base_list
    )


@pytest.fixture
def otto(world, signed_in) -> Client:
    return signed_in(world.otto)


def upload(client: Client, profile: ImportProfile, content: str = SHEET, name: str = "torvik.csv"):
    file = SimpleUploadedFile(name, content.encode())
    return client.post(UPLOAD, {"profile": profile.pk, "file": file})


def do_what_waits() -> None:
    """What the worker does: each event of an import that nobody worked on yet, once."""
    for event in Event.objects.filter(name__startswith="catalogue_import.").order_by("pk"):
        go_on_with_catalogue_import(event.pk)


def page(client: Client, run: CatalogueImport) -> str:
    return client.get(reverse("admin:integrations_catalogueimport_change", args=[run.pk])).content.decode()


def act(client: Client, run: CatalogueImport, deed: str):
    return client.post(reverse(f"admin:integrations_catalogueimport_{deed}", args=[run.pk]), follow=True)


def test_from_an_upload_to_the_catalogue_and_back(otto, profile, world):
    assert upload(otto, profile).status_code == 302
    run = CatalogueImport.objects.get()
    assert "this page follows" in page(otto, run)
    do_what_waits()
    preview = page(otto, run)
    assert "Hex bolt M8 x 40, black" in preview and "Put 2 rows live" in preview and "“x” for 1 is no price" in preview
    assert not Product.objects.filter(sku="NUT-M8").exists()
    act(otto, run, "commit")
    do_what_waits()
    assert "Undo this import" in page(otto, run)
    assert Product.objects.get(sku="BLT-M8-40").name == "Hex bolt M8 x 40, black"
    act(otto, run, "undo")
    do_what_waits()
    assert "Undone" in page(otto, run)
    assert not Product.objects.filter(sku="NUT-M8").exists()
    assert Product.objects.get(sku="BLT-M8-40").name == "Hex bolt M8 x 40 zinc plated"


def test_columns_that_are_not_clear_are_told_once(otto, profile):
    sheet = "Teil;Benennung\nNUT-M8;Hex nut M8\n"
    answer = upload(otto, profile, sheet)
    run = CatalogueImport.objects.get()
    assert answer.url == reverse("admin:integrations_catalogueimport_columns", args=[run.pk])
    told = otto.get(answer.url).content.decode()
    assert "Benennung" in told and "NUT-M8" in told
    assert "No column is the SKU" in otto.post(answer.url, {"column_0": "-", "column_1": "name"}).content.decode()
    otto.post(answer.url, {"column_0": "sku", "column_1": "name"})
    do_what_waits()
    run.refresh_from_db()
    assert run.report["kinds"]["new"] == 1
    assert upload(otto, profile, sheet + "NUT-M10;Hex nut M10\n").url.endswith("/change/")


@pytest.mark.parametrize(
    ("name", "complaint"), [("catalogue.pdf", "none of csv"), ("../../etc/passwd.exe", "none of csv")]
)
def test_another_kind_of_file_is_refused_on_the_page(otto, profile, name, complaint):
    assert complaint in upload(otto, profile, "whatever", name).content.decode()
    assert CatalogueImport.objects.count() == 0


def test_a_file_keeps_no_name_of_the_sender_on_the_disk(otto, profile):
    upload(otto, profile, name="../../evil.csv")
    kept = CatalogueImport.objects.get().file.name
    assert kept.startswith("imports/") and kept.endswith(".csv") and "evil" not in kept


def test_a_task_that_runs_twice_or_late_does_it_once(otto, profile):
    upload(otto, profile)
    do_what_waits()
    do_what_waits()
    run = CatalogueImport.objects.get()
    act(otto, run, "commit")
    assert "The import is at" in act(otto, run, "commit").content.decode()
    do_what_waits()
    do_what_waits()
    run.refresh_from_db()
    assert (run.step, run.rows.filter(state="applied").count()) == ("committed", 2)


def test_work_goes_on_in_another_task_when_its_time_is_up(otto, profile, monkeypatch):
    monkeypatch.setattr("apps.integrations.tasks._SECONDS", -1)
    monkeypatch.setattr("apps.integrations.catalogue_import.staging.CHUNK", 1)
    upload(otto, profile)
    assert go_on_with_catalogue_import(Event.objects.get(name="catalogue_import.received").pk) is True
    run = CatalogueImport.objects.get()
    assert (run.step, run.reached) == ("staging", 1)
    monkeypatch.setattr("apps.integrations.tasks._SECONDS", 60)
    go_on_with_catalogue_import(Event.objects.get(name="catalogue_import.paused").pk)
    run.refresh_from_db()
    assert run.report["kinds"] == {"new": 1, "changed": 1, "unchanged": 0, "gone": 0, "quarantined": 1}


@pytest.mark.parametrize("who", ["anna", "rhea"])
def test_nobody_else_imports(world, client, signed_in, profile, who):
    assert upload(signed_in(getattr(world, who)), profile).status_code in (302, 403)
    assert CatalogueImport.objects.count() == 0


def test_the_quarantine_is_what_opens_first(otto, profile):
    upload(otto, profile)
    do_what_waits()
    rows = otto.get("/admin/integrations/catalogueimportrow/").content.decode()
    assert "BAD" in rows and "NUT-M8" not in rows
    run = CatalogueImport.objects.get()
    query = f"?run__id__exact={run.pk}&kind__exact=changed"
    assert (
        "Hex bolt M8 x 40 zinc plated" in otto.get(f"/admin/integrations/catalogueimportrow/{query}").content.decode()
    )
