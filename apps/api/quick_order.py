"""Thousands of codes answered at once, as the quick order of the portal answers them."""

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.selectors import account_of, ship_tos_of
from apps.api.endpoint import Endpoint
from apps.api.strict import Price, Strict, Text
from apps.catalogue.rules import MAX_QUANTITY
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.ordering.errors import NoAccountChosen
from apps.ordering.rules.places import NoPlace
from apps.ordering.rules.quick_orders import Verdict
from apps.ordering.rules.sheets import LONGEST_CODE, LONGEST_PLACE, LONGEST_QUANTITY, MOST_LINES, Wish
from apps.ordering.selectors import Answer, alike_to, answers_for, nearest_to

UNREADABLE = "unreadable_quantity"
PROBLEMS = {
    Verdict.NO_CODE: "no_code",
    Verdict.UNKNOWN: "unknown_code",
    Verdict.SEVERAL: "ambiguous_code",
    Verdict.GONE: "not_on_sale",
}
LINE_PROBLEMS = (*PROBLEMS.values(), UNREADABLE, *(str(each) for each in NoPlace))
MOST_NEAREST = 100


class WishIn(Strict):
    """A line as somebody wrote it: neither the code nor the quantity nor the ship-to needs to be right."""

    code = Text(max_length=LONGEST_CODE, allow_blank=True)
    quantity = Text(
        max_length=LONGEST_QUANTITY, allow_blank=True, help_text="As written, in base units: 200, 1500 pcs."
    )
    ship_to = Text(
        max_length=LONGEST_PLACE,
        required=False,
        default="",
        allow_blank=True,
        help_text="Code or name of one of your ship-tos; else it goes to the usual one.",
    )


class ResolveIn(Strict):
    lines = WishIn(many=True, allow_empty=False, max_length=MOST_LINES)


class ShareOut(serializers.Serializer):
    ship_to = serializers.IntegerField(source="pk", help_text="Its id, as an order takes it for a line.")
    code = serializers.CharField()
    quantity = serializers.IntegerField()


class AnsweredOut(serializers.Serializer):
    code = serializers.CharField(allow_blank=True)
    quantity_as_written = serializers.CharField(allow_blank=True)
    ship_to_as_written = serializers.CharField(allow_blank=True)
    ship_to = serializers.IntegerField(allow_null=True, help_text="Id of the ship-to that is named.")
    likely_ship_tos = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the ship-tos that may be meant, where none is known."
    )
    goes = ShareOut(
        many=True,
        help_text="How many of the quantity go where, main ship-to first; empty where all go to the usual one.",
    )
    verdict = serializers.ChoiceField([str(verdict) for verdict in Verdict])
    problem = serializers.ChoiceField(LINE_PROBLEMS, allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    found_by = serializers.CharField(
        allow_blank=True, help_text="Kind of code: own, sku, gtin, mpn, superseded, competitor; or successor."
    )
    candidates = serializers.ListField(child=serializers.CharField(), help_text="SKUs that may be meant.")
    quantity = serializers.IntegerField(
        allow_null=True, max_value=MAX_QUANTITY, help_text="What can be ordered; null where nothing is, or elsewhere."
    )
    raised_from = serializers.IntegerField(allow_null=True, help_text="The sum where that was less.")
    counted_with = serializers.IntegerField(
        allow_null=True, help_text="Place from 0 of the earlier line of the same product, which carries the sum."
    )
    unit_price = Price(allow_null=True)
    net = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    on_hand = serializers.IntegerField(allow_null=True)
    arrives_on = serializers.DateField(allow_null=True)


class ResolveOut(serializers.Serializer):
    on = serializers.DateField()
    currency = serializers.CharField(allow_blank=True)
    goods_net = serializers.DecimalField(max_digits=16, decimal_places=2)
    ready = serializers.IntegerField(help_text="How many lines could be ordered as they are.")
    lines = AnsweredOut(many=True)


class Resolve(Endpoint):
    needs = {"POST": "price.read"}

    @extend_schema(summary="Answer a list of codes", request=ResolveIn, responses=ResolveOut, tags=["prices and dates"])
    def post(self, request: HttpRequest) -> Response:
        """Up to 5,000 codes of any kind with quantities as somebody wrote them; every line is answered, in order.

        Lines of the same product are added up, and the sum is raised to the minimum and the next multiple. For the
        first hundred unknown codes the nearest SKUs are named. A line may name a ship-to: its share of the sum goes
        there, in whole multiples, and is ordered as a line of its own. Nothing is kept or ordered.
        """
        if self.actor.account_id is None:
            raise NoAccountChosen()
        asked = self.asked(ResolveIn)["lines"]
        wishes = [Wish(line["code"], line["quantity"], place=folded(line["ship_to"])) for line in asked]
        answers = answers_for(self.actor, wishes, destination_of(self.actor), self.now)
        unknown = [each for each in answers.lines if each.meaning.verdict == Verdict.UNKNOWN]
        nearest = nearest_to(self.actor, unknown[:MOST_NEAREST])
        lost = [each for each in answers.lines if each.place.refused]
        alike = alike_to(self.actor, lost[:MOST_NEAREST])
        answered = {
            "on": timezone.localdate(self.now),
            "currency": answers.currency,
            "goods_net": answers.goods_net,
            "ready": answers.ready,
            "lines": [_line(each, nearest, alike) for each in answers.lines],
        }
        return Response(ResolveOut(answered).data)


def destination_of(actor: Actor):
    """Where arrival dates are reckoned to: the default ship-to, else the account's country on its working days."""
    account = account_of(actor)
    ship_to = next(iter(ship_tos_of(actor)), None)
    return ship_to or (account.country, account.working_days, account.time_zone)


def _line(answer: Answer, nearest: dict, alike: dict) -> dict:
    meaning, counted, product = answer.meaning, answer.counted, answer.meaning.product
    candidates = meaning.candidates or nearest.get(answer.wish.code, ())
    return {
        "code": answer.wish.code,
        "quantity_as_written": answer.wish.quantity,
        "ship_to_as_written": answer.wish.place,
        "ship_to": answer.place.place and answer.place.place.id,
        "likely_ship_tos": [place.code for place in alike.get(answer.wish.place, ())],
        "goes": [{"pk": ship_to.pk, "code": ship_to.code, "quantity": quantity} for ship_to, quantity in answer.goes],
        "verdict": str(meaning.verdict),
        "problem": PROBLEMS.get(meaning.verdict) or (UNREADABLE if counted.unreadable else answer.place.refused),
        "sku": product and product.sku,
        "name": product and product.name,
        "found_by": meaning.kind,
        "candidates": [each.sku for each in candidates],
        "quantity": counted.quantity,
        "raised_from": counted.raised_from,
        "counted_with": counted.with_line,
        "unit_price": answer.decision and answer.decision.unit_price,
        "net": answer.net,
        "on_hand": answer.promise and answer.promise.on_hand,
        "arrives_on": answer.arrives_on,
    }
