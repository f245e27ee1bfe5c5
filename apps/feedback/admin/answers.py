from django.contrib import admin

from apps.feedback.admin.kept import ReadOnlyAdmin
from apps.feedback.models import Answer


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ["answered_at", "kind", "score", "account", "contact", "channel", "drivers", "comment"]
    list_filter = ["kind", "score", "channel"]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "comment"]
    date_hierarchy = "answered_at"
