"""When things can be there, and by which ways."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.selectors import account_of, ship_to_for, ship_tos_of
from apps.api.codes import PROBLEMS, resolve, resolve_all
from apps.api.endpoint import Endpoint
from apps.api.strict import MOST_ASKS, Amount, AskIn, Strict
from apps.availability.selectors import promises_for
from apps.core.money import line_net
from apps.delivery.rules import Goods
from apps.delivery.selectors import arrivals_for, options_to
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for


class AvailabilityIn(Strict):
    ship_to = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Id of a ship-to; the default one if left out."
    )
    asks = AskIn(many=True, allow_empty=False, max_length=MOST_ASKS)


class LotOut(serializers.Serializer):
    quantity = serializers.IntegerField()
    ready_on = serializers.DateField()
    source = serializers.CharField(help_text="stock, incoming, supplier, sourced or service.")


class PromiseOut(serializers.Serializer):
    ready_on = serializers.DateField(help_text="Ready to leave us.")
    on_hand = serializers.IntegerField()
    short = serializers.IntegerField(help_text="What of the quantity is not on hand.")
    lots = LotOut(many=True)


class AvailableOut(serializers.Serializer):
    code = serializers.CharField()
    quantity = serializers.IntegerField()
    sku = serializers.CharField(allow_null=True)
    problem = serializers.ChoiceField(PROBLEMS, allow_null=True)
    candidates = serializers.ListField(child=serializers.CharField())
    arrives_on = serializers.DateField(allow_null=True, help_text="At the ship-to, by the standard option.")
    promise = PromiseOut(allow_null=True)


class AvailabilityOut(serializers.Serializer):
    answers = AvailableOut(many=True)


class Availability(Endpoint):
    needs = {"POST": "catalogue.read"}

    @extend_schema(
        summary="Ask for dates", request=AvailabilityIn, responses=AvailabilityOut, tags=["prices and dates"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Up to 500 codes with quantities; every answer is a date. Each is answered as if it were asked alone."""
        asked = self.asked(AvailabilityIn)
        found = resolve(self.actor, {ask["code"] for ask in asked["asks"]})
        wanted = {Ask(r.product.id, ask["quantity"]) for ask in asked["asks"] if (r := found[ask["code"]]).product}
        promises = promises_for(wanted, timezone.localdate(self.now))
        arrivals = arrivals_for(self._destination(asked), promises, self.now)
        answers = [_answer(ask, found[ask["code"]], promises, arrivals) for ask in asked["asks"]]
        return Response(AvailabilityOut({"answers": answers}).data)

    def _destination(self, asked: dict):
        if "ship_to" in asked:
            return ship_to_for(self.actor, asked["ship_to"])
        return next(iter(ship_tos_of(self.actor)), None)


def _answer(ask: dict, resolved, promises: dict, arrivals: dict) -> dict:
    product = resolved.product
    wanted = Ask(product.id, ask["quantity"]) if product else None
    return {
        **ask,
        "sku": product and product.sku,
        "problem": resolved.problem,
        "candidates": resolved.candidates,
        "arrives_on": arrivals.get(wanted),
        "promise": promises.get(wanted),
    }


class SlotOut(serializers.Serializer):
    slot = serializers.CharField(source="code", help_text="Name it in an order.")
    day_on = serializers.DateField()
    starts_at = serializers.TimeField(format="%H:%M", help_text="By the clock of the ship-to.")
    ends_at = serializers.TimeField(format="%H:%M")
    left = serializers.IntegerField(help_text="Orders it can still serve.")


class BranchOut(serializers.Serializer):
    branch = serializers.IntegerField(source="id", help_text="Name it in an order.")
    name = serializers.CharField()
    ready_on = serializers.DateField()


class OptionOut(serializers.Serializer):
    option = serializers.CharField(source="option.code", help_text="Name it in an order.")
    name = serializers.CharField(source="option.name")
    kind = serializers.CharField(source="option.kind")
    charge = Amount()
    currency = serializers.CharField(source="option.currency")
    dispatch_on = serializers.DateField(allow_null=True)
    arrives_on = serializers.DateField(allow_null=True)
    free_gap = Amount(allow_null=True, help_text="How much more the goods would have to cost to be sent free.")
    parts_on = serializers.ListField(
        child=serializers.DateField(),
        source="days",
        help_text="When something arrives where it is sent as it is ready.",
    )
    parts_charge = Amount(help_text="What that costs; `charge` is for everything on one day.")
    direct_charge = Amount(help_text="What of `parts_charge` is for what suppliers then send straight to the receiver.")
    pallets = serializers.IntegerField(help_text="0 where they are not counted.")
    slots = SlotOut(many=True, help_text="Free time slots, of which one must be named; empty where it has none.")
    branches = BranchOut(many=True, help_text="Where it can be picked up.")
    refused = serializers.CharField(allow_null=True, help_text="Why it cannot be chosen.")


class OptionsIn(Strict):
    ship_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a ship-to.")
    asks = AskIn(many=True, allow_empty=False, max_length=MOST_ASKS)


class OptionsOut(serializers.Serializer):
    options = OptionOut(many=True)


class DeliveryOptions(Endpoint):
    needs = {"POST": "price.read"}

    @extend_schema(
        summary="Ask for delivery options", request=OptionsIn, responses=OptionsOut, tags=["prices and dates"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Every way to have these lines delivered to one ship-to, with charge and dates, or why not."""
        asked = self.asked(OptionsIn)
        ship_to, products = ship_to_for(self.actor, asked["ship_to"]), self._products(asked)
        return Response(OptionsOut({"options": quotes_for(self.actor, ship_to, products, self.now)}).data)

    def _products(self, asked: dict) -> list[tuple]:
        known = resolve_all(self.actor, {ask["code"] for ask in asked["asks"]})
        return [(known[ask["code"]], ask["quantity"]) for ask in asked["asks"]]


def quotes_for(actor, ship_to, wanted: list[tuple], now) -> list:
    """The options for (product, quantity) lines to a ship-to; lines without a price count as nothing."""
    return quotes_to(actor, [(ship_to, wanted)], now)[0]


def quotes_to(actor, deliveries: Sequence[tuple], now) -> list[list]:
    """The same for several (ship-to, lines) at once, in as many queries."""
    on, currency = timezone.localdate(now), account_of(actor).currency
    asks = [{Ask(product.id, quantity): product for product, quantity in wanted} for _to, wanted in deliveries]
    every = list(dict.fromkeys(ask for each in asks for ask in each))
    prices, promises = prices_for(actor, every, on), promises_for(every, on)
    net = {ask: line_net(ask.quantity, prices[ask].unit_price or 0, currency) for ask in every}
    goods = [
        Goods.of([(product, ask.quantity, net[ask], promises[ask].lots) for ask, product in each.items()])
        for each in asks
    ]
    places = [ship_to for ship_to, _wanted in deliveries]
    return options_to(list(zip(places, goods, strict=True)), currency=currency, now=now)
