from django.contrib import admin

from apps.feedback.admin.kept import ReadOnlyAdmin, ReadOnlyInline
from apps.feedback.models import Answer, AnswerRevision


class RevisionInline(ReadOnlyInline):
    model = AnswerRevision
    fields = ["number", "revised_at", "channel", "old_score", "new_score", "old_drivers", "old_comment"]


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ["answered_at", "kind", "score", "account", "contact", "channel", "drivers", "comment"]
    list_filter = ["kind", "score", "channel"]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "comment"]
    date_hierarchy = "answered_at"
    inlines = [RevisionInline]
