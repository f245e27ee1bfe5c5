from django.contrib import admin

from apps.feedback.admin.kept import ReadOnlyAdmin, ReadOnlyInline
from apps.feedback.models import Invitation, VoteAttempt


class AttemptInline(ReadOnlyInline):
    """What came through the link, by people and by machines."""

    model = VoteAttempt
    fields = ["posted_at", "opened_at", "is_again", "score", "state", "comment"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Whom we ask about which delivery and when, and why not. Filter by `unknown` for what a crash left in doubt."""

    list_display = ["decided_at", "subject_ref", "account", "contact", "state", "reason", "due_at", "sent_at"]
    list_filter = ["state", "reason", "programme"]
    list_select_related = ["account", "contact"]
    search_fields = ["=shipment__number", "account__name", "=contact__email"]
    date_hierarchy = "decided_at"
    inlines = [AttemptInline]
    exclude = ["token_hash", "reminder_token_hash", "rest"]
