"""Orders: read, and placed once however often the request is sent."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.selectors import account_of, contact_of
from apps.api.codes import resolve_all
from apps.api.destinations import DeliveryOut, DestinationIn, LineIn, goings_of
from apps.api.endpoint import Endpoint
from apps.api.strict import MOST_ASKS, Amount, CouponField, PageIn, Price, Strict, Text, price_context
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.fulfilment.selectors import open_slips_of, shipments_of, slips_of
from apps.fulfilment.selectors.departures import split_offers
from apps.ordering.errors import CostCentreRefused, NoAccountChosen
from apps.ordering.rules.splits import MOST_SHIP_TOS
from apps.ordering.selectors import cost_centres_for, order_page, orders_of
from apps.ordering.services import place_lines

STATUSES = [
    "awaiting_approval",
    "awaiting_release",
    "awaiting_payment",
    "placed",
    "confirmed",
    "shipped",
    "delivered",
    "cancelled",
    "declined",
]
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 80 characters of your own. Sent again with the same body: the same answer, no second order.",
)


class OrdersIn(PageIn):
    status = serializers.ChoiceField(["open", *STATUSES], required=False)
    q = Text(required=False, max_length=60, default="", allow_blank=True, help_text="Order or PO number, or a SKU.")


class GoingIn(Strict):
    """Where to and how: of every order, whatever it comes from."""

    ship_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a ship-to.")
    delivery_option = Text(
        required=False, max_length=30, help_text="Its code; the first that can be chosen if left out."
    )
    requested_on = serializers.DateField(required=False, help_text="It never comes before this day.")
    slot = Text(required=False, max_length=40, default="", allow_blank=True, help_text="A free one of the option.")
    branch = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Of a pick-up; the first to be ready if left out."
    )
    is_complete = serializers.BooleanField(
        required=False,
        help_text="On one day, or as it is ready. Left out: on one day if the ship-to prefers it or parts cost more.",
    )


class OrderIn(GoingIn):
    payment = Text(
        required=False,
        max_length=20,
        default="",
        allow_blank=True,
        help_text="Code of a payment plan; your own terms if left out.",
    )
    po_number = Text(required=False, max_length=60, default="", allow_blank=True)
    notes = Text(required=False, max_length=2000, default="", allow_blank=True)
    cost_centre = Text(required=False, max_length=20, help_text="Its code; needed where the account says so.")
    coupon = CouponField(
        help_text="A code; the order is refused where it takes nothing off or its limits are reached. One that takes "
        "off freight alone is kept for another order where none is owed."
    )
    lines = LineIn(many=True, allow_empty=False, max_length=MOST_ASKS)
    deliveries = DestinationIn(
        many=True,
        required=False,
        max_length=MOST_SHIP_TOS,
        help_text="How it goes to further ship-tos that lines name. It is one order: one approval, one credit check.",
    )


class OrderOut(serializers.Serializer):
    """Amounts are null for a role that sees no prices."""

    number = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    account = serializers.CharField(source="account.number")
    po_number = serializers.CharField(allow_blank=True)
    cost_centre = serializers.CharField(source="cost_centre_text", allow_blank=True, help_text="As it was ordered on.")
    channel = serializers.CharField()
    currency = serializers.CharField()
    coupon = serializers.CharField(allow_blank=True, help_text="The code that was used.")
    coupon_saved = Amount(
        allow_null=True, help_text="What it took off, net; it is in `goods_net` and `freight_net` already."
    )
    goods_net = Amount(allow_null=True)
    freight_net = Amount(allow_null=True)
    fee_net = Amount(allow_null=True)
    tax = Amount(allow_null=True)
    gross = Amount(allow_null=True)
    placed_at = serializers.DateTimeField()
    requested_on = serializers.DateField(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    is_complete = serializers.BooleanField(help_text="Everything on one day; else as it is ready.")
    slot_from = serializers.DateTimeField(allow_null=True)
    slot_to = serializers.DateTimeField(allow_null=True)
    branch = serializers.CharField(source="branch_text", allow_blank=True, help_text="Where it is picked up.")
    pay_by = serializers.DateField(
        allow_null=True, help_text="Paid ahead: the last day for its money, after which the order is cancelled."
    )


class OrdersOut(serializers.Serializer):
    orders = OrderOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class OrderLineOut(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    uom = serializers.CharField()
    unit_price = Price(allow_null=True)
    price_source = serializers.CharField()
    net = Amount(allow_null=True)
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    promised_on = serializers.DateField(allow_null=True, help_text="The first promise.")
    expected_on = serializers.DateField(allow_null=True, help_text="The current promise: another where it slipped.")
    late_quantity = serializers.IntegerField(help_text="How much of it comes later than was first promised.")
    choice = serializers.CharField(allow_blank=True, help_text="What was chosen about it: wait, substitute or split.")
    split_on = serializers.DateField(
        allow_null=True, help_text="When what is there of its delivery could be, sent before the rest."
    )
    split_charge = Amount(allow_null=True, help_text="What that costs more, net; null where it cannot be chosen.")
    cancelled_quantity = serializers.IntegerField(help_text="What was called off; it is not in `quantity`.")
    ship_to = serializers.CharField(source="goes.ship_to_text", allow_blank=True, help_text="Where it goes.")
    shipped_quantity = serializers.IntegerField()
    delivered_quantity = serializers.IntegerField()


class WaitingOut(serializers.Serializer):
    reason = serializers.CharField(help_text="spend_limit, period_limit, budget, policy or credit_limit.")
    state = serializers.CharField(help_text="waiting, approved or declined.")


class OrderPageOut(serializers.Serializer):
    order = OrderOut()
    ship_to = serializers.CharField(source="order.ship_to_text", allow_blank=True)
    lines = OrderLineOut(many=True)
    deliveries = DeliveryOut(many=True, help_text="One for each ship-to, that of the order first.")
    approvals = WaitingOut(many=True)
    shipments = serializers.ListField(child=serializers.CharField(), help_text="Numbers of its shipments.")


class Orders(Endpoint):
    needs = {"GET": "order.read", "POST": "order.place"}

    @extend_schema(
        summary="Orders", operation_id="orders_list", parameters=[OrdersIn], responses=OrdersOut, tags=["orders"]
    )
    def get(self, request: HttpRequest) -> Response:
        """The account's orders, the latest first."""
        asked = self.asked(OrdersIn)
        page = {name: asked.get(name) for name in ("status", "after", "before", "size")}
        found = orders_of(self.actor, text=asked["q"], **page)
        return Response(OrdersOut(found, context=price_context(self.actor)).data)

    @extend_schema(
        summary="Place an order",
        parameters=[KEY],
        request=OrderIn,
        responses={201: OrderPageOut},
        tags=["orders"],
    )
    def post(self, request: HttpRequest) -> Response:
        """Prices, stock, credit and approvals are those of every order; whatever is refused changes nothing.

        The same key with another body is refused with 422, while the first request is being answered with 409.
        """
        if self.actor.account_id is None:
            raise NoAccountChosen()
        key = key_of(request)
        asked = self.asked(OrderIn)
        owner = f"account:{self.actor.account_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._place(asked, key)), now=self.now)
        return Response(answer, status=status)

    def _place(self, asked: dict, key: str) -> dict:
        products = resolve_all(self.actor, {line["code"] for line in asked["lines"]})
        wanted = [(products[line["code"]], line["quantity"], line.get("ship_to")) for line in asked["lines"]]
        expected = {
            products[line["code"]].id: line["expected_price"] for line in asked["lines"] if "expected_price" in line
        }
        goings = goings_of(self.actor, asked, wanted, self.now)
        order = place_lines(
            self.actor,
            lines=[(product.id, quantity, ship_to_id) for product, quantity, ship_to_id in wanted],
            ship_to_id=asked["ship_to"],
            option_id=goings.option_id,
            further=goings.further,
            key=key,
            requested_on=asked.get("requested_on"),
            po_number=asked["po_number"],
            notes=asked["notes"],
            expected_prices=expected,
            cost_centre_id=cost_centre_of(self.actor, asked.get("cost_centre")),
            payment=asked["payment"],
            coupon=asked["coupon"],
            slot=asked["slot"],
            branch_id=asked.get("branch"),
            is_complete=asked.get("is_complete"),
            now=self.now,
        )
        return page_of(self.actor, order.number)


def cost_centre_of(actor, code: str | None) -> int | None:
    """The id of a cost centre the actor may order on; `CostCentreRefused` for any other code."""
    if not code:
        return None
    usable = cost_centres_for(account_of(actor), contact_of(actor))
    found = next((each.pk for each in usable if each.code.lower() == code.lower()), None)
    if found is None:
        said = _("There is no such cost centre for this order.")
        raise CostCentreRefused(said, fields={"cost_centre": [said]})
    return found


def key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 80 or not key.isprintable():
        said = _("Send a header Idempotency-Key of 1 to 80 characters, so that a retry is not a second order.")
        raise Invalid(said, fields={"Idempotency-Key": [said]})
    return key


def page_of(actor, number: str) -> dict:
    """An order with its lines and the numbers of its shipments, JSON-ready."""
    page = order_page(actor, number)
    late = {slip.order_line_id: slip for slip in open_slips_of(slips_of(actor, page.order))}
    offers = split_offers(page.order, timezone.now()) if any(not slip.choice for slip in late.values()) else {}
    for line in page.lines:
        slip = late.get(line.pk)
        offer = offers.get(line.destination_id) if slip and not slip.choice else None
        line.split_on, line.split_charge = offer or (None, None)
        line.expected_on = slip.comes_on if slip else line.promised_on
        line.late_quantity, line.choice = (slip.quantity, slip.choice) if slip else (0, "")
    shown = {name: getattr(page, name) for name in ("order", "lines", "approvals")}
    shown["deliveries"] = page.places
    shown["shipments"] = [shipment.number for shipment in shipments_of(actor, page.order)]
    return OrderPageOut(shown, context=price_context(actor)).data


class Order(Endpoint):
    needs = {"GET": "order.read"}

    @extend_schema(summary="One order", responses=OrderPageOut, tags=["orders"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """As it was decided when placed, with its approvals and shipments."""
        return Response(page_of(self.actor, number))
