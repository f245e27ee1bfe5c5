"""Blanket orders: what was agreed, what is left, and a call-off."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.codes import resolve_all
from apps.api.destinations import option_of
from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, GoingIn, OrderPageOut, cost_centre_of, key_of, page_of
from apps.api.strict import MOST_ASKS, AskIn, Price, Text
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.ordering.errors import BlanketNotFound, NoAccountChosen
from apps.ordering.selectors import blanket_for, blankets_of
from apps.ordering.services.blankets import call_off


class BlanketLineOut(serializers.Serializer):
    sku = serializers.CharField(source="line.product.sku")
    name = serializers.CharField(source="line.product.name")
    uom = serializers.CharField(source="line.product.uom")
    agreed_price = Price(source="line.unit_price")
    agreed = serializers.IntegerField(source="line.agreed")
    called_off = serializers.IntegerField(source="line.called")
    left = serializers.IntegerField()
    expected = serializers.IntegerField(source="pace.expected", help_text="Called off by today at an even pace.")
    is_behind = serializers.BooleanField(source="pace.is_behind")


class BlanketOut(serializers.Serializer):
    number = serializers.CharField(source="blanket.number")
    name = serializers.CharField(source="blanket.name")
    account = serializers.CharField(source="blanket.account.number")
    currency = serializers.CharField(source="blanket.currency")
    po_number = serializers.CharField(source="blanket.po_number", allow_blank=True)
    starts_on = serializers.DateField(source="blanket.starts_on")
    ends_on = serializers.DateField(source="blanket.ends_on")
    can_be_called = serializers.BooleanField()
    lines = BlanketLineOut(many=True)


class BlanketsOut(serializers.Serializer):
    blanket_orders = BlanketOut(many=True)


class CallOffIn(GoingIn):
    po_number = Text(required=False, max_length=60, default="", allow_blank=True)
    notes = Text(required=False, max_length=2000, default="", allow_blank=True)
    cost_centre = Text(required=False, max_length=20, help_text="Its code; needed where the account says so.")
    lines = AskIn(many=True, allow_empty=False, max_length=MOST_ASKS)


class Blankets(Endpoint):
    needs = {"GET": "price.read"}

    @extend_schema(
        summary="Blanket orders", operation_id="blanket_orders_list", responses=BlanketsOut, tags=["blanket orders"]
    )
    def get(self, request: HttpRequest) -> Response:
        """With their lines: the open ones by their end, then those that have ended."""
        found = blankets_of(self.actor, timezone.localdate(self.now))
        return Response(BlanketsOut({"blanket_orders": found}).data)


class Blanket(Endpoint):
    needs = {"GET": "price.read"}

    @extend_schema(summary="One blanket order", responses=BlanketOut, tags=["blanket orders"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """What was agreed, called off and is left."""
        return Response(BlanketOut(blanket_for(self.actor, number, timezone.localdate(self.now))).data)


class CallOff(Endpoint):
    needs = {"POST": "order.place"}

    @extend_schema(
        summary="Call off",
        parameters=[KEY],
        request=CallOffIn,
        responses={201: OrderPageOut},
        tags=["blanket orders"],
    )
    def post(self, request: HttpRequest, number: str) -> Response:
        """An order at the agreed prices, never of more than is left; approvals, credit and stock are those of every
        order. The same key is the same order."""
        if self.actor.account_id is None:
            raise NoAccountChosen()
        view = blanket_for(self.actor, number, timezone.localdate(self.now))
        if view.blanket.account_id != self.actor.account_id:
            raise BlanketNotFound()
        key, asked = key_of(request), self.asked(CallOffIn)
        owner = f"account:{self.actor.account_id}"
        status, answer = answer_once(
            owner, key, request.data, lambda: (201, self._called(view, asked, key)), now=self.now
        )
        return Response(answer, status=status)

    def _called(self, view, asked: dict, key: str) -> dict:
        wanted = self._wanted(view, asked["lines"])
        order = call_off(
            self.actor,
            view.blanket,
            quantities={line.pk: quantity for line, quantity in wanted},
            ship_to_id=asked["ship_to"],
            option_id=option_of(self.actor, asked, [(line.product, quantity) for line, quantity in wanted], self.now),
            key=key,
            requested_on=asked.get("requested_on"),
            po_number=asked["po_number"],
            notes=asked["notes"],
            slot=asked["slot"],
            branch_id=asked.get("branch"),
            is_complete=asked.get("is_complete"),
            cost_centre_id=cost_centre_of(self.actor, asked.get("cost_centre")),
            now=self.now,
        )
        return page_of(self.actor, order.number)

    def _wanted(self, view, asked: list[dict]) -> list[tuple]:
        """(blanket line, quantity); `Invalid` for a code that is not part of it."""
        products = resolve_all(self.actor, {line["code"] for line in asked})
        lines = {each.line.product_id: each.line for each in view.lines}
        wanted: dict = {}
        for each in asked:
            line = lines.get(products[each["code"]].id)
            if line is None:
                raise Invalid(_("%(code)s is not part of this blanket order.") % {"code": each["code"]})
            wanted[line] = wanted.get(line, 0) + each["quantity"]
        return list(wanted.items())
