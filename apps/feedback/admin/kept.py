from django.contrib import admin


class Kept:
    """What cannot be changed by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(Kept, admin.ModelAdmin):
    """Decisions and answers are kept as they fell."""

    show_full_result_count = False


class ReadOnlyInline(Kept, admin.TabularInline):
    """What belongs to one of them."""

    extra = 0
