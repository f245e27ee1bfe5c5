"""The import of products as operations see it."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.integrations.catalogue_import import runs, showing
from apps.integrations.catalogue_import.forms import ColumnsForm, UploadForm
from apps.integrations.imports.admin import SHOWN, ImportAdmin, RowAdmin, counted
from apps.integrations.models import CatalogueImport, CatalogueImportRow, ImportProfile

_FACTS = 12
Kind = CatalogueImportRow.Kind


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
class CatalogueImportAdmin(ImportAdmin):
    list_display = ["file_name", "profile", "step", "new", "changed", "gone", "quarantined", "started_at"]
    list_filter = ["step", "profile"]
    list_select_related = ["profile"]
    upload_title = gettext_lazy("Import a file of products")
    upload_form, columns_form, tell_columns = UploadForm, ColumnsForm, runs.tell_columns
    new = counted(Kind.NEW, gettext_lazy("new"))
    changed = counted(Kind.CHANGED, gettext_lazy("changed"))
    gone = counted(Kind.GONE, gettext_lazy("gone"))
    quarantined = counted(Kind.QUARANTINED, gettext_lazy("quarantined"))

    def received(self, form, said):
        return runs.receive(form.cleaned_data["profile"], form.cleaned_data["file"], **said)

    def shown(self, run):
        report = run.report
        acting = [Kind.NEW, Kind.CHANGED, *([Kind.GONE] if run.profile.gone == ImportProfile.Gone.DISCONTINUE else [])]
        names = showing.Names.for_run(run)
        quarantined = run.rows.filter(kind=Kind.QUARANTINED).order_by("reason", "row_number")
        return {
            "percent": showing.progress_of(run),
            "figures": showing.figures(run) if "kinds" in report else [],
            "to_do": sum(report.get("kinds", {}).get(kind, 0) for kind in acting),
            "fields": [(names.of(name), count) for name, count in report.get("fields", {}).items()],
            **{kind: _rows(run, kind, names) for kind in (Kind.NEW, Kind.CHANGED, Kind.GONE)},
            "quarantined": quarantined[:SHOWN],
            "not_undone": run.rows.filter(state=CatalogueImportRow.State.KEPT).order_by("row_number")[:SHOWN],
            "columns": showing.columns_shown(report.get("columns", {})),
        }


@admin.register(CatalogueImportRow)
class CatalogueImportRowAdmin(RowAdmin):
    list_display = ["row_number", "sku", "kind", "reason", "detail", "shown_changes", "state"]
    list_filter = ["kind", "reason", "state", "run"]
    list_per_page = 50
    fields = ["run", "row_number", "sku", "kind", "reason", "detail", "state", "shown_changes", "shown_sent"]
    readonly_fields = ["shown_changes", "shown_sent"]

    def get_queryset(self, request):
        self.names = showing.Names(showing.named_properties())
        return super().get_queryset(request)

    @admin.display(description=gettext_lazy("changes"))
    def shown_changes(self, row):
        said = showing.changes_of(row, self.names)
        changes = ((change.name, change.old or "–", change.new or "–") for change in said)
        return format_html_join("", "<div><b>{}</b> <del>{}</del> → <ins>{}</ins></div>", changes) or "–"


def _rows(run: CatalogueImport, kind: str, names: showing.Names) -> list[dict]:
    """The first rows of a kind, each with its changes; of a new product the first dozen, and how many more."""
    rows = run.rows.filter(kind=kind).order_by("reason", "row_number")[:SHOWN]
    changes = ((row, showing.changes_of(row, names)) for row in rows)
    return [{"row": row, "changes": said, "more": max(0, len(said) - _FACTS)} for row, said in changes]
