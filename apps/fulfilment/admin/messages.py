from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.desk import DeskAdmin
from apps.core.errors import Refusal
from apps.fulfilment import services
from apps.fulfilment.carrier_files import rows_of
from apps.fulfilment.models import CarrierKey, CarrierMessage
from apps.fulfilment.services.messages import carrier_actor, secret_of


class CarrierFileForm(forms.Form):
    """Whose file it is, and the file."""

    carrier = forms.CharField(
        label=gettext_lazy("Carrier"),
        max_length=80,
        help_text=gettext_lazy("Its name, or the supplier's, as the shipments have it."),
    )
    file = forms.FileField(label=gettext_lazy("File (CSV)"))


@admin.register(CarrierMessage)
class CarrierMessageAdmin(DeskAdmin):
    """What carriers sent, and the quarantine of what could not be used."""

    list_display = ["message_id", "carrier", "channel", "state", "reason", "event", "received_at"]
    list_filter = ["state", "channel", "carrier"]
    list_select_related = ["event"]
    search_fields = ["=message_id", "=carrier"]
    search_help_text = gettext_lazy("A message's own number, or a carrier")
    actions = ["try_again", "set_aside"]

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def try_again(self, request, queryset):
        def deed(message):
            after = services.try_again(request.actor, message, now=timezone.now())
            if after.state == CarrierMessage.State.QUARANTINED:
                raise Refusal(after.reason)

        self.do_each(request, queryset, deed, _("Used now: %(rows)s."))

    @admin.action(description=gettext_lazy("Set aside"), permissions=["view"])
    def set_aside(self, request, queryset):
        def deed(message):
            services.set_aside(request.actor, message, now=timezone.now())

        self.do_each(request, queryset, deed, _("Set aside: %(rows)s."))

    def has_add_permission(self, request):
        return request.user.has_perm("fulfilment.add_carriermessage")

    def add_view(self, request, form_url="", extra_context=None):
        """The page on which a carrier's file is uploaded."""
        form = CarrierFileForm(request.POST or None, request.FILES or None)
        if form.is_valid() and self._taken_in(request, form):
            return redirect("admin:fulfilment_carriermessage_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take in a carrier's file"),
            "opts": self.model._meta,
            "form": form,
            "note": _("Rows that were taken in before are known by their message_id and change nothing."),
            "label": _("Take it in"),
            "back_url": reverse("admin:fulfilment_carriermessage_changelist"),
        }
        return TemplateResponse(request, "admin/fulfilment/form.html", context)

    def _taken_in(self, request, form) -> bool:
        carrier = carrier_actor(form.cleaned_data["carrier"].strip())
        try:
            rows = list(rows_of(form.cleaned_data["file"].read()))
        except Refusal as refusal:
            form.add_error("file", refusal.detail)
            return False
        took = services.take_in(carrier, rows, channel=CarrierMessage.Channel.FILE, now=timezone.now())
        held = sum(each.state == CarrierMessage.State.QUARANTINED for each in took)
        words = _("Rows taken in: %(rows)s. In quarantine: %(held)s.") % {"rows": len(took), "held": held}
        self.message_user(request, words, messages.WARNING if held else messages.SUCCESS)
        return True


@admin.register(CarrierKey)
class CarrierKeyAdmin(admin.ModelAdmin):
    """Keys with which carriers sign what they send by webhook."""

    list_display = ["carrier", "key_id", "is_active", "created_at"]
    fields = ["carrier", "is_active"]
    actions = ["show_secret"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.pk = services.open_carrier_key(request.actor, obj.carrier, now=timezone.now()).pk
            return
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        obj.refresh_from_db()
        return super().log_addition(request, obj, message)

    @admin.action(description=gettext_lazy("Show the secret"), permissions=["change"])
    def show_secret(self, request, queryset):
        for key in queryset:
            words = _("%(carrier)s signs with: %(secret)s") % {"carrier": key.carrier, "secret": secret_of(key)}
            self.message_user(request, words, messages.INFO)
