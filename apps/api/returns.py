"""Returns: what can come back, asked for once however often the request is sent, and followed to the credit."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.api.endpoint import Endpoint
from apps.api.orders import KEY, key_of
from apps.api.strict import MOST_ASKS, PageIn, Quantity, Strict, Text
from apps.cases.return_words import REASONS, STATUSES, WISHES, terms_words, why_not
from apps.cases.selectors.returns import return_for, returnables, returns_of
from apps.cases.services.returns import Wanted, ask_return
from apps.core.errors import Invalid
from apps.core.idempotency import answer_once
from apps.ordering.errors import NoAccountChosen
from apps.ordering.selectors import order_for

REASON_CODES = [code for code, _label in REASONS]
WISH_CODES = [code for code, _label in WISHES]
STATUS_CODES = [code for code, _label in STATUSES]


class ReturnsIn(PageIn):
    status = serializers.ChoiceField(["open", *STATUS_CODES], required=False, default="")
    q = Text(required=False, max_length=60, default="", allow_blank=True, help_text="RMA or order number, or a SKU.")


class ReturnLineIn(Strict):
    position = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Of the line in the order.")
    quantity = Quantity()
    reason = serializers.ChoiceField(REASON_CODES)


class ReturnIn(Strict):
    order = Text(max_length=30, help_text="Number of a delivered order.")
    wish = serializers.ChoiceField(WISH_CODES, required=False, default="credit")
    note = Text(required=False, max_length=2000, default="", allow_blank=True)
    lines = ReturnLineIn(many=True, allow_empty=False, max_length=MOST_ASKS)


class ReturnLineOut(serializers.Serializer):
    position = serializers.IntegerField(source="order_line.position")
    sku = serializers.CharField(source="order_line.sku")
    name = serializers.CharField(source="order_line.name")
    uom = serializers.CharField(source="order_line.uom")
    reason = serializers.ChoiceField(REASON_CODES)
    quantity = serializers.IntegerField(help_text="Asked for.")
    approved_quantity = serializers.IntegerField()
    received_quantity = serializers.IntegerField()
    fee_percent = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="Share of the net that is kept.")


class ReturnOut(serializers.Serializer):
    number = serializers.CharField(help_text="The RMA number.")
    status = serializers.ChoiceField(STATUS_CODES)
    account = serializers.CharField(source="account.number")
    order = serializers.CharField(source="order.number")
    wish = serializers.ChoiceField(WISH_CODES)
    we_pay_freight = serializers.BooleanField()
    answer = serializers.CharField(allow_blank=True, help_text="Our words with the decision.")
    requested_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    send_to = serializers.CharField(allow_blank=True)
    send_by = serializers.DateField(allow_null=True, help_text="Afterwards an unsent return ends by itself.")
    sent_at = serializers.DateTimeField(allow_null=True)
    lines = ReturnLineOut(many=True)


class ReturnsOut(serializers.Serializer):
    returns = ReturnOut(many=True, source="rows")
    next = serializers.CharField(source="next_after", allow_null=True)
    previous = serializers.CharField(source="previous_before", allow_null=True)


class ReturnReasonOut(serializers.Serializer):
    reason = serializers.ChoiceField(REASON_CODES)
    is_possible = serializers.BooleanField()
    until = serializers.DateField()
    fee_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    we_pay_freight = serializers.BooleanField()
    words = serializers.CharField(help_text="The same as a sentence.")


class ReturnableLineOut(serializers.Serializer):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    left = serializers.IntegerField(help_text="Pieces that can still be returned.")
    why_not = serializers.CharField(allow_blank=True, help_text="Why none can, or only for a fault.")
    options = ReturnReasonOut(many=True)


class ReturnableOut(serializers.Serializer):
    lines = ReturnableLineOut(many=True)


class Returnable(Endpoint):
    needs = {"GET": "return.read"}

    @extend_schema(summary="What of an order can be returned", responses=ReturnableOut, tags=["returns"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """Line by line: how many, for which reasons, until which day, at what fee, at whose expense."""
        found = returnables(order_for(self.actor, number), now=self.now)
        lines = [
            {
                "position": each.line.position,
                "sku": each.line.sku,
                "left": each.verdict.left,
                "why_not": why_not(each.verdict),
                "options": [_option(option) for option in each.verdict.options],
            }
            for each in found
        ]
        return Response(ReturnableOut({"lines": lines}).data)


def _option(option) -> dict:
    return {
        "reason": option.reason,
        "is_possible": not option.refused,
        "until": option.until,
        "fee_percent": option.terms.fee_percent,
        "we_pay_freight": option.terms.we_pay_freight,
        "words": terms_words(option),
    }


class Returns(Endpoint):
    needs = {"GET": "return.read", "POST": "return.request"}

    @extend_schema(
        summary="Returns", operation_id="returns_list", parameters=[ReturnsIn], responses=ReturnsOut, tags=["returns"]
    )
    def get(self, request: HttpRequest) -> Response:
        """The account's returns, the latest first."""
        asked = self.asked(ReturnsIn)
        page = {name: asked.get(name) for name in ("after", "before", "size")}
        found = returns_of(self.actor, status=asked["status"], text=asked["q"], **page)
        return Response(ReturnsOut(found).data)

    @extend_schema(
        summary="Ask for a return", parameters=[KEY], request=ReturnIn, responses={201: ReturnOut}, tags=["returns"]
    )
    def post(self, request: HttpRequest) -> Response:
        """Agreed to at once where the terms say so, else it waits for a person; a refusal changes nothing.

        The same key with another body is refused with 422, while the first request is being answered with 409.
        """
        if self.actor.account_id is None:
            raise NoAccountChosen()
        key = key_of(request)
        asked = self.asked(ReturnIn)
        owner = f"return:{self.actor.account_id}"
        status, answer = answer_once(owner, key, request.data, lambda: (201, self._ask(asked, key)), now=self.now)
        return Response(answer, status=status)

    def _ask(self, asked: dict, key: str) -> dict:
        order = order_for(self.actor, asked["order"])
        positions = dict(order.lines.values_list("position", "pk"))
        named = [line["position"] for line in asked["lines"]]
        if len(set(named)) < len(named):
            said = _("Name each line of the order once.")
            raise Invalid(said, fields={"lines": [said]})
        wanted = {
            positions.get(line["position"], 0): Wanted(line["quantity"], line["reason"]) for line in asked["lines"]
        }
        made = ask_return(
            self.actor, order, wanted, note=asked["note"], wish=asked["wish"], key=f"api:{key}", now=self.now
        )
        return shown(self.actor, made.number)


class Return(Endpoint):
    needs = {"GET": "return.read"}

    @extend_schema(summary="One return", responses=ReturnOut, tags=["returns"])
    def get(self, request: HttpRequest, number: str) -> Response:
        """As it stands: asked for, agreed, received."""
        return Response(shown(self.actor, number))


def shown(actor, number: str) -> dict:
    """A return, JSON-ready."""
    found = return_for(actor, number)
    data = ReturnOut(found).data
    return {**data}
