"""The import of products as operations see it: upload, columns, preview, commit, undo."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.core.admin import ReadOnlyAdmin
from apps.core.errors import Refusal
from apps.integrations.catalogue_import import runs, sheets, showing
from apps.integrations.catalogue_import.forms import ColumnsForm, UploadForm
from apps.integrations.models import CatalogueImport, CatalogueImportRow, ImportProfile

_SHOWN, _FACTS = 20, 12
_NAME = "integrations_catalogueimport"
Step, Kind = CatalogueImport.Step, CatalogueImportRow.Kind


@admin.register(ImportProfile)
class ImportProfileAdmin(admin.ModelAdmin):
    list_display = ["name", "category", "price_list", "gone", "last_import"]
    list_select_related = ["price_list"]
    search_fields = ["name"]
    autocomplete_fields = ["price_list"]
    readonly_fields = ["columns_kept"]
    exclude = ["columns"]

    @admin.display(description=gettext_lazy("columns, as last told"))
    def columns_kept(self, profile):
        rows = showing.columns_shown(profile.columns or {})
        cells = ((heading, meaning or _("not taken")) for heading, meaning in rows)
        body = format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td></tr>", cells)
        return format_html("<table>{}</table>", body) if rows else _("None yet: they are told with the first file.")

    @admin.display(description=gettext_lazy("last import"))
    def last_import(self, profile):
        return profile.imports.first() or "–"


@admin.register(CatalogueImport)
class CatalogueImportAdmin(ReadOnlyAdmin):
    """A run is not edited: it is uploaded, looked through, put live, undone."""

    list_display = ["file_name", "profile", "step", "new", "changed", "gone", "quarantined", "started_at"]
    list_filter = ["step", "profile"]
    list_select_related = ["profile"]
    search_fields = ["file_name"]
    list_per_page = 50

    def has_add_permission(self, request):
        return request.user.has_perm("integrations.add_catalogueimport")

    def get_urls(self):
        def at(address, view, name):
            return path(f"<int:run_id>/{address}/", self.admin_site.admin_view(view), name=f"{_NAME}_{name}")

        return [
            at("columns", self.columns, "columns"),
            at("commit", require_POST(self.commit), "commit"),
            at("undo", require_POST(self.undo), "undo"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """The page a file is uploaded on."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid() and (run := self._received(request, form)):
            return self._to(run)
        return self._page(request, "upload", _("Import a file of products"), form=form)

    def _received(self, request: HttpRequest, form: UploadForm) -> CatalogueImport | None:
        said = form.cleaned_data
        try:
            return runs.receive(said["profile"], said["file"], now=timezone.now(), actor=request.actor)
        except Refusal as refusal:
            form.add_error("file", refusal.detail)
            return None

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The run: how far it is, what it would change or has changed, and what may be done with it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(CatalogueImport.objects.select_related("profile"), pk=_id(object_id))
        return self._page(request, "run", run.file_name, **self._shown(run), may_act=self.has_add_permission(request))

    def _shown(self, run: CatalogueImport) -> dict:
        report, busy = run.report, run.step in (Step.STAGING, Step.CHECKING, Step.COMMITTING, Step.UNDOING)
        acting = [Kind.NEW, Kind.CHANGED, *([Kind.GONE] if run.profile.gone == ImportProfile.Gone.DISCONTINUE else [])]
        names = showing.Names.for_run(run)
        return {
            "original": run,
            "busy": busy,
            "percent": showing.progress_of(run),
            "figures": showing.figures(run) if "kinds" in report else [],
            "to_do": sum(report.get("kinds", {}).get(kind, 0) for kind in acting),
            "reasons": _reasons(run),
            "fields": [(names.of(name), count) for name, count in report.get("fields", {}).items()],
            **{kind: _rows(run, kind, names) for kind in (Kind.NEW, Kind.CHANGED, Kind.GONE, Kind.QUARANTINED)},
            "kept": run.rows.filter(state=CatalogueImportRow.State.KEPT).order_by("row_number")[:_SHOWN],
            "columns": showing.columns_shown(report.get("columns", {})),
            "rows_url": reverse(f"admin:{_NAME}row_changelist"),
        }

    def columns(self, request, run_id: int):
        """The page on which the columns of a sheet are told."""
        run = self._run(request, run_id)
        with runs.local(run) as file:
            _headings, samples = sheets.headings_of(file)
        form = ColumnsForm(request.POST or None, mapping=run.report.get("columns", {}))
        if form.is_valid():
            self._do(request, run, lambda: runs.tell_columns(
                run, form.mapping(), now=timezone.now(), actor=request.actor))  # fmt: skip
            return self._to(run)
        rows = [(field, _sample(samples, number)) for number, field in enumerate(form)]
        return self._page(request, "columns", _("What the columns hold"), original=run, form=form, rows=rows)

    def commit(self, request, run_id: int):
        run = self._run(request, run_id)
        self._do(request, run, lambda: runs.approve(run, now=timezone.now(), actor=request.actor))
        return self._to(run)

    def undo(self, request, run_id: int):
        run = self._run(request, run_id)
        self._do(request, run, lambda: runs.revoke(run, now=timezone.now(), actor=request.actor))
        return self._to(run)

    def _run(self, request, run_id: int) -> CatalogueImport:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(CatalogueImport.objects.select_related("profile"), pk=run_id)

    def _do(self, request, run: CatalogueImport, deed) -> None:
        try:
            deed()
        except Refusal as refusal:
            self.message_user(request, f"{run}: {refusal.detail}", messages.ERROR)

    def _to(self, run: CatalogueImport):
        told = "columns" if run.step == Step.COLUMNS else "change"
        return redirect(f"admin:{_NAME}_{told}", run.pk)

    def _page(self, request, name: str, title: str, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta, **context}
        return TemplateResponse(request, f"admin/integrations/catalogueimport/{name}.html", context)

    @admin.display(description=gettext_lazy("new"))
    def new(self, run):
        return _count(run, Kind.NEW)

    @admin.display(description=gettext_lazy("changed"))
    def changed(self, run):
        return _count(run, Kind.CHANGED)

    @admin.display(description=gettext_lazy("gone"))
    def gone(self, run):
        return _count(run, Kind.GONE)

    @admin.display(description=gettext_lazy("quarantined"))
    def quarantined(self, run):
        return _count(run, Kind.QUARANTINED)


@admin.register(CatalogueImportRow)
class CatalogueImportRowAdmin(ReadOnlyAdmin):
    """The rows of imports; the quarantine is what opens first."""

    list_display = ["row_number", "sku", "kind", "reason", "detail", "shown_changes", "state"]
    list_filter = ["kind", "reason", "state", "run"]
    search_fields = ["=sku"]
    search_help_text = gettext_lazy("A SKU, exactly")
    ordering = ["run", "kind", "reason", "row_number"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["run", "row_number", "sku", "kind", "reason", "detail", "state", "shown_changes", "shown_sent"]
    readonly_fields = ["shown_changes", "shown_sent"]

    def get_queryset(self, request):
        self.names = showing.Names(showing.named_properties())
        return super().get_queryset(request)

    def changelist_view(self, request, extra_context=None):
        if not request.GET:
            request.GET = request.GET.copy()
            request.GET["kind__exact"] = Kind.QUARANTINED
            request.META["QUERY_STRING"] = request.GET.urlencode()
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("changes"))
    def shown_changes(self, row):
        said = showing.changes_of(row, self.names)
        changes = ((change.name, change.old or "–", change.new or "–") for change in said)
        return format_html_join("", "<div><b>{}</b> <del>{}</del> → <ins>{}</ins></div>", changes) or "–"

    @admin.display(description=gettext_lazy("as sent"))
    def shown_sent(self, row):
        return format_html_join("", "<div><b>{}</b> {}</div>", row.sent.items()) or "–"


def _sample(rows: list[list[str]], column: int) -> str:
    return ", ".join(row[column] for row in rows if column < len(row) and row[column])[:80]


def _count(run: CatalogueImport, kind: str) -> int | str:
    return run.report.get("kinds", {}).get(kind, "–")


def _rows(run: CatalogueImport, kind: str, names: showing.Names) -> list[dict]:
    """The first rows of a kind, each with its changes; of a new product the first dozen, and how many more."""
    rows = run.rows.filter(kind=kind).order_by("reason", "row_number")[:_SHOWN]
    changes = ((row, showing.changes_of(row, names)) for row in rows)
    return [{"row": row, "changes": said, "more": max(0, len(said) - _FACTS)} for row, said in changes]


def _reasons(run: CatalogueImport) -> list[tuple[str, str, int]]:
    names = dict(CatalogueImportRow.Reason.choices)
    return [(reason, names.get(reason, reason), count) for reason, count in run.report.get("reasons", {}).items()]


def _id(text: str) -> int:
    return int(text) if str(text).isdecimal() else 0
