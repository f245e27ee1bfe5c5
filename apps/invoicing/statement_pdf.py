"""Statements of an account as PDF and as CSV, in a language.

1. The PDF is set by Typst from data, as invoices are (`apps.invoicing.pdf`): nothing that arrives is read as markup.
2. The CSV is for machines: dates as 2026-03-04, amounts with a point, UTF-8 with its mark so that spreadsheets know it.
   A text that a spreadsheet would take for a formula stands behind an apostrophe.
"""

import csv
import io
import json
from pathlib import Path

import typst
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from apps.core.formatting import money
from apps.core.typesetting import font_names, fonts
from apps.invoicing.models import Issuer
from apps.invoicing.pdf import footer_of, one_line
from apps.invoicing.selectors.ageing import totals_by_currency
from apps.invoicing.selectors.statements import Row, Sheet, Statement
from apps.invoicing.words import day_words, kind_words, own_way

TEMPLATE = Path(__file__).parent / "typst" / "statement.typ"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def statement_pdf(statement: Statement, language: str) -> bytes:
    """The statement as a tagged PDF."""
    with translation.override(language):
        document = json.dumps(_document(statement, language), ensure_ascii=False)
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts())
    return compiler.compile(format="pdf", sys_inputs={"document": document})


def statement_csv(statement: Statement) -> bytes:
    """The rows of the statement, a balance after each."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["date", "kind", "document", "text", "account", "due", "currency", "amount", "balance"])
    for sheet in statement.sheets:
        first = (statement.since, "opening", "", "", statement.account.name, "", sheet.currency, "", sheet.opening)
        writer.writerow([_cell(each) for each in first])
        for row in sheet.rows:
            cells = (row.on, row.kind, row.number, row.text, row.account, row.due_on or "", sheet.currency)
            writer.writerow([_cell(each) for each in (*cells, row.amount, row.balance)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value) -> str:
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value


def _document(statement: Statement, language: str) -> dict:
    issuer = Issuer.objects.order_by("pk").first() or Issuer()
    period = _("%(since)s to %(until)s") % {"since": day_words(statement.since), "until": day_words(statement.until)}
    account = statement.account
    whose = _("%(account)s with its subsidiaries") if statement.over_tree else "%(account)s"
    return {
        "language": language.split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "title": _("Statement of account"),
        "period": period,
        "issuer": {"name": issuer.name, "address": own_way(one_line(issuer))},
        "footer": footer_of(issuer),
        "account": [own_way(whose % {"account": account.name}), own_way(account.number)],
        "columns": [_("Date"), _("What"), *([_("Account")] if statement.over_tree else []), _("Amount"), _("Balance")],
        "sheets": [_sheet(sheet, statement) for sheet in statement.sheets],
        "ageing": _ageing(statement),
        "labels": {"opening": _("Balance brought forward"), "closing": _("Balance"), "open": _("What is open, by age")},
    }


def _sheet(sheet: Sheet, statement: Statement) -> dict:
    return {
        "opening": money(sheet.opening, sheet.currency),
        "closing": money(sheet.closing, sheet.currency),
        "rows": [_row(row, sheet, over_tree=statement.over_tree) for row in sheet.rows],
    }


def _row(row: Row, sheet: Sheet, *, over_tree: bool) -> dict:
    what = f"{kind_words(row.kind)} {own_way(row.number)}" if row.number else kind_words(row.kind)
    amounts = [money(row.amount, sheet.currency), money(row.balance, sheet.currency)]
    return {
        "day": day_words(row.on),
        "what": what,
        "text": own_way(row.text) if row.text else "",
        "account": own_way(row.account) if over_tree else "",
        "amounts": amounts,
    }


def _ageing(statement: Statement) -> dict:
    """A row for each account, and a sum for each currency where there are several accounts."""
    heads = [_("Account"), _("Not due yet"), *_age_words(), _("Credit"), _("Open in all")]
    rows = [[own_way(age.account.name), *_cells(age.ageing, age.credit)] for age in statement.ages]
    if len(statement.ages) > 1:
        for total in totals_by_currency(age.ageing for age in statement.ages):
            credit = sum(age.credit for age in statement.ages if age.ageing.currency == total.currency)
            rows.append([_("All"), *_cells(total, credit)])
    return {"columns": heads, "rows": rows}


def _age_words() -> list[str]:
    return [_("1–30 days over"), _("31–60 days over"), _("61–90 days over"), _("More than 90 days over")]


def _cells(ageing, credit) -> list[str]:
    amounts = (ageing.not_due, ageing.days_1_30, ageing.days_31_60, ageing.days_61_90, ageing.over_90, credit)
    return [money(amount, ageing.currency) for amount in (*amounts, ageing.total - credit)]
