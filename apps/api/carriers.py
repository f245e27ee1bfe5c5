"""What carriers see and suppliers send straight to the receiver: with a key of the API, or signed, as a webhook."""

import json

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.errors import PermissionMissing
from apps.api.endpoint import Endpoint
from apps.core.errors import Invalid
from apps.fulfilment.services import signed_by, take_in

MOST_EVENTS, LARGEST_BODY = 500, 1024 * 1024
OUTCOMES = ["applied", "kept", "quarantined", "set_aside"]


class CarrierLineIn(serializers.Serializer):
    position = serializers.IntegerField(help_text="Of the line in our order.")
    quantity = serializers.IntegerField(required=False)
    delivered = serializers.IntegerField(required=False, help_text="With `delivered`: what was received of it.")
    damaged = serializers.IntegerField(required=False)


class CarrierEventIn(serializers.Serializer):
    """Read loosely: an event that cannot be used is kept with the reason, and keeps no other from being used."""

    message_id = serializers.CharField(help_text="Your own number of this event: sent again, it changes nothing.")
    tracking_number = serializers.CharField(required=False, help_text="Of the shipment or of one parcel of it.")
    shipment = serializers.CharField(required=False, help_text="Our number, where there is no tracking number.")
    kind = serializers.CharField(
        help_text="picked_up, in_transit, out_for_delivery, delivered or exception; of a supplier dispatched, its"
        " dispatch note: it names our shipment (or order) and says by which tracking_number and carrier it goes."
    )
    order = serializers.CharField(required=False, help_text="Our order, in a dispatch note without a shipment.")
    carrier = serializers.CharField(required=False, help_text="Who brings what a dispatch note tells of.")
    lines = CarrierLineIn(many=True, required=False, help_text="What was sent, or received; without it, all of it.")
    happened_at = serializers.DateTimeField()
    place = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    received_by = serializers.CharField(required=False)


class CarrierEventsIn(serializers.Serializer):
    events = CarrierEventIn(many=True, max_length=MOST_EVENTS)


class CarrierEventOut(serializers.Serializer):
    message_id = serializers.CharField()
    outcome = serializers.ChoiceField(OUTCOMES, source="state")
    reason = serializers.CharField(allow_blank=True)


class CarrierEventsOut(serializers.Serializer):
    events = CarrierEventOut(many=True)


class CarrierEvents(Endpoint):
    needs = {"POST": "delivery.confirm"}

    @extend_schema(
        summary="Report many events", request=CarrierEventsIn, responses={200: CarrierEventsOut}, tags=["carriers"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Late, twice, in any order: each is kept once, and what became of it is said. A supplier that sends straight
        to the receiver has such a key under its own name."""
        if self.actor.role != "carrier":
            raise PermissionMissing()
        return _taken_in(self.actor, request.data, "api", self.now)


class CarrierWebhook(APIView):
    authentication_classes = []
    permission_classes = []

    @extend_schema(
        summary="Report many events, signed",
        operation_id="carriers_signed_events_create",
        request=CarrierEventsIn,
        responses={200: CarrierEventsOut},
        tags=["carriers"],
        auth=[],
        parameters=[
            OpenApiParameter(
                "Tradewell-Signature", str, OpenApiParameter.HEADER, required=True,
                description='`t=<seconds since 1970>,v1=<hex>`; v1 is HMAC-SHA256 of "<t>.<body>" with your secret.',
            )
        ],
    )  # fmt: skip
    def post(self, request: HttpRequest, key_id: str) -> Response:
        """The same for a carrier that signs with its key's secret; what was signed over five minutes ago is refused."""
        body, now = request.body[: LARGEST_BODY + 1], timezone.now()
        actor = signed_by(key_id, request.headers.get("Tradewell-Signature", ""), body, now=now)
        if len(body) > LARGEST_BODY:
            raise Invalid("Send at most 1 MB at once.")
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            raise Invalid("The body is no JSON.") from None
        return _taken_in(actor, said, "webhook", now)


def _taken_in(actor, said: object, channel: str, now) -> Response:
    events = said.get("events") if isinstance(said, dict) else None
    if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise Invalid(f"Send an object with a list `events` of 1 to {MOST_EVENTS} events.")
    return Response(CarrierEventsOut({"events": take_in(actor, events, channel=channel, now=now)}).data)
