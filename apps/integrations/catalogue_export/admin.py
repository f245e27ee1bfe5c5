"""Export from the lists of products and categories: chosen rows, as a download."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import admin, messages
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.admin import CategoryAdmin, ProductAdmin
from apps.core.errors import Refusal
from apps.integrations.catalogue_export.files import KINDS, write_file
from apps.integrations.catalogue_export.products import Wanted

_MOST_CHOSEN = 5_000


def _download(model_admin, request, wanted: Wanted, suffix: str, name: str):
    """The file, streamed from the disk; it has no name there while it is sent."""
    try:
        with TemporaryDirectory() as place:
            path = Path(place) / f"export{suffix}"
            write_file(wanted, path)
            return FileResponse(
                path.open("rb"), as_attachment=True, filename=f"{name}{suffix}", content_type=KINDS[suffix]
            )
    except Refusal as refusal:
        model_admin.message_user(request, refusal.detail, messages.ERROR)


def _of_products(suffix: str, described):
    @admin.action(description=described, permissions=["view"])
    def export(model_admin, request, products: Iterable):
        skus = tuple(product.sku for product in products[: _MOST_CHOSEN + 1])
        if len(skus) > _MOST_CHOSEN:
            said = _("Choose at most %(most)s products, or export their category.") % {"most": f"{_MOST_CHOSEN:,}"}
            model_admin.message_user(request, said, messages.WARNING)
            return None
        return _download(model_admin, request, Wanted(skus=skus, on=timezone.localdate()), suffix, "products")

    export.__name__ = f"export_products_as_{suffix[1:]}"
    return export


def _of_category(suffix: str, described):
    @admin.action(description=described, permissions=["view"])
    def export(model_admin, request, categories: Iterable):
        chosen = list(categories[:2])
        if len(chosen) != 1:
            said = _("Choose one category; what stands below it goes along.")
            model_admin.message_user(request, said, messages.WARNING)
            return None
        return _download(model_admin, request, Wanted(chosen[0].slug, on=timezone.localdate()), suffix, chosen[0].slug)

    export.__name__ = f"export_category_as_{suffix[1:]}"
    return export


DESCRIBED = {
    ".csv": gettext_lazy("Export as CSV"),
    ".xlsx": gettext_lazy("Export as workbook"),
    ".xml": gettext_lazy("Export as BMEcat"),
}
OF_PRODUCTS = [_of_products(suffix, described) for suffix, described in DESCRIBED.items()]
OF_CATEGORIES = [_of_category(suffix, described) for suffix, described in DESCRIBED.items()]


# The lists are the catalogue's; files are ours, and it knows nothing of them.
ProductAdmin.actions = [*ProductAdmin.actions, *OF_PRODUCTS]
CategoryAdmin.actions = [*(CategoryAdmin.actions or ()), *OF_CATEGORIES]
