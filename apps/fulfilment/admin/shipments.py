from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.desk import DeskAdmin, FrozenInline
from apps.core.downloads import download
from apps.core.errors import Refusal
from apps.core.templatetags.tw import short_date
from apps.fulfilment import papers, services
from apps.fulfilment.forms import CorrectionForm, DeliveryForm, VoidForm
from apps.fulfilment.models import FaultReport, Proof, Shipment, ShipmentLine, TrackingEvent
from apps.fulfilment.selectors.picking import shipment_to_pick


class DriverForm(ActionForm):
    """What "Give to a driver" asks for."""

    driver = forms.CharField(label=gettext_lazy("driver"), max_length=80, required=False)


class ShipmentLineInline(FrozenInline):
    model = ShipmentLine
    fields = ["order_line", "quantity", "delivered_quantity", "damaged_quantity", "refused_quantity"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("order_line")


class TrackingInline(FrozenInline):
    model = TrackingEvent
    fields = ["happened_at", "kind", "place", "note", "source", "heard_at", "applied", "unapplied_because"]


class ProofInline(FrozenInline):
    """Who received it, with the pictures that were taken; what was refused stands with its line."""

    model = Proof
    fields = ["taken_at", "received_by", "given_by", "source", "counts", "note", "pictures"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("shipment").prefetch_related("files")

    @admin.display(description=gettext_lazy("signature and photographs"))
    def pictures(self, proof: Proof):
        return pictures_in_admin(proof)


class FaultLineInline(FrozenInline):
    """What receivers reported afterwards, with what they sent along."""

    model = FaultReport
    fields = ["reported_at", "contact", "found", "note", "pictures"]
    readonly_fields = fields

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("contact", "shipment")
            .prefetch_related("files", "lines__line__order_line")
        )

    @admin.display(description=gettext_lazy("fault"))
    def found(self, report: FaultReport):
        rows = ((line.quantity, line.line.order_line.sku, line.get_kind_display()) for line in report.lines.all())
        return format_html_join(mark_safe("<br>"), "{} × <bdi>{}</bdi>: {}", rows) or "-"

    @admin.display(description=gettext_lazy("photographs"))
    def pictures(self, report: FaultReport):
        return pictures_in_admin(report)


def pictures_in_admin(of: Proof | FaultReport):
    """Each small, and a link to the whole, by the door that the account uses as well."""
    rows = (
        (reverse("portal:delivery_picture", args=[of.shipment.number, file.pk]), file.get_kind_display())
        for file in of.files.all()
    )
    link = '<a href="{0}"><img src="{0}" alt="{1}" title="{1}" width="120" loading="lazy"></a>'
    return format_html_join(" ", link, rows) or "-"


@admin.register(Shipment)
class ShipmentAdmin(DeskAdmin):
    list_display = [
        *("number", "order", "for_whom", "place", "standing", "ready", "promised", "faults"),
    ]
    list_filter = [
        "status",
        "warehouse",
        "carrier",
        ("wave", admin.EmptyFieldListFilter),
        "is_late",
        "is_short",
        "is_damaged",
    ]
    list_select_related = ["order__ship_to", "destination__ship_to", "account", "warehouse", "wave"]
    search_fields = ["number", "order__number", "tracking_code", "account__name"]
    search_help_text = gettext_lazy("Shipment, order or tracking number, or the account's name")
    action_form = DriverForm
    inlines = [ShipmentLineInline, ProofInline, FaultLineInline, TrackingInline]
    actions = [
        *("dispatch_now", "deliver_in_full", "deliver_with_differences"),
        *("correct_delivery", "void_delivery", "plan_tour"),
    ]
    change_form_template = "admin/fulfilment/shipment/change_form.html"

    @admin.display(description=gettext_lazy("account"), ordering="account")
    def for_whom(self, shipment: Shipment):
        """As words that may wrap: the list has to fit beside its filter."""
        return shipment.account.name

    @admin.display(description=gettext_lazy("from"), ordering="warehouse")
    def place(self, shipment: Shipment):
        """Who sends it, or the warehouse, with its wave where it is in one."""
        origin = shipment.supplier or (shipment.warehouse.code if shipment.warehouse else "-")
        return f"{origin} · {shipment.wave.number}" if shipment.wave else origin

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, shipment: Shipment):
        """Where it is; of what was delivered, since when."""
        if shipment.delivered_at is None:
            return shipment.get_status_display()
        words = _("%(status)s, %(day)s")
        return words % {"status": shipment.get_status_display(), "day": short_date(shipment.delivered_on)}

    @admin.display(description=gettext_lazy("ready to ship"), ordering="ready_on")
    def ready(self, shipment: Shipment):
        return short_date(shipment.ready_on)

    @admin.display(description=gettext_lazy("first promise"), ordering="promised_on")
    def promised(self, shipment: Shipment):
        return short_date(shipment.promised_on)

    @admin.display(description=gettext_lazy("what was wrong"))
    def faults(self, shipment: Shipment):
        said = ((shipment.is_late, _("late")), (shipment.is_short, _("short")), (shipment.is_damaged, _("damaged")))
        return " · ".join(word for holds, word in said if holds) or "-"

    @admin.action(description=gettext_lazy("Dispatch"), permissions=["view"])
    def dispatch_now(self, request, queryset):
        def deed(shipment):
            services.dispatch_shipment(request.actor, shipment, now=timezone.now())

        self.do_each(request, queryset, deed, _("Dispatched %(count)s: %(rows)s. Invoices follow."))

    @admin.action(description=gettext_lazy("Deliver in full"), permissions=["view"])
    def deliver_in_full(self, request, queryset):
        def deed(shipment):
            now = timezone.now()
            services.confirm_delivery(request.actor, shipment, received_by="", delivered_at=now, now=now)

        self.do_each(request, queryset, deed, _("Delivered in full: %(rows)s."))

    @admin.action(description=gettext_lazy("Deliver with differences"), permissions=["view"])
    def deliver_with_differences(self, request, queryset):
        return self._page_of_one(request, queryset, "deliver")

    @admin.action(description=gettext_lazy("Correct what was delivered"), permissions=["view"])
    def correct_delivery(self, request, queryset):
        return self._page_of_one(request, queryset, "correct")

    @admin.action(description=gettext_lazy("Take a delivery back: it was not received"), permissions=["view"])
    def void_delivery(self, request, queryset):
        return self._page_of_one(request, queryset, "void")

    def _page_of_one(self, request, queryset, name: str):
        if len(queryset) != 1:
            self.message_user(request, _("Choose one shipment to say what was different."), messages.WARNING)
            return None
        return redirect(f"admin:fulfilment_shipment_{name}", queryset[0].pk)

    @admin.action(description=gettext_lazy("Give to a driver"), permissions=["view"])
    def plan_tour(self, request, queryset):
        """A tour of the chosen shipments; its link is shown to be sent to the driver."""
        driver = request.POST.get("driver", "").strip() or request.actor.name
        try:
            tour = services.plan_tour(request.actor, list(queryset), driver=driver, now=timezone.now())
        except Refusal as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return None
        return redirect("admin:fulfilment_tour_change", tour.pk)

    def get_urls(self):
        deliver, correct = self.admin_site.admin_view(self.deliver), self.admin_site.admin_view(self.correct)
        void = self.admin_site.admin_view(self.void)
        slip = self.admin_site.admin_view(self.packing_slip)
        return [
            path("<int:shipment_id>/deliver/", deliver, name="fulfilment_shipment_deliver"),
            path("<int:shipment_id>/correct/", correct, name="fulfilment_shipment_correct"),
            path("<int:shipment_id>/void/", void, name="fulfilment_shipment_void"),
            path("<int:shipment_id>/packing-slip/", slip, name="fulfilment_shipment_packing_slip"),
            *super().get_urls(),
        ]

    def packing_slip(self, request, shipment_id: int):
        number = get_object_or_404(Shipment, pk=shipment_id).number
        return download(papers.packing_slip(shipment_to_pick(request.actor, number)), "pdf", f"packing-slip-{number}")

    def deliver(self, request, shipment_id: int):
        """The page on which operations say who received a shipment, when, and what of it."""
        shipment, lines = self._shipment(shipment_id)
        form = DeliveryForm(request.POST or None, lines=lines)

        def deed(said: dict) -> None:
            services.confirm_delivery(
                request.actor, shipment, received_by=said["received_by"], delivered_at=said["delivered_at"],
                lines=form.said(), now=timezone.now(),
            )  # fmt: skip

        if self._done(request, form, deed, _("%(number)s is delivered.") % {"number": shipment.number}):
            return redirect("admin:fulfilment_shipment_change", shipment.pk)
        title = _("What arrived of %(number)s") % {"number": shipment.number}
        return self._page(request, "deliver", shipment, form, title, step=_("Deliver with differences"))

    def correct(self, request, shipment_id: int):
        """The page on which operations correct what was said of a delivery."""
        shipment, lines = self._shipment(shipment_id)
        form = CorrectionForm(request.POST or None, shipment=shipment, lines=lines)

        def deed(said: dict) -> None:
            services.correct_delivery(
                request.actor, shipment, received_by=said["received_by"], delivered_at=said["delivered_at"],
                lines=form.said(), reason=said["reason"], now=timezone.now(),
            )  # fmt: skip

        if self._done(request, form, deed, _("%(number)s is corrected.") % {"number": shipment.number}):
            return redirect("admin:fulfilment_shipment_change", shipment.pk)
        title = _("What really arrived of %(number)s") % {"number": shipment.number}
        return self._page(request, "deliver", shipment, form, title, step=_("Correct what was delivered"))

    def void(self, request, shipment_id: int):
        """The page on which operations take a delivery back."""
        shipment, _lines = self._shipment(shipment_id)
        form = VoidForm(request.POST or None)

        def deed(said: dict) -> None:
            services.void_delivery(request.actor, shipment, reason=said["reason"], now=timezone.now())

        if self._done(request, form, deed, _("%(number)s is on its way again.") % {"number": shipment.number}):
            return redirect("admin:fulfilment_shipment_change", shipment.pk)
        title = _("Take back the delivery of %(number)s?") % {"number": shipment.number}
        return self._page(request, "void", shipment, form, title)

    def _shipment(self, shipment_id: int) -> tuple[Shipment, list[ShipmentLine]]:
        shipment = get_object_or_404(Shipment.objects.select_related("order", "account"), pk=shipment_id)
        return shipment, list(shipment.lines.select_related("order_line").order_by("order_line__position"))

    def _done(self, request, form, deed, done: str) -> bool:
        """Whether the form was right and its deed done; a refusal stands on the form."""
        if not form.is_valid():
            return False
        try:
            deed(form.cleaned_data)
        except Refusal as refusal:
            field = next((name for name in refusal.fields if name in form.fields), None)
            form.add_error(field, refusal.detail)
            return False
        self.message_user(request, done, messages.SUCCESS)
        return True

    def _page(self, request, name: str, shipment: Shipment, form, title: str, **more) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "original": shipment,
            "form": form,
            "media": self.media + form.media,
            "back_url": reverse("admin:fulfilment_shipment_changelist"),
            **more,
        }
        return TemplateResponse(request, f"admin/fulfilment/shipment/{name}.html", context)
