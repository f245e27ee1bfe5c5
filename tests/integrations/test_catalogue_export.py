"""The catalogue as a file, and back: what is exported comes in again as unchanged."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from apps.catalogue.models import PackagingUnit, Product, ProductClassification
from apps.catalogue.services import reindex
from apps.integrations.models import ImportProfile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(world):
    ProductClassification.objects.create(product=world.bolt, system="UNSPSC", code="31161501")
    PackagingUnit.objects.create(product=world.bolt, quantity=5_000, name="carton")
    Product.objects.create(
        sku="-10A", name="=HYPERLINK(1)", category=world.bolts, description="@home", attributes={"length": -5}
    )
    reindex()
    ImportProfile.objects.create(name="back", decimal_mark=".", price_list=world.base_list)


def exported(path, **options):
    call_command("export_products", str(path), **options)
    return path


def taken_back(path) -> dict:
    report = path.with_suffix(".json")
    call_command("import_products", str(path), profile="back", report=report)
    return json.loads(report.read_text())


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx", "all.xml"])
def test_what_is_exported_comes_back_unchanged(tmp_path, name):
    report = taken_back(exported(tmp_path / name, price_list="BASE"))
    assert (report["kinds"], report["fields"]) == (
        {"new": 0, "changed": 0, "unchanged": 7, "gone": 0, "quarantined": 0}, {},
    )  # fmt: skip


def test_what_was_edited_in_between_comes_back_as_a_change(tmp_path):
    path = exported(tmp_path / "all.csv", price_list="BASE")
    path.write_text(path.read_text().replace("Cordless drill 18 V", "Cordless drill 20 V").replace("32.4", "33.1"))
    report = taken_back(path)
    assert (report["kinds"]["changed"], report["fields"]) == (2, {"name": 1, "prices": 1})


def test_how_it_travels_goes_out_and_comes_back(tmp_path, world):
    Product.objects.filter(sku="OIL-5L").update(volume_l="5.5", is_dangerous=True, is_bulky=True)
    path = exported(tmp_path / "all.csv")
    oil = next(row for row in csv.DictReader(path.open(encoding="utf-8")) if row["sku"] == "OIL-5L")
    assert (oil["volume_l"], oil["is_bulky"], oil["is_dangerous"]) == ("5.5", "yes", "yes")
    assert taken_back(path)["kinds"]["unchanged"] == 7

    sheet = "sku;Volume in litres;Sperrgut;dangerous goods\nOIL-5L;6.25;no;\nDRL-18V;1;yes;no\nGLV-NIT-L;2;maybe;no\n"
    path.write_text(sheet)
    call_command("import_products", str(path), profile="back", commit=True)
    travels = {p.sku: (str(p.volume_l), p.is_bulky, p.is_dangerous) for p in Product.objects.all()}
    assert travels["OIL-5L"] == ("6.250", False, True)
    assert travels["DRL-18V"] == ("1.000", True, False)
    assert travels["GLV-NIT-L"] == ("0.000", False, False)


def test_no_cell_of_a_csv_starts_a_formula(tmp_path):
    rows = list(csv.DictReader(exported(tmp_path / "all.csv").open(encoding="utf-8")))
    odd = next(row for row in rows if row["sku"] == "'-10A")
    assert (odd["name"], odd["description"], odd["attribute:length"]) == ("'=HYPERLINK(1)", "'@home", "-5")


def test_a_workbook_holds_texts_only(tmp_path):
    sheet = CalamineWorkbook.from_path(str(exported(tmp_path / "all.xlsx"))).get_sheet_by_index(0).to_python()
    odd = dict(zip(sheet[0], next(row for row in sheet if row[0] == "-10A"), strict=True))
    assert (odd["name"], odd["attribute:length"]) == ("=HYPERLINK(1)", "-5")


def test_a_category_alone(tmp_path):
    rows = list(csv.DictReader(exported(tmp_path / "bolts.csv", category="fasteners").open(encoding="utf-8")))
    assert [row["sku"] for row in rows] == ["'-10A", "BLT-M8-40", "BLT-M8-60"]


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [("a.pdf", {}, "none of csv"), ("a.csv", {"category": "nuts"}, "no such category"),
     ("a.csv", {"price_list": "X"}, "no such price list")],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused(tmp_path, name, options, complaint):
    with pytest.raises(CommandError, match=complaint):
        exported(tmp_path / name, **options)


def test_the_queries_grow_with_thousands_not_with_products(tmp_path, world, django_assert_max_num_queries):
    Product.objects.bulk_create(Product(sku=f"MANY-{n}", name="Many", category=world.bolts) for n in range(500))
    with django_assert_max_num_queries(16):
        exported(tmp_path / "all.csv", price_list="BASE")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "xml"])
def test_operations_export_what_they_chose(world, signed_in, suffix):
    client = signed_in(world.otto)
    chosen = {"action": f"export_products_as_{suffix}", "_selected_action": [world.bolt.pk, world.oil.pk]}
    answer = client.post("/admin/catalogue/product/", chosen)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="products.{suffix}"'
    content = b"".join(answer.streaming_content)
    assert content[:2] == b"PK" if suffix == "xlsx" else b"BLT-M8-40" in content and b"DRL-18V" not in content


def test_operations_export_one_category_at_a_time(world, signed_in):
    client = signed_in(world.otto)
    chosen = {"action": "export_category_as_csv", "_selected_action": [world.bolts.pk]}
    assert b"BLT-M8-60" in b"".join(client.post("/admin/catalogue/category/", chosen).streaming_content)
    chosen["_selected_action"].append(world.safety.pk)
    assert "Choose one category" in client.post("/admin/catalogue/category/", chosen, follow=True).content.decode()
