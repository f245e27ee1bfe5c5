"""Bank statements as a table (CSV), as banks and spreadsheets export them.

1. The first row with a date and an amount among its headings names the columns, in several languages of banks.
2. Delimiter and encoding are found; quotes are as in every CSV.
3. A row that cannot be read is kept with its line and the reason, the others are taken all the same. Outgoing amounts
   are counted and left out.
4. Dates are 2026-03-04, 04.03.2026 or 04/03/2026 (day first); another order is refused, never guessed.
5. Without a reference of the bank a row is known again by its content, and its place among equal rows.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from apps.invoicing.bank.lines import Found, Line, amount_of, iban_of
from apps.invoicing.errors import StatementUnreadable

MOST_ROWS = 20_000
_HEADINGS = {
    "received_on": "valuedate date bookingdate transactiondate posteddate valuta buchungstag wertstellung datum",
    "amount": "amount creditamount credit paidin value betrag umsatz moneyin",
    "currency": "currency ccy wahrung waehrung",
    "reference": "bankreference transactionid bankref id entryreference transactionreference bankreferenz",
    "payer_name": "payer payername name counterparty debtor auftraggeber beguenstigterzahlungspflichtiger from",
    "payer_iban": "payeriban iban counterpartyiban accountnumber payeraccount kontonummer debtoraccount",
    "text": "text description details narrative remittance verwendungszweck memo reference paymentreference message",
    "our_iban": "ouriban ouraccount account ownaccount auftragskonto",
}
_BY_HEADING = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
    re.compile(r"(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})"),
)


def read_table(content: bytes, *, currency: str) -> Found:
    """The money that came in by a table; `currency` is the house's, where the table has no column for it."""
    rows = _rows(content)
    columns, start = _columns(rows)
    found, seen = Found("csv"), Counter()
    for number, row in rows[start:]:
        cells = {field: row[index].strip() for field, index in columns.items() if index < len(row)}
        if not any(cells.values()):
            continue
        try:
            line = _line(cells, currency, seen)
        except ValueError as error:
            found.problems.append((number, str(error)))
            continue
        if line is None:
            found.outgoing += 1
        else:
            found.lines.append(line)
    return found


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(content)
    sample = text[:4096]
    delimiter = max(";,\t|", key=lambda each: max((line.count(each) for line in sample.splitlines()), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise StatementUnreadable(_("The table is broken: %(error)s") % {"error": str(error)}) from error
    if len(rows) > MOST_ROWS:
        raise StatementUnreadable(_("A file may have %(most)s rows; split it.") % {"most": MOST_ROWS})
    return rows


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise StatementUnreadable(_("This is no text: send a CSV or a camt.053."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[dict[str, int], int]:
    for place, (_number, row) in enumerate(rows[:30]):
        letters = ["".join(ch for ch in heading.casefold() if ch.isalnum()) for heading in row]
        columns: dict[str, int] = {}
        for index, heading in enumerate(letters):
            if heading in _BY_HEADING:
                columns.setdefault(_BY_HEADING[heading], index)
        if {"received_on", "amount"} <= columns.keys():
            return columns, place + 1
    raise StatementUnreadable(_("No row names the columns: a date and an amount are needed, as “Date” and “Amount”."))


def _line(cells: dict[str, str], house_currency: str, seen: Counter) -> Line | None:
    currency = cells.get("currency", "").upper() or house_currency
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(_("“%(currency)s” is no currency.") % {"currency": currency[:20]})
    written = cells.get("amount", "")
    if not written:
        return None  # a column for money in is empty where money went out
    amount = amount_of(written, currency)
    if amount is None:
        raise ValueError(_("The amount “%(amount)s” cannot be read, or could be two.") % {"amount": written[:40]})
    if amount <= 0:
        return None
    row = tuple(cells.get(field, "") for field in ("received_on", "amount", "payer_iban", "payer_name", "text"))
    seen[row] += 1
    return Line(
        reference=(cells.get("reference") or _content_reference(row, seen[row]))[:120],
        received_on=_day(cells.get("received_on", "")),
        amount=amount,
        currency=currency,
        payer_name=cells.get("payer_name", "")[:140],
        payer_iban=iban_of(cells.get("payer_iban", "")),
        text=cells.get("text", "")[:1000],
        our_iban=iban_of(cells.get("our_iban", "")),
    )


def _content_reference(row: tuple[str, ...], turn: int) -> str:
    digest = hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:24]
    return f"row {digest}/{turn}"


def _day(text: str) -> date:
    for pattern in _DAYS:
        if match := pattern.fullmatch(text):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                break
    raise ValueError(_("The date “%(date)s” cannot be read: write 2026-03-04 or 04.03.2026.") % {"date": text[:40]})
