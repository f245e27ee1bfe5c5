"""A line that comes later than it was promised: what to do about it, decided once."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.codes import resolve_all
from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, OrderPageOut, key_of, page_of
from apps.api.strict import Amount, Price, Quantity, Strict, Text
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.fulfilment.services import answer_slip
from apps.ordering.selectors import order_for

CHOICES = ["wait", "substitute", "split", "cancel"]


class InsteadIn(Strict):
    code = Text(max_length=60, help_text="What is to be sent instead.")
    quantity = Quantity()
    expected_price = Price(required=False, min_value=0, help_text="Refused where the unit price is another.")


class ChoiceIn(Strict):
    choice = serializers.ChoiceField(CHOICES)
    expected_on = serializers.DateField(help_text="The new day you decide about: refused where it has moved again.")
    instead = InsteadIn(required=False, help_text="With `substitute` alone.")
    expected_charge = Amount(
        required=False, min_value=0, help_text="With `split`: the line's split_charge, refused where it is another."
    )


class ChoiceOut(serializers.Serializer):
    page = OrderPageOut()
    substitute = serializers.CharField(allow_null=True, help_text="The order that stands in; it may wait for a yes.")


class Choice(Endpoint):
    needs = {"POST": "order.place"}

    @extend_schema(
        summary="Decide about a late line",
        parameters=[KEY],
        request=ChoiceIn,
        responses={200: ChoiceOut},
        tags=["orders"],
    )
    def post(self, request: HttpRequest, number: str, position: int) -> Response:
        """Wait for it, order something else in its place, send what is there, or call it off; once for a new day.

        A substitute is an order under your limits and approvals; until a yes the late part stays held.
        """
        key, asked = key_of(request), self.asked(ChoiceIn)
        order = order_for(self.actor, number)
        if ("instead" in asked) != (asked["choice"] == "substitute"):
            raise Invalid(fields={"instead": [_("It belongs to a substitute, and a substitute needs it.")]})
        wording = [number, position, request.data]
        owner = f"account:{order.account_id}"
        status, answer = answer_once(
            owner, key, wording, lambda: (200, self._choose(order, position, asked)), now=self.now
        )
        return Response(answer, status=status)

    def _choose(self, order, position: int, asked: dict) -> dict:
        instead = asked.get("instead")
        product = resolve_all(self.actor, {instead["code"]})[instead["code"]] if instead else None
        of_it = {"product_id": product.pk, "quantity": instead["quantity"]} if instead else {}
        slip = answer_slip(
            self.actor,
            order,
            position,
            asked["choice"],
            comes_on=asked["expected_on"],
            freight=asked.get("expected_charge"),
            unit_price=instead.get("expected_price") if instead else None,
            channel="api",
            now=self.now,
            **of_it,
        )
        substitute = slip.substitute.number if slip.substitute_id else None
        return {"page": page_of(self.actor, order.number), "substitute": substitute}
