from uuid import uuid4

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.desk import DeskAdmin, FrozenInline, OneRow
from apps.core.errors import Refusal
from apps.core.formatting import money
from apps.invoicing import services
from apps.invoicing.admin import ageing
from apps.invoicing.forms import CreditForm, PaymentForm
from apps.invoicing.models import Instalment, Invoice, InvoiceLine, Issuer, Payment
from apps.invoicing.pdf import invoice_pdf
from apps.invoicing.selectors import creditable, invoice_for


class InvoiceLineInline(FrozenInline):
    model = InvoiceLine
    fields = ["position", "sku", "name", "quantity", "uom", "unit_price", "net", "tax_percent"]


class InstalmentInline(FrozenInline):
    model = Instalment
    fields = ["position", "due_on", "amount"]


class PaymentInline(FrozenInline):
    model = Payment
    fields = ["received_on", "kind", "amount", "reference", "receipt"]


@admin.register(Invoice)
class InvoiceAdmin(DeskAdmin):
    list_display = ["number", "kind", "account", "order", "issued_on", "due_on", "total", "still_open", "download"]
    list_filter = ["kind", "issued_on", "due_on"]
    list_select_related = ["account", "order"]
    search_fields = ["number", "order__number", "account__name", "=account__number"]
    search_help_text = gettext_lazy("Invoice or order number, or the account's name or number")
    inlines = [InvoiceLineInline, InstalmentInline, PaymentInline]
    actions = ["record_payment", "credit_invoice"]
    change_form_template = "admin/invoicing/invoice/change_form.html"
    change_list_template = "admin/invoicing/invoice/change_list.html"

    @admin.display(description=gettext_lazy("total"), ordering="gross")
    def total(self, invoice: Invoice) -> str:
        return money(invoice.gross, invoice.currency)

    @admin.display(description=gettext_lazy("open"))
    def still_open(self, invoice: Invoice) -> str:
        return money(invoice.open_amount, invoice.currency) if invoice.open_amount else "–"

    @admin.display(description=gettext_lazy("PDF"))
    def download(self, invoice: Invoice) -> str:
        url = reverse("admin:invoicing_invoice_pdf", args=[invoice.pk])
        return format_html('<a href="{}">{}</a>', url, _("Download"))

    @admin.action(description=gettext_lazy("Record payment"), permissions=["view"])
    def record_payment(self, request, queryset):
        if len(queryset) != 1:
            self.message_user(request, _("Choose one invoice to book a payment for."), messages.WARNING)
            return None
        return redirect("admin:invoicing_invoice_pay", queryset[0].pk)

    @admin.action(description=gettext_lazy("Issue credit note"), permissions=["view"])
    def credit_invoice(self, request, queryset):
        if len(queryset) != 1 or queryset[0].is_credit_note:
            self.message_user(request, _("Choose one invoice to credit."), messages.WARNING)
            return None
        return redirect("admin:invoicing_invoice_credit", queryset[0].pk)

    def get_urls(self):
        pay, credit, pdf = (self.admin_site.admin_view(view) for view in (self.pay, self.credit, self.pdf))
        return [
            path("ageing/", self.admin_site.admin_view(ageing.ageing), name="invoicing_invoice_ageing"),
            path(
                "statement/<int:account_id>/",
                self.admin_site.admin_view(ageing.statement),
                name="invoicing_invoice_statement",
            ),
            path("<int:invoice_id>/credit/", credit, name="invoicing_invoice_credit"),
            path("<int:invoice_id>/pay/", pay, name="invoicing_invoice_pay"),
            path("<int:invoice_id>/pdf/", pdf, name="invoicing_invoice_pdf"),
            *super().get_urls(),
        ]

    def pdf(self, request, invoice_id: int) -> HttpResponse:
        """The invoice as the account gets it."""
        number = get_object_or_404(Invoice, pk=invoice_id).number
        headers = {"Content-Disposition": f'attachment; filename="{number}.pdf"'}
        invoice = invoice_for(request.actor, number)
        return HttpResponse(invoice_pdf(invoice), content_type="application/pdf", headers=headers)

    def pay(self, request, invoice_id: int):
        """The page on which a payment is booked."""
        invoice = get_object_or_404(Invoice.objects.select_related("account"), pk=invoice_id)
        form = PaymentForm(request.POST or None, initial={"amount": invoice.open_amount, "key": uuid4().hex})
        if form.is_valid() and self._paid(request, invoice, form):
            return redirect("admin:invoicing_invoice_change", invoice.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Payment for %(number)s") % {"number": invoice.number},
            "opts": self.model._meta,
            "original": invoice,
            "form": form,
            "media": self.media + form.media,
            "back_url": reverse("admin:invoicing_invoice_changelist"),
        }
        return TemplateResponse(request, "admin/invoicing/invoice/pay.html", context)

    def credit(self, request, invoice_id: int):
        """The page on which an invoice is credited, whole or by line and quantity."""
        invoices = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).select_related("account")
        invoice = get_object_or_404(invoices, pk=invoice_id)
        form = CreditForm(request.POST or None, left=creditable(invoice), initial={"key": uuid4().hex})
        if form.is_valid() and (note := self._credited(request, invoice, form)):
            return redirect("admin:invoicing_invoice_change", note.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Credit note for %(number)s") % {"number": invoice.number},
            "opts": self.model._meta,
            "original": invoice,
            "form": form,
            "back_url": reverse("admin:invoicing_invoice_changelist"),
        }
        return TemplateResponse(request, "admin/invoicing/invoice/credit.html", context)

    def _credited(self, request, invoice: Invoice, form: CreditForm) -> Invoice | None:
        try:
            note = services.issue_credit_note(
                request.actor,
                invoice,
                quantities=None if "whole" in request.POST else form.quantities,
                reason=form.cleaned_data["reason"],
                key=form.cleaned_data["key"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
            return None
        told = _("Credited: %(amount)s of %(number)s by %(note)s.")
        values = {"amount": money(-note.gross, note.currency), "number": invoice.number, "note": note.number}
        self.message_user(request, told % values, messages.SUCCESS)
        return note

    def _paid(self, request, invoice: Invoice, form: PaymentForm) -> bool:
        try:
            paid = services.record_payment(request.actor, invoice, **form.cleaned_data, now=timezone.now())
        except Refusal as refusal:
            form.add_error("amount" if "amount" in refusal.fields else None, refusal.detail)
            return False
        left = money(paid.open_amount, paid.currency)
        told = _("Booked. %(left)s of %(number)s is open.") % {"left": left, "number": paid.number}
        self.message_user(request, told, messages.SUCCESS)
        return True


@admin.register(Issuer)
class IssuerAdmin(OneRow):
    list_display = ["name", "city", "vat_number"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Payment)
class PaymentAdmin(DeskAdmin):
    list_display = ["received_on", "invoice", "account", "kind", "amount", "reference", "receipt", "is_undone"]
    list_filter = ["kind", "received_on"]
    list_select_related = ["invoice__account", "receipt", "undone_by"]
    search_fields = ["=invoice__number", "reference", "invoice__account__name", "=invoice__account__number"]
    search_help_text = gettext_lazy("Invoice number, reference, or the account's name or number")
    ordering = ["-received_on", "-id"]
    actions = ["undo"]

    @admin.display(description=gettext_lazy("account"))
    def account(self, payment: Payment) -> str:
        return payment.invoice.account.name

    @admin.display(description=gettext_lazy("taken back"), boolean=True)
    def is_undone(self, payment: Payment) -> bool:
        return payment.undoes_id is not None or hasattr(payment, "undone_by")

    @admin.action(description=gettext_lazy("Take back, with what was booked together"), permissions=["view"])
    def undo(self, request, queryset):
        def deed(payment):
            services.undo_payment(request.actor, payment, now=timezone.now())

        self.do_each(request, queryset, deed, _("Taken back %(count)s: %(rows)s."))
