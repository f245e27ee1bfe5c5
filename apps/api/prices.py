"""What things cost this account, and why."""

from dataclasses import fields
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.selectors import account_of
from apps.api.codes import PROBLEMS, resolve
from apps.api.endpoint import Endpoint
from apps.api.strict import MOST_ASKS, Amount, AskIn, CouponField, Price, Strict
from apps.catalogue.rules import in_packs
from apps.catalogue.selectors import packs_of
from apps.core.money import round_unit_price
from apps.ordering.errors import NoAccountChosen
from apps.pricing.rules import Ask
from apps.pricing.selectors import Couponed, couponed, normal_coupon, prices_for
from apps.pricing.words import COUPON_REFUSED, explain


class PricesIn(Strict):
    on = serializers.DateField(required=False, help_text="As of which day; today where it is left out.")
    explain = serializers.BooleanField(default=False, help_text="Say each price in words as well.")
    coupon = CouponField(
        help_text="A code: the prices are told with it, as if everything asked for were one order, if it can be used."
    )
    asks = AskIn(many=True, allow_empty=False, max_length=MOST_ASKS)


class InPacksOut(serializers.Serializer):
    count = serializers.IntegerField()
    name = serializers.CharField(help_text="Of the packaging unit, such as a carton.")


class BreakOut(serializers.Serializer):
    min_quantity = serializers.IntegerField()
    unit_price = Price()
    in_packs = InPacksOut(
        allow_null=True, help_text="The same in the largest packaging unit that divides it exactly; null: in none."
    )


class PassedOverOut(serializers.Serializer):
    min_quantity = serializers.IntegerField()
    unit_price = Price()
    source = serializers.CharField()
    source_name = serializers.CharField()
    why = serializers.CharField(help_text="higher, equal, outvoted, overridden or not_reached.")


class DecisionOut(serializers.Serializer):
    unit_price = Price(allow_null=True, help_text="Null: no price is agreed, ask for a quote.")
    currency = serializers.CharField()
    source = serializers.CharField()
    source_name = serializers.CharField()
    source_ref = serializers.CharField(allow_blank=True)
    list_price = Price(allow_null=True)
    breaks = BreakOut(many=True)
    next_break = BreakOut(allow_null=True)
    passed_over = PassedOverOut(many=True)
    explanation = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="In the language of the request, where it is asked for.",
    )
    per_content = Price(allow_null=True, help_text="The price of one comparable unit, such as a litre.")
    content_uom = serializers.CharField(allow_blank=True)


class PricedOut(serializers.Serializer):
    code = serializers.CharField()
    quantity = serializers.IntegerField()
    sku = serializers.CharField(allow_null=True)
    problem = serializers.ChoiceField(PROBLEMS, allow_null=True)
    candidates = serializers.ListField(
        child=serializers.CharField(), help_text="SKUs that an ambiguous code, or a part of one, may mean."
    )
    price = DecisionOut(allow_null=True)


class CouponOut(serializers.Serializer):
    """What a code does to the prices; where `refused` is not empty they are those without it."""

    code = serializers.CharField(help_text="As it is kept.")
    name = serializers.CharField(allow_blank=True)
    saved = Amount(help_text="Off the goods, net.")
    freight_up_to = Amount(help_text="Off the freight of an order, net, at most.")
    missing = Amount(help_text="What the goods lack to the minimum of the code, net.")
    refused = serializers.CharField(allow_blank=True, help_text=f"Empty, or one of {', '.join(COUPON_REFUSED)}.")
    why = serializers.CharField(allow_blank=True, help_text="The same in words.")


class PricesOut(serializers.Serializer):
    on = serializers.DateField()
    coupon = CouponOut(allow_null=True, help_text="Null where no code was asked for.")
    answers = PricedOut(many=True)


class Prices(Endpoint):
    needs = {"POST": "price.read"}

    @extend_schema(summary="Ask for prices", request=PricesIn, responses=PricesOut, tags=["prices and dates"])
    def post(self, request: HttpRequest) -> Response:
        """Up to 500 codes with quantities; each price says where it comes from and what was passed over."""
        asked = self.asked(PricesIn)
        on = asked.get("on") or timezone.localdate(self.now)
        found = resolve(self.actor, {ask["code"] for ask in asked["asks"]})
        wanted = {Ask(r.product.id, ask["quantity"]) for ask in asked["asks"] if (r := found[ask["code"]]).product}
        prices = prices_for(self.actor, list(wanted), on)
        coupon = self._coupon(asked["coupon"], prices, on)
        prices = coupon.prices if coupon else prices
        packs = packs_of({ask.product_id for ask in wanted})
        answers = [_answer(ask, found[ask["code"]], prices, packs, asked["explain"]) for ask in asked["asks"]]
        return Response(PricesOut({"on": on, "coupon": _coupon(coupon), "answers": answers}).data)

    def _coupon(self, typed: str, prices: dict, on: date) -> Couponed | None:
        if not (code := normal_coupon(typed)):
            return None
        if self.actor.account_id is None:
            raise NoAccountChosen()
        return couponed(account_of(self.actor), code, prices, on)


def _coupon(coupon: Couponed | None) -> dict | None:
    """What a code does, as the API tells it."""
    if coupon is None:
        return None
    told = {name: getattr(coupon, name) for name in ("code", "name", "saved", "freight_up_to", "missing", "refused")}
    return told | {"why": COUPON_REFUSED.get(coupon.refused, "")}


def _answer(ask: dict, resolved, prices: dict, packs: dict, in_words: bool) -> dict:
    product = resolved.product
    return {
        **ask,
        "sku": product and product.sku,
        "problem": resolved.problem,
        "candidates": resolved.candidates,
        "price": _told(product, prices[Ask(product.id, ask["quantity"])], packs[product.id], in_words)
        if product
        else None,
    }


def _told(product, price, packs: list, in_words: bool) -> dict:
    """A decision as the API tells it."""
    content = product.content_quantity
    told = {
        **{field.name: getattr(price, field.name) for field in fields(price)},
        "per_content": round_unit_price(price.unit_price / content) if content and price.unit_price else None,
        "content_uom": product.content_uom if content else "",
        "breaks": [_step(step, packs) for step in price.breaks],
        "next_break": _step(price.next_break, packs) if price.next_break else None,
    }
    return told | {"explanation": explain(price)} if in_words else told


def _step(step, packs: list) -> dict:
    return {
        "min_quantity": step.min_quantity,
        "unit_price": step.unit_price,
        "in_packs": (found := in_packs(step.min_quantity, packs)) and found._asdict(),
    }
