"""Invoices: what is owed, since when, and each as a page and as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.core.lists import page_urls, paging, searched, status_of, tabs_of
from apps.invoicing import selectors
from apps.invoicing.einvoice import e_invoice_or_refuse
from apps.invoicing.pdf import invoice_pdf
from apps.portal.access import in_account
from apps.portal.instalments import open_instalments
from apps.portal.sums import ageing_cells, invoice_rows
from apps.portal.views_menu import menu_of

TABS = (
    ("", gettext_lazy("All")),
    ("open", gettext_lazy("Open")),
    ("overdue", gettext_lazy("Overdue")),
    ("paid", gettext_lazy("Paid")),
)


@require_safe
@in_account("invoice.read")
def invoices(request: HttpRequest) -> HttpResponse:
    menu = menu_of(request, "invoices")
    if menu and menu.opens:
        return menu.opens
    visit, status, text = request.visit, status_of(request, TABS), searched(request)
    page = selectors.invoices_of(visit.actor, status=status or None, text=text, on=visit.on, **paging(request))
    context = {
        "section": "invoices",
        "page": page,
        "menu": menu,
        "text": text,
        "tabs": tabs_of(request, TABS, status, all=1),
        "ageing": [ageing_cells(age) for age in selectors.ageing_of(visit.actor.account_ids, visit.on)],
        "on": visit.on,
        **page_urls(request, page),
    }
    return render(request, "portal/invoices/list.html", context)


@require_safe
@in_account("invoice.read")
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    shown = selectors.invoice_for(request.actor, number)
    context = {
        "section": "invoices",
        "about": f"invoice:{shown.number}",
        "invoice": shown,
        "lines": shown.lines.all(),
        "rows": invoice_rows(selectors.totals_of(shown)),
        "notes": shown.credit_notes.all(),
        "early": selectors.early_payment(shown),
        "parts": open_instalments(shown, request.visit.on),
        "received": [each for each in shown.payments.all() if each.kind != "credit"],
        "reminders": selectors.reminders_of_invoice(shown),
        "on": request.visit.on,
    }
    return render(request, "portal/invoices/page.html", context)


@require_safe
@in_account("invoice.read")
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    shown = selectors.invoice_for(request.actor, number)
    headers = {"Content-Disposition": f'inline; filename="{shown.number}.pdf"'}
    return HttpResponse(invoice_pdf(shown), content_type="application/pdf", headers=headers)


@require_safe
@in_account("invoice.read")
def e_invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The invoice as data; refused with the rules it would break, never half right."""
    shown = selectors.invoice_for(request.actor, number)
    headers = {
        "Content-Disposition": f'attachment; filename="{shown.number}.xml"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(e_invoice_or_refuse(shown), content_type="application/xml", headers=headers)
