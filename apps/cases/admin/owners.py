from django.contrib import admin

from apps.cases.models import CauseOwner


@admin.register(CauseOwner)
class CauseOwnerAdmin(admin.ModelAdmin):
    """Whose the cases of a cause are; for a cause without a row, the service desk or the account's rep."""

    list_display = ["cause", "owner", "deputy"]
    list_select_related = ["owner__user", "deputy__user"]
    fields = ["cause", ("owner", "deputy")]
    autocomplete_fields = ["owner", "deputy"]
    show_full_result_count = False
