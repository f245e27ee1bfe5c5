from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin
from apps.integrations.bulk_edit.admin import change_products
from apps.integrations.catalogue_export.admin import OF_CATEGORIES, OF_PRODUCTS
from apps.integrations.catalogue_import.admin import CatalogueImportAdmin, CatalogueImportRowAdmin, ImportProfileAdmin
from apps.integrations.imports.admin import RowAdmin
from apps.integrations.models import SalesHistoryImport, SalesHistoryLine
from apps.integrations.pictures.admin import PictureAddressAdmin, PictureBatchAdmin
from apps.integrations.price_import.admin import PriceImportAdmin, PriceImportRowAdmin
from apps.integrations.sales_history.reconciliation import PARTS
from apps.integrations.ship_to_places.admin import PlacedShipToAdmin

__all__ = [
    "OF_CATEGORIES",
    "OF_PRODUCTS",
    "CatalogueImportAdmin",
    "CatalogueImportRowAdmin",
    "ImportProfileAdmin",
    "PictureAddressAdmin",
    "PictureBatchAdmin",
    "PlacedShipToAdmin",
    "PriceImportAdmin",
    "PriceImportRowAdmin",
    "SalesHistoryImportAdmin",
    "SalesHistoryLineAdmin",
    "change_products",
]


@admin.register(SalesHistoryImport)
class SalesHistoryImportAdmin(ReadOnlyAdmin):
    """Every import with how it adds up."""

    list_display = ["file_name", "step", "reached", "started_at", "finished_at"]
    fields = ["file_name", "step", "reached", "started_at", "finished_at", "reconciliation"]
    readonly_fields = ["reconciliation"]

    @admin.display(description=_("reconciliation"))
    def reconciliation(self, run):
        if run.report is None:
            return _("Not finished yet.")
        kinds = dict(SalesHistoryLine.Kind.choices)
        rows = [(kinds[part], run.report[part]) for part in PARTS] + [(_("the whole file"), run.report)]
        body = format_html_join(
            "", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
            ((name, f"{part['lines']:,}", f"{part['amount']:,.2f}") for name, part in rows),
        )  # fmt: skip
        head = format_html_join(
            "", "<th scope='col'>{}</th>", ((name,) for name in (_("part"), _("lines"), _("amount")))
        )
        return mark_safe(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


@admin.register(SalesHistoryLine)
class SalesHistoryLineAdmin(RowAdmin):
    """The lines as they were sent."""

    list_display = [
        "row_number", "document", "sku", "description", "quantity_text", "price_text", "date_text", "customer",
        "country", "kind", "reason",
    ]  # fmt: skip
    list_filter = ["kind", "reason", "run"]
    search_fields = ["=document", "=sku", "=customer"]
    search_help_text = _("A document number, SKU or customer, exactly")
