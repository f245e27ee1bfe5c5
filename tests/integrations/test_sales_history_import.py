"""Taking in an export: what it makes, that it adds up, that it can be stopped and run again."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from xlsxwriter import Workbook

from apps.accounts.models import Account, Contact
from apps.catalogue.models import Product
from apps.core.models import Event
from apps.integrations.models import SalesHistoryImport, SalesHistoryLine
from apps.integrations.sales_history import loading
from apps.invoicing.models import Invoice
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import Price

pytestmark = pytest.mark.django_db(transaction=True)

REAL = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail.csv.gz"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ROWS = """\
536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,71053,Tin mug,10,2010-12-01 08:26:00,3.39,17850,United Kingdom
536365,71053,Tin mug,10,2010-12-01 08:26:00,3.39,17850,United Kingdom
536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850,United Kingdom
536370,85123A,WHITE LANTERN,24,2010-12-02 09:00:00,2.10,12583,France
536371,85123A,,4,2010-12-03 09:00:00,2.55,17850,United Kingdom
C536379,71053,Tin mug,-4,2010-12-04 09:41:00,3.39,17850,United Kingdom
C536380,22423,Cakestand,-1,2010-12-04 09:45:00,12.75,17850,United Kingdom
536381,22423,Cakestand,2,2010-12-05 10:00:00,0,17850,United Kingdom
536382,22423,Cakestand,2,2010-12-05 10:00:00,12.75,,United Kingdom
536383,22423,Cakestand,two,2010-12-05 10:00:00,12.75,17850,United Kingdom
536384,22423,Cakestand,-3,2010-12-05 10:00:00,12.75,17850,United Kingdom
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,-11062.06,,United Kingdom
"""
PARTS = {
    "goods": (4, "109.80"),
    "cancellations": (2, "-26.31"),
    "charges": (2, "-11044.06"),
    "quarantined": (4, "-12.75"),
    "duplicates": (1, "33.90"),
}


@pytest.fixture
def export(tmp_path) -> Path:
    file = tmp_path / "lines.csv"
    file.write_text(f"{HEAD}\n{ROWS}", encoding="utf-8")
    return file


def take_in(file: Path, **options) -> dict:
    report = file.with_suffix(".json")
    call_command("import_sales_history", str(file), report=report, **options)
    return json.loads(report.read_text())


def contents() -> tuple:
    """What an import has made, in a form that can be compared."""
    return (
        list(Order.objects.order_by("number").values_list("number", "account__number", "goods_net", "placed_at")),
        list(
            OrderLine.objects.order_by("order__number", "position").values_list("sku", "quantity", "returned_quantity")
        ),
        list(Invoice.objects.order_by("number").values_list("number", "kind", "net", "order__number")),
        list(Price.objects.order_by("product__sku", "min_quantity").values_list("product__sku", "unit_price")),
        list(Account.objects.order_by("number").values_list("number", "country", "path")),
        Event.objects.count(),
    )


def test_every_line_is_accounted_for_to_the_penny(export):
    report = take_in(export)
    found = {part: (report[part]["lines"], f"{report[part]['amount']:.2f}") for part in PARTS}
    assert found == PARTS
    assert report["lines"] == 13
    assert Decimal(str(report["amount"])) == sum(Decimal(amount) for _lines, amount in PARTS.values())
    assert {reason: part["lines"] for reason, part in report["quarantined"]["reasons"].items()} == {
        "negative_quantity": 1, "no_customer": 1, "unreadable": 1, "zero_price": 1,
    }  # fmt: skip


def test_lines_become_accounts_orders_invoices_and_credit_notes(export):
    take_in(export)
    assert dict(Account.objects.values_list("number", "country")) == {"17850": "GB", "12583": "FR"}
    order = Order.objects.get(number="536365")
    assert (order.goods_net, order.status, order.channel) == (Decimal("49.20"), "delivered", "import")
    assert list(order.lines.values_list("sku", "quantity", "returned_quantity")) == [("85123A", 6, 0), ("71053", 10, 4)]
    invoice = Invoice.objects.get(number="536365")
    assert (invoice.net, invoice.paid, invoice.order) == (Decimal("67.20"), Decimal("67.20"), order)
    credit = Invoice.objects.get(number="C536379")
    assert (credit.kind, credit.net) == ("credit_note", Decimal("-13.56"))
    assert Product.objects.get(sku="85123A").name == "White lantern"
    assert Event.objects.filter(name="order.placed", subject="order:536365").exists()


def test_running_twice_changes_nothing(export):
    report, first = take_in(export), None
    first = contents()
    assert (take_in(export), contents()) == (report, first)
    assert SalesHistoryImport.objects.count() == 1


@pytest.mark.parametrize("step", ["load_parties", "load_range", "load_evidence", "load_documents"])
def test_a_run_that_was_stopped_goes_on_where_it_was(export, tmp_path, monkeypatch, step):
    def stop(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(loading, step, stop)
        take_in(export)
    take_in(export)
    resumed = contents()
    again = tmp_path / "again.csv"
    again.write_text(export.read_text() + "\n")
    take_in(again)
    assert contents() == resumed
    assert len(resumed[0]) == 3


def test_the_same_lines_in_a_packed_file_or_a_workbook_read_the_same(export, tmp_path):
    packed = tmp_path / "lines.csv.gz"
    packed.write_bytes(gzip.compress(export.read_bytes()))
    sheet = tmp_path / "lines.xlsx"
    with Workbook(sheet, {"strings_to_numbers": False}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(export.read_text().splitlines()):
            page.write_row(number, 0, line.split(","))
    reports = [take_in(file) for file in (export, packed, sheet)]
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("lines.pdf", b"%PDF", "none of csv"),
        ("lines.csv.gz", b"not packed", "damaged"),
        ("lines.xlsx", b"not a workbook", "damaged"),
        ("lines.csv", b"\xff\xfe\x00binary,\xff\n", "not written in utf-8"),
        ("lines.csv", b"a," * 2_000 + b"\n", "2001 columns"),
        ("lines.csv", f"{HEAD}\n1,2,".encode() + b"x" * 1_100_000, "longer than"),
        ("lines.csv.gz", gzip.compress(b"," * 1_100_000), "longer than"),
        ("lines.csv", b"", "names no columns"),
        ("lines.csv", b"StockCode,Description\n", "No column for document"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_leaves_nothing(tmp_path, name, content, complaint):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CommandError, match=complaint):
        call_command("import_sales_history", str(file))
    assert not SalesHistoryImport.objects.exists()
    assert not SalesHistoryLine.objects.exists()


def test_a_time_zone_that_there_is_not_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(CommandError, match="no time zone “Mars/Olympus”"):
        call_command("import_sales_history", str(tmp_path / "none.csv"), time_zone="Mars/Olympus")


def test_a_file_from_a_spreadsheet_says_its_encoding(tmp_path):
    file = tmp_path / "lines.csv"
    file.write_bytes(f"{HEAD}\n{ROWS}".replace("LANTERN", "LANTERNE DORÉE").encode("cp1252"))
    with pytest.raises(CommandError, match="cp1252"):
        take_in(file)
    take_in(file, encoding="cp1252")
    assert Product.objects.get(sku="85123A").name == "White lanterne dorée"
    with pytest.raises(CommandError, match="no encoding rot13"):
        take_in(file, encoding="rot13")


def test_a_line_sold_on_no_possible_day_is_quarantined(export):
    export.write_text(
        f"{HEAD}\n{ROWS}"
        "T98,71053,Tin mug,10,9999-12-31,3.39,17850,United Kingdom\n"
        "T99,71053,Tin mug,10,0099-12-31,3.39,17850,United Kingdom\n"
    )
    assert take_in(export)["quarantined"]["reasons"]["odd_date"]["lines"] == 2
    assert not Order.objects.filter(number__in=["T98", "T99"]).exists()


def test_a_workbook_with_too_many_cells_is_refused_before_it_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.integrations.imports.reading.MAX_CELLS", 1_000)
    file = tmp_path / "wide.xlsx"
    with Workbook(file) as book:
        page = book.add_worksheet()
        for row in range(20):
            page.write_row(row, 0, ["a"] * 60)
    with pytest.raises(CommandError, match="more than 1,000 cells"):
        call_command("import_sales_history", str(file))


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.integrations.imports.reading.MAX_BYTES", 1_000)
    file = tmp_path / "bomb.csv.gz"
    file.write_bytes(gzip.compress(f"{HEAD}\n{ROWS}".encode() * 50))
    with pytest.raises(CommandError, match="Split it"):
        call_command("import_sales_history", str(file))


def test_the_quarantine_is_what_operations_see_first(export, admin_client):
    take_in(export)
    page = admin_client.get("/admin/integrations/saleshistoryline/").content.decode()
    assert page.count("536382") == 1
    assert "85123A" not in page
    run = SalesHistoryImport.objects.get()
    assert (
        "Not finished"
        not in admin_client.get(f"/admin/integrations/saleshistoryimport/{run.pk}/change/").content.decode()
    )


def test_a_buyer_of_an_imported_account_gets_a_log_in(export, client, capsys):
    take_in(export)
    call_command("open_log_in", "17850", "Buyer@Imported.example")
    link = capsys.readouterr().out.rpartition(" ")[2].strip()
    assert client.get(link, follow=True).status_code == 200
    assert Contact.objects.get(account__number="17850").user.email == "buyer@imported.example"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason=f"the real export is not at {REAL}")
def test_a_wholesalers_year_adds_up(tmp_path, monkeypatch):
    """541,909 lines of UCI Online Retail; the totals are those published with the data."""
    for step in ("load_parties", "load_range", "load_evidence", "load_documents"):
        monkeypatch.setattr(loading, step, lambda *_args: None)
    report = take_in_real(tmp_path)
    assert (report["lines"], round(Decimal(str(report["amount"])), 2)) == (541_909, Decimal("9747747.93"))
    assert report["duplicates"]["lines"] == 5_268
    parts = [report[part] for part in PARTS]
    assert sum(part["lines"] for part in parts) == 541_909
    assert sum(Decimal(str(part["amount"])) for part in parts) == Decimal(str(report["amount"]))
    assert SalesHistoryLine.objects.exclude(customer="").values("customer").distinct().count() == 4_372
    assert SalesHistoryLine.objects.values("document").distinct().count() == 25_900
    assert SalesHistoryLine.objects.values("sku").distinct().count() == 4_070


def take_in_real(tmp_path: Path) -> dict:
    report = tmp_path / "report.json"
    call_command("import_sales_history", str(REAL), report=report)
    return json.loads(report.read_text())
