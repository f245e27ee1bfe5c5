from django.contrib import admin

from apps.core.desk import OneRow
from apps.feedback.admin.kept import ReadOnlyAdmin
from apps.feedback.models import Offer, OfferMonth, OfferTerms


@admin.register(OfferTerms)
class OfferTermsAdmin(OneRow):
    """What reps may offer, and within which budget: one row."""

    list_display = ["__str__", "is_active", "monthly_budget", "floor_percent", "discount_percent", "held_out_percent"]

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(OfferMonth)
class OfferMonthAdmin(admin.ModelAdmin):
    """A month's budget may be raised, and lowered as far as it is not promised."""

    list_display = ["month", "budget", "spent"]
    fields = ["month", "budget", "spent"]
    readonly_fields = ["month", "spent"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ["proposed_at", "account", "kind", "percent", "cost", "state", "valid_until", "decided_by_name"]
    list_filter = ["state", "kind"]
    list_select_related = ["account"]
    search_fields = ["account__name"]
