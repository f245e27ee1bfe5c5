from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.feedback import services
from apps.feedback.models import Vocabulary


@admin.register(Vocabulary)
class VocabularyAdmin(admin.ModelAdmin):
    """The words that tell a theme. After a change all comments are read anew in the background, in a minute or two."""

    list_display = ["language", "theme", "beginning"]
    list_display_links = ["language", "theme"]
    list_filter = ["language", "theme"]
    search_fields = ["words"]

    @admin.display(description=_("words"))
    def beginning(self, vocabulary: Vocabulary) -> str:
        words = ", ".join(vocabulary.words.splitlines())
        return words if len(words) <= 120 else f"{words[:120]}…"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        services.vocabulary_changed(now=timezone.now(), actor=request.actor)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        services.vocabulary_changed(now=timezone.now(), actor=request.actor)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        services.vocabulary_changed(now=timezone.now(), actor=request.actor)
