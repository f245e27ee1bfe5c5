from celery import current_app
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.models import Event, Feed, IncomingMail, OutgoingMail, ParkedReaction

FIGURES = ("read", "applied", "unchanged", "older", "repeated", "unknown_sku", "unknown_place", "unreadable", "emptied")


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


@admin.register(IncomingMail)
class IncomingMailAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "outcome", "reason", "subject"]
    list_filter = ["outcome"]
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


def figure(name: str, described):
    """A column of the feeds' list: one count of the report."""
    return admin.display(description=described)(lambda _admin, feed: f"{feed.report.get(name, 0):,}")


@admin.register(Feed)
class FeedAdmin(ReadOnlyAdmin):
    """What the ERP sent, and what became of its rows."""

    list_display = ["received_at", "kind", "source", "is_full", *FIGURES]
    list_filter = ["kind", "is_full"]
    search_fields = ["=source"]
    show_full_result_count = False
    fields = ["received_at", "received_from", "kind", "source", "is_full", *FIGURES, "samples"]

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    read = figure("read", _("rows"))
    applied = figure("applied", _("applied"))
    unchanged = figure("unchanged", _("unchanged"))
    older = figure("older", _("ignored as older"))
    repeated = figure("repeated", _("said again"))
    unknown_sku = figure("unknown_sku", _("unknown SKU"))
    unknown_place = figure("unknown_place", _("unknown warehouse or list"))
    unreadable = figure("unreadable", _("unreadable"))
    emptied = figure("emptied", _("not named"))

    @admin.display(description=_("samples"))
    def samples(self, feed):
        rows = ((verdict, ", ".join(codes)) for verdict, codes in feed.report.get("samples", {}).items())
        return format_html_join("", "<div><b>{}</b> {}</div>", rows) or "–"
