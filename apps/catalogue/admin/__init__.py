"""The catalogue as operations keep it."""

from apps.catalogue.admin.assortments import AssortmentRuleAdmin
from apps.catalogue.admin.classification import AttributeAdmin, BrandAdmin, CategoryAdmin
from apps.catalogue.admin.products import PartNumberAdmin, ProductAdmin

__all__ = ["AssortmentRuleAdmin", "AttributeAdmin", "BrandAdmin", "CategoryAdmin", "PartNumberAdmin", "ProductAdmin"]
