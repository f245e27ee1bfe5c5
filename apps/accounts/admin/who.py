"""Accounts with their contacts and addresses, reps and log-ins."""

from collections.abc import Callable
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.errors import BrandingRefused
from apps.accounts.models import Account, AccountGroup, Branding, Contact, Notice, Rep, ShipTo, User
from apps.accounts.services.branding import readable_accent, shown_logo
from apps.core.images import MOST_BYTES, NoPicture, portrait_of, suffix


class BrandingForm(forms.ModelForm):
    """The same that a rep may set, checked the same way."""

    def clean_accent(self):
        return _checked(readable_accent, self.cleaned_data["accent"])

    def clean_logo(self):
        sent = self.cleaned_data["logo"]
        return _as_file(sent, shown_logo, ".png") if isinstance(sent, UploadedFile) else sent

    def clean(self):
        if not any(self.cleaned_data.get(name) for name in ("logo", "accent", "greeting_name")):
            raise forms.ValidationError(_("Set one of them at least, or take the branding away."))
        self.instance.changed_at = timezone.now()
        return self.cleaned_data


class RepForm(forms.ModelForm):
    def clean_photo(self):
        sent = self.cleaned_data["photo"]
        return _as_file(sent, portrait_of, suffix()) if isinstance(sent, UploadedFile) else sent


def _as_file(sent: UploadedFile, made: Callable[[bytes], bytes], ending: str) -> ContentFile:
    return ContentFile(_checked(made, sent.read(MOST_BYTES + 1)), name=f"{uuid4().hex}{ending}")


def _checked(check: Callable, value):
    try:
        return check(value)
    except (BrandingRefused, NoPicture) as refusal:
        raise forms.ValidationError(str(getattr(refusal, "detail", refusal))) from None


class BrandingInline(admin.StackedInline):
    model = Branding
    form = BrandingForm
    fields = [("accent", "greeting_name"), "logo"]
    extra = 0


class ContactInline(admin.TabularInline):
    model = Contact
    fields = ["name", "email", "job_title", "role", "persona", "spend_limit", "user", "is_active"]
    autocomplete_fields = ["user"]
    extra = 0
    show_change_link = True


class ShipToInline(admin.StackedInline):
    model = ShipTo
    extra = 0
    classes = ["collapse"]
    show_change_link = True


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "parent", "group", "rep", "segment", "country", "currency", "is_active"]
    list_display_links = ["number", "name"]
    list_filter = ["is_active", "segment", "group", "country", "currency", ("rep", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent", "group", "rep__user"]
    search_fields = ["number", "name", "vat_number", "contacts__email", "contacts__name"]
    autocomplete_fields = ["parent", "group", "rep"]
    inlines = [BrandingInline, ContactInline, ShipToInline]
    fieldsets = [
        (None, {"fields": ["number", "name", "parent", "group", "rep", "segment", "since_on", "is_active", "is_test"]}),
        (_("Place and language"), {"fields": ["country", "currency", "language", "time_zone", "working_days"]}),
        (_("Tax"), {"fields": ["vat_number", "vat_verified"]}),
        (_("Home page"), {"fields": ["welcome"]}),
    ]


@admin.register(AccountGroup)
class AccountGroupAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    list_display = ["name", "account", "role", "persona", "email", "spend_limit", "is_active"]
    list_filter = ["role", "persona", "is_active", "language"]
    list_select_related = ["account"]
    search_fields = ["name", "email", "account__name", "account__number"]
    autocomplete_fields = ["account", "user"]
    fieldsets = [
        (None, {"fields": ["account", "name", "email", "phone", "job_title", "user", "is_active"]}),
        (_("What they do"), {"fields": ["role", "persona", "spend_limit", "period_limit", "limit_period"]}),
        (_("Place and language"), {"fields": ["language", "time_zone"]}),
        (_("News"), {"fields": ["told"]}),
    ]
    readonly_fields = ["told"]

    @admin.display(description=_("what they were told"))
    def told(self, contact: Contact) -> str:
        if contact.pk is None:
            return ""
        url = reverse("admin:accounts_notice_changelist", query={"contact__id__exact": contact.pk})
        count = Notice.objects.filter(contact=contact).count()
        words = ngettext("%(n)s piece of news", "%(n)s pieces of news", count) % {"n": count}
        return format_html('<a href="{}">{}</a>', url, words)


@admin.register(ShipTo)
class ShipToAdmin(admin.ModelAdmin):
    list_display = ["name", "account", "code", "city", "country", "receiving", "is_default", "is_active"]
    list_filter = ["is_active", "country"]
    list_select_related = ["account"]
    search_fields = ["name", "code", "city", "postal_code", "account__name", "account__number"]
    autocomplete_fields = ["account"]
    fieldsets = [
        (None, {"fields": ["account", "code", "name", "is_default", "is_active"]}),
        (
            _("Where"),
            {"fields": ["street", ("postal_code", "city"), "country", "time_zone", ("latitude", "longitude")]},
        ),
        (
            _("When it receives"),
            {"fields": ["receiving_days", ("receiving_from", "receiving_to"), "closed_days", "preferred_weekday"]},
        ),
        (_("Who and how"), {"fields": [("contact_name", "phone"), "gate", "unloading", "markings"]}),
        (_("How it is sent"), {"fields": ["delivery_note", "is_blind", "prefers_complete"]}),
    ]

    @admin.display(description=_("receives"))
    def receiving(self, ship_to: ShipTo) -> str:
        return f"{ship_to.receiving_from:%H:%M} – {ship_to.receiving_to:%H:%M}"


@admin.register(Rep)
class RepAdmin(admin.ModelAdmin):
    form = RepForm
    list_display = ["user", "desk", "title", "phone", "deputy", "away_from", "away_until"]
    list_filter = ["desk"]
    list_select_related = ["user", "deputy__user"]
    search_fields = ["user__name", "user__email", "title"]
    autocomplete_fields = ["user", "deputy"]
    fields = [
        "user", ("desk", "title"), ("phone", "photo"), ("works_on", "works_from", "works_to"), ("time_zone", "hours"),
        "deputy", ("away_from", "away_until"),
    ]  # fmt: skip


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    ordering = ["email"]
    list_display = ["email", "name", "language", "is_active", "is_staff", "is_machine", "last_login"]
    list_filter = ["is_active", "is_staff", "is_machine", "language"]
    search_fields = ["email", "name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language"]}),
        (_("What it opens"), {"fields": ["is_active", "is_staff", "is_superuser", "is_machine", "groups"]}),
        (_("History"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = ["groups"]
