"""What was sent to us, as it was sent, before it becomes the domains' own."""

from apps.integrations.models.catalogue import CatalogueImport, CatalogueImportRow, ImportProfile
from apps.integrations.models.imports import ImportRun, import_path, private_storage
from apps.integrations.models.pictures import PictureAddress, PictureBatch
from apps.integrations.models.prices import PriceImport, PriceImportChange, PriceImportRow
from apps.integrations.models.sales_history import SalesHistoryImport, SalesHistoryLine

__all__ = [
    "CatalogueImport",
    "CatalogueImportRow",
    "ImportProfile",
    "ImportRun",
    "PictureAddress",
    "PictureBatch",
    "PriceImport",
    "PriceImportChange",
    "PriceImportRow",
    "SalesHistoryImport",
    "SalesHistoryLine",
    "import_path",
    "private_storage",
]
