from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.feedback.models import Programme


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["name", "is_active", "delay_days", "contact_rest_days", "account_cap", "account_cap_days"]
    fieldsets = [
        (None, {"fields": ["name", "code", "is_active"]}),
        (
            _("When"),
            {
                "fields": ["delay_days", ("window_from", "window_to"), "expires_days", "reminder_days"],
                "description": _(
                    "Asked so many local days after the delivery was confirmed, on a working day of the account, "
                    "inside these hours in the contact's own time zone. Questions planned already keep their hour."
                ),
            },
        ),
        (
            _("How often"),
            {
                "fields": ["contact_rest_days", ("account_cap", "account_cap_days")],
                "description": _("The rest of a contact is also kept by the database, whatever runs at the same time."),
            },
        ),
        (
            _("What"),
            {
                "fields": ["question", "follow_up_detractor", "follow_up_passive", "follow_up_promoter"],
                "description": _(
                    "The second question follows the score that was given. The usual words are shown translated, your "
                    "own as you write them."
                ),
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False
