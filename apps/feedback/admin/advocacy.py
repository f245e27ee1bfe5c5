from django.contrib import admin

from apps.feedback.admin.kept import ReadOnlyAdmin
from apps.feedback.models import Reference, Referral
from apps.feedback.selectors import holding_references


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = ["given_at", "name", "company", "reach", "account", "contact"]
    list_select_related = ["account", "contact"]
    search_fields = ["name", "company", "account__name"]


@admin.register(Reference)
class ReferenceAdmin(ReadOnlyAdmin):
    """Who may be named as a customer of ours: nobody who has withdrawn it, here or among what they allow us."""

    list_display = ["account", "contact", "agreed_at"]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "contact__name"]

    def get_queryset(self, request):
        return holding_references(super().get_queryset(request))
