"""Who owes what since when, at operations' desk; the statement of any account."""

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.invoicing.admin.cashier import demand_cashier
from apps.invoicing.selectors import ageing_by_account, statement_of, totals_by_currency
from apps.invoicing.statement_pdf import statement_pdf

SHOWN = 500
STATEMENT_OF = timedelta(days=90)


def ageing(request: HttpRequest) -> HttpResponse:
    """Every account with something open, the most overdue ahead; with `?overdue=1` those that are late alone."""
    demand_cashier(request)
    on, only_overdue = timezone.localdate(), request.GET.get("overdue") == "1"
    rows = [row for row in ageing_by_account(None, on) if row.ageing.overdue or not only_overdue]
    context = {
        **admin.site.each_context(request),
        "title": _("What is open, by age"),
        "rows": rows[:SHOWN],
        "left_out": max(len(rows) - SHOWN, 0),
        "totals": totals_by_currency(row.ageing for row in rows),
        "only_overdue": only_overdue,
        "on": on,
    }
    return TemplateResponse(request, "admin/invoicing/ageing.html", context)


def statement(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement of an account and all below it, of the last three months, in its language."""
    demand_cashier(request)
    account, on = get_object_or_404(Account, pk=account_id), timezone.localdate()
    found = statement_of(request.actor, account, since=on - STATEMENT_OF, until=on, over_tree=True, on=on)
    headers = {"Content-Disposition": f'attachment; filename="statement-{account.number}-{on.isoformat()}.pdf"'}
    return HttpResponse(statement_pdf(found, account.language), content_type="application/pdf", headers=headers)
