"""The admin as operations' desk: rows are looked at, and acted on through the same services as everywhere."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import redirect

from apps.core.admin import ReadOnlyAdmin
from apps.core.errors import Refusal


class FrozenInline(admin.TabularInline):
    """What was decided once; nobody types over it."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class DeskAdmin(ReadOnlyAdmin):
    """Read-only rows with actions. A row that refuses says why; the others are done all the same."""

    show_full_result_count = False
    list_per_page = 50

    def do_each(self, request: HttpRequest, rows: Iterable[Model], deed: Callable[[Model], object], done: str) -> None:
        """Do `deed` to each row and say what happened; `done` is said with `%(count)s` and `%(rows)s`."""
        succeeded = []
        for row in rows:
            try:
                deed(row)
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal.detail}", messages.ERROR)
            else:
                succeeded.append(str(row))
        if succeeded:
            told = done % {"count": len(succeeded), "rows": ", ".join(succeeded[:20])}
            self.message_user(request, told, messages.SUCCESS)


class OneRow(admin.ModelAdmin):
    """A table of one row: it is added once, and "add" leads to it from then on.

    Whether it is there is asked on its own pages alone: the list of all tables stands on each page of the desk.
    """

    def has_add_permission(self, request):
        here = (request.resolver_match and request.resolver_match.url_name) or ""
        is_here = here.startswith(f"{self.opts.app_label}_{self.opts.model_name}_")
        return super().has_add_permission(request) and not (is_here and self.model.objects.exists())

    def add_view(self, request, form_url="", extra_context=None):
        only = self.model.objects.first()
        if only is None:
            return super().add_view(request, form_url, extra_context)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", only.pk)
