"""What is sold: categories, products with typed attributes, packaging, documents, relations, codes."""

from apps.catalogue.models.assortments import AssortmentRule
from apps.catalogue.models.belongings import (
    PackagingUnit,
    ProductClassification,
    ProductDocument,
    ProductPicture,
    ProductRelation,
)
from apps.catalogue.models.classification import Attribute, Brand, Category
from apps.catalogue.models.codes import CustomerPartNumber, ProductCode
from apps.catalogue.models.finding import (
    MeasureUnit,
    MissedSearch,
    PastSearch,
    ProductText,
    SearchMark,
    SeenProduct,
    Synonym,
)
from apps.catalogue.models.products import CARD_FIELDS, Product, ProductQuerySet, within

__all__ = [
    "CARD_FIELDS",
    "AssortmentRule",
    "Attribute",
    "Brand",
    "Category",
    "CustomerPartNumber",
    "MeasureUnit",
    "MissedSearch",
    "PackagingUnit",
    "PastSearch",
    "Product",
    "ProductClassification",
    "ProductCode",
    "ProductDocument",
    "ProductPicture",
    "ProductQuerySet",
    "ProductRelation",
    "ProductText",
    "SearchMark",
    "SeenProduct",
    "Synonym",
    "within",
]
