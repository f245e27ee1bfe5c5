from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.availability.models import Warehouse
from apps.core.desk import DeskAdmin
from apps.core.downloads import download
from apps.core.errors import Refusal
from apps.fulfilment import papers, services
from apps.fulfilment.models import PickLocation, Wave
from apps.fulfilment.services.waves import LARGEST_WAVE


class ReleaseForm(forms.Form):
    """Which warehouse is told what to pick, and how much at most."""

    warehouse = forms.ModelChoiceField(Warehouse.objects.all(), label=gettext_lazy("Warehouse"))
    size = forms.IntegerField(
        label=gettext_lazy("Shipments at most"), min_value=1, max_value=LARGEST_WAVE, initial=LARGEST_WAVE
    )


@admin.register(Wave)
class WaveAdmin(DeskAdmin):
    list_display = ["number", "warehouse", "released_at", "released_by", "shipment_count", "paper"]
    list_filter = ["warehouse"]
    list_select_related = ["warehouse"]

    def has_add_permission(self, request):
        return request.user.has_perm("fulfilment.add_wave")

    def add_view(self, request, form_url="", extra_context=None):
        """The page on which a warehouse is told what to pick."""
        form = ReleaseForm(request.POST or None)
        if form.is_valid():
            try:
                wave = services.release_wave(request.actor, **form.cleaned_data, now=timezone.now())
                words = _("Wave %(number)s is released: print its pick list.") % {"number": wave.number}
                self.message_user(request, words, messages.SUCCESS)
                return redirect("admin:fulfilment_wave_changelist")
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Release a wave"),
            "opts": self.model._meta,
            "form": form,
            "note": _("What is due and lies there is picked together. The order promised first is picked first."),
            "label": _("Release"),
            "back_url": reverse("admin:fulfilment_wave_changelist"),
        }
        return TemplateResponse(request, "admin/fulfilment/form.html", context)

    def get_urls(self):
        paper = self.admin_site.admin_view(self.pick_list)
        return [path("<int:wave_id>/pick-list/", paper, name="fulfilment_wave_pick_list"), *super().get_urls()]

    def pick_list(self, request, wave_id: int) -> HttpResponse:
        wave = get_object_or_404(Wave.objects.select_related("warehouse"), pk=wave_id)
        return download(papers.pick_list(wave), "pdf", f"pick-list-{wave.number}")

    @admin.display(description=gettext_lazy("shipments"))
    def shipment_count(self, wave: Wave):
        url = reverse("admin:fulfilment_shipment_changelist", query={"wave__id__exact": wave.pk})
        return format_html('<a href="{}">{}</a>', url, wave.count)

    @admin.display(description=gettext_lazy("pick list"))
    def paper(self, wave: Wave):
        return format_html('<a href="{}">PDF</a>', reverse("admin:fulfilment_wave_pick_list", args=[wave.pk]))

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("shipments"))


@admin.register(PickLocation)
class PickLocationAdmin(admin.ModelAdmin):
    """Where things lie; a feed of the warehouse system may fill it."""

    list_display = ["location", "product", "warehouse"]
    list_filter = ["warehouse"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["product__sku__exact", "location"]
    search_help_text = gettext_lazy("An exact SKU, or a location")
    autocomplete_fields = ["product", "warehouse"]
    show_full_result_count = False
