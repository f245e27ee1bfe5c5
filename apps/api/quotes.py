"""Quotes: what was asked of the rep, and every round of prices."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import Amount, PageIn, Price
from apps.ordering.selectors import exchange_of, quote_for, quotes_of

STATUSES = ["requested", "offered", "countered", "accepted", "declined", "withdrawn", "expired"]


class QuotesIn(PageIn):
    status = serializers.ChoiceField(STATUSES, required=False, help_text="requested: counter-offers too.")


class QuoteOut(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    account = serializers.CharField(source="account.number")
    currency = serializers.CharField()
    round = serializers.IntegerField(help_text="How many offers and counter-offers there have been.")
    requested_at = serializers.DateTimeField()
    valid_until = serializers.DateField(allow_null=True)
    order = serializers.CharField(source="order.number", default=None, allow_null=True)


class QuotesOut(serializers.Serializer):
    quotes = QuoteOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class QuoteLineOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    quantity = serializers.IntegerField()
    uom = serializers.CharField(source="product.uom")
    price_when_asked = Price(source="current_price", allow_null=True)
    offered_price = Price(allow_null=True)
    comment = serializers.CharField(source="note", allow_blank=True)


class NamedPriceOut(serializers.Serializer):
    sku = serializers.CharField(source="line.product.sku")
    unit_price = Price()
    moved = serializers.ChoiceField(["new", "down", "up", "same"], help_text="Against the round before.")


class TurnOut(serializers.Serializer):
    kind = serializers.ChoiceField(STATUSES)
    side = serializers.ChoiceField(["buyer", "rep"])
    by = serializers.CharField(source="by_name", allow_blank=True)
    at = serializers.DateTimeField()
    round = serializers.IntegerField()
    words = serializers.CharField(allow_blank=True)
    valid_until = serializers.DateField(allow_null=True)
    goods_net = Amount(source="net", allow_null=True)
    prices = NamedPriceOut(many=True)


class QuotePageOut(QuoteOut):
    lines = QuoteLineOut(many=True)
    exchange = TurnOut(many=True)


class Quotes(Endpoint):
    needs = {"GET": "price.read"}

    @extend_schema(
        summary="Quotes", operation_id="quotes_list", parameters=[QuotesIn], responses=QuotesOut, tags=["quotes"]
    )
    def get(self, request: HttpRequest) -> Response:
        """The account's quotes, the latest first."""
        asked = self.asked(QuotesIn)
        page = {name: asked.get(name) for name in ("status", "after", "before", "size")}
        return Response(QuotesOut(quotes_of(self.actor, **page)).data)


class Quote(Endpoint):
    needs = {"GET": "price.read"}

    @extend_schema(summary="One quote", responses=QuotePageOut, tags=["quotes"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """Its lines as they stand, and everything that was said, the request first."""
        quote = quote_for(self.actor, number)
        lines = QuoteLineOut(quote.lines.all(), many=True).data
        exchange = TurnOut(exchange_of(quote), many=True).data
        return Response({**QuoteOut(quote).data, "lines": lines, "exchange": exchange})
