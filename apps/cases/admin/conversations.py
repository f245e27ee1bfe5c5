from django.contrib import admin

from apps.cases.admin.cases import ReadOnlyInline
from apps.cases.models import Article, Conversation, Utterance


class UtteranceInline(ReadOnlyInline):
    model = Utterance
    fields = ["said_at", "author_name", "is_internal", "body"]


@admin.register(Conversation)
class ConversationAdmin(admin.ModelAdmin):
    """To look things up; one talks in the workspace."""

    list_display = ["number", "account", "title", "owner", "waits_since", "last_said_at", "closed_at"]
    list_filter = ["desk", "owner"]
    list_select_related = ["account", "owner__user"]
    search_fields = ["=number", "account__name", "title"]
    inlines = [UtteranceInline]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """What customers read before they ask; how often it helped tells which to write anew."""

    list_display = ["title", "topic", "language", "is_shown", "position", "helped", "did_not_help"]
    list_filter = ["topic", "language", "is_shown"]
    search_fields = ["title", "body"]
    prepopulated_fields = {"slug": ["title"]}
