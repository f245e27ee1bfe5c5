"""Machines and their keys. A key is shown once, on the page that answers its issue; only its hash is kept."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from knox import admin as _registers_its_page  # noqa: F401  here, so that it can be taken away below
from knox.models import get_token_model

from apps.accounts.models import ServiceKeyAccount
from apps.accounts.selectors import keys_of
from apps.accounts.services import issue_key, open_machine, revoke_key
from apps.accounts.services.machines import LONGEST_DAYS

# Its own page would issue keys for anybody, without an end and off the record; here keys come from machines alone.
admin.site.unregister(get_token_model())


class KeyForm(forms.Form):
    days = forms.IntegerField(label=_("Works for days"), initial=365, min_value=1, max_value=LONGEST_DAYS)


@admin.register(ServiceKeyAccount)
class MachineAdmin(admin.ModelAdmin):
    list_display = ["purpose", "role", "account", "carrier", "keys"]
    list_filter = ["role"]
    list_select_related = ["account", "user"]
    search_fields = ["purpose", "account__name", "account__number"]
    autocomplete_fields = ["account"]
    fields = ["purpose", "role", "account", "carrier", "keys"]
    readonly_fields = ["keys"]

    @admin.display(description=_("keys"))
    def keys(self, machine: ServiceKeyAccount) -> str:
        if machine.pk is None:
            return _("Save first; then keys can be issued.")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:machine_keys", args=[machine.pk]), _("Issue or revoke")
        )

    def save_model(self, request: HttpRequest, machine: ServiceKeyAccount, form, change: bool) -> None:
        """A new machine gets a log-in of its own."""
        if change:
            super().save_model(request, machine, form, change)
            return
        said = {name: getattr(machine, name) for name in ("purpose", "role", "account", "carrier")}
        made = open_machine(**said)
        machine.pk, machine.user, machine._state.adding = made.pk, made.user, False

    def delete_model(self, request: HttpRequest, machine: ServiceKeyAccount) -> None:
        """With its log-in, and so with all its keys."""
        machine.user.delete()

    def delete_queryset(self, request: HttpRequest, machines) -> None:
        for machine in machines.select_related("user"):
            machine.user.delete()

    def get_urls(self):
        keys = path("<int:pk>/keys/", self.admin_site.admin_view(self.keys_page), name="machine_keys")
        return [keys, *super().get_urls()]

    def keys_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The keys of a machine; a POST issues one (`days`) or revokes one (`revoke`)."""
        machine = self.get_object(request, pk)
        if machine is None or not self.has_change_permission(request, machine):
            raise PermissionDenied
        form, key = KeyForm(request.POST if "days" in request.POST else None), ""
        if request.method == "POST" and "revoke" in request.POST:
            revoke_key(machine, request.POST["revoke"], now=timezone.now(), actor=request.actor)
        elif form.is_valid():
            key = issue_key(machine, days=form.cleaned_data["days"], now=timezone.now(), actor=request.actor)
        context = self.admin_site.each_context(request) | {
            "title": _("Keys of %(machine)s") % {"machine": machine},
            "opts": self.model._meta,
            "machine": machine,
            "form": form,
            "key": key,
            "keys": keys_of(machine),
        }
        return TemplateResponse(
            request, "admin/accounts/machine_keys.html", context, headers={"Cache-Control": "no-store"}
        )
