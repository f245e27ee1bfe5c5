"""The page on which operations put a sheet of coordinates live."""

import json

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.admin import ShipToAdmin
from apps.accounts.services import place_ship_tos
from apps.core.errors import Refusal
from apps.integrations.imports.files import on_this_machine
from apps.integrations.imports.forms import SheetField
from apps.integrations.ship_to_places.reading import Looked, Row, looked_through, sheet_rows

SHOWN = 200


class PlacesForm(forms.Form):
    file = SheetField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "csv or xlsx with the columns account, ship-to (may be left out: the default one), latitude, longitude."
        ),
    )


class RowsField(forms.JSONField):
    """The rows that were looked through, as they come back from the page; they are checked like those of a file."""

    def clean(self, value) -> list[Row]:
        rows = super().clean(value)
        fits = isinstance(rows, list) and all(
            isinstance(row, list) and len(row) == 5 and isinstance(row[0], int)
            and all(isinstance(text, str) for text in row[1:])
            for row in rows
        )  # fmt: skip
        if not fits:
            raise forms.ValidationError(_("Upload the file again."))
        return [tuple(row) for row in rows]


class RowsForm(forms.Form):
    rows = RowsField(widget=forms.HiddenInput)


class PlacedShipToAdmin(ShipToAdmin):
    """The ship-tos, with a page that says of many where they are."""

    change_list_template = "admin/accounts/ship_tos.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.places)
        return [path("places/", view, name="accounts_shipto_places"), *super().get_urls()]

    def places(self, request: HttpRequest) -> HttpResponse:
        """A file is looked through; what is shown is put live by the second form."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if "rows" in request.POST:
            form = RowsForm(request.POST)
            if form.is_valid():
                return self._put_live(request, form.cleaned_data["rows"])
            return self._page(request, PlacesForm(), refused=_("Upload the file again."))
        form = PlacesForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._page(request, form)
        file = form.cleaned_data["file"]
        try:
            with on_this_machine(file, file.name) as kept:
                rows = sheet_rows(kept)
        except Refusal as refusal:
            form.add_error("file", refusal.detail)
            return self._page(request, form)
        return self._page(request, form, found=looked_through(request.actor, rows), rows=json.dumps(rows))

    def _put_live(self, request: HttpRequest, rows: list[Row]) -> HttpResponse:
        found = looked_through(request.actor, rows)
        at = {each.ship_to.pk: (each.latitude, each.longitude) for each in found.placed}
        count = place_ship_tos(request.actor, at, now=timezone.now())
        words = ngettext("%(n)s ship-to is placed.", "%(n)s ship-tos are placed.", count) % {"n": count}
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:accounts_shipto_changelist")

    def _page(self, request: HttpRequest, form: forms.Form, found: Looked | None = None, **more) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Where ship-tos are"),
            "opts": self.opts,
            "form": form,
            "found": found,
            "shown": found.placed[:SHOWN] if found else [],
            "refusals": found.refused[:SHOWN] if found else [],
            **more,
        }
        return TemplateResponse(request, "admin/integrations/ship_to_places/page.html", context)


# The list is the accounts'; the import is ours, and they know nothing of it.
_ship_to = apps.get_model("accounts", "ShipTo")
admin.site.unregister(_ship_to)
admin.site.register(_ship_to, PlacedShipToAdmin)
