"""The catalogue as operations keep it."""

from apps.catalogue.admin.assortments import AssortmentRuleAdmin
from apps.catalogue.admin.classification import AttributeAdmin, BrandAdmin, CategoryAdmin
from apps.catalogue.admin.products import PartNumberAdmin, ProductAdmin
from apps.catalogue.admin.words import MeasureUnitAdmin, SynonymAdmin

__all__ = [
    "AssortmentRuleAdmin",
    "AttributeAdmin",
    "BrandAdmin",
    "CategoryAdmin",
    "MeasureUnitAdmin",
    "PartNumberAdmin",
    "ProductAdmin",
    "SynonymAdmin",
]
