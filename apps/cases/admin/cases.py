from django.contrib import admin

from apps.cases.models import Case, CaseMessage, FollowUp, ProductQuestion


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class MessageInline(ReadOnlyInline):
    model = CaseMessage
    fields = ["written_at", "author_name", "is_internal", "body"]


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """Owner and cause can be corrected here; a case is worked in the workspace, where it cannot skip a step."""

    list_display = ["number", "account", "title", "cause", "status", "owner", "answer_by", "resolved_at"]
    list_filter = ["status", "cause", "origin", "owner"]
    list_select_related = ["account", "owner__user"]
    search_fields = ["=number", "account__name", "title"]
    date_hierarchy = "opened_at"
    fields = [
        "number", "account", "contact", "title", "origin", "source_ref", "shipment", "order", "cause", "owner",
        "stands_in_for", "status", "opened_at", "reopened_at", "acknowledge_by", "acknowledged_at", "answer_by",
        "answered_at", "resolve_by", "resolved_at", "resolution", "order_due_on", "verified_at", "proof_shipment",
        "proof_order",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name not in ("cause", "owner")]
    inlines = [MessageInline]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(FollowUp)
class FollowUpAdmin(admin.ModelAdmin):
    list_display = ["due_on", "account", "kind", "title", "owner", "state", "outcome"]
    list_filter = ["state", "kind", "owner"]
    list_select_related = ["account", "owner__user"]
    search_fields = ["account__name", "title"]
    readonly_fields = ["account", "contact", "kind", "source_ref", "created_at", "settled_at"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False


@admin.register(ProductQuestion)
class ProductQuestionAdmin(admin.ModelAdmin):
    """Answered in the workspace; here a public answer can be corrected or taken back from public view."""

    list_display = ["asked_at", "product", "account", "state", "is_public", "owner", "answer_by", "answered_at"]
    list_filter = ["state", "is_public", "is_private", "asked_of", "owner"]
    list_select_related = ["product", "account", "owner__user"]
    search_fields = ["product__sku", "account__name", "body", "answer"]
    fields = [
        "product", "account", "contact", "asked_of", "is_private", "body", "asked_at", "answer_by", "owner", "state",
        "answer", "is_public", "answered_at", "answered_by_name",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name not in ("owner", "answer", "is_public")]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False
