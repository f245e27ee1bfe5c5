"""A price file from the upload to the price lists and back: what is good goes live, the rest says why not."""

import gzip
from datetime import timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from apps.cases.models import Case as ServiceCase
from apps.catalogue.models import PackagingUnit
from apps.core.models import Event
from apps.core.sheets import FileRefused
from apps.integrations.imports.columns import ColumnsUnclear
from apps.integrations.imports.reading import MAX_LINE
from apps.integrations.imports.runs import approve, revoke, work
from apps.integrations.imports.steps import NotNow
from apps.integrations.models import PriceImport, PriceImportRow
from apps.integrations.price_import import committing, staging
from apps.integrations.price_import.columns import columns_of, guessed
from apps.integrations.price_import.owning import own_what_it_priced
from apps.integrations.price_import.runs import COURSE, Manner, begin, take_jumps
from apps.integrations.tasks import own_undone_prices, send_import_stuck
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import Price, PriceList
from apps.pricing.rules import Ask, Break
from apps.pricing.selectors import list_prices, prices_for_account

FILE = """sku;from;price;currency;unit
BLT-M8-40;1;0.21;GBP;
BLT-M8-40;500;0.17;GBP;
BLT-M8-40;10;29;GBP;Carton
BLT-M8-60;1;0.25;GBP;
GLV-NIT-L;1;7,90;GBP;
DRL-18V;1;1890.00;GBP;
OIL-5L;1;32.40;EUR;
SVC-CUT;1;1.25;;
SVC-CUT;5;1.20;;
SVC-CUT;5;1.10;;
NO-SUCH;1;1.00;;
;1;1.00;;
BLT-M8-60;1000;0.22;GBP;Pallet
BLT-M8-60;2000;-0.22;GBP;
BLT-M8-60;0;0.22;GBP;
"""
JUDGED = """
1  up          0.2000 0.2100
2  down        0.1800 0.1700
3  new         -      0.1450
4  unchanged   0.2500 0.2500
5  bad_price
6  tenfold     189.0000 1890.0000
7  other_currency
8  unchanged   1.2500 1.2500
9  twice
10 twice
11 unknown_sku
12 no_sku
13 unknown_unit
14 bad_price
15 bad_quantity
16 gone        0.1500 -
"""


@pytest.fixture
def run(world, tmp_path):
    """A run of a text, looked through and not yet live."""
    PackagingUnit.objects.create(product=world.bolt, name="Carton", quantity=200)

    def start(text=FILE, name="prices.csv", **manner):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        said = {"price_list_id": world.base_list.pk, "valid_from": world.today, "decimal_mark": "."} | manner
        found = begin(Manner(**said), path, name, now=world.now)
        return work(COURSE, found, lambda _run: None, now=world.now, path=path)

    return start


def live(world, run):
    approve(run, now=world.now)
    return work(COURSE, run, lambda _run: None, now=world.now)


def undone(world, run):
    revoke(run, now=world.now)
    return work(COURSE, run, lambda _run: None, now=world.now)


def ladder(world, product, days=0, price_list=None):
    on = world.today + timedelta(days)
    return [str(Decimal(step.unit_price)) for step in list_prices(
        (price_list or world.base_list).pk, [product.pk], on).get(product.pk, [])]  # fmt: skip


def everything():
    return sorted(
        Price.objects.values_list("product", "price_list", "min_quantity", "valid_from", "valid_until", "unit_price")
    )


def test_every_row_is_judged(world, run):
    found = run()
    rows = [
        f"{row.row_number} {row.reason or row.kind} {row.old_price or '-'} {row.unit_price or '-'}"
        for row in found.rows.order_by("row_number")
    ]
    wanted = [" ".join(line.split()) for line in JUDGED.strip().splitlines()]
    assert [row[: len(want)] for row, want in zip(rows, wanted, strict=True)] == wanted
    assert found.report["kinds"] == {
        "new": 1, "up": 1, "down": 1, "unchanged": 2, "gone": 1, "quarantined": 10,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [(5, "“7,90” cannot be read with a point"), (6, "holds at 189 and would be 1890"), (7, "in EUR, the list in GBP"),
     (9, "Row 10 says another price"), (10, "Row 9 says another price"), (13, "not packed in “Pallet”")],
)  # fmt: skip
def test_a_row_in_quarantine_says_what_is_wrong(world, run, row, words):
    assert words in run().rows.get(row_number=row).detail


def test_good_rows_go_live_on_their_day_and_the_past_stays(world, run):
    before = everything()
    found = live(world, run(valid_from=world.today + timedelta(3)))

    assert found.step == "committed"
    assert ladder(world, world.bolt, 2) == ["0.2000", "0.1800", "0.1500"]
    assert list_prices(world.base_list.pk, [world.bolt.pk], world.today + timedelta(3))[world.bolt.pk] == [
        Break(1, Decimal("0.2100")), Break(500, Decimal("0.1700")), Break(2000, Decimal("0.1450")),
    ]  # fmt: skip
    assert [ladder(world, each, 9) for each in (world.drill, world.gloves)] == [["189.0000"], ["8.5000", "7.9000"]]
    ask = Ask(world.bolt.pk, 500)
    told = [prices_for_account(world.calder.pk, [ask], world.today + timedelta(day))[ask] for day in (2, 3)]
    assert [decision.unit_price for decision in told] == [Decimal("0.18"), Decimal("0.17")]
    assert undone(world, found).report["kept"] == 0
    assert everything() == before


def test_a_price_that_begins_on_that_very_day_is_changed_and_comes_back(world, run):
    Price.objects.filter(product=world.bolt).update(valid_from=world.today)
    before = everything()
    found = live(world, run())

    assert ladder(world, world.bolt) == ["0.2100", "0.1700", "0.1450"]
    undone(world, found)
    assert everything() == before


def test_what_was_changed_since_is_not_undone(world, run):
    found = live(world, run())
    Price.objects.filter(product=world.bolt, min_quantity=1, valid_from=world.today).update(unit_price="0.3000")

    assert undone(world, found).report["kept"] == 1
    assert ladder(world, world.bolt) == ["0.3000", "0.1800", "0.1500"]


@pytest.mark.parametrize(("full", "gone"), [(False, {"DRL-18V 5"}), (True, {"DRL-18V 5", "OIL-5L 1", "SVC-CUT 1"})])
def test_what_a_full_file_does_not_name_ends(world, run, full, gone):
    Price.objects.create(
        price_list=world.base_list, product=world.drill, min_quantity=5, unit_price=180, valid_from=world.today
    )
    other = PriceList.objects.create(code="OTHER", name="Other", valid_from=world.today)
    Price.objects.create(price_list=other, product=world.oil, unit_price=1, valid_from=world.today)
    text = "sku,from,price\nDRL-18V,1,189\nBLT-M8-40,x,1\nBLT-M8-60,1,0.26\nGLV-NIT-L,1,8.5\nGLV-NIT-L,10,7.9\n"
    found = live(world, run(text, is_full=full))

    ended = found.rows.filter(kind="gone")
    assert {f"{row.sku} {row.min_quantity}" for row in ended} == gone
    assert ladder(world, world.oil) == ([] if full else ["32.4000"])
    assert ladder(world, world.bolt) == ["0.2000", "0.1800", "0.1500"]
    assert ladder(world, world.oil, price_list=other) == ["1.0000"]


def test_tenfold_prices_may_be_taken_all_the_same(world, run):
    found = run("sku,price\nDRL-18V,1890\nOIL-5L,3.24\n")
    assert (found.report["kinds"]["quarantined"], found.report["reasons"]) == (2, {"tenfold": 2})
    assert take_jumps(found, now=world.now) == 2
    assert (found.report["kinds"]["up"], found.report["kinds"]["down"], found.report["jumps"]) == (1, 1, 2)
    live(world, found)
    assert ladder(world, world.drill) == ["1890.0000"]
    with pytest.raises(NotNow):
        approve(found, now=world.now)


def test_the_same_file_twice_changes_nothing(world, run):
    live(world, run())
    before = everything()
    again = run()

    assert [again.report["kinds"][kind] for kind in ("new", "up", "down", "gone")] == [0, 0, 0, 0]
    live(world, again)
    assert everything() == before


def test_a_run_that_was_killed_goes_on_where_it_was(world, run, monkeypatch):
    for module in (staging, committing):
        monkeypatch.setattr(module, "CHUNK", 2)
    found = run()
    assert found.rows.count() == 16
    approve(found, now=world.now)

    class Killed(Exception):
        pass

    def kill(at):
        if at.reached >= 2:
            raise Killed

    with pytest.raises(Killed):
        work(COURSE, found, kill, now=world.now)
    found = PriceImport.objects.get()
    assert (found.step, found.reached) == ("committing", 2)
    work(COURSE, found, lambda _run: None, now=world.now)
    assert ladder(world, world.bolt) == ["0.2100", "0.1700", "0.1450"]


def test_lists_are_named_by_the_file_and_prices_are_for_many_units(world, run):
    trade = PriceList.objects.create(code="TRADE", name="Trade", currency="EUR", valid_from=world.today)
    found = run(
        "Article No;Price List;Price;Currency;Price Unit\nDRL-18V;TRADE;1.234,50;EUR;\n"
        "BLT-M8-40;TRADE;1,2345;eur;100\nOIL-5L;NONE;1;;\n",
        decimal_mark=",",
    )
    live(world, found)

    assert ladder(world, world.drill, price_list=trade) == ["1234.5000"]
    assert ladder(world, world.bolt, price_list=trade) == ["0.0123"]
    assert found.report["reasons"] == {"unknown_list": 1}


@pytest.mark.parametrize("kind", ["csv.gz", "xlsx"])
def test_other_kinds_of_files(world, run, tmp_path, kind):
    rows = [["SKU", "Price"], ["DRL-18V", 179.5], ["OIL-5L", 32]]
    if kind == "xlsx":
        book = xlsxwriter.Workbook(tmp_path / "made.xlsx")
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.close()
        content = (tmp_path / "made.xlsx").read_bytes()
    else:
        content = gzip.compress("\n".join(",".join(map(str, row)) for row in rows).encode())
    live(world, run(content, f"prices.{kind}"))
    assert [ladder(world, each) for each in (world.drill, world.oil)] == [["179.5000"], ["32.0000"]]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"sku,price\n\xff\xfe"), ("a.xlsx", b"no workbook"), ("a.pdf", b"%PDF-")]
)
def test_what_is_no_sheet_is_refused(world, run, name, content):
    with pytest.raises(FileRefused):
        run(content, name)
    assert not PriceImportRow.objects.exists()


@pytest.mark.parametrize(
    ("headings", "taken"),
    [
        ("SKU,Price", {"sku": 0, "price": 1}),
        (
            "supplierArticleId,priceAmount1,priceCurrency1,lowerBound1",
            {"sku": 0, "price": 1, "currency": 2, "quantity": 3},
        ),
        ("Artikelnummer,Preis,ab Menge,VPE", {"sku": 0, "price": 1, "quantity": 2}),
        ("name,price", None),
    ],
)
def test_columns_are_guessed_by_their_headings(headings, taken):
    headings = headings.split(",")
    if taken is None:
        with pytest.raises(ColumnsUnclear):
            columns_of(headings, guessed(headings))
    else:
        assert columns_of(headings, guessed(headings)) == taken


def test_operations_upload_look_through_commit_and_undo(world, signed_in, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    otto, today = signed_in(world.otto), timezone.localdate()
    add = reverse("admin:integrations_priceimport_add")
    said = {"price_list": world.base_list.pk, "valid_from": str(today), "decimal_mark": "."}
    assert otto.get(add).status_code == 200
    old = otto.post(add, said | {"valid_from": str(today - timedelta(1)), "file": SimpleUploadedFile("p.csv", b"a")})
    assert b"stays as it was" in old.content
    unclear = otto.post(add, said | {"file": SimpleUploadedFile("p.csv", b"what,how much\nDRL-18V,199\nX,1\n")})
    run = PriceImport.objects.get()
    assert unclear.url == reverse("admin:integrations_priceimport_columns", args=[run.pk])
    assert b"DRL-18V, X" in otto.get(unclear.url).content
    assert otto.post(unclear.url, {"column_0": "sku", "column_1": "price"}).status_code == 302
    run.refresh_from_db()
    work(COURSE, run, lambda _run: None, now=timezone.now())

    page = reverse("admin:integrations_priceimport_change", args=[run.pk])
    shown = otto.get(page).content.decode()
    assert "199.0000" in shown and "There is no such SKU." in shown and "5.3" in shown
    otto.post(reverse("admin:integrations_priceimport_commit", args=[run.pk]))
    run.refresh_from_db()
    work(COURSE, run, lambda _run: None, now=timezone.now())
    assert Price.objects.filter(product=world.drill, valid_from=today).get().unit_price == 199
    otto.post(reverse("admin:integrations_priceimport_undo", args=[run.pk]))
    run.refresh_from_db()
    work(COURSE, run, lambda _run: None, now=timezone.now())
    assert not Price.objects.filter(product=world.drill, valid_from=today).exists()
    assert (
        otto.get(page).status_code == otto.get(reverse("admin:integrations_priceimport_changelist")).status_code == 200
    )
    assert otto.get(reverse("admin:integrations_priceimportrow_changelist")).status_code == 200


def test_the_command_reads_and_commits(world, tmp_path, capsys):
    path = tmp_path / "prices.csv"
    path.write_text("Code,Net,Ab\nDRL-18V,150.00,1\n")
    call_command(
        "import_prices", path, price_list="BASE", column_sku="Code", column_price="Net", decimal_mark=".", commit=True
    )
    assert "live" in capsys.readouterr().out
    assert Price.objects.filter(product=world.drill).latest("valid_from").unit_price == 150
    told = Event.objects.filter(name__startswith="price_import.").values_list("name", flat=True)
    assert not {"price_import.received", "price_import.approved"} & set(told)  # no worker takes it out of its hands


def test_what_was_ordered_at_prices_taken_back_is_owned(world, run):
    def order(number, product, account, **line):
        placed = Order.objects.create(
            number=number, account=account, currency="GBP", placed_at=world.now, status="placed"
        )
        OrderLine.objects.create(
            order=placed, position=1, product=product, sku=product.sku, name=product.name, quantity=400, net=100,
            price_source="list", **line,
        )  # fmt: skip

    found = live(world, run("sku,from,price\nBLT-M8-40,1,0.30\n"))
    order("SO-1", world.bolt, world.calder, unit_price="0.3000")
    order("SO-2", world.oil, world.calder, unit_price="99")  # the file did not touch it
    order("SO-3", world.bolt, world.leeds, unit_price="0.1600")  # by contract
    assert own_what_it_priced(found.pk, now=world.now) == 0  # it is live
    found = undone(world, found)
    event = Event.objects.get(name="price_import.undone")
    for _ in range(2):
        own_undone_prices(event.pk)
    case = ServiceCase.objects.get()
    assert (case.account, case.origin, case.title) == (world.calder, "house", "A wrong price on order SO-1")
    said = case.messages.get().body
    assert "a price list of ours was wrong for a time" in said
    assert "SO-1: 400 x BLT-M8-40 at £0.30 instead of £0.20, £40.00 too much" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FILE, "10 of 15 rows are in quarantine."),
        ("sku,from,price\nBLT-M8-40,1,0.30\n", None),
    ],
)
def test_operations_hear_of_a_file_with_many_bad_rows(world, run, text, words, mailoutbox):
    found = run(text)
    for event in Event.objects.filter(name="price_import.quarantined"):
        send_import_stuck(event.pk)
        send_import_stuck(event.pk)
    assert [mail.to for mail in mailoutbox] == ([["otto@harrow.example"]] if words else [])
    if words:
        assert words in mailoutbox[0].body
        assert reverse("admin:integrations_priceimport_change", args=[found.pk]) in mailoutbox[0].body


def test_operations_hear_of_a_file_that_was_refused(world, run, mailoutbox):
    with pytest.raises(FileRefused) as refused:
        run("sku,price\n" + "BLT-M8-40,1\n" * 2_000 + "x" * (MAX_LINE + 1) + ",1\n")  # what is read first is fine
    event = Event.objects.get(name="price_import.refused")
    for _ in range(2):
        send_import_stuck(event.pk)
    (mail,) = mailoutbox
    assert mail.subject == "The import of prices.csv was refused"
    assert refused.value.detail in mail.body
