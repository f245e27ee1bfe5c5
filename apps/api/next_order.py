"""The next order of the account: what it is expected to have and why, and what is not to be suggested."""

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import Strict, Text
from apps.catalogue.selectors import product_for
from apps.recommendations import services
from apps.recommendations.selectors import Reason, next_order

MOST = 60
REASONS, KINDS = Reason.values, services.Way.values


class NextOrderIn(Strict):
    limit = serializers.IntegerField(required=False, default=MOST, min_value=1, max_value=MOST)


class NextLineOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    quantity = serializers.IntegerField(help_text="The usual one, raised to what can be ordered.")
    reason = serializers.ChoiceField(REASONS, source="kind")
    because = serializers.JSONField(
        help_text="Facts of the reason: times ordered, usual gap in days, last day, the SKU it replaces, accounts."
    )
    confidence = serializers.IntegerField(
        allow_null=True, help_text="Of 100 such suggestions so many were in the next order, when measured last."
    )
    due_on = serializers.DateField(allow_null=True, help_text="By its own rhythm; may be past.")
    expected_on = serializers.DateField(allow_null=True, help_text="The likeliest day from now on.")


class NextOrderOut(serializers.Serializer):
    lines = NextLineOut(many=True)


class DismissalIn(Strict):
    sku = Text(max_length=60)
    kind = serializers.ChoiceField(KINDS)


class DismissalOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    kind = serializers.ChoiceField(KINDS)
    until = serializers.DateField(allow_null=True, help_text="Suggested again from this day; null: never.")


class NextOrder(Endpoint):
    needs = {"GET": "cart.edit"}

    @extend_schema(summary="The next order", parameters=[NextOrderIn], responses=NextOrderOut, tags=["lists"])
    def get(self, request: HttpRequest) -> Response:
        """Products the next order is expected to have, the likeliest first."""
        asked = self.asked(NextOrderIn)
        lines = next_order(self.actor, timezone.localdate(self.now), asked["limit"])
        return Response(NextOrderOut({"lines": lines}).data)


class Dismissals(Endpoint):
    needs = {"POST": "cart.edit"}

    @extend_schema(
        summary="Do not suggest a product", request=DismissalIn, responses={201: DismissalOut}, tags=["lists"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Not now, never, or because it is bought elsewhere; said again, the last word holds."""
        asked = self.asked(DismissalIn)
        held = services.dismiss(self.actor, product_for(self.actor, asked["sku"]), asked["kind"], self.now)
        return Response(DismissalOut(held).data, status=201)
