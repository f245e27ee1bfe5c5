"""Statements of a bank, written for the tests."""


def camt(*entries: str, doctype: str = "", iban: str = "GB33BUKB20201555555555", version: str = "02") -> bytes:
    """A camt.053 with these entries."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>{doctype}
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-04T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>ST-1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{"".join(entries)}</Stmt>
</BkToCstmrStmt></Document>""".encode()


def detail(
    text: str = "", amount: str = "", name: str = "BRIGHTWATER FACILITIES", iban: str = "GB29NWBK60161331926819"
):
    """A transaction of an entry."""
    money = f'<Amt Ccy="GBP">{amount}</Amt>' if amount else ""
    return f"""<TxDtls><Refs><EndToEndId>E2E-1</EndToEndId></Refs>{money}
<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def entry(
    amount: str,
    text: str = "",
    reference: str = "BR-1",
    details: str = "",
    side: str = "CRDT",
    status: str = "BOOK",
    currency="GBP",
) -> str:
    """A line of the account."""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>2026-03-04</Dt></BookgDt><ValDt><Dt>2026-03-04</Dt></ValDt>
{f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""}<NtryDtls>{details or detail(text)}</NtryDtls></Ntry>"""
