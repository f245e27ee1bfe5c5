"""Invoices and credit notes, as data and as PDF."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import Amount, PageIn, Price, Text
from apps.invoicing.einvoice import e_invoice_or_refuse
from apps.invoicing.pdf import invoice_pdf
from apps.invoicing.selectors import invoice_for, invoices_of, totals_of

KINDS = ["invoice", "credit_note"]


class InvoicesIn(PageIn):
    status = serializers.ChoiceField(["open", "overdue", "paid"], required=False)
    q = Text(required=False, max_length=60, default="", allow_blank=True, help_text="Invoice, order or PO number, SKU.")


class InvoiceOut(serializers.Serializer):
    number = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    account = serializers.CharField(source="account.number")
    order = serializers.CharField(source="order.number", allow_null=True, default=None)
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    currency = serializers.CharField()
    net = Amount()
    tax = Amount()
    gross = Amount()
    paid = Amount()
    open = Amount(source="open_amount")


class InvoicesOut(serializers.Serializer):
    invoices = InvoiceOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class InvoiceLineOut(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    uom = serializers.CharField(allow_blank=True)
    unit_price = Price()
    net = Amount()
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class TaxOut(serializers.Serializer):
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    net = Amount()
    tax = Amount()


class PartOut(serializers.Serializer):
    due_on = serializers.DateField()
    amount = Amount()


class InvoicePageOut(serializers.Serializer):
    invoice = InvoiceOut()
    parts = PartOut(many=True, help_text="When how much is due: one, or an instalment each.")
    lines = InvoiceLineOut(many=True)
    taxes = TaxOut(many=True)


class Invoices(Endpoint):
    needs = {"GET": "invoice.read"}

    @extend_schema(
        summary="Invoices",
        operation_id="invoices_list",
        parameters=[InvoicesIn],
        responses=InvoicesOut,
        tags=["invoices"],
    )
    def get(self, request: HttpRequest) -> Response:
        """Invoices and credit notes, the latest first. Amounts of a credit note are negative."""
        asked = self.asked(InvoicesIn)
        page = {name: asked.get(name) for name in ("status", "after", "before", "size")}
        found = invoices_of(self.actor, text=asked["q"], on=timezone.localdate(self.now), **page)
        return Response(InvoicesOut(found).data)


class Invoice(Endpoint):
    needs = {"GET": "invoice.read"}

    @extend_schema(summary="One invoice", responses=InvoicePageOut, tags=["invoices"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """With its lines and its tax per rate."""
        invoice = invoice_for(self.actor, number)
        shown = {"invoice": invoice, "lines": invoice.lines.all(), "taxes": totals_of(invoice).taxes}
        shown["parts"] = invoice.parts
        return Response(InvoicePageOut(shown).data)


class InvoicePdf(Endpoint):
    needs = {"GET": "invoice.read"}

    @extend_schema(
        summary="One invoice as PDF", responses={(200, "application/pdf"): OpenApiTypes.BINARY}, tags=["invoices"]
    )
    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """In the language of the account."""
        invoice = invoice_for(self.actor, number)
        headers = {"Content-Disposition": f'attachment; filename="{invoice.number}.pdf"'}
        return HttpResponse(invoice_pdf(invoice), content_type="application/pdf", headers=headers)


class EInvoice(Endpoint):
    needs = {"GET": "invoice.read"}

    @extend_schema(
        summary="One invoice as EN 16931 (CII)",
        responses={(200, "application/xml"): OpenApiTypes.BINARY},
        tags=["invoices"],
    )
    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The data that its PDF carries, too. Refused with 409 where it would break a rule of the norm."""
        invoice = invoice_for(self.actor, number)
        headers = {"Content-Disposition": f'attachment; filename="{invoice.number}.xml"'}
        return HttpResponse(e_invoice_or_refuse(invoice), content_type="application/xml", headers=headers)
