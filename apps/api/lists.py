"""Lists of the account: those that are shared, and of a person also their own."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.codes import resolve_all
from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, key_of
from apps.api.strict import Quantity, Strict, Text
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.ordering import selectors
from apps.ordering.errors import NoAccountChosen
from apps.ordering.services import lists as services


class ListLineIn(Strict):
    """A product by any code it is known by."""

    code = Text(max_length=60)
    quantity = Quantity()
    par = Quantity(required=False, allow_null=True, default=None, help_text="What should be on the shelf.")
    note = Text(required=False, allow_blank=True, max_length=120, default="")


class ListIn(Strict):
    name = Text(max_length=80)
    note = Text(required=False, allow_blank=True, max_length=300, default="")
    shared = serializers.BooleanField(required=False, default=True, help_text="A machine's lists always are.")
    lines = ListLineIn(many=True, required=False, default=list, max_length=services.MOST_LINES)


class ListLineOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    quantity = serializers.IntegerField()
    par = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ListOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    shared = serializers.BooleanField(source="is_shared")
    updated_at = serializers.DateTimeField()


class ListPageOut(ListOut):
    lines = ListLineOut(many=True)


class ListsOut(serializers.Serializer):
    lists = ListOut(many=True)


def _page(kept) -> dict:
    return {**ListOut(kept).data, "lines": ListLineOut(selectors.list_lines(kept), many=True).data}


def _lines(actor, asked: list[dict]) -> list[tuple]:
    """(product id, quantity, par, note) of each line. `Invalid` where two name the same product."""
    products = resolve_all(actor, {line["code"] for line in asked})
    lines = [(products[line["code"]].pk, line["quantity"], line["par"], line["note"]) for line in asked]
    if len({product_id for product_id, *_rest in lines}) < len(lines):
        raise Invalid(_("Two lines name the same product: a list has each product once."))
    return lines


class Lists(Endpoint):
    needs = {"GET": "catalogue.read", "POST": "cart.edit"}

    @extend_schema(summary="Lists", operation_id="lists_list", responses=ListsOut, tags=["lists"])
    def get(self, request: HttpRequest) -> Response:
        """By name, without their lines."""
        return Response(ListsOut({"lists": selectors.lists_of(self.actor)}).data)

    @extend_schema(
        summary="Make a list", parameters=[KEY], request=ListIn, responses={201: ListPageOut}, tags=["lists"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Made once for a key, however often it is sent."""
        if self.actor.account_id is None:
            raise NoAccountChosen()
        key, asked = key_of(request), self.asked(ListIn)
        owner = f"account:{self.actor.account_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._made(asked)), now=self.now)
        return Response(answer, status=status)

    def _made(self, asked: dict) -> dict:
        lines = _lines(self.actor, asked["lines"])
        said = {name: asked[name] for name in ("name", "note", "shared")}
        return _page(services.make_list(self.actor, **said, lines=lines, now=self.now))


class List(Endpoint):
    needs = {"GET": "catalogue.read", "PUT": "cart.edit", "DELETE": "cart.edit"}

    @extend_schema(summary="One list", responses=ListPageOut, tags=["lists"])
    def get(self, request: HttpRequest, list_id: int) -> Response:
        """With its lines in their order."""
        return Response(_page(selectors.list_for(self.actor, list_id)))

    @extend_schema(summary="Replace a list", request=ListIn, responses=ListPageOut, tags=["lists"])
    def put(self, request: HttpRequest, list_id: int) -> Response:
        """Name, note and all lines are those of the body from now on."""
        kept = selectors.list_for(self.actor, list_id)
        asked = self.asked(ListIn)
        lines = _lines(self.actor, asked["lines"])
        said = {name: asked[name] for name in ("name", "note", "shared")}
        return Response(_page(services.replace_list(self.actor, kept, **said, lines=lines, now=self.now)))

    @extend_schema(summary="Delete a list", responses={204: None}, tags=["lists"])
    def delete(self, request: HttpRequest, list_id: int) -> Response:
        """For who made it, the account's administrator, and anyone where nobody owns it."""
        services.delete_list(self.actor, selectors.list_for(self.actor, list_id), now=self.now)
        return Response(status=204)
