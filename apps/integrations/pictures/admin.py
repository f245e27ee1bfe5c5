"""Batches of pictures as operations see them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.admin import ReadOnlyAdmin
from apps.core.errors import Refusal
from apps.integrations.models import CatalogueImport, PictureAddress, PictureBatch
from apps.integrations.pictures import addresses, batches


class PicturesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Archive or list"),
        help_text=gettext_lazy(
            "A ZIP of pictures and PDFs called by their SKU: BLT-M8-40.jpg, a further one BLT-M8-40_2.jpg. Or a list"
            " (csv, xlsx) with the columns sku and picture, which names where they are to be fetched."
        ),
    )
    run = forms.ModelChoiceField(
        CatalogueImport.objects.all(), required=False, label=gettext_lazy("Import"),
        help_text=gettext_lazy("If its rows name the pictures."),
    )  # fmt: skip


@admin.register(PictureBatch)
class PictureBatchAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "step", "reached", "taken", "refused", "unnamed", "started_by", "started_at"]
    fields = [
        "file_name",
        "run",
        "step",
        "reached",
        "taken",
        "unchanged",
        "refused",
        "unnamed",
        "not_taken",
        "to_addresses",
        "started_at",
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return request.user.has_perm("integrations.add_picturebatch")

    def add_view(self, request, form_url="", extra_context=None):
        """The page an archive is uploaded on."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PicturesForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                said = form.cleaned_data
                batch = batches.receive(said["file"], said["run"], now=timezone.now(), actor=request.actor)
                return redirect("admin:integrations_picturebatch_change", batch.pk)
            except Refusal as refusal:
                form.add_error("file", refusal.detail)
        context = {**self.admin_site.each_context(request), "title": _("Take in pictures"), "opts": self.model._meta}
        return TemplateResponse(request, "admin/integrations/picturebatch/upload.html", {**context, "form": form})

    @admin.display(description=gettext_lazy("taken"))
    def taken(self, batch):
        return _count(batch, "taken")

    @admin.display(description=gettext_lazy("unchanged"))
    def unchanged(self, batch):
        return _count(batch, "unchanged")

    @admin.display(description=gettext_lazy("refused"))
    def refused(self, batch):
        return _count(batch, "refused")

    @admin.display(description=gettext_lazy("of no product"))
    def unnamed(self, batch):
        return _count(batch, "unnamed")

    @admin.display(description=gettext_lazy("not taken"))
    def not_taken(self, batch):
        return format_html_join("", "<div><b>{}</b> {}</div>", batch.report.get("samples", [])) or "–"

    @admin.display(description=gettext_lazy("addresses"))
    def to_addresses(self, batch):
        count = batch.addresses.count()
        page = reverse("admin:integrations_pictureaddress_changelist")
        return format_html('<a href="{}?batch__id__exact={}">{}</a>', page, batch.pk, count) if count else "–"


@admin.register(PictureAddress)
class PictureAddressAdmin(ReadOnlyAdmin):
    """What became of each address; what was refused can be asked for again."""

    list_display = ["sku", "url", "kind", "place", "state", "detail", "tries", "due_at"]
    list_filter = ["state", "kind"]
    search_fields = ["=sku", "url"]
    list_select_related = False
    show_full_result_count = False
    ordering = ["-batch_id", "id"]
    actions = ["fetch_again"]

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "batch__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_fetch_permission(self, request):
        return request.user.has_perm("integrations.add_picturebatch")

    @admin.action(description=gettext_lazy("Fetch the chosen ones again"), permissions=["fetch"])
    def fetch_again(self, request, chosen):
        number = addresses.fetch_again(chosen, now=timezone.now(), actor=request.actor)
        said = ngettext("%(n)d address is asked again.", "%(n)d addresses are asked again.", number) % {"n": number}
        self.message_user(request, said)


def _count(batch: PictureBatch, verdict: str) -> int:
    return batch.report.get("counts", {}).get(verdict, 0)
