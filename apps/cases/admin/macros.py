from django.contrib import admin

from apps.cases.models import Macro


@admin.register(Macro)
class MacroAdmin(admin.ModelAdmin):
    list_display = ["name", "cause", "is_active"]
    list_filter = ["is_active", "cause"]
    search_fields = ["name", "body"]
    fields = ["name", ("cause", "is_active"), "body"]
    show_full_result_count = False
