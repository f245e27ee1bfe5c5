"""The import of prices as operations see it: upload, columns, what it would change, commit, undo."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
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
from apps.integrations.models import PriceImport, PriceImportRow
from apps.integrations.price_import import runs
from apps.integrations.price_import.columns import TARGETS
from apps.integrations.price_import.forms import ColumnsForm, UploadForm

_SHOWN = 20
_NAME = "integrations_priceimport"
Step, Kind, Reason = PriceImport.Step, PriceImportRow.Kind, PriceImportRow.Reason
BUSY = (Step.STAGING, Step.CHECKING, Step.COMMITTING, Step.UNDOING)
#: Of a price in a list of rows: how much dearer it becomes, in percent.
CHANGE = "round((unit_price - old_price) * 100 / nullif(old_price, 0), 1)"


@admin.register(PriceImport)
class PriceImportAdmin(ReadOnlyAdmin):
    """A run is not edited: it is uploaded, looked through, put live, undone."""

    list_display = ["file_name", "price_list", "valid_from", "step", "new", "up", "down", "gone", "quarantined"]
    list_filter = ["step", "price_list"]
    list_select_related = ["price_list"]
    search_fields = ["file_name"]
    list_per_page = 50

    def has_add_permission(self, request):
        return request.user.has_perm("integrations.add_priceimport")

    def get_urls(self):
        def at(address, view):
            view = require_POST(view) if address != "columns" else view
            return path(f"<int:run_id>/{address}/", self.admin_site.admin_view(view), name=f"{_NAME}_{address}")

        own = {"columns": self.columns, "commit": self.commit, "undo": self.undo, "jumps": self.jumps}
        return [*(at(address, view) for address, view in own.items()), *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """The page a file is uploaded on."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid() and (run := self._received(request, form)):
            return self._to(run)
        return self._page(request, "upload", _("Import a file of prices"), form=form)

    def _received(self, request: HttpRequest, form: UploadForm) -> PriceImport | None:
        try:
            file = form.cleaned_data["file"]
            return runs.receive(form.manner(), file, now=timezone.now(), actor=request.actor)
        except Refusal as refusal:
            form.add_error("file", refusal.detail)
            return None

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The run: how far it is, what it would change or has changed, and what may be done with it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if str(object_id).isdecimal() else 0
        run = get_object_or_404(PriceImport.objects.select_related("price_list"), pk=pk)
        return self._page(request, "run", run.file_name, **_shown(run), may_act=self.has_add_permission(request))

    def columns(self, request, run_id: int):
        """The page on which the columns of a sheet are told."""
        run = self._run(request, run_id)
        with runs.local(run) as file:
            _headings, samples = runs.headings_of(file, run.file_name)
        form = ColumnsForm(request.POST or None, mapping=run.report.get("columns", {}))
        if form.is_valid():
            said = {"now": timezone.now(), "actor": request.actor}
            self._do(request, run, lambda: runs.tell_columns(run, form.mapping(), **said))
            return self._to(run)
        rows = [(field, _sample(samples, number)) for number, field in enumerate(form)]
        return self._page(request, "columns", _("What the columns hold"), original=run, form=form, rows=rows)

    def commit(self, request, run_id: int):
        return self._done(request, run_id, runs.approve)

    def undo(self, request, run_id: int):
        return self._done(request, run_id, runs.revoke)

    def jumps(self, request, run_id: int):
        return self._done(request, run_id, runs.take_jumps)

    def _done(self, request, run_id: int, deed):
        run = self._run(request, run_id)
        self._do(request, run, lambda: deed(run, now=timezone.now(), actor=request.actor))
        return self._to(run)

    def _run(self, request, run_id: int) -> PriceImport:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(PriceImport.objects.select_related("price_list"), pk=run_id)

    def _do(self, request, run: PriceImport, deed) -> None:
        try:
            deed()
        except Refusal as refusal:
            self.message_user(request, f"{run}: {refusal.detail}", messages.ERROR)

    def _to(self, run: PriceImport):
        return redirect(f"admin:{_NAME}_{'columns' if run.step == Step.COLUMNS else 'change'}", run.pk)

    def _page(self, request, name: str, title: str, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta, **context}
        return TemplateResponse(request, f"admin/integrations/priceimport/{name}.html", context)

    @admin.display(description=gettext_lazy("new"))
    def new(self, run):
        return _count(run, Kind.NEW)

    @admin.display(description=gettext_lazy("dearer"))
    def up(self, run):
        return _count(run, Kind.UP)

    @admin.display(description=gettext_lazy("cheaper"))
    def down(self, run):
        return _count(run, Kind.DOWN)

    @admin.display(description=gettext_lazy("gone"))
    def gone(self, run):
        return _count(run, Kind.GONE)

    @admin.display(description=gettext_lazy("quarantined"))
    def quarantined(self, run):
        return _count(run, Kind.QUARANTINED)


@admin.register(PriceImportRow)
class PriceImportRowAdmin(ReadOnlyAdmin):
    """The rows of price files; the quarantine is what opens first."""

    list_display = [
        "row_number",
        "sku",
        "list_code",
        "min_quantity",
        "old_price",
        "unit_price",
        "kind",
        "reason",
        "detail",
    ]
    list_filter = ["kind", "reason", "is_jump", "run"]
    search_fields = ["=sku"]
    search_help_text = gettext_lazy("A SKU, exactly")
    ordering = ["run", "kind", "reason", "row_number"]
    show_full_result_count = False
    list_per_page = 50
    readonly_fields = ["shown_sent"]
    exclude = ["sent", "product_ref", "list_ref"]

    def changelist_view(self, request, extra_context=None):
        if not request.GET:
            request.GET = request.GET.copy()
            request.GET["kind__exact"] = Kind.QUARANTINED
            request.META["QUERY_STRING"] = request.GET.urlencode()
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("as sent"))
    def shown_sent(self, row):
        return format_html_join("", "<div><b>{}</b> {}</div>", row.sent.items()) or "–"


def _shown(run: PriceImport) -> dict:
    kinds = run.report.get("kinds", {})
    rows, names, reasons = run.rows.order_by("row_number"), dict(Kind.choices), dict(Reason.choices)
    told = run.report.get("reasons", {})
    return {
        "original": run,
        "busy": run.step in BUSY,
        "figures": [(kind, names[kind], count) for kind, count in kinds.items()],
        "to_do": sum(kinds.get(kind, 0) for kind in ("new", "up", "down", "gone")),
        "jumps": _changes(rows.filter(kind__in=(Kind.UP, Kind.DOWN), is_jump=True)),
        "jumps_count": run.report.get("jumps", 0),
        "tenfold": told.get(Reason.TENFOLD, 0),
        "reasons": [(reason, reasons.get(reason, reason), count) for reason, count in told.items()],
        "quarantine": rows.filter(kind=Kind.QUARANTINED).order_by("reason", "row_number")[:_SHOWN],
        "changes": [
            (names[kind], _changes(rows.filter(kind=kind))) for kind in (Kind.UP, Kind.DOWN, Kind.NEW, Kind.GONE)
        ],
        "columns": [(heading, TARGETS.get(target, "")) for heading, target in run.report.get("columns", {}).items()],
        "kept": run.report.get("kept", 0),
        "rows_url": reverse(f"admin:{_NAME}row_changelist"),
    }


def _changes(rows) -> list[dict]:
    """The first rows, each with what it was and becomes and by how much."""
    shown = rows.extra(select={"change": CHANGE})[:_SHOWN]
    return [{"row": row, "change": row.change} for row in shown]


def _sample(rows: list[list[str]], column: int) -> str:
    return ", ".join(row[column] for row in rows if column < len(row) and row[column])[:80]


def _count(run: PriceImport, kind: str) -> int | str:
    return run.report.get("kinds", {}).get(kind, "–")
