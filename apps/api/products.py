"""The catalogue: search, listing, one product with everything about it."""

from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import PageIn, Text
from apps.catalogue.search import SORTS, Query, find
from apps.catalogue.selectors import product_for, product_page

KINDS = ["goods", "service"]


class ProductsIn(PageIn):
    q = Text(required=False, allow_blank=True, max_length=200, default="", help_text="Words, or any code.")
    category = Text(required=False, max_length=120, help_text="Slug of a category.")
    brand = serializers.ListField(child=Text(max_length=80), required=False, default=list, help_text="Slugs of brands.")
    in_stock = serializers.BooleanField(required=False, default=False)
    bought_before = serializers.BooleanField(required=False, default=False)
    sort = serializers.ChoiceField(SORTS, required=False, default=SORTS[0])


class ProductOut(serializers.Serializer):
    sku = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField(source="brand_name", allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(["active", "discontinued", "hidden"])
    uom = serializers.CharField(help_text="The unit that prices and quantities are in.")
    minimum_quantity = serializers.IntegerField()
    order_multiple = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_url(self, product) -> str:
        return reverse("api:product", args=[product.sku])


class ProductsOut(serializers.Serializer):
    products = ProductOut(many=True)
    total = serializers.IntegerField(help_text="Counted up to 10,000; `more` says that there are more.")
    more = serializers.BooleanField()
    next = serializers.CharField(source="next_after", allow_null=True, help_text="`after` of the next page.")
    previous = serializers.CharField(source="previous_before", allow_null=True, help_text="`before` of the last page.")
    corrected = serializers.CharField(allow_null=True, help_text="What was searched instead, if words were misspelt.")


class SpecificationOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.JSONField(help_text="A number, a text, true or false.")
    unit = serializers.CharField(allow_blank=True)


class PackagingOut(serializers.Serializer):
    name = serializers.CharField()
    quantity = serializers.IntegerField(help_text="Base units in it.")
    gtin = serializers.CharField(allow_blank=True)
    weight_kg = serializers.DecimalField(max_digits=10, decimal_places=3)


class RelatedOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    note = serializers.CharField(allow_blank=True)


class ProductPageOut(serializers.Serializer):
    product = ProductOut()
    description = serializers.CharField(source="product.description", allow_blank=True)
    mpn = serializers.CharField(source="product.mpn", allow_blank=True)
    gtin = serializers.CharField(source="product.gtin", allow_blank=True)
    weight_kg = serializers.DecimalField(source="product.weight_kg", max_digits=10, decimal_places=4)
    lead_days = serializers.IntegerField(source="product.lead_days")
    warranty_months = serializers.IntegerField(source="product.warranty_months", allow_null=True)
    part_number = serializers.CharField(allow_blank=True, help_text="The account's own number for it.")
    categories = serializers.ListField(child=serializers.CharField(), source="trail", help_text="From the top down.")
    specifications = SpecificationOut(many=True)
    packaging = PackagingOut(many=True)
    substitutes = RelatedOut(many=True)
    accessories = RelatedOut(many=True)
    services = RelatedOut(many=True)
    successors = RelatedOut(many=True)


class Products(Endpoint):
    needs = {"GET": "catalogue.read"}

    @extend_schema(
        summary="Find products",
        operation_id="products_list",
        parameters=[ProductsIn],
        responses=ProductsOut,
        tags=["products"],
    )
    def get(self, request: HttpRequest) -> Response:
        """Words or any code in `q`; no facets. Exact codes come first; misspelt words are corrected."""
        asked = self.asked(ProductsIn)
        query = Query(
            text=asked["q"],
            category=asked.get("category"),
            brands=tuple(asked["brand"]),
            in_stock=asked["in_stock"],
            bought_before=asked["bought_before"],
            sort=asked["sort"],
            after=asked.get("after"),
            before=asked.get("before"),
            size=asked["size"],
        )
        return Response(ProductsOut(find(self.actor, query, with_facets=False)).data)


class Product(Endpoint):
    needs = {"GET": "catalogue.read"}

    @extend_schema(summary="One product", responses=ProductPageOut, tags=["products"])
    def get(self, request: HttpRequest, sku: str) -> Response:
        """Everything the catalogue knows about a SKU; prices and dates are asked where they live."""
        return Response(ProductPageOut(product_page(self.actor, product_for(self.actor, sku))).data)
