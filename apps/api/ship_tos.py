"""Where goods can go, and how they are received there."""

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.rules import ADDRESS_LENGTHS, closed_periods, periods_text
from apps.accounts.selectors import ship_to_for, ship_tos_of
from apps.accounts.services import amend_ship_to
from apps.api.endpoint import Endpoint
from apps.api.strict import Strict, Text

MOST_PERIODS = 15


@extend_schema_field(serializers.CharField(help_text="HH:MM, local time of the place."))
class LocalTime(serializers.TimeField):
    """OpenAPI's `time` has an offset; a gate opens by the clock on its wall."""

    def __init__(self, **options):
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)


class PeriodOut(serializers.Serializer):
    """Days on which nothing is received, both included."""

    from_on = serializers.DateField()
    until_on = serializers.DateField()


@extend_schema_field(PeriodOut(many=True))
class ClosedDays(serializers.Field):
    """The closed days of a ship-to as periods."""

    def to_representation(self, value):
        return [{"from_on": first.isoformat(), "until_on": last.isoformat()} for first, last in closed_periods(value)]


class ShipToOut(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField(help_text="Of the tz database: hours and days are by the clock there.")
    contact_name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    receiving_from = LocalTime()
    receiving_to = LocalTime()
    receiving_days = serializers.CharField(help_text="ISO weekdays, 1 is Monday.")
    closed_days = ClosedDays(help_text="Besides public holidays.")
    preferred_weekday = serializers.IntegerField(allow_null=True, help_text="ISO weekday.")
    gate = serializers.CharField(allow_blank=True)
    unloading = serializers.CharField(allow_blank=True)
    markings = serializers.CharField(allow_blank=True)
    delivery_note = serializers.CharField(allow_blank=True, help_text="What it must say or how many are needed.")
    is_blind = serializers.BooleanField(help_text="No paper and no parcel with our name.")
    prefers_complete = serializers.BooleanField(help_text="On one day, where an order does not say otherwise.")
    is_default = serializers.BooleanField()


class ShipTosOut(serializers.Serializer):
    ship_tos = ShipToOut(many=True)


class PeriodIn(Strict):
    from_on = serializers.DateField()
    until_on = serializers.DateField(required=False, help_text="The last day; the same as `from_on` if left out.")


def _text(name: str, **options) -> Text:
    return Text(required=False, allow_blank=True, max_length=ADDRESS_LENGTHS[name], **options)


class ReceivingIn(Strict):
    """How goods are received. Where the place is, is changed by people in the portal, and never by a key alone."""

    contact_name = _text("contact_name")
    phone = _text("phone")
    receiving_from = LocalTime(required=False)
    receiving_to = LocalTime(required=False)
    receiving_days = Text(required=False, max_length=7, help_text="ISO weekdays in order: 12345.")
    closed_days = PeriodIn(many=True, required=False, max_length=MOST_PERIODS)
    preferred_weekday = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=7, help_text="ISO weekday; null: any."
    )
    gate = _text("gate")
    unloading = _text("unloading")
    markings = _text("markings")
    delivery_note = _text("delivery_note")
    is_blind = serializers.BooleanField(required=False)
    prefers_complete = serializers.BooleanField(required=False)


class ShipTos(Endpoint):
    needs = {"GET": "delivery.read"}

    @extend_schema(summary="Ship-tos", operation_id="ship_tos_list", responses=ShipTosOut, tags=["account"])
    def get(self, request: HttpRequest) -> Response:
        """The addresses goods can go to, the default first."""
        return Response(ShipTosOut({"ship_tos": ship_tos_of(self.actor)}).data)


class ShipTo(Endpoint):
    needs = {"GET": "delivery.read", "PATCH": "ship_to.edit"}

    @extend_schema(summary="One ship-to", responses=ShipToOut, tags=["account"])
    def get(self, request: HttpRequest, ship_to_id: int) -> Response:
        """Where it is, and how goods are received there."""
        return Response(ShipToOut(ship_to_for(self.actor, _kept(ship_to_id))).data)

    @extend_schema(summary="Change how goods are received", request=ReceivingIn, responses=ShipToOut, tags=["account"])
    def patch(self, request: HttpRequest, ship_to_id: int) -> Response:
        """What is named is changed, the rest stays. It counts for orders placed from now on; those that are placed
        keep what was agreed. Whatever is refused changes nothing."""
        changes = dict(self.asked(ReceivingIn))
        if "closed_days" in changes:
            periods = [(each["from_on"], each.get("until_on", each["from_on"])) for each in changes["closed_days"]]
            changes["closed_days"] = periods_text(periods)
        return Response(ShipToOut(amend_ship_to(self.actor, _kept(ship_to_id), changes, now=self.now)).data)


def _kept(ship_to_id: int) -> int | None:
    """An id as the database keeps them; a longer number is nobody's."""
    return ship_to_id if ship_to_id < 2**63 else None
