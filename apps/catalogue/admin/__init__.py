"""The catalogue as operations keep it."""

from apps.catalogue.admin.classification import AttributeAdmin, BrandAdmin, CategoryAdmin
from apps.catalogue.admin.products import PartNumberAdmin, ProductAdmin

__all__ = ["AttributeAdmin", "BrandAdmin", "CategoryAdmin", "PartNumberAdmin", "ProductAdmin"]
