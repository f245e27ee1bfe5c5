from django.contrib import admin

from apps.feedback.admin.kept import ReadOnlyAdmin
from apps.feedback.models import Reference, Referral


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = ["given_at", "name", "company", "reach", "account", "contact"]
    list_select_related = ["account", "contact"]
    search_fields = ["name", "company", "account__name"]


@admin.register(Reference)
class ReferenceAdmin(ReadOnlyAdmin):
    """Who may be named as a customer of ours: only who has not withdrawn it."""

    list_display = ["account", "contact", "agreed_at", "withdrawn_at"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "contact__name"]
