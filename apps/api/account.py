"""Whose key this is."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.rules import PERMISSIONS
from apps.accounts.selectors import account_of
from apps.api.endpoint import Endpoint


class AccountOut(serializers.Serializer):
    role = serializers.CharField()
    name = serializers.CharField(help_text="Of the machine or person this key or session belongs to.")
    permissions = serializers.ListField(child=serializers.CharField())
    account = serializers.CharField(allow_null=True, help_text="Number; null for our own systems.")
    account_name = serializers.CharField(allow_null=True)
    currency = serializers.CharField(allow_null=True)


class WhoAmI(Endpoint):
    @extend_schema(summary="Whose key this is", responses=AccountOut, tags=["account"])
    def get(self, request: HttpRequest) -> Response:
        """Role, permissions and account behind the key."""
        actor = self.actor
        account = account_of(actor) if actor.account_id else None
        said = {"role": actor.role, "name": actor.name, "permissions": sorted(PERMISSIONS[actor.role])}
        said |= {"account": account and account.number, "account_name": account and account.name}
        return Response(AccountOut(said | {"currency": account and account.currency}).data)
