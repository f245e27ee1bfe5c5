"""Stock and prices from the distributor's own ERP."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, key_of
from apps.api.strict import Strict, Text
from apps.availability.services import take_stock
from apps.core.feeds import Told
from apps.core.idempotency import answer_once
from apps.pricing.feeding import take_prices

MOST_ROWS = 5_000


class StockRowIn(Strict):
    """Described here, read by the domain: a row that cannot be read is counted, the others are applied."""

    sku = Text(max_length=40)
    warehouse = Text(max_length=10, help_text="Its code.")
    on_hand = serializers.IntegerField(min_value=0)
    version = serializers.IntegerField(
        required=False, min_value=1, help_text="Rises with every change of this place; older ones are ignored."
    )


class PriceRowIn(Strict):
    sku = Text(max_length=40)
    price_list = Text(max_length=20, help_text="Its code.")
    min_quantity = serializers.IntegerField(required=False, min_value=1, default=1)
    unit_price = serializers.DecimalField(max_digits=13, decimal_places=4, help_text="As text.")
    valid_from = serializers.DateField(required=False, help_text="Today if left out.")
    valid_until = serializers.DateField(required=False)
    version = serializers.IntegerField(
        required=False, min_value=1, help_text="Rises with every change of this price; older ones are ignored."
    )


class Rows(serializers.ListField):
    """Some thousands of rows, looked at one by one only where they are applied."""

    def __init__(self, **options):
        super().__init__(child=serializers.DictField(), allow_empty=False, **options)

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        if not 1 <= len(data) <= MOST_ROWS:
            raise serializers.ValidationError(_("Send 1 to %(most)s rows in a call.") % {"most": f"{MOST_ROWS:,}"})
        if not all(isinstance(row, dict) for row in data):
            raise serializers.ValidationError(_("Every row is an object."))
        return data


@extend_schema_field(StockRowIn(many=True))
class StockRows(Rows):
    pass


@extend_schema_field(PriceRowIn(many=True))
class PriceRows(Rows):
    pass


class StockFeedIn(Strict):
    rows = StockRows()


class PriceFeedIn(Strict):
    rows = PriceRows()


class FeedOut(serializers.Serializer):
    """What became of the rows; `samples` names some of those that were not applied, by why."""

    read = serializers.IntegerField()
    applied = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    older = serializers.IntegerField(help_text="Ignored: something newer is known.")
    repeated = serializers.IntegerField(help_text="Said more than once in this call; the newest counts.")
    unknown_sku = serializers.IntegerField()
    unknown_place = serializers.IntegerField(help_text="A warehouse or price list that is not known.")
    unreadable = serializers.IntegerField()
    samples = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class FeedEndpoint(Endpoint):
    """A delta: what is not named stays as it is."""

    def taken(self, request: HttpRequest, body: type[Strict], take: Callable) -> Response:
        key, asked = key_of(request), self.asked(body)
        told = Told(source=f"API {key}")

        def do() -> tuple[int, dict]:
            return 200, FeedOut(take(asked["rows"], told, now=self.now, actor=self.actor)).data

        owner = f"machine:{self.actor.user_id}"
        status, answer = answer_once(owner, key, request.data, do, now=self.now)
        return Response(answer, status=status)


class StockFeed(FeedEndpoint):
    needs = {"POST": "stock.feed"}

    @extend_schema(
        summary="Report stock on hand", parameters=[KEY], request=StockFeedIn, responses=FeedOut, tags=["feeds"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Up to 5,000 rows a call, in any order and more than once: the highest version of a place counts.

        For the distributor's own ERP. Fewer pieces than are reserved are kept as many as are reserved.
        """
        return self.taken(request, StockFeedIn, take_stock)


class PriceFeed(FeedEndpoint):
    needs = {"POST": "price.feed"}

    @extend_schema(
        summary="Report list prices", parameters=[KEY], request=PriceFeedIn, responses=FeedOut, tags=["feeds"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Up to 5,000 rows a call, in any order and more than once: the highest version of a price counts.

        For the distributor's own ERP.
        """
        return self.taken(request, PriceFeedIn, take_prices)
