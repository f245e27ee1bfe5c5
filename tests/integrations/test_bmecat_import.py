"""Manufacturers' catalogues in BMEcat: everything they say of a product, and nothing they would have us fetch."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import Account
from apps.catalogue.models import Attribute, Product, ProductClassification
from apps.integrations.catalogue_import.runs import COURSE
from apps.integrations.imports.runs import revoke, work
from apps.integrations.models import CatalogueImport, ImportProfile
from apps.pricing.models import Price
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from tests.integrations.bmecat_files import NEW, OLD

REAL = Path(__file__).parents[3] / "shared" / "data"
real = pytest.mark.skipif(not REAL.exists(), reason=f"the manufacturers' files are not at {REAL}")


@pytest.fixture(autouse=True)
def profile(world) -> ImportProfile:
    return ImportProfile.objects.create(
        name="Torvik", category="Electrical", make_categories=True, price_list=world.base_list
    )


def take_in(path: Path, content: str | bytes | None = None) -> dict:
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    report = path.parent / "report.json" if content else Path("/dev/null")
    call_command("import_products", str(path), profile="Torvik", commit=True, report=report)
    return CatalogueImport.objects.first().report


def test_an_article_of_the_old_way(tmp_path):
    take_in(tmp_path / "old.xml", OLD)
    shirt = Product.objects.get(sku="SHIRT-1")
    assert (shirt.name, shirt.description, shirt.brand.name, shirt.mpn, shirt.gtin, shirt.lead_days) == (
        "Work shirt", "Keeps warm.", "Torvik", "WS 100", "4006381333931", 4,
    )  # fmt: skip
    assert (shirt.uom, shirt.content_quantity, shirt.content_uom) == ("pack", 6, "pc")
    assert (shirt.minimum_quantity, shirt.order_multiple) == (2, 2)
    assert (shirt.category.name, shirt.category.parent.name) == ("Shirts", "Workwear")
    assert shirt.attributes == {"weight": 0.5, "washable": True, "colour": "red"}
    assert list(shirt.classifications.values_list("system", "code")) == [("ECLASS-5.1", "28-01-02-03")]
    assert list(shirt.relations.values_list("kind", "other__sku")) == [("successor", "SHIRT-2")]
    assert shirt.codes.get(kind="superseded").code == "OLD-SHIRT"


def test_prices_are_those_in_force_of_one_kind_in_the_lists_currency_for_one_unit(tmp_path):
    take_in(tmp_path / "old.xml", OLD)
    prices = Price.objects.filter(product__sku="SHIRT-1").order_by("min_quantity")
    assert list(prices.values_list("min_quantity", "unit_price")) == [(1, Decimal("12.3450")), (10, Decimal("8.0000"))]


def test_a_product_of_the_new_way_in_the_profiles_language(tmp_path):
    take_in(tmp_path / "new.xml", NEW)
    terminal = Product.objects.get(sku="TERM-2.5")
    assert (terminal.name, terminal.description, terminal.gtin, terminal.uom) == (
        "Terminal", "Terminal, 2.5 mm²", "4006381333931", "m",
    )  # fmt: skip
    said = {Attribute.objects.get(code=code).name: value for code, value in terminal.attributes.items()}
    assert said == {
        "Width": 10.505, "Mounting": "on a rail", "Connection / Width": "4 · 6", "Connection / Position": "1 × 2.5",
        "Type": "TV 2.5",
    }  # fmt: skip
    width = Attribute.objects.get(name="Width")
    assert (width.code, width.kind, width.unit, width.is_facet) == ("p-baf016", "number", "mm", False)
    assert not Price.objects.filter(product=terminal).exists()


def test_what_the_file_says_in_other_languages_becomes_translations_and_goes_with_an_undo(tmp_path, world):
    take_in(tmp_path / "new.xml", NEW)
    terminal = Product.objects.get(sku="TERM-2.5")
    assert list(terminal.texts.values_list("language", "name", "description")) == [("de", "Klemme", "")]
    terminal.texts.update(summary="Von Hand")
    take_in(tmp_path / "new.xml", NEW.replace(">Klemme<", ">Reihenklemme<"))
    assert list(terminal.texts.values_list("language", "name", "summary")) == [("de", "Reihenklemme", "Von Hand")]
    run = CatalogueImport.objects.first()
    revoke(run, now=timezone.now())
    work(COURSE, run, lambda _run: None, now=timezone.now())
    assert terminal.texts.get().name == "Klemme"


@pytest.mark.parametrize("content", [OLD, NEW], ids=["1.2", "2005"])
def test_the_same_catalogue_twice_changes_nothing(tmp_path, content):
    take_in(tmp_path / "c.xml", content)
    report = take_in(tmp_path / "c.xml", content)
    assert (report["kinds"]["new"], report["kinds"]["changed"]) == (0, 0)


def test_an_update_speaks_only_of_what_it_names(tmp_path):
    take_in(tmp_path / "c.xml", OLD)
    update = OLD.replace("T_NEW_CATALOG", "T_UPDATE_PRODUCTS").replace("Work shirt<", "Warm shirt<")
    update = update.replace("</ARTICLE>", "</ARTICLE><!--", 1).replace("</T_UPDATE", "--></T_UPDATE", 1)
    report = take_in(tmp_path / "c.xml", update)
    assert (report["kinds"]["changed"], report["kinds"]["gone"]) == (1, 0)
    assert Product.objects.get(sku="SHIRT-2").status == "active"


BOMB = "<!DOCTYPE BMECAT [<!ENTITY a 'ha'>{}]>".format(
    "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(8))
)


@pytest.mark.parametrize(
    ("doctype", "name"),
    [
        ('<!DOCTYPE BMECAT [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE BMECAT [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', "&x;"),
        ('<!DOCTYPE BMECAT [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>', "&y;"),
        (BOMB, "&i;"),
    ],
    ids=["a file of ours", "an address", "a DTD elsewhere", "a bomb"],
)
def test_entities_are_not_resolved_and_nothing_is_fetched(tmp_path, doctype, name):
    evil = OLD.replace('<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog_1_2.dtd">', doctype).replace(
        "Work shirt<", f"{name}<"
    )
    with pytest.raises(CommandError, match=r"entities of its own|no sound XML"):
        take_in(tmp_path / "evil.xml", evil)
    assert not Product.objects.filter(sku="SHIRT-1").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"<BMECAT version='1.2'><HEADER>", "no sound XML"),
        (b"<html><body/></html>", "no BMEcat"),
        (b"", "no sound XML"),
        (OLD.replace("Work shirt", "Größe").encode("latin-1"), "no sound XML"),
        (b"\xff\xfe\x00<", "no sound XML"),
    ],
)
def test_what_is_no_catalogue_is_refused(tmp_path, content, complaint):
    with pytest.raises(CommandError, match=complaint):
        take_in(tmp_path / "c.xml", content)
    assert Product.objects.filter(sku__startswith="SHIRT").count() == 0


def test_a_value_that_does_not_fit_its_attribute_is_left_out_and_the_row_says_so(tmp_path):
    take_in(tmp_path / "c.xml", OLD)
    report = take_in(tmp_path / "c.xml", OLD.replace("<FVALUE>0,5</FVALUE>", "<FVALUE>on request</FVALUE>"))
    assert (report["kinds"]["quarantined"], report["left_out"]) == (0, 1)
    row = CatalogueImport.objects.first().rows.get(sku="SHIRT-1")
    assert row.detail == "Weight: “on request kg” does not fit its kind, number in kg."
    assert Product.objects.get(sku="SHIRT-1").attributes["weight"] == 0.5


@real
def test_seven_articles_of_a_maker_of_terminals_with_all_their_features():
    for file in sorted((REAL / "bmecat").glob("WEI_*.xml")):
        assert take_in(file)["kinds"]["new"] == 1
    terminal = Product.objects.get(sku="1010000000")
    assert (terminal.name, terminal.brand.name, terminal.gtin, terminal.uom) == (
        "PE terminal", "Weidmueller Group", "4008190143640", "pc",
    )  # fmt: skip
    named = {Attribute.objects.get(code=code).name: value for code, value in terminal.attributes.items()}
    assert (named["Breite"], named["Höhe"], named["Nettogewicht"]) == (5.1, 60, 0.01622)
    assert len(named) > 80
    assert list(terminal.relations.values_list("kind", "other__sku")) == []
    systems = ProductClassification.objects.filter(system="ECLASS-9.0")
    assert systems.count() == 7


@real
def test_the_official_sample_of_1_01():
    ImportProfile.objects.update(decimal_mark=",")
    assert take_in(REAL / "bmecat" / "bmecat_1_01_new_catalog.xml")["kinds"]["new"] == 2
    shirt = Product.objects.get(sku="54-Charlie-R")
    assert (shirt.name, shirt.category.name, shirt.uom, shirt.attributes) == (
        "Freizeithemd Charlie", "Hemden", "pack", {"gewicht": 500, "farbe": "Rot"},
    )  # fmt: skip
    assert list(shirt.relations.values_list("kind", "other__sku")) == [("successor", "54-Dennis-B")]


@real
def test_a_ladder_makers_price_list(tmp_path, world):
    world.base_list.currency = "EUR"
    world.base_list.save()
    report = take_in(REAL / "pricelists" / "guenzburger_2018_pricelist_extracted.csv.gz")
    assert report["kinds"] == {"new": 2417, "changed": 0, "unchanged": 0, "gone": 0, "quarantined": 7}
    assert report["reasons"] == {"bad_gtin": 7}
    ladder = Product.objects.get(sku="10006")
    assert (ladder.lead_days, ladder.uom, ladder.gtin) == (3, "pc", "4031405100060")
    assert Price.objects.get(product=ladder).unit_price == 90
    assert ladder.attributes["gewicht-ca"] == 3.6 or ladder.attributes["gewicht-ca"] == "3.6"
    again = take_in(REAL / "pricelists" / "guenzburger_2018_pricelist_extracted.csv.gz")
    assert again["kinds"]["unchanged"] == 2417


@real
def test_a_ladder_makers_prices_reach_the_buyer_by_the_price_import(world):
    path = REAL / "pricelists" / "guenzburger_2018_pricelist_extracted.csv.gz"
    world.base_list.currency = "EUR"
    world.base_list.save()
    Account.objects.update(currency="EUR")
    take_in(path)
    ladder = Product.objects.get(sku="10006")
    Price.objects.filter(product=ladder).update(unit_price=84)
    call_command("import_prices", str(path), "--price-list", "BASE", "--from", "2030-01-01", "--commit")
    ask = Ask(ladder.pk, 1)
    paid = [prices_for_account(world.calder.pk, [ask], date(year, 1, 1))[ask] for year in (2029, 2030)]
    assert [(each.unit_price, each.currency) for each in paid] == [(84, "EUR"), (90, "EUR")]
