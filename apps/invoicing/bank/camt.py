"""Bank statements as camt.053 (ISO 20022), any version.

1. The XML is parsed without entities, without a DTD and without the network; one with a DOCTYPE is refused, no bank
   writes one.
2. Each booked credit entry is money that came in. An entry that bundles several transactions whose amounts add up to it
   is read transaction by transaction; their references get a number behind the entry's.
3. Debits, reversals and entries that are only pending are counted as outgoing and left out.
4. The reference is the bank's own (AcctSvcrRef), else the entry's (NtryRef) with the statement's id, else the
   transaction's end-to-end id with the day.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from apps.invoicing.bank.lines import LARGEST, Found, Line, iban_of
from apps.invoicing.errors import StatementUnreadable


def read_camt(content: bytes) -> Found:
    """The money that came in by a camt.053; `StatementUnreadable` for anything else."""
    root = _root(content)
    found = Found("camt053")
    statements = root.findall("./{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise StatementUnreadable(_("This XML is no camt.053: it has no statement of an account."))
    for statement in statements:
        iban = _text(statement, "{*}Acct/{*}Id/{*}IBAN") or _text(statement, "{*}Acct/{*}Id/{*}Othr/{*}Id")
        for entry in statement.findall("{*}Ntry"):
            _take(found, entry, iban_of(iban), _text(statement, "{*}Id"))
    return found


def _root(content: bytes):
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StatementUnreadable(_("The XML is broken: %(error)s") % {"error": str(error)[:200]}) from error
    if root.getroottree().docinfo.doctype:
        raise StatementUnreadable(_("The XML has a DOCTYPE, which no bank writes; it is refused."))
    return root


def _take(found: Found, entry, our_iban: str, statement_id: str) -> None:
    status = _text(entry, "{*}Sts/{*}Cd") or _text(entry, "{*}Sts")
    is_reversal = _text(entry, "{*}RvslInd").lower() in ("true", "1")
    if _text(entry, "{*}CdtDbtInd") != "CRDT" or is_reversal or status not in ("BOOK", ""):
        found.outgoing += 1
        return
    try:
        found.lines += _lines(entry, our_iban, statement_id)
    except ValueError as error:
        found.problems.append((entry.sourceline, str(error)))


def _lines(entry, our_iban: str, statement_id: str) -> Iterator[Line]:
    amount, currency = _amount(entry.find("{*}Amt"))
    on = _day(entry)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    reference = _text(entry, "{*}AcctSvcrRef")
    if not reference and (entry_reference := _text(entry, "{*}NtryRef")):
        reference = f"{statement_id}/{entry_reference}"
    parts = [_detail_amount(detail) for detail in details]
    if len(details) < 2 or None in parts or sum(parts) != amount:
        detail = details[0] if details else entry
        yield _line(entry, detail, reference or _own_reference(detail, on), on, amount, currency, our_iban)
        return
    for turn, (detail, part) in enumerate(zip(details, parts, strict=True), start=1):
        own = _text(detail, "{*}Refs/{*}AcctSvcrRef") or (f"{reference}/{turn}" if reference else "")
        yield _line(entry, detail, own or _own_reference(detail, on), on, part, currency, our_iban)


def _own_reference(detail, on: date) -> str:
    own = _text(detail, "{*}Refs/{*}TxId") or _text(detail, "{*}Refs/{*}EndToEndId")
    if not own or own == "NOTPROVIDED":
        raise ValueError(_("The bank gives no reference for this entry: enter it by hand."))
    return f"{on.isoformat()}/{own}"


def _line(entry, detail, reference: str, on: date, amount: Decimal, currency: str, our_iban: str) -> Line:
    parties = detail.find("{*}RltdPties")
    name = iban = ""
    if parties is not None:
        name = _text(parties, "{*}Dbtr/{*}Nm") or _text(parties, "{*}Dbtr/{*}Pty/{*}Nm")
        iban = _text(parties, "{*}DbtrAcct/{*}Id/{*}IBAN") or _text(parties, "{*}DbtrAcct/{*}Id/{*}Othr/{*}Id")
    return Line(
        reference=reference[:120],
        received_on=on,
        amount=amount,
        currency=currency,
        payer_name=name[:140],
        payer_iban=iban_of(iban),
        text=_words(entry, detail)[:1000],
        our_iban=our_iban,
    )


def _words(entry, detail) -> str:
    """What the payer wrote: free text, the numbers of documents, the end-to-end id."""
    paths = (
        *("{*}RmtInf/{*}Ustrd", "{*}RmtInf/{*}Strd/{*}RfrdDocInf/{*}Nb", "{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref"),
        *("{*}Refs/{*}EndToEndId", "{*}AddtlTxInf"),
    )
    said = [each.text.strip() for path in paths for each in detail.findall(path) if each.text]
    said = [each for each in said if each != "NOTPROVIDED"] or [_text(entry, "{*}AddtlNtryInf")]
    return " · ".join(dict.fromkeys(each for each in said if each))


def _day(entry) -> date:
    """The day the money counts: its value date, else the day it was booked."""
    for path in ("{*}ValDt/{*}Dt", "{*}ValDt/{*}DtTm", "{*}BookgDt/{*}Dt", "{*}BookgDt/{*}DtTm"):
        if text := _text(entry, path):
            return date.fromisoformat(text[:10])
    raise ValueError(_("The entry has no date."))


def _detail_amount(detail) -> Decimal | None:
    node = detail.find("{*}Amt")
    node = detail.find("{*}AmtDtls/{*}TxAmt/{*}Amt") if node is None else node
    return None if node is None else _amount(node)[0]


def _amount(node) -> tuple[Decimal, str]:
    text, currency = (node.text or "").strip() if node is not None else "", "" if node is None else node.get("Ccy", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,5})?", text) or not 0 < amount <= LARGEST:
        raise ValueError(_("The amount “%(amount)s” cannot be read.") % {"amount": text[:40]})
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(_("The amount has no currency."))
    return amount, currency


def _text(node, path: str) -> str:
    found = node.find(path)
    return (found.text or "").strip() if found is not None else ""
