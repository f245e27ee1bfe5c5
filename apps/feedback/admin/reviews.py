from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.desk import DeskAdmin, FrozenInline
from apps.feedback import services
from apps.feedback.admin.kept import ReadOnlyAdmin
from apps.feedback.models import ProductReview, ReviewVersion


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
