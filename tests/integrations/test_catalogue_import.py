"""Filling the catalogue from a sheet: looked through first, good rows live, bad ones kept with a reason, undone."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from xlsxwriter import Workbook

from apps.catalogue.models import Attribute, Brand, Category, Product, ProductClassification, ProductCode
from apps.catalogue.selectors import facts_of
from apps.catalogue.services import ProductRow, load_products
from apps.integrations.catalogue_import.runs import COURSE, begin
from apps.integrations.imports.runs import revoke, work
from apps.integrations.models import CatalogueImport, CatalogueImportRow, ImportProfile
from apps.pricing.models import Price

HEAD = "Article No;Name;Brand;EAN;Unit;MOQ;Weight kg;Lead time;Price;attribute:Length mm;attribute:Coating;UNSPSC;VPE1"
ROWS = """\
NUT-M8;Hex nut M8;Torvik;4006381333931;C62;100;0,005;3;0,0450;6,5;zinc;31161727;1000
WSH-M8;Washer M8;Torvik;;PCE;100;0,002;3;0,0210;1,6;zinc;31161801;
ROD-M8;Threaded rod M8, 1 m;Torvik;;MTR;1;0,32;5;3,10;1.000,5;plain;;
BAD-EAN;Wing nut M8;Torvik;4006381333932;C62;1;;3;0,90;;;;
BAD-UOM;Eye nut M8;Torvik;;QQQ;1;;3;0,90;;;;
BAD-NUM;Cap nut M8;Torvik;;C62;some;;3;0,90;;;;
;No number;Torvik;;C62;1;;3;0,90;;;;
NUT-M8;Hex nut again;Torvik;;C62;1;;3;0,90;;;;
NO-NAME;;Torvik;;C62;1;;3;0,90;;;;
BAD-PRICE;Dome nut M8;Torvik;;C62;1;;3;ask us;;;;
"""
GOOD = ["NUT-M8", "ROD-M8", "WSH-M8"]
LATER = """\
NUT-M8;Hex nut M8, DIN 934;Torvik;4006381333931;C62;100;0,005;3;0,0480;6,5;zinc;31161727;1000
WSH-M8;Washer M8;Torvik;;PCE;100;0,002;3;0,0210;1,6;zinc;31161801;
"""


@pytest.fixture
def profile(world) -> ImportProfile:
    return ImportProfile.objects.create(
        name="Torvik", decimal_mark=",", category="Fasteners > Hex bolts", price_list=world.base_list, facet_from=2
    )


@pytest.fixture
def file(tmp_path) -> Path:
    return written(tmp_path / "torvik.csv", ROWS)


def written(path: Path, rows: str) -> Path:
    path.write_text(f"{HEAD}\n{rows}", encoding="utf-8")
    return path


def take_in(file: Path, *, commit: bool = True, profile: str = "Torvik") -> dict:
    report = file.with_suffix(".json")
    call_command("import_products", str(file), profile=profile, commit=commit, report=report)
    return json.loads(report.read_text())


def undo(run: CatalogueImport, world) -> CatalogueImport:
    revoke(run, now=timezone.now())
    return work(COURSE, run, lambda _run: None, now=timezone.now())


def contents() -> dict:
    """The catalogue and its prices, in a form that can be compared."""
    said = ("sku", "name", "uom", "lead_days", "attributes", "status")
    prices = Price.objects.filter(valid_until=None)
    return {
        "products": list(Product.objects.order_by("sku").values(*said)),
        "codes": sorted(ProductCode.objects.values_list("product__sku", "kind", "code")),
        "classes": sorted(ProductClassification.objects.values_list("product__sku", "system", "code")),
        "prices": sorted(prices.values_list("product__sku", "min_quantity", "unit_price")),
        "categories": sorted(Category.objects.values_list("name", "depth")),
    }  # fmt: skip


def test_a_preview_changes_nothing(profile, file):
    before = contents()
    report = take_in(file, commit=False)
    assert report["kinds"] == {"new": 3, "changed": 0, "unchanged": 0, "gone": 0, "quarantined": 7}
    assert contents() == before


def test_good_rows_go_live_and_bad_ones_stay_with_their_reason(profile, file):
    report = take_in(file)
    sent = [line.split(";")[0] for line in ROWS.splitlines()]
    assert list(Product.objects.filter(sku__in=sent).order_by("sku").values_list("sku", flat=True)) == GOOD
    assert report["reasons"] == {
        "bad_gtin": 1, "unknown_unit": 1, "bad_number": 1, "no_sku": 1, "twice": 1, "no_name": 1, "bad_price": 1,
    }  # fmt: skip
    wrong = CatalogueImportRow.objects.get(sku="BAD-NUM")
    assert wrong.detail == "minimum_quantity: “some” is not a whole number from 1 to 9,999,999."
    assert wrong.sent["MOQ"] == "some"


def test_a_row_becomes_a_product_with_all_it_says(profile, file, world):
    take_in(file)
    nut = Product.objects.get(sku="NUT-M8")
    assert (nut.name, nut.brand.name, nut.uom, nut.minimum_quantity, nut.weight_kg, nut.lead_days) == (
        "Hex nut M8", "Torvik", "pc", 100, Decimal("0.005"), 3,
    )  # fmt: skip
    assert nut.category == world.bolts
    assert nut.attributes == {"length": 6.5, "coating": "zinc"}
    assert list(nut.classifications.values_list("system", "code")) == [("UNSPSC", "31161727")]
    assert list(nut.packaging.values_list("quantity", "name")) == [(1000, "pack")]
    assert set(nut.codes.values_list("kind", "code")) == {("sku", "NUT-M8"), ("gtin", "4006381333931")}
    assert Product.objects.get(sku="ROD-M8").attributes == {"length": 1000.5, "coating": "plain"}
    price = Price.objects.get(product=nut)
    assert (price.price_list, price.min_quantity, price.unit_price) == (world.base_list, 1, Decimal("0.0450"))


def test_a_new_attribute_is_typed_and_offered_where_enough_products_carry_it(profile, file):
    profile.facet_from = 3
    profile.save()
    take_in(file)
    assert Attribute.objects.filter(code="coating").values_list("kind", "is_facet").get() == ("choice", True)
    rare = written(file.with_name("rare.csv"), "BLT-M8-40;;;;;;;;;;;;\n")
    rare.write_text("sku;attribute:Drive size mm\nNUT-M8;13,5\n")
    take_in(rare)
    drive = Attribute.objects.get(code="drive-size")
    assert (drive.name, drive.kind, drive.unit, drive.is_facet) == ("Drive size", "number", "mm", False)


def test_the_same_file_twice_changes_nothing(profile, file):
    take_in(file)
    before = contents()
    assert take_in(file)["kinds"] == {"new": 0, "changed": 0, "unchanged": 3, "gone": 0, "quarantined": 7}
    assert contents() == before


def test_a_later_file_shows_old_and_new_of_each_field_and_what_is_gone(profile, file, tmp_path):
    take_in(file)
    report = take_in(written(tmp_path / "later.csv", LATER), commit=False)
    assert report["kinds"] == {"new": 0, "changed": 1, "unchanged": 1, "gone": 1, "quarantined": 0}
    run = CatalogueImport.objects.get(pk=report["import"])
    assert run.rows.get(kind="changed").changes == {
        "name": ["Hex nut M8", "Hex nut M8, DIN 934"], "prices": [[[1, "0.045"]], [[1, "0.048"]]],
    }  # fmt: skip
    assert run.rows.get(kind="gone").sku == "ROD-M8"


def test_what_is_gone_is_discontinued_where_the_profile_says_so(profile, file, tmp_path):
    take_in(file)
    ImportProfile.objects.update(gone="discontinue")
    take_in(written(tmp_path / "later.csv", LATER))
    assert dict(Product.objects.filter(sku__in=GOOD).values_list("sku", "status")) == {
        "NUT-M8": "active", "WSH-M8": "active", "ROD-M8": "discontinued",
    }  # fmt: skip


def test_undoing_brings_everything_back(profile, file, tmp_path, world):
    start = contents()
    first = take_in(file)
    between = contents()
    ImportProfile.objects.update(gone="discontinue")
    second = take_in(written(tmp_path / "later.csv", LATER))
    assert contents() != between
    assert undo(CatalogueImport.objects.get(pk=second["import"]), world).report["kept"] == 0
    assert contents() == between
    undo(CatalogueImport.objects.get(pk=first["import"]), world)
    assert contents() == start


def test_undoing_leaves_what_was_changed_since_and_says_which(profile, file, tmp_path, world):
    first = take_in(file)
    Product.objects.filter(sku="NUT-M8").update(name="Our own name", lead_days=9)
    world.anna.account.part_numbers.create(product=Product.objects.get(sku="WSH-M8"), code="W8")
    run = undo(CatalogueImport.objects.get(pk=first["import"]), world)
    kept = dict(run.rows.filter(state="kept").values_list("sku", "detail"))
    assert kept == {
        "NUT-M8": "Changed since: lead_days, name.", "WSH-M8": "It was ordered, stocked or listed since.",
    }  # fmt: skip
    assert Product.objects.get(sku="NUT-M8").name == "Our own name"
    assert not Product.objects.filter(sku="ROD-M8").exists()


def test_a_row_is_compared_again_when_it_goes_live(profile, file, tmp_path, world):
    take_in(file)
    later = written(tmp_path / "later.csv", LATER)
    run = CatalogueImport.objects.get(pk=take_in(later, commit=False)["import"])
    Product.objects.filter(sku="NUT-M8").update(name="Named meanwhile")
    take_in(later)
    assert run.rows.get(sku="NUT-M8").changes["name"] == ["Named meanwhile", "Hex nut M8, DIN 934"]


def test_columns_that_a_file_has_not_stay_as_they_are(profile, file, tmp_path):
    take_in(file)
    Product.objects.filter(sku="NUT-M8").update(description="Written by hand")
    short = tmp_path / "short.csv"
    short.write_text("sku;lead_days\nNUT-M8;21\n")
    take_in(short)
    nut = Product.objects.get(sku="NUT-M8")
    assert (nut.lead_days, nut.name, nut.description, nut.attributes["coating"]) == (
        21, "Hex nut M8", "Written by hand", "zinc",
    )  # fmt: skip


def test_a_workbook_reads_as_a_csv_does(profile, file, tmp_path):
    sheet = tmp_path / "torvik.xlsx"
    with Workbook(sheet, {"strings_to_numbers": False}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(file.read_text().splitlines()):
            page.write_row(number, 0, line.split(";"))
    assert take_in(sheet, commit=False)["kinds"] == take_in(file, commit=False)["kinds"]


def test_a_category_is_made_only_where_the_profile_allows_it(profile, tmp_path):
    file = tmp_path / "tools.csv"
    file.write_text("sku;name;category\nSAW-1;Saw;Tools > Saws\nGLV-9;Glove;gloves\n")
    assert take_in(file)["reasons"] == {"unknown_category": 1}
    assert Product.objects.get(sku="GLV-9").category.slug == "gloves"
    ImportProfile.objects.update(make_categories=True)
    take_in(file)
    saws = Product.objects.get(sku="SAW-1").category
    assert (saws.name, saws.parent.name, saws.parent.product_count) == ("Saws", "Tools", 1)


@pytest.mark.parametrize("step", ["put_new_live", "make_products", "write_relations"])
def test_a_commit_that_was_killed_goes_on(profile, file, monkeypatch, step):
    from apps.integrations.catalogue_import import committing, making

    monkeypatch.setattr(committing, "LOT", 2)
    where = making if step == "make_products" else committing
    real, calls = getattr(where, step), []

    def dies_the_second_time(*args, **options):
        calls.append(1)
        if len(calls) == (1 if step == "write_relations" else 2):
            raise KeyboardInterrupt
        return real(*args, **options)

    if step == "write_relations":
        file.write_text(file.read_text().replace(HEAD, HEAD + ";accessory").replace("1000\n", "1000;WSH-M8\n", 1))
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(where, step, dies_the_second_time)
        take_in(file)
    take_in(file)
    assert CatalogueImport.objects.count() == 1
    assert list(Product.objects.filter(sku__in=GOOD).order_by("sku").values_list("sku", flat=True)) == GOOD
    assert Brand.objects.filter(name="Torvik").count() == 1
    good = CatalogueImportRow.objects.filter(sku__in=GOOD, kind="new")
    assert set(good.values_list("state", flat=True)) == {"applied"}


def test_a_product_made_in_the_database_is_as_one_made_by_the_loader(profile, tmp_path, monkeypatch):
    from apps.integrations.catalogue_import import committing

    head = "sku;name;brand;mpn;ean;attribute:Length mm;attribute:Size;UNSPSC;VPE1;price;competitor;description"
    facts = "Nut;Nova;00-{n}/a;4006381333931;6,5;{size};3116;100;1,25;ZZ 9;Two words"
    file, sizes = tmp_path / "twins.csv", ("7", "large")
    rows = [f"A-{n};{facts.format(n=n, size=size)}" for n, size in enumerate(sizes)]
    file.write_text("\n".join([head, *rows]))
    take_in(file)
    monkeypatch.setattr(committing, "put_new_live", lambda *_said, **_how: [])
    file.write_text("\n".join([head, *rows]).replace("A-", "B-"))
    take_in(file)

    def facts_without_sku(letter: str) -> list:
        known = facts_of([f"{letter}-0", f"{letter}-1"])
        codes = ProductCode.objects.filter(product__sku__startswith=f"{letter}-").order_by("product__sku", "kind")
        prices = Price.objects.filter(product__sku__startswith=f"{letter}-").values_list("unit_price", flat=True)
        own = list(codes.exclude(kind="sku").values_list("kind", "code", "normal"))
        return [[one.facts for one in known.values()], own, list(prices)]

    assert facts_without_sku("A") == facts_without_sku("B")
    assert facts_without_sku("A")[0][0]["attributes.size"] == "7"


def test_what_the_database_cannot_make_alone_goes_live_all_the_same(profile, file):
    rows = ROWS.replace("WSH-M8;", "WSH-M8Ø;") + "LATE-1;Made meanwhile;Torvik;;C62;1;;3;0,90;;;;\n"
    run = CatalogueImport.objects.get(pk=take_in(written(file, rows), commit=False)["import"])
    load_products([ProductRow("LATE-1", "Made by hand", "hex-bolts")])
    take_in(file)
    assert Product.objects.get(sku="LATE-1").name == "Made meanwhile"
    assert run.rows.get(sku="LATE-1").changes["name"] == ["Made by hand", "Made meanwhile"]
    assert Product.objects.get(sku="WSH-M8Ø").codes.get().normal == "WSHM8Ø"


def test_related_products_of_one_file_find_each_other(profile, tmp_path):
    file = tmp_path / "sets.csv"
    file.write_text("sku;name;accessory;substitute\nA-1;First;B-1;\nB-1;Second;;A-1\nC-1;Third;NOT-THERE;\n")
    take_in(file)
    related = Product.objects.get(sku="A-1").relations.values_list("kind", "other__sku")
    assert list(related) == [("accessory", "B-1")]
    assert not Product.objects.get(sku="C-1").relations.exists()
    assert take_in(file)["kinds"]["unchanged"] == 3


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.pdf", b"%PDF", "none of csv"),
        ("a.xlsx", b"not a workbook", "damaged"),
        ("a.csv", b"Colour;Shape\nred;round\n", "No column is the SKU"),
        ("a.csv", b"", "names no columns"),
    ],
)
def test_what_is_no_such_file_is_refused_and_leaves_nothing(profile, tmp_path, name, content, complaint):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CommandError, match=complaint):
        take_in(file)
    assert CatalogueImport.objects.count() == 0


def test_a_formula_or_mark_up_in_a_name_is_only_text(profile, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text('sku;name;description\n-10A;=HYPERLINK(1);"<b>Strong</b> &amp; <script>alert(1)</script>"\n')
    take_in(file)
    product = Product.objects.get(sku="-10A")
    assert (product.name, product.description) == ("=HYPERLINK(1)", "Strong & <script>alert(1)</script>")


def test_the_queries_do_not_grow_with_the_rows(profile, tmp_path, world, django_assert_max_num_queries):
    file = tmp_path / "many.csv"
    file.write_text("sku;name;price\n" + "".join(f"MANY-{n};Many {n};1,50\n" for n in range(300)))
    run = begin(profile, file, file.name, now=world.now)
    with django_assert_max_num_queries(40):
        work(COURSE, run, lambda _run: None, now=world.now, path=file)
    assert run.report["kinds"]["new"] == 300
