from django.contrib import admin

from apps.cases.models import ServiceLevel


@admin.register(ServiceLevel)
class ServiceLevelAdmin(admin.ModelAdmin):
    """What was agreed with an account, a group or by a contract; everybody else has the usual level."""

    list_display = ["__str__", "acknowledge_hours", "answer_hours", "resolve_days", "opens", "closes"]
    list_select_related = ["account", "group", "contract"]
    fields = [
        ("account", "group", "contract"), ("acknowledge_hours", "answer_hours", "resolve_days"), ("opens", "closes"),
    ]  # fmt: skip
    autocomplete_fields = ["account"]
    raw_id_fields = ["contract"]
    search_fields = ["=account__number", "account__name", "group__name", "=contract__number"]
    show_full_result_count = False
