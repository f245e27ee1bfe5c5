"""The filters a buyer sets, each a condition on products.

Stock and past orders stand on floors above. They are reached through the relations those models declare on `Product`,
so nothing above is imported; a row of stock counts where more is on hand than reserved and kept back.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import DecimalField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from apps.catalogue.models import Attribute, Product
from apps.catalogue.search.questions import BOUGHT_BEFORE, BRAND, IN_STOCK, Query
from apps.core.scoping import Actor

_BEYOND_MEASURE = 10**15
NOT_BOUGHT = ("cancelled", "declined")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a facet narrows to; `code` is the facet's."""

    code: str
    condition: object


def filters_of(actor: Actor, query: Query, known: dict[str, Attribute]) -> list[Filter]:
    """The filters set in `query`, besides text and category."""
    chosen = [Filter(BRAND, Q(brand__slug__in=query.brands))] if query.brands else []
    for flag, is_set in ((IN_STOCK, query.in_stock), (BOUGHT_BEFORE, query.bought_before)):
        if is_set:
            evidence = evidence_for(actor, OuterRef("pk")).get(flag)
            chosen.append(Filter(flag, Q(pk__in=[]) if evidence is None else Exists(evidence)))
    for code, values in sorted(query.attributes.items()):
        if code in known and values:
            chosen.append(Filter(code, _attribute(known[code], values)))
    return chosen


def evidence_for(actor: Actor, product: object) -> dict[str, QuerySet]:
    """The rows that show a flag to be true of `product` (an expression): stock to promise; orders of the account.

    Who stands in no account bought nothing: that flag is left out.
    """
    stock = _model_of("stock").objects.filter(product=product, on_hand__gt=F("reserved") + F("safety_stock"))
    evidence = {IN_STOCK: stock.order_by().values("pk")}
    if actor.account_ids:
        lines = _model_of("order_lines").objects.filter(product=product, order__account__in=actor.account_ids)
        bought = lines.exclude(order__status__in=NOT_BOUGHT)
        evidence[BOUGHT_BEFORE] = bought.order_by().values("pk")
    return evidence


def bought_by(actor: Actor) -> frozenset[int] | None:
    """Ids of the products in the account's orders; None for who stands in no account. One query."""
    if not actor.account_ids:
        return None
    lines = _model_of("order_lines").objects.filter(order__account__in=actor.account_ids)
    bought = lines.exclude(order__status__in=NOT_BOUGHT).order_by().values_list("product_id", flat=True).distinct()
    return frozenset(bought)


def _model_of(relation: str):
    return Product._meta.get_field(relation).related_model


def _attribute(attribute: Attribute, values: tuple[str, ...]) -> Q:
    condition = Q(pk__in=[])
    for value in values:
        if attribute.kind == Attribute.Kind.NUMBER:
            condition |= _number(attribute.code, value)
        else:
            stored = value == "true" if attribute.kind == Attribute.Kind.YES_NO else value
            condition |= Q(attributes__contains={attribute.code: stored})
    return condition


def _number(code: str, value: str) -> Q:
    low, dots, high = value.partition("..")
    try:
        bounds = [Decimal(bound) if bound else None for bound in ((low, high) if dots else (low, low))]
    except InvalidOperation:
        return Q(pk__in=[])
    if any(bound is not None and not (bound.is_finite() and abs(bound) < _BEYOND_MEASURE) for bound in bounds):
        return Q(pk__in=[])
    number, condition = _number_of(code), Q()
    if bounds[0] is not None:
        condition &= Q(GreaterThanOrEqual(number, bounds[0]))
    if bounds[1] is not None:
        condition &= Q(LessThanOrEqual(number, bounds[1]))
    return condition


def _number_of(code: str) -> Func:
    """The number stored under an attribute's code, null where something else is."""
    return Func(
        F("attributes"),
        Value(f'$."{code}" ? (@.type() == "number")'),
        template="(jsonb_path_query_first(%(expressions)s::jsonpath))::numeric",
        output_field=DecimalField(),
    )
