from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.desk import DeskAdmin, FrozenInline
from apps.feedback import services
from apps.feedback.models import Answer, Invitation, ProductReview, Programme, ReviewVersion


class ReadOnlyAdmin(admin.ModelAdmin):
    """Decisions and answers are kept as they fell."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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
                "description": _("The second question follows the score that was given."),
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Whom we ask about which delivery and when, and why not. Filter by `unknown` for what a crash left in doubt."""

    list_display = ["decided_at", "shipment", "account", "contact", "state", "reason", "due_at", "sent_at"]
    list_filter = ["state", "reason", "programme"]
    list_select_related = ["shipment", "account", "contact"]
    search_fields = ["=shipment__number", "account__name", "=contact__email"]
    date_hierarchy = "decided_at"
    exclude = ["token_hash", "reminder_token_hash", "rest"]


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ["answered_at", "score", "account", "contact", "channel", "drivers", "comment"]
    list_filter = ["score", "channel"]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "comment"]
    date_hierarchy = "answered_at"


class VersionInline(FrozenInline):
    model = ReviewVersion
    fields = ["written_at", "stars", "title", "body", "state", "reason", "decided_by_name"]


@admin.register(ProductReview)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["written_at", "product", "account", "contact", "stars", "title", "shown_at"]
    list_filter = ["stars", ("shown_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "account", "contact"]
    search_fields = ["product__sku", "account__name", "title", "body"]
    inlines = [VersionInline]


@admin.register(ReviewVersion)
class ReviewVersionAdmin(DeskAdmin):
    """Each wording is read by a person and shown, or not shown for a reason. The stars are never one."""

    list_display = ["written_at", "product", "stars", "title", "text", "state", "reason", "decided_by_name"]
    list_filter = ["state", "reason", "stars"]
    list_select_related = ["review__product"]
    search_fields = ["review__product__sku", "title", "body"]
    ordering = ["-written_at"]
    actions = ["show"]

    @admin.display(description=_("product"), ordering="review__product__sku")
    def product(self, version: ReviewVersion) -> str:
        return str(version.review.product)

    @admin.display(description=_("text"))
    def text(self, version: ReviewVersion) -> str:
        return version.body if len(version.body) <= 240 else f"{version.body[:240]}…"

    @admin.action(description=_("Show the chosen versions"), permissions=["view"])
    def show(self, request, versions):
        deed = lambda version: services.show_review(request.actor, version, now=timezone.now())  # noqa: E731
        self.do_each(request, versions, deed, _("%(count)s shown: %(rows)s"))

    def get_actions(self, request):
        declines = (self._declining(reason, label) for reason, label in ReviewVersion.Reason.choices)
        return super().get_actions(request) | {action[1]: action for action in declines}

    def _declining(self, reason: str, label: str) -> tuple:
        def decline(admin_, request, versions):
            deed = lambda version: services.decline_review(  # noqa: E731
                request.actor, version, reason=reason, now=timezone.now()
            )
            admin_.do_each(request, versions, deed, _("%(count)s not shown: %(rows)s"))

        return decline, f"decline_{reason}", _("Do not show: %(reason)s") % {"reason": label}
