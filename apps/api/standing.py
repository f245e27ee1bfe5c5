"""Standing orders: what comes again by itself, made, read, left out once, paused and taken up again."""

from datetime import date

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.codes import resolve_all
from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, cost_centre_of, key_of
from apps.api.strict import AskIn, Price, Strict, Text, price_context
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.ordering import selectors
from apps.ordering.errors import NoAccountChosen
from apps.ordering.rules.standing import MONTH, WEEK
from apps.ordering.services import standing as services

#: What is asked for -> the state it leads to; `skip` leaves out one date.
STATES = {"pause": "paused", "resume": "active", "end": "ended"}
DEEDS = ["skip", *STATES]


class StandingOrderIn(Strict):
    name = Text(max_length=80)
    every = serializers.IntegerField(min_value=1, max_value=services.MOST_EVERY, help_text="So many weeks or months.")
    unit = serializers.ChoiceField([WEEK, MONTH])
    first_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    ship_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a ship-to.")
    rise_percent = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=services.MOST_RISE,
        default=5,
        help_text="By how much the price of a product may rise unasked.",
    )
    po_number = Text(required=False, max_length=60, default="", allow_blank=True)
    cost_centre = Text(required=False, max_length=20, help_text="Its code; needed where the account says so.")
    contact = Text(
        required=False,
        max_length=254,
        help_text="E-mail of the contact in whose name it is ordered. A machine names one, a person is their own.",
    )
    lines = AskIn(many=True, allow_empty=False, max_length=services.MOST_LINES)


class StandingOrderDeedIn(Strict):
    do = serializers.ChoiceField(DEEDS)
    date = serializers.DateField(required=False, help_text="To skip: the date that is left out, `next_on`.")


class StandingLineOut(serializers.Serializer):
    sku = serializers.CharField(source="line.product.sku")
    name = serializers.CharField(source="line.product.name")
    quantity = serializers.IntegerField(source="line.quantity")
    uom = serializers.CharField(source="line.product.uom")
    agreed_price = Price(source="line.agreed_price", allow_null=True)
    unit_price = Price(source="decision.unit_price", allow_null=True, help_text="Today's; null: on request.")
    has_risen = serializers.BooleanField(help_text="By more than was agreed to: it waits for a yes.")


class StandingOrderOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    state = serializers.CharField(help_text="active, paused, review (it waits for a yes, see `why`) or ended.")
    why = serializers.CharField(source="review", allow_blank=True)
    contact = serializers.CharField(source="contact.name", help_text="In whose name it is ordered.")
    ship_to = serializers.IntegerField(source="ship_to_id")
    po_number = serializers.CharField(allow_blank=True)
    every = serializers.IntegerField()
    unit = serializers.CharField(help_text="week or month.")
    next_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    last_order = serializers.CharField(source="last_order.number", default=None, allow_null=True)


class StandingOrderPageOut(StandingOrderOut):
    dates = serializers.ListField(child=serializers.DateField(), help_text="The next ones; none once it has ended.")
    lines = StandingLineOut(many=True)


class StandingOrdersOut(serializers.Serializer):
    standing_orders = StandingOrderOut(many=True)


class StandingOrders(Endpoint):
    needs = {"GET": "order.read", "POST": "order.place"}

    @extend_schema(
        summary="Standing orders",
        operation_id="standing_orders_list",
        responses=StandingOrdersOut,
        tags=["standing orders"],
    )
    def get(self, request: HttpRequest) -> Response:
        """What waits for a yes first, then the next one first."""
        return Response(StandingOrdersOut({"standing_orders": selectors.standing_orders_of(self.actor)}).data)

    @extend_schema(
        summary="Begin a standing order",
        parameters=[KEY],
        request=StandingOrderIn,
        responses={201: StandingOrderPageOut},
        tags=["standing orders"],
    )
    def post(self, request: HttpRequest) -> Response:
        """At today's prices; each date is an order like any other, with the limits and approvals of its contact."""
        if self.actor.account_id is None:
            raise NoAccountChosen()
        key, asked = key_of(request), self.asked(StandingOrderIn)
        owner = f"account:{self.actor.account_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._made(asked)), now=self.now)
        return Response(answer, status=status)

    def _made(self, asked: dict) -> dict:
        products = resolve_all(self.actor, {line["code"] for line in asked["lines"]})
        lines = [(products[line["code"]].id, line["quantity"]) for line in asked["lines"]]
        if len(dict(lines)) < len(lines):
            raise Invalid(services.NAMED_TWICE)
        said = ("name", "every", "unit", "first_on", "ends_on", "rise_percent", "po_number")
        made = services.make_standing_order(
            self.actor,
            lines=lines,
            ship_to_id=asked["ship_to"],
            cost_centre_id=cost_centre_of(self.actor, asked.get("cost_centre")),
            in_name_of=asked.get("contact", ""),
            **{name: asked[name] for name in said},
            now=self.now,
        )
        return _page(self.actor, made.pk, self.now)


class StandingOrder(Endpoint):
    needs = {"GET": "order.read", "POST": "order.place"}

    @extend_schema(summary="One standing order", responses=StandingOrderPageOut, tags=["standing orders"])
    def get(self, request: HttpRequest, standing_id: int) -> Response:
        """With its next dates, and its lines at the price agreed to and at today's."""
        return Response(_page(self.actor, standing_id, self.now))

    @extend_schema(
        summary="Skip, pause, resume or end a standing order",
        operation_id="standing_orders_change",
        request=StandingOrderDeedIn,
        responses=StandingOrderPageOut,
        tags=["standing orders"],
    )
    def post(self, request: HttpRequest, standing_id: int) -> Response:
        """What cannot be done as it stands is refused with 409; a skip names its date: a retry skips nothing more."""
        kept, asked = selectors.standing_order_for(self.actor, standing_id), self.asked(StandingOrderDeedIn)
        if asked["do"] == "skip":
            services.skip_once(self.actor, kept, asked.get("date", date.min), now=self.now)
        else:
            services.change_state(self.actor, kept, STATES[asked["do"]], now=self.now)
        return Response(_page(self.actor, standing_id, self.now))


def _page(actor, standing_id: int, now) -> dict:
    kept = selectors.standing_order_for(actor, standing_id)
    shown = {
        **StandingOrderOut(kept).data,
        "dates": [day.isoformat() for day in selectors.dates_of(kept)] if kept.state != "ended" else [],
    }
    lines = selectors.standing_lines(actor, kept, now)
    return shown | {"lines": StandingLineOut(lines, many=True, context=price_context(actor)).data}
