"""Files of a bank, read as they come: what is in them, and what they cannot do to us."""

from datetime import date
from decimal import Decimal as D

import pytest

from apps.invoicing.bank import read
from apps.invoicing.bank.lines import amount_of
from apps.invoicing.errors import StatementUnreadable
from tests.invoicing.statements import camt, detail, entry

AMOUNTS = [
    ("1234.56", "1234.56"), ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1 234,56", "1234.56"),
    ("1\u00a0234,5", "1234.5"), ("1'234.56", "1234.56"), ("1,234,567.89", "1234567.89"), ("12,50", "12.50"),
    ("0.5", "0.5"), ("12", "12"), ("+12.00", "12.00"), ("-12.00", "-12.00"), ("12.00-", "-12.00"),
    ("(12.00)", "-12.00"), ("\u221212", "-12"), ("1,234,567", "1234567"),
    ("1,234", None), ("1.234", None),  # could be either
    ("12,34,56", None), ("1,23.456,7", None), ("1e3", None), ("NaN", None), ("", None), ("abc", None), ("1.2.3", None),
    ("9" * 16, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), AMOUNTS)
def test_amounts_are_read_as_they_are_written_or_not_at_all(text, amount):
    assert amount_of(text, "GBP") == (None if amount is None else D(amount))


@pytest.mark.parametrize(("text", "amount"), [("1,234", "1234"), ("1.234.567", "1234567"), ("500", "500")])
def test_a_currency_without_decimals_has_only_thousands(text, amount):
    assert amount_of(text, "KRW") == D(amount)


def test_a_camt_is_read_entry_by_entry():
    bundle = detail("IN-1000001", "60.00") + detail("IN-1000002", "40.00", iban="GB94BARC10201530093459")
    content = camt(
        entry("101.02", "IN-1000005"),
        entry("100.00", reference="BR-2", details=bundle),
        entry("7.00", reference="BR-3", details=detail("half", "3.00") + detail("more", "3.00")),  # do not add up
        entry("5.00", side="DBIT", reference="BR-4"),
        entry("6.00", status="PDNG", reference="BR-5"),
    )
    found = read(content, currency="GBP")
    assert (found.kind, found.outgoing, found.problems) == ("camt053", 2, [])
    first, *parts, odd = found.lines
    assert (first.reference, first.received_on, first.amount) == ("BR-1", date(2026, 3, 4), D("101.02"))
    assert (first.payer_name, first.payer_iban) == ("BRIGHTWATER FACILITIES", "GB29NWBK60161331926819")
    assert "IN-1000005" in first.text and first.our_iban == "GB33BUKB20201555555555"
    assert [(part.reference, part.amount) for part in parts] == [("BR-2/1", D(60)), ("BR-2/2", D(40))]
    assert (odd.reference, odd.amount) == ("BR-3", D(7))


def test_a_newer_camt_names_the_payer_one_step_deeper():
    newer = entry("1.00").replace("<Dbtr><Nm>", "<Dbtr><Pty><Nm>").replace("</Nm></Dbtr>", "</Nm></Pty></Dbtr>")
    newer = newer.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
    [line] = read(camt(newer, version="08"), currency="GBP").lines
    assert line.payer_name == "BRIGHTWATER FACILITIES"


XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = [
    (camt(entry("1.00", "&a;"), doctype=XXE), "DOCTYPE"),
    (camt(entry("1.00", "&b;"), doctype=BOMB), "DOCTYPE"),
    (b"<Document><BkToCstmrStmt>", "broken"),
    (b"<html></html>", "no camt.053"),
    (b"", "empty"),
    (b"  \n", "empty"),
    (b"PK\x03\x04\x00\x00", "no text"),
    (b"Name;Colour\nx;red\n", "a date and an amount"),
    (b"x" * 5_000_001, "larger than 5 MB"),
    (b"Date,Amount\n" + b"2026-03-04,1\n" * 20_001, "20000 rows"),
]


@pytest.mark.parametrize(("content", "why"), REFUSED, ids=[why for _content, why in REFUSED])
def test_what_is_no_statement_is_refused_with_what_to_do(content, why):
    with pytest.raises(StatementUnreadable) as refusal:
        read(content, currency="GBP")
    assert why in str(refusal.value.detail)


ENTRIES = [
    (entry("-1.00"), "cannot be read"),
    (entry("1e9"), "cannot be read"),
    (entry("0.00"), "cannot be read"),
    (entry("1.00", currency="pounds"), "no currency"),
    (entry("1.00", reference="").replace("E2E-1", "NOTPROVIDED"), "no reference"),
]


@pytest.mark.parametrize(("broken", "why"), ENTRIES)
def test_an_entry_that_cannot_be_read_leaves_the_others_unharmed(broken, why):
    found = read(camt(broken, entry("9.00", reference="BR-9")), currency="GBP")
    assert [line.amount for line in found.lines] == [D(9)]
    [(_line, reason)] = found.problems
    assert why in reason


TABLE = """My bank;;;;
Buchungstag;Betrag;Auftraggeber;IBAN;Verwendungszweck
04.03.2026;1.234,56;Brightwater;GB29 NWBK 6016 1331 9268 19;Rechnung IN-1000001
04.03.2026;-50,00;Rent;;
04.03.2026;12,00;Twice;;same
04.03.2026;12,00;Twice;;same
03/31/2026;1,00;American;;
04.03.2026;1,234;Odd;;
;;;;
"""


def test_a_table_is_read_row_by_row_and_what_is_odd_is_named():
    found = read(TABLE.encode("cp1252"), currency="EUR")
    first, one, other = found.lines
    assert (first.amount, first.currency, first.payer_iban) == (D("1234.56"), "EUR", "GB29NWBK60161331926819")
    assert one.reference != other.reference  # the same twice is two payments
    assert found.outgoing == 1
    assert [(number, reason.split("“")[1].split("”")[0]) for number, reason in found.problems] == [
        (7, "03/31/2026"),
        (8, "1,234"),
    ]
    again = read(TABLE.encode("cp1252"), currency="EUR")
    assert [line.reference for line in again.lines] == [line.reference for line in found.lines]
