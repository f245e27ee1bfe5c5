"""What could be ordered besides, in place of something, or in time: for systems that order by themselves."""

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.accounts.rules import may
from apps.accounts.selectors import account_of, ship_tos_of
from apps.api.codes import resolve_all
from apps.api.endpoint import Endpoint
from apps.api.strict import AskIn, Strict
from apps.catalogue.rules import Ask, orderable_quantity
from apps.core.scoping import Actor
from apps.recommendations.selectors import (
    Suggestion,
    missing_from_range,
    picks_of,
    savings_for,
    services_that_fit,
    shortages_ahead,
    sooner_instead,
    suggested_with,
    usually_added,
)

KINDS = ["usually_added", "goes_with", "substitute", "saving", "service", "missing_range", "pick"]
MOST_ASKED, MOST = 60, 20


class BesideIn(Strict):
    items = serializers.ListField(
        child=AskIn(), required=False, default=list, max_length=MOST_ASKED, help_text="What is to be ordered."
    )
    limit = serializers.IntegerField(
        required=False, default=4, min_value=1, max_value=MOST, help_text="Of each kind at most."
    )


class SuggestionOut(serializers.Serializer):
    kind = serializers.ChoiceField(KINDS)
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    quantity = serializers.IntegerField(help_text="The usual one, or what stands for as much; it can be ordered.")
    because = serializers.JSONField(
        help_text="Facts of the reason. with, instead: a SKU that was asked about. together, of: orders. accounts, of: "
        "accounts like yours. percent: saved for the same amount. comes_on, arrives_on: days."
    )


class SuggestionsOut(serializers.Serializer):
    suggestions = SuggestionOut(many=True)


class ShortageOut(serializers.Serializer):
    sku = serializers.CharField(source="product.sku")
    name = serializers.CharField(source="product.name")
    needed_on = serializers.DateField(help_text="When the account's rhythm says that it is needed again.")
    quantity = serializers.IntegerField()
    on_hand = serializers.IntegerField(help_text="Free today.")
    is_claimed = serializers.BooleanField(help_text="It is there, but others are expected to need it before.")
    comes_on = serializers.DateField(allow_null=True, help_text="The next delivery to us; null: none is under way.")
    ready_on = serializers.DateField(help_text="When all of it is ready, ordered today.")
    substitute = serializers.CharField(allow_null=True, help_text="The SKU of what does the same and is ready sooner.")
    substitute_on = serializers.DateField(allow_null=True)
    substitute_quantity = serializers.IntegerField(allow_null=True)


class ShortagesOut(serializers.Serializer):
    shortages = ShortageOut(many=True)


class Suggestions(Endpoint):
    needs = {"POST": "cart.edit"}

    @extend_schema(summary="Suggestions", request=BesideIn, responses=SuggestionsOut, tags=["lists"])
    def post(self, request: HttpRequest) -> Response:
        """What goes with the items, could be taken in their place, or is missing from the account's range: each with
        its kind and reason, no product twice. Nothing is kept; what is dismissed stays away."""
        asked = self.asked(BesideIn)
        products = resolve_all(self.actor, [item["code"] for item in asked["items"]]) if asked["items"] else {}
        asks = [Ask(products[item["code"]].pk, item["quantity"]) for item in asked["items"]]
        skus = {product.pk: product.sku for product in products.values()}
        once: dict[int, Suggestion] = {}
        for each in self._found(asks, asked["limit"]):
            once.setdefault(each.product.pk, each)
        return Response(SuggestionsOut({"suggestions": [_told(each, skus) for each in once.values()]}).data)

    def _found(self, asks: list[Ask], limit: int) -> list[Suggestion]:
        actor, on, ids = self.actor, timezone.localdate(self.now), [ask.product_id for ask in asks]
        if actor.account_id is None:
            return []
        return [
            *usually_added(actor, ids, on, limit),
            *suggested_with(actor, ids, on, limit),
            *(sooner_instead(actor, asks, _destination(actor), self.now, limit=limit) if asks else ()),
            *(savings_for(actor, asks, on, limit) if may(actor.role, "price.read") else ()),
            *services_that_fit(actor, ids, on, limit),
            *missing_from_range(actor, on, limit),
            *(Suggestion(each.product, "pick", {"note": each.note}) for each in picks_of(actor, limit, on=on)),
        ]


class Shortages(Endpoint):
    needs = {"GET": "cart.edit"}

    @extend_schema(summary="What runs short", responses=ShortagesOut, tags=["lists"])
    def get(self, request: HttpRequest) -> Response:
        """Regular SKUs that will not be there when they are needed again, the first needed first."""
        found = shortages_ahead(self.actor, timezone.localdate(self.now), MOST)
        return Response(ShortagesOut({"shortages": [_short(each) for each in found]}).data)


def _destination(actor: Actor) -> object:
    """Where days of arrival are reckoned to, as on the account's pages."""
    first = next(iter(ship_tos_of(actor)), None)
    if first is not None:
        return first
    account = account_of(actor)
    return account.country, account.working_days, account.time_zone


def _told(each: Suggestion, skus: dict[int, str]) -> dict:
    facts = {name: skus.get(value) if name in ("with", "instead") else value for name, value in each.because.items()}
    least = {"minimum": each.product.minimum_quantity, "multiple": each.product.order_multiple}
    quantity = each.quantity or orderable_quantity(1, **least)
    return {"kind": each.kind, "product": each.product, "quantity": quantity, "because": facts}


def _short(each) -> dict:
    named = {name: getattr(each, name) for name in ShortageOut().fields if hasattr(each, name)}
    other = each.substitute
    named |= {"substitute": other.sku if other else None, "substitute_on": each.substitute_on if other else None}
    return named | {"product": each.product, "substitute_quantity": each.substitute_quantity if other else None}
