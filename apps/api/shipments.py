"""Shipments: read by the account, reported on by carriers and the ERP."""

from collections import Counter

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.strict import PageIn, Strict, Text
from apps.catalogue.rules import MAX_QUANTITY
from apps.core.errors import Invalid
from apps.fulfilment.selectors import parcels_of, shipment_for, shipments_page, tracking_of
from apps.fulfilment.services import confirm_delivery, correct_delivery, record_tracking, void_delivery

STATUSES = ["planned", "shipped", "delivered", "cancelled"]
KINDS = ["picked_up", "in_transit", "out_for_delivery", "delivered", "exception"]


class ShipmentsIn(PageIn):
    status = serializers.ChoiceField(STATUSES, required=False)


class ShipmentOut(serializers.Serializer):
    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    status = serializers.ChoiceField(STATUSES)
    carrier = serializers.CharField(allow_blank=True)
    tracking_code = serializers.CharField(allow_blank=True)
    promised_on = serializers.DateField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    received_by = serializers.CharField(allow_blank=True)


class ShipmentsOut(serializers.Serializer):
    shipments = ShipmentOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class ShipmentLineOut(serializers.Serializer):
    position = serializers.IntegerField(source="order_line.position", help_text="Of the line in its order.")
    sku = serializers.CharField(source="order_line.sku")
    name = serializers.CharField(source="order_line.name")
    quantity = serializers.IntegerField()
    delivered_quantity = serializers.IntegerField(allow_null=True)
    damaged_quantity = serializers.IntegerField()
    refused_quantity = serializers.IntegerField(help_text="At the door; it went back.")


class TrackingOut(serializers.Serializer):
    kind = serializers.ChoiceField(KINDS)
    place = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    happened_at = serializers.DateTimeField()
    applied = serializers.BooleanField(help_text="False: it was kept, and changed nothing.")
    unapplied_because = serializers.CharField(allow_blank=True)


class ParcelLineOut(serializers.Serializer):
    position = serializers.IntegerField(source="line.order_line.position", help_text="Of the line in its order.")
    sku = serializers.CharField(source="line.order_line.sku")
    quantity = serializers.IntegerField(help_text="Of the line, in this parcel.")


class ParcelOut(serializers.Serializer):
    position = serializers.IntegerField(help_text="Of the parcel in its shipment, from 1 on.")
    tracking_number = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(STATUSES)
    lines = ParcelLineOut(many=True)
    tracking = TrackingOut(many=True, help_text="What was said of this parcel, in the order it happened.")


class ShipmentPageOut(serializers.Serializer):
    shipment = ShipmentOut()
    lines = ShipmentLineOut(many=True)
    parcels = ParcelOut(many=True, help_text="Empty until it is packed.")
    tracking = TrackingOut(many=True, help_text="What was said of the shipment and its parcels.")


class ReceivedIn(Strict):
    position = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, help_text="Of the line in its order.")
    delivered = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY)
    damaged = serializers.IntegerField(
        min_value=0, max_value=MAX_QUANTITY, default=0, help_text="Of what was delivered."
    )


class DeliveryIn(Strict):
    message_id = Text(max_length=80, help_text="Your own number of this message: sent again, it changes nothing.")
    delivered_at = serializers.DateTimeField()
    received_by = Text(max_length=120, allow_blank=True, default="")
    lines = ReceivedIn(many=True, required=False, allow_empty=False, max_length=500, help_text="In full if left out.")


class CorrectionIn(Strict):
    delivered_at = serializers.DateTimeField()
    received_by = Text(max_length=120, allow_blank=True, default="")
    lines = ReceivedIn(many=True, required=False, allow_empty=False, max_length=500, help_text="In full if left out.")
    reason = Text(max_length=200, help_text="Stays with the delivery.")


class VoidIn(Strict):
    reason = Text(max_length=200, help_text="Stays with the delivery.")


class TrackingIn(Strict):
    message_id = Text(max_length=80, help_text="Your own number of this message: sent again, it changes nothing.")
    kind = serializers.ChoiceField(KINDS)
    happened_at = serializers.DateTimeField()
    place = Text(max_length=80, allow_blank=True, default="")
    note = Text(max_length=200, allow_blank=True, default="")


class Shipments(Endpoint):
    needs = {"GET": "delivery.read"}

    @extend_schema(
        summary="Shipments",
        operation_id="shipments_list",
        parameters=[ShipmentsIn],
        responses=ShipmentsOut,
        tags=["shipments"],
    )
    def get(self, request: HttpRequest) -> Response:
        """The latest first."""
        asked = self.asked(ShipmentsIn)
        page = {name: asked.get(name) for name in ("status", "after", "before", "size")}
        return Response(ShipmentsOut(shipments_page(self.actor, **page)).data)


class Shipment(Endpoint):
    needs = {"GET": "delivery.read"}

    @extend_schema(summary="One shipment", responses=ShipmentPageOut, tags=["shipments"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """What is in it and in each of its parcels, and what was said about it on its way."""
        return Response(_page_of(self.actor, shipment_for(self.actor, number)))


class Delivery(Endpoint):
    needs = {"POST": "delivery.confirm"}

    @extend_schema(
        summary="Confirm a delivery", request=DeliveryIn, responses={200: ShipmentPageOut}, tags=["shipments"]
    )
    def post(self, request: HttpRequest, number: str) -> Response:
        """A shipment was received, in full or as `lines` say. The first word counts; repeating it does no harm."""
        shipment, asked = shipment_for(self.actor, number), self.asked(DeliveryIn)
        confirm_delivery(
            self.actor,
            shipment,
            received_by=asked["received_by"],
            delivered_at=asked["delivered_at"],
            lines=_received(shipment, asked["lines"]) if "lines" in asked else None,
            source=self.actor.name,
            message_id=asked["message_id"],
            now=self.now,
        )
        return Response(_page_of(self.actor, shipment_for(self.actor, number)))


class Correction(Endpoint):
    needs = {"POST": "delivery.confirm"}

    @extend_schema(
        summary="Correct a delivery", request=CorrectionIn, responses={200: ShipmentPageOut}, tags=["shipments"]
    )
    def post(self, request: HttpRequest, number: str) -> Response:
        """It was received at another time, by somebody else, or another quantity of a line; said whole.

        For the distributor's own systems. Repeating it does no harm.
        """
        shipment, asked = shipment_for(self.actor, number), self.asked(CorrectionIn)
        correct_delivery(
            self.actor,
            shipment,
            received_by=asked["received_by"],
            delivered_at=asked["delivered_at"],
            lines=_received(shipment, asked["lines"]) if "lines" in asked else {},
            reason=asked["reason"],
            now=self.now,
        )
        return Response(_page_of(self.actor, shipment_for(self.actor, number)))


class Void(Endpoint):
    needs = {"POST": "delivery.confirm"}

    @extend_schema(summary="Take a delivery back", request=VoidIn, responses={200: ShipmentPageOut}, tags=["shipments"])
    def post(self, request: HttpRequest, number: str) -> Response:
        """It was not received after all: the shipment is on its way again. For the distributor's own systems."""
        shipment, asked = shipment_for(self.actor, number), self.asked(VoidIn)
        void_delivery(self.actor, shipment, reason=asked["reason"], now=self.now)
        return Response(_page_of(self.actor, shipment_for(self.actor, number)))


class Tracking(Endpoint):
    needs = {"POST": "delivery.confirm"}

    @extend_schema(summary="Report on the way", request=TrackingIn, responses={200: TrackingOut}, tags=["shipments"])
    def post(self, request: HttpRequest, number: str) -> Response:
        """What a carrier saw. Events may come late, twice and in any order; each is kept once."""
        shipment, asked = shipment_for(self.actor, number), self.asked(TrackingIn)
        event = record_tracking(self.actor, shipment, source=self.actor.name, now=self.now, **asked)
        return Response(TrackingOut(event).data)


def _received(shipment, lines: list[dict]) -> dict[int, tuple[int, int]]:
    """Order line id -> (delivered, damaged); `Invalid` names positions that are there twice or not in the shipment."""
    ids = {line.order_line.position: line.order_line_id for line in shipment.lines.all()}
    said = Counter(line["position"] for line in lines)
    if twice := sorted(position for position, times in said.items() if times > 1):
        raise Invalid(fields={"lines": [f"Line {position} is there more than once." for position in twice]})
    if unknown := sorted({line["position"] for line in lines} - set(ids)):
        raise Invalid(fields={"lines": [f"There is no line {position} in this shipment." for position in unknown]})
    return {ids[line["position"]]: (line["delivered"], line["damaged"]) for line in lines}


def _page_of(actor, shipment) -> dict:
    tracking = tracking_of(actor, shipment)
    parcels = parcels_of(actor, shipment)
    shown = {"shipment": shipment, "lines": shipment.lines.all(), "parcels": parcels, "tracking": tracking}
    return ShipmentPageOut(shown).data
