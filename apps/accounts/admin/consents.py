"""The law of each country, and the addresses that nobody writes to. What one person said stands with the person."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CountryConsent, Objection, Purpose
from apps.accounts.services import address_hash, address_of, object_address


@admin.register(CountryConsent)
class CountryConsentAdmin(admin.ModelAdmin):
    list_display = ["country_or_all", "purpose", "basis"]
    list_display_links = ["country_or_all", "purpose"]
    list_filter = ["purpose", "basis"]

    @admin.display(description=_("country"), ordering="country")
    def country_or_all(self, line: CountryConsent) -> str:
        return line.country or _("all others")


class ObjectionForm(forms.ModelForm):
    """An address is typed here and nowhere kept."""

    address = forms.CharField(label=_("E-mail address"), max_length=254, help_text=_("Only a hash of it is kept."))

    class Meta:
        model = Objection
        fields = ["purpose"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "purpose" in self.fields:
            self.fields["purpose"].choices = Purpose.choices

    def clean_address(self) -> str:
        return address_of(self.cleaned_data["address"])


@admin.register(Objection)
class ObjectionAdmin(admin.ModelAdmin):
    form = ObjectionForm
    list_display = ["short", "purpose", "source", "objected_at"]
    list_filter = ["purpose", "source"]
    search_fields = ["address_hash"]
    search_help_text = _("A whole e-mail address")

    @admin.display(description=_("hash of the address"))
    def short(self, objection: Objection) -> str:
        return objection.address_hash[:12]

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        if not search_term:
            return queryset, False
        return queryset.filter(address_hash=address_hash(search_term)), False

    def has_change_permission(self, request: HttpRequest, obj: Objection | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Objection | None = None) -> bool:
        """An objection ends by the person's word alone, in the portal or noted with the person. An address that did not
        work may be tried again."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.purpose == Objection.UNDELIVERABLE

    def save_model(self, request: HttpRequest, objection: Objection, form: ObjectionForm, change: bool) -> None:
        said = form.cleaned_data
        kept = object_address(request.actor, said["address"], said["purpose"], now=timezone.now())
        objection.pk, objection.address_hash = kept.pk, kept.address_hash
