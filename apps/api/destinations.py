"""Orders whose lines go to several ship-tos: what is sent, how each delivery goes, and how that is told."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.accounts.selectors import ship_to_for, ship_tos_by_id
from apps.api.availability import quotes_for, quotes_to
from apps.api.strict import Amount, AskIn, Price, Strict, Text
from apps.core.formatting import listed
from apps.ordering.errors import OptionRefused
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.splits import MOST_SHIP_TOS, ordered

_ID = {"min_value": 1, "max_value": 2**63 - 1}


class LineIn(AskIn):
    ship_to = serializers.IntegerField(
        required=False, **_ID, help_text="Id of a ship-to of its own; else it goes to that of the order."
    )
    expected_price = Price(
        required=False,
        min_value=0,
        help_text="Unit price you count on, without the coupon: the order is refused where it is another.",
    )


class DestinationIn(Strict):
    """How it goes to a ship-to that lines name; what is left out is chosen as for the order's own."""

    ship_to = serializers.IntegerField(**_ID, help_text="Id of a ship-to that a line names.")
    delivery_option = Text(required=False, max_length=30, help_text="Its code; the first that can be chosen.")
    slot = Text(required=False, max_length=40, default="", allow_blank=True, help_text="A free one of the option.")
    branch = serializers.IntegerField(required=False, **_ID, help_text="Of a pick-up.")
    is_complete = serializers.BooleanField(required=False, help_text="On one day, or as it is ready.")
    requested_on = serializers.DateField(required=False, help_text="It never comes before this day.")


class DeliveryOut(serializers.Serializer):
    """Where a part of an order goes. The charge is null for a role that sees no prices."""

    ship_to = serializers.CharField(source="goes.ship_to_text", allow_blank=True)
    delivery_option = serializers.SerializerMethodField(help_text="Code; empty where nothing has to travel.")
    lines = serializers.SerializerMethodField(help_text="Positions of its lines.")
    charge = Amount(source="freight_net", allow_null=True)
    promised_on = serializers.DateField(source="last_on", allow_null=True)
    requested_on = serializers.DateField(source="goes.requested_on", allow_null=True)
    is_complete = serializers.BooleanField(source="goes.is_complete")
    slot_from = serializers.DateTimeField(source="goes.slot_from", allow_null=True)
    slot_to = serializers.DateTimeField(source="goes.slot_to", allow_null=True)
    branch = serializers.CharField(source="goes.branch_text", allow_blank=True)

    def get_delivery_option(self, place) -> str:
        option = place.goes.delivery_option
        return option.code if option else ""

    def get_lines(self, place) -> list[int]:
        return [line.position for line in place.lines]


class Goings(NamedTuple):
    """The option to the order's own ship-to, and how it goes to the further ones."""

    option_id: int | None
    further: list[DeliveryWish]


def goings_of(actor, asked: dict, wanted: Sequence[tuple], now) -> Goings:
    """How each delivery of an order goes; `wanted` are its (product, quantity, ship-to id or None) lines.

    Raises `ShipToUnknown` and `OptionRefused`. As many queries for many ship-tos as for one.
    """
    main = asked["ship_to"]
    said = {each["ship_to"]: each for each in asked.get("deliveries", ())}
    lines: dict[int, list[tuple]] = {}
    for product, quantity, ship_to_id in wanted:
        lines.setdefault(ship_to_id or main, []).append((product, quantity))
    ids = ordered(lines, main=main)[: MOST_SHIP_TOS + 1]
    known = ship_tos_by_id(actor, [main, *ids, *said])
    quotes = dict(zip(ids, quotes_to(actor, [(known[pk], lines[pk]) for pk in ids], now), strict=True))
    options = {pk: _option(asked if pk == main else said.get(pk, {}), lines[pk], quotes[pk]) for pk in ids}
    further = [_wish(pk, options[pk], said.get(pk, {})) for pk in ids if pk != main]
    return Goings(options.get(main), further)


def _option(said: dict, lines: Sequence[tuple], quotes: Sequence) -> int | None:
    if all(product.is_service for product, _quantity in lines):
        return None
    return _named(said, quotes)


def option_of(actor, asked: dict, wanted: list[tuple], now) -> int | None:
    """The id of the way that is named, else of the first that can be chosen: one with slots only for who names a slot.

    None where only services are wanted. `OptionRefused` says of each way why it cannot be chosen.
    """
    if all(product.is_service for product, _quantity in wanted):
        return None
    return _named(asked, quotes_for(actor, ship_to_for(actor, asked["ship_to"]), wanted, now))


def _named(said: dict, quotes: Sequence) -> int:
    code, slot = said.get("delivery_option"), said.get("slot", "")
    able = [quote for quote in quotes if not quote.refused and quote.has_slots == bool(slot)]
    if code:
        able = [quote for quote in quotes if quote.option.code == code]
    found = next((quote for quote in able if slot and quote.slot(slot)), able[0] if able else None)
    if found is None:
        raise OptionRefused(_no_option(quotes), fields={"delivery_option": [_no_option(quotes)]})
    return found.option.pk


def _no_option(quotes: list) -> str:
    """What can be named; where nothing can, why not."""
    if able := [quote.option.code for quote in quotes if not quote.refused]:
        said = _("There is no such delivery option for this order. There are: %(codes)s.")
        return said % {"codes": listed(able, get_language())}
    said = _("Nothing can be delivered to this address as it is. %(why)s")
    return said % {"why": " ".join(f"{quote.option.code}: {quote.refused}" for quote in quotes)}


def _wish(ship_to_id: int, option_id: int | None, said: dict) -> DeliveryWish:
    return DeliveryWish(
        ship_to_id,
        option_id,
        said.get("slot", ""),
        said.get("branch"),
        said.get("is_complete"),
        said.get("requested_on"),
    )
