"""What to take instead: because it is there sooner, or because it costs less for the same."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil

from django.db.models import Q
from django.utils import timezone

from apps.availability.selectors import promises_for
from apps.catalogue.models import CARD_FIELDS, Product, ProductRelation
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import assortment_of, substitutes_for
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for
from apps.pricing.selectors import prices_for
from apps.recommendations.rules import Offer, bare_attributes, best_saving
from apps.recommendations.selectors.kept_out import kept_out, suggestible
from apps.recommendations.selectors.suggestion import Suggestion

MOST_ASKED, MOST_ALTERNATIVES = 8, 300


def sooner_instead(
    actor: Actor,
    asks: Iterable[Ask],
    destination: object,
    now: datetime,
    *,
    by: Mapping[int, date] | None = None,
    limit: int = 4,
) -> list[Suggestion]:
    """Substitutes for what is not there in that quantity (with `by`: at the door by that day, by product id), each with
    its own day, the soonest first; as many queries for many asks as for one.

    `because` has `instead` (the product's id), `comes_on` (its day), `arrives_on` (the substitute's), `note`.
    """
    on = timezone.localdate(now)
    promises = promises_for(asks, on)
    short = {ask: promised for ask, promised in promises.items() if promised.short}
    arrivals = arrivals_for(destination, short, now) if short else {}
    late = {ask: day for ask, day in arrivals.items() if day is None or not by or day > by.get(ask[0], date.min)}
    if not late:
        return []
    known = substitutes_for(actor, [ask[0] for ask in late])
    may = suggestible(actor, on, {product.pk for offered in known.values() for product, _note in offered})
    wanted = [
        (ask, may[product.pk], note, Ask(product.pk, _orderable(product, ask[1])))
        for ask in late
        for product, note in known.get(ask[0], ())
        if product.pk in may
    ]
    of_them = promises_for((other for *_rest, other in wanted), on)
    days = arrivals_for(destination, of_them, now) if of_them else {}
    found: dict[int, Suggestion] = {}
    for ask, product, note, other in sorted(wanted, key=lambda each: (days.get(each[3]) or date.max, each[3])):
        day = days.get(other)
        if day is None or (late[ask] is not None and day >= late[ask]) or ask[0] in found:
            continue
        because = {"instead": ask[0], "comes_on": _iso(late[ask]), "arrives_on": _iso(day), "note": note}
        found[ask[0]] = Suggestion(product, "substitute", because, other[1])
    return list({each.product.pk: each for each in found.values()}.values())[:limit]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _orderable(product: Product, quantity: int) -> int:
    return orderable_quantity(quantity, minimum=product.minimum_quantity, multiple=product.order_multiple)


def savings_for(actor: Actor, asks: Sequence[Ask], on: date, limit: int = 4) -> list[Suggestion]:
    """What does the same for less, at the account's own prices: the best for each of the first `MOST_ASKED` asks; five
    queries for any number, and one for the assortment. Our own brands come first, then what saves most.

    What does the same is of the category with the same attributes apart from what says how much is in it, or what the
    catalogue calls a substitute; compared is the price of one comparable unit (`rules`, steps 9 and 10). `because` has
    `instead` (the product's id), `percent`, `is_own` (brand), `is_bigger` (pack). The caller has made sure that who
    asks may see prices.
    """
    quantities = {ask[0]: ask[1] for ask in list(asks)[:MOST_ASKED]}
    if actor.account_id is None or not quantities:
        return []
    own = list(_compared().filter(pk__in=quantities, kind=Product.Kind.GOODS))
    pairs = _pairs(actor, own, on) if own else []
    if not pairs:
        return []
    mine = {each.pk: Ask(each.pk, quantities[each.pk]) for each in own}
    asked = {(each.pk, other.pk): Ask(other.pk, _as_much(each, other, quantities[each.pk])) for each, other in pairs}
    prices = prices_for(actor, [*mine.values(), *asked.values()], on)
    found: dict[int, Suggestion] = {}
    for each in own:
        others = {other.pk: other for one, other in pairs if one is each}
        offers = [_offer(other, asked[each.pk, other.pk], prices) for other in others.values()]
        if best := best_saving(_offer(each, mine[each.pk], prices), offers):
            offer, percent = best
            facts = {"instead": each.pk, "percent": percent, "is_own": offer.is_own}
            facts["is_bigger"] = offer.content > _content(each)
            found.setdefault(offer.key, Suggestion(others[offer.key], "saving", facts, offer.quantity))
    first = sorted(found.values(), key=lambda one: (not one.because["is_own"], -one.because["percent"], one.product.pk))
    return first[:limit]


def _compared():
    return Product.objects.for_cards().only("attributes", "brand__is_own", *CARD_FIELDS, "brand__name")


def _pairs(actor: Actor, own: Sequence[Product], on: date) -> list[tuple[Product, Product]]:
    """Each of these with what does the same and is measured alike. Two queries, and one for the assortment."""
    named = ProductRelation.objects.filter(product__in=own, kind=ProductRelation.Kind.SUBSTITUTE)
    ends = set(named.values_list("product_id", "other_id"))
    alike = Q(pk__in={other for _product, other in ends})
    for each in own:
        if bare := bare_attributes(each.attributes, each.content_quantity):
            alike |= Q(category=each.category_id, attributes__contains=bare)
    seen = (
        _compared()
        .filter(alike, kind=Product.Kind.GOODS, status=Product.Status.ACTIVE)
        .exclude(pk__in=[each.pk for each in own])
    )
    seen = seen.in_assortment(assortment_of(actor)).exclude(kept_out(actor, on, "pk"))
    others = list(seen.order_by("-brand__is_own", "-popularity", "pk")[:MOST_ALTERNATIVES])
    return [
        (each, other)
        for each in own
        for other in others
        if _unit(each) == _unit(other) and ((each.pk, other.pk) in ends or _is_alike(each, other))
    ]


def _is_alike(one: Product, other: Product) -> bool:
    bare = bare_attributes(one.attributes, one.content_quantity)
    same = bare == bare_attributes(other.attributes, other.content_quantity)
    return bool(bare) and one.category_id == other.category_id and same


def _unit(product: Product) -> str:
    return product.content_uom if product.content_quantity else product.uom


def _content(product: Product) -> Decimal:
    return product.content_quantity or Decimal(1)


def _as_much(one: Product, other: Product, quantity: int) -> int:
    """How many of the other hold as much as `quantity` of the one."""
    return _orderable(other, ceil(quantity * _content(one) / _content(other)))


def _offer(product: Product, ask: Ask, prices: Mapping) -> Offer:
    is_own = bool(product.brand and product.brand.is_own)
    return Offer(product.pk, ask[1], _content(product), prices[ask].unit_price, is_own)
