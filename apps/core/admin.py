from celery import current_app
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.models import Event, OutgoingMail, ParkedReaction


class ReadOnlyAdmin(admin.ModelAdmin):
    """What happened cannot be edited."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "name", "subject", "actor_name", "dispatched_at"]
    list_filter = [("dispatched_at", admin.EmptyFieldListFilter)]
    search_fields = ["=subject", "=name"]
    search_help_text = _("A subject such as order:SO-1000001, or a name such as order.placed")
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["claimed_at", "to", "subject", "state", "sent_at"]
    list_filter = ["state"]
    search_fields = ["=to", "=key"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(ParkedReaction)
class ParkedReactionAdmin(ReadOnlyAdmin):
    list_display = ["parked_at", "task_name", "event", "error"]
    list_filter = ["task_name"]
    list_select_related = ["event"]
    actions = ["try_again"]

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request, queryset):
        for parked in queryset:
            current_app.send_task(parked.task_name, args=[parked.event_id])
        self.message_user(
            request, ngettext("%d reaction started.", "%d reactions started.", len(queryset)) % len(queryset)
        )
