"""The import of prices as operations see it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.integrations.imports.admin import SHOWN, ImportAdmin, RowAdmin, counted
from apps.integrations.models import PriceImport, PriceImportRow
from apps.integrations.price_import import runs
from apps.integrations.price_import.columns import TARGETS
from apps.integrations.price_import.forms import ColumnsForm, UploadForm

Kind, Reason = PriceImportRow.Kind, PriceImportRow.Reason
#: Of a price in a list of rows: how much dearer it becomes, in percent.
CHANGE = "round((unit_price - old_price) * 100 / nullif(old_price, 0), 1)"


@admin.register(PriceImport)
class PriceImportAdmin(ImportAdmin):
    list_display = ["file_name", "price_list", "valid_from", "step", "new", "up", "down", "gone", "quarantined"]
    list_filter = ["step", "price_list"]
    list_select_related = ["price_list"]
    upload_title = _("Import a file of prices")
    upload_form, columns_form, tell_columns = UploadForm, ColumnsForm, runs.tell_columns
    deeds = ImportAdmin.deeds | {"jumps": runs.take_jumps}
    new = counted(Kind.NEW, _("new"))
    up = counted(Kind.UP, _("dearer"))
    down = counted(Kind.DOWN, _("cheaper"))
    gone = counted(Kind.GONE, _("gone"))
    quarantined = counted(Kind.QUARANTINED, _("quarantined"))

    def received(self, form, said):
        return runs.receive(form.manner(), form.cleaned_data["file"], **said)

    def shown(self, run):
        kinds, names = run.report.get("kinds", {}), dict(Kind.choices)
        rows, columns = run.rows.order_by("row_number"), run.report.get("columns", {})
        return {
            "figures": [(kind, names[kind], count) for kind, count in kinds.items()],
            "to_do": sum(kinds.get(kind, 0) for kind in ("new", "up", "down", "gone")),
            "jumps": _changes(rows.filter(kind__in=(Kind.UP, Kind.DOWN), is_jump=True)),
            "jumps_count": run.report.get("jumps", 0),
            "tenfold": run.report.get("reasons", {}).get(Reason.TENFOLD, 0),
            "quarantined": rows.filter(kind=Kind.QUARANTINED).order_by("reason", "row_number")[:SHOWN],
            "changes": [
                (names[kind], _changes(rows.filter(kind=kind))) for kind in (Kind.UP, Kind.DOWN, Kind.NEW, Kind.GONE)
            ],
            "columns": [(heading, TARGETS.get(target, "")) for heading, target in columns.items()],
            "kept": run.report.get("kept", 0),
        }


@admin.register(PriceImportRow)
class PriceImportRowAdmin(RowAdmin):
    list_display = [
        "row_number", "sku", "list_code", "min_quantity", "old_price", "unit_price", "kind", "reason", "detail",
    ]  # fmt: skip
    list_filter = ["kind", "reason", "is_jump", "run"]
    list_per_page = 50
    readonly_fields = ["shown_sent"]
    exclude = ["sent", "product_ref", "list_ref"]


def _changes(rows) -> list[dict]:
    """The first rows, each with what it was and becomes and by how much."""
    shown = rows.extra(select={"change": CHANGE})[:SHOWN]
    return [{"row": row, "change": row.change} for row in shown]
