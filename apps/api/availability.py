"""When things can be there, and by which ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.selectors import account_of, ship_to_for, ship_tos_of
from apps.api.codes import PROBLEMS, resolve, resolve_all
from apps.api.endpoint import Endpoint
from apps.api.strict import MOST_ASKS, Amount, AskIn, Strict
from apps.availability.rules import Promise
from apps.availability.selectors import promises_for
from apps.catalogue.selectors import substitutes_for
from apps.core.money import line_net
from apps.delivery.rules import Goods
from apps.delivery.selectors import arrivals_for, options_to
from apps.ordering.selectors.parts import parts_of
from apps.ordering.selectors.unmet import Unmet, unmet_of
from apps.ordering.services.wishes import refuse_day
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


class LateOut(serializers.Serializer):
    sku = serializers.CharField(source="view.product.sku")
    quantity = serializers.IntegerField(source="view.quantity")
    ready_on = serializers.DateField(source="view.promise.ready_on", help_text="Ready to leave us.")
    arrives_on = serializers.DateField(source="own_day")
    substitutes = serializers.SerializerMethodField(help_text="SKUs of what could replace it.")

    def get_substitutes(self, line) -> list[str]:
        return [product.sku for product, _note in self.context["substitutes"].get(line.view.product.pk, ())]


class UnmetOut(serializers.Serializer):
    """Why a wished day cannot be by this way, and what would help: another way, or what replaces the late lines."""

    wished_on = serializers.DateField()
    arrives_on = serializers.DateField(help_text="When all of it is there by this way.")
    late = LateOut(many=True)
    in_time = serializers.IntegerField(help_text="Lines that would be in time, sent as they are ready.")
    options_in_time = serializers.SerializerMethodField(help_text="Options that bring everything by the wished day.")

    def get_options_in_time(self, unmet) -> list[str]:
        return [way.option.code for way in unmet.ways]


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
    unmet = serializers.SerializerMethodField(help_text="Null where it meets the wished day, and where none is named.")

    @extend_schema_field(UnmetOut(allow_null=True))
    def get_unmet(self, quote) -> dict | None:
        unmet = self.context.get("unmet", {}).get(quote.option.pk)
        return unmet and UnmetOut(unmet, context=self.context).data


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that is asked about, with what can be promised for it."""

    product: object
    quantity: int
    promise: Promise

    @property
    def is_service(self) -> bool:
        return self.product.is_service


class OptionsIn(Strict):
    ship_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a ship-to.")
    asks = AskIn(many=True, allow_empty=False, max_length=MOST_ASKS)
    requested_on = serializers.DateField(
        required=False, help_text="A wished day: what does not meet it says why, and what would."
    )


class OptionsOut(serializers.Serializer):
    options = OptionOut(many=True)


class DeliveryOptions(Endpoint):
    needs = {"POST": "price.read"}

    @extend_schema(
        summary="Ask for delivery options", request=OptionsIn, responses=OptionsOut, tags=["prices and dates"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Every way to have these lines delivered to one ship-to, with charge and dates, or why not.

        A wished day that is over or too far off is refused as in an order.
        """
        asked = self.asked(OptionsIn)
        ship_to, products = ship_to_for(self.actor, asked["ship_to"]), self._products(asked)
        wished = asked.get("requested_on")
        if wished is not None:
            refuse_day(wished, self.now.astimezone(ZoneInfo(ship_to.time_zone)).date())
        quotes = quotes_for(self.actor, ship_to, products, self.now)
        unmet = self._unmet(ship_to, products, quotes, wished) if wished else {}
        late = {line.view.product.pk for each in unmet.values() for line in each.late}
        context = {"unmet": unmet, "substitutes": substitutes_for(self.actor, late) if late else {}}
        return Response(OptionsOut({"options": quotes}, context=context).data)

    def _unmet(self, ship_to, products: list[tuple], quotes: list, wished: date) -> dict[int, Unmet]:
        """Option id -> why it does not meet the wished day, sent as it goes where nothing is said of that."""
        promises = promises_for([Ask(product.pk, n) for product, n in products], timezone.localdate(self.now))
        lines = [Asked(product, n, promises[Ask(product.pk, n)]) for product, n in products]
        found = {}
        for quote in quotes:
            if quote.refused or quote.arrives_on is None:
                continue
            slot, branch = next(iter(quote.slots), None), quote.branch(None)
            is_complete = quote.goes_complete(None, prefers=ship_to.prefers_complete)
            parts = parts_of(ship_to, lines, quote, is_complete=is_complete, branch=branch, slot=slot)
            last_on = parts[-1].day_on if parts else quote.arrives_on
            if unmet := unmet_of(quotes, parts, wished, last_on):
                found[quote.option.pk] = unmet
        return found

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
