"""The statement of the account, and of all below it: on the page, as PDF and as CSV."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.selectors import accounts_visible
from apps.core.errors import Invalid
from apps.invoicing import selectors
from apps.invoicing.statement_pdf import statement_csv, statement_pdf
from apps.invoicing.words import kind_words
from apps.portal.access import in_account
from apps.portal.sums import ageing_cells

LONGEST = timedelta(days=3 * 366)
USUAL = timedelta(days=90)


class PeriodForm(forms.Form):
    """Whose statement, of which days."""

    of = forms.CharField(max_length=20, required=False)
    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date", "class": "input"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date", "class": "input"}, "%Y-%m-%d"))

    def clean(self) -> dict:
        said = self.cleaned_data
        if not said.get("since") or not said.get("until"):
            return said
        if said["since"] > said["until"]:
            self.add_error("since", _("The period begins after it ends."))
        elif said["until"] - said["since"] > LONGEST:
            self.add_error("since", _("Choose at most three years."))
        return said


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that was asked for, with what its page needs besides."""

    statement: object
    form: PeriodForm
    accounts: list
    of: str


@require_safe
@in_account("invoice.read")
def statement(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    found = asked.statement
    context = {
        "section": "invoices",
        "statement": found,
        "sheets": [(sheet, _by_month(sheet.rows)) for sheet in found.sheets],
        "form": asked.form,
        "accounts": asked.accounts,
        "of": asked.of,
        "ageing": [ageing_cells(each) for each in selectors.totals_by_currency(age.ageing for age in found.ages)],
        "reminders": selectors.reminders_of(found.account_ids, found.since, found.until),
        "query": request.GET.urlencode(),
    }
    return render(request, "portal/invoices/statement.html", context, status=422 if asked.form.errors else 200)


def _by_month(rows) -> list[tuple[date, list]]:
    """(its first day, its rows each with the words for it) of each month in which the balance changed."""
    months = groupby(rows, key=lambda row: row.on.replace(day=1))
    return [(first, [(row, kind_words(row.kind)) for row in some]) for first, some in months]


@require_safe
@in_account("invoice.read")
def pdf(request: HttpRequest) -> HttpResponse:
    found = _asked(request, strictly=True).statement
    return _file(statement_pdf(found, request.LANGUAGE_CODE), "application/pdf", found, "pdf")


@require_safe
@in_account("invoice.read")
def table(request: HttpRequest) -> HttpResponse:
    found = _asked(request, strictly=True).statement
    return _file(statement_csv(found), "text/csv; charset=utf-8", found, "csv")


def _file(content: bytes, kind: str, found, suffix: str) -> HttpResponse:
    name = f"statement-{found.account.number}-{found.until.isoformat()}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _day(text: str) -> date | None:
    """A day as a form sends it; None for anything else, and for days before there were any to speak of."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year > 1900 else None


def _asked(request: HttpRequest, *, strictly: bool = False) -> Asked:
    """The statement the query string asks for: of one account in view, or of all below the one that is stood in."""
    visit = request.visit
    until = _day(request.GET.get("until", "")) or visit.on
    usual = {"until": visit.on.isoformat(), "since": (until - USUAL).isoformat()}
    typed = {name: request.GET.get(name, "").strip() for name in ("of", *usual)}
    form = PeriodForm({name: value or usual.get(name, "") for name, value in typed.items()})
    if not form.is_valid() and strictly:
        raise Invalid(fields={name: list(words) for name, words in form.errors.items()})
    said = {"since": visit.on - USUAL, "until": visit.on} if form.errors else form.cleaned_data
    accounts = list(accounts_visible(visit.actor))
    by_number = {account.number: account for account in accounts}
    of = str(request.GET.get("of", "all" if len(accounts) > 1 else ""))
    found = selectors.statement_of(
        visit.actor,
        by_number.get(of, visit.account),
        since=said["since"],
        until=said["until"],
        over_tree=of == "all",
        on=visit.on,
    )
    return Asked(found, form, accounts, of)
