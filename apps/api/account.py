"""Whose key this is, and where goods can go."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.rules import PERMISSIONS
from apps.accounts.selectors import account_of, ship_tos_of
from apps.api.endpoint import Endpoint


class AccountOut(serializers.Serializer):
    role = serializers.CharField()
    name = serializers.CharField(help_text="Of the machine or person this key or session belongs to.")
    permissions = serializers.ListField(child=serializers.CharField())
    account = serializers.CharField(allow_null=True, help_text="Number; null for our own systems.")
    account_name = serializers.CharField(allow_null=True)
    currency = serializers.CharField(allow_null=True)


@extend_schema_field(serializers.CharField(help_text="HH:MM, local time of the place."))
class LocalTime(serializers.TimeField):
    """OpenAPI's `time` has an offset; a gate opens by the clock on its wall."""

    def __init__(self, **options):
        super().__init__(format="%H:%M", **options)


class ShipToOut(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    country = serializers.CharField()
    receiving_from = LocalTime()
    receiving_to = LocalTime()
    receiving_days = serializers.CharField(help_text="ISO weekdays, 1 is Monday.")
    is_default = serializers.BooleanField()


class ShipTosOut(serializers.Serializer):
    ship_tos = ShipToOut(many=True)


class WhoAmI(Endpoint):
    @extend_schema(summary="Whose key this is", responses=AccountOut, tags=["account"])
    def get(self, request: HttpRequest) -> Response:
        """Role, permissions and account behind the key."""
        actor = self.actor
        account = account_of(actor) if actor.account_id else None
        said = {"role": actor.role, "name": actor.name, "permissions": sorted(PERMISSIONS[actor.role])}
        said |= {"account": account and account.number, "account_name": account and account.name}
        return Response(AccountOut(said | {"currency": account and account.currency}).data)


class ShipTos(Endpoint):
    needs = {"GET": "delivery.read"}

    @extend_schema(summary="Ship-tos", responses=ShipTosOut, tags=["account"])
    def get(self, request: HttpRequest) -> Response:
        """The addresses goods can go to, the default first."""
        return Response(ShipTosOut({"ship_tos": ship_tos_of(self.actor)}).data)
