"""An import as operations see it: upload, columns, what it would change, commit, undo."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.core.admin import ReadOnlyAdmin
from apps.core.errors import Refusal
from apps.integrations.imports.files import local
from apps.integrations.imports.reading import headings_of
from apps.integrations.imports.runs import approve, revoke
from apps.integrations.models import ImportRun

#: How many rows of a kind the page of a run shows.
SHOWN = 20
_BUSY = ("staging", "checking", "committing", "undoing")


def counted(kind: str, words):
    """A column of the list of runs: how many rows are of that kind."""

    @admin.display(description=words)
    def column(_admin, run):
        return run.report.get("kinds", {}).get(kind, "–")

    return column


class ImportAdmin(ReadOnlyAdmin):
    """A run is not edited: it is uploaded, looked through, put live, undone.

    An import says its forms, what it does with an upload and with told columns, and what its page shows; its pages
    stand below `admin/integrations/` in a folder named like the model.
    """

    search_fields = ["file_name"]
    list_per_page = 50
    upload_title = ""
    upload_form: type
    columns_form: type
    tell_columns: Callable
    #: (form, said: when and by whom) -> the run of an upload. Raises what the file is refused for.
    received: Callable[..., ImportRun]
    #: (run) -> what the page of this import shows beside what every run has.
    shown: Callable[[ImportRun], dict]
    #: What may be done with a run by a button: the last part of its address, and the service.
    deeds: dict[str, Callable] = {"commit": approve, "undo": revoke}

    def has_add_permission(self, request):
        return request.user.has_perm(f"integrations.add_{self.model._meta.model_name}")

    def get_urls(self):
        def at(address, view):
            return path(f"<int:run_id>/{address}/", self.admin_site.admin_view(view), name=self._name(address))

        deeds = (at(address, require_POST(self._doing(deed))) for address, deed in self.deeds.items())
        return [at("columns", self.columns), *deeds, *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """The page a file is uploaded on."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.upload_form(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                return self._to(self.received(form, _said(request)))
            except Refusal as refusal:
                form.add_error("file", refusal.detail)
        return self._page(request, "upload", self.upload_title, form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The run: how far it is, what it would change or has changed, and what may be done with it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self._run(int(object_id) if str(object_id).isdecimal() else 0)
        names, told = dict(run.rows.model.Reason.choices), run.report.get("reasons", {})
        context = {
            "original": run,
            "busy": run.step in _BUSY,
            "reasons": [(reason, names.get(reason, reason), count) for reason, count in told.items()],
            "rows_url": reverse(f"admin:integrations_{run.rows.model._meta.model_name}_changelist"),
            "may_act": self.has_add_permission(request),
            **self.shown(run),
        }
        return self._page(request, "run", run.file_name, **context)

    def columns(self, request, run_id: int):
        """The page on which the columns of a sheet are told."""
        run = self._run_to_act_on(request, run_id)
        with local(run) as file:
            _headings, samples = headings_of(file)
        form = self.columns_form(request.POST or None, mapping=run.report.get("columns", {}))
        if form.is_valid():
            return self._do(request, run, lambda: type(self).tell_columns(run, form.mapping(), **_said(request)))
        rows = [(field, _sample(samples, number)) for number, field in enumerate(form)]
        return self._page(request, "columns", _("What the columns hold"), original=run, form=form, rows=rows)

    def _doing(self, deed: Callable):
        def view(request, run_id: int):
            run = self._run_to_act_on(request, run_id)
            return self._do(request, run, lambda: deed(run, **_said(request)))

        return view

    def _run_to_act_on(self, request, run_id: int) -> ImportRun:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._run(run_id)

    def _run(self, run_id: int) -> ImportRun:
        return get_object_or_404(self.model._default_manager.select_related(*self.list_select_related), pk=run_id)

    def _do(self, request, run: ImportRun, deed: Callable):
        try:
            deed()
        except Refusal as refusal:
            self.message_user(request, f"{run}: {refusal.detail}", messages.ERROR)
        return self._to(run)

    def _to(self, run: ImportRun):
        return redirect(f"admin:{self._name('columns' if run.step == run.Step.COLUMNS else 'change')}", run.pk)

    def _page(self, request, name: str, title: str, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta, **context}
        return TemplateResponse(request, f"admin/integrations/{self.model._meta.model_name}/{name}.html", context)

    def _name(self, address: str) -> str:
        return f"integrations_{self.model._meta.model_name}_{address}"


class RowAdmin(ReadOnlyAdmin):
    """The rows of what was sent; the quarantine is what opens first."""

    search_fields: Iterable[str] = ["=sku"]
    search_help_text = gettext_lazy("A SKU, exactly")
    ordering = ["run", "kind", "reason", "row_number"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        if not request.GET:
            request.GET = request.GET.copy()
            request.GET["kind__exact"] = self.model.Kind.QUARANTINED
            request.META["QUERY_STRING"] = request.GET.urlencode()
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("as sent"))
    def shown_sent(self, row):
        return format_html_join("", "<div><b>{}</b> {}</div>", row.sent.items()) or "–"


def _said(request) -> dict:
    return {"now": timezone.now(), "actor": request.actor}


def _sample(rows: list[list[str]], column: int) -> str:
    return ", ".join(row[column] for row in rows if column < len(row) and row[column])[:80]
