"""What is missing from a range, and services that fit."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from apps.catalogue.models import Product, ProductRelation, within
from apps.catalogue.rules import ids_of_path
from apps.catalogue.selectors import assortment_of
from apps.core.scoping import Actor
from apps.recommendations.models import CategoryService, RangeGap
from apps.recommendations.rules import spread
from apps.recommendations.selectors.kept_out import kept_out, suggestible
from apps.recommendations.selectors.suggested import OF_CARDS
from apps.recommendations.selectors.suggestion import Suggestion
from apps.recommendations.selectors.together import goes_with

MOST_GAPS = 24
_OF_GAPS = ("accounts", "of_accounts", "beside__name", "product__category__name")


def missing_from_range(actor: Actor, on: date, limit: int = 4) -> list[Suggestion]:
    """What accounts like this one buy and it does not, the most usual first; one query, and one for the assortment.

    `because` has `accounts` of `of`, `category` (its name), `beside` (what the account buys of that category; "" where
    it buys nothing of it here).
    """
    if actor.account_id is None:
        return []
    seen = within(assortment_of(actor), "product__")
    gaps = RangeGap.objects.filter(seen, account=actor.account_id, product__status=Product.Status.ACTIVE)
    gaps = gaps.exclude(kept_out(actor, on)).select_related("product__brand", "product__category", "beside")
    found = [
        Suggestion(
            gap.product,
            "missing_range",
            {
                "accounts": gap.accounts,
                "of": gap.of_accounts,
                "category": gap.product.category.name,
                "beside": gap.beside.name if gap.beside else "",
            },
        )
        for gap in gaps.order_by("place").only(*_OF_GAPS, *OF_CARDS)[:MOST_GAPS]
    ]
    return spread(found, lambda each: each.product.category_id, limit)


def services_that_fit(actor: Actor, product_ids: Collection[int], on: date, limit: int = 3) -> list[Suggestion]:
    """Services for these products: those the catalogue names for most of them, then those operations offer with their
    categories, then what is ordered with them; seven queries, and one for the assortment.

    `because` has `fits` (how many of these) or `together`, and `with`, one of these; where a category speaks for it,
    `category`, its name, and `note`.
    """
    if actor.account_id is None or not product_ids:
        return []
    named = ProductRelation.objects.filter(product__in=set(product_ids), kind=ProductRelation.Kind.SERVICE)
    ends = list(named.order_by("id").values_list("other_id", "product_id"))
    fits, first = Counter(other for other, _product in ends), dict(reversed(ends))
    offered = {pk: facts for pk, facts in _with_categories(product_ids).items() if pk not in fits}
    why = {pk: {"fits": fits[pk], "with": first[pk]} for pk in fits} | offered
    may = suggestible(actor, on, why)
    ranked = sorted(may, key=lambda pk: (pk in offered, -why[pk]["fits"], pk))
    found = [Suggestion(may[pk], "service", why[pk]) for pk in ranked]
    others = kept_out(actor, on) | Q(product__kind=Product.Kind.GOODS) | Q(product__in=set(why))
    for pair in goes_with(actor, product_ids, limit, apart_from=others):
        facts = {"together": pair.together, "with": pair.with_product_id}
        found.append(Suggestion(pair.product, "service", facts))
    return found[:limit]


def _with_categories(product_ids: Collection[int]) -> dict[int, dict]:
    """Service -> why, by what operations offer with the categories of these products; of several categories the one
    nearest to a product speaks for it. Two queries."""
    goods = Product.objects.filter(pk__in=set(product_ids), kind=Product.Kind.GOODS).order_by("pk")
    paths = {pk: ids_of_path(path) for pk, path in goods.values_list("pk", "category__path")}
    above = {category_id for path in paths.values() for category_id in path}
    rules = CategoryService.objects.filter(category__in=above, is_active=True).select_related("category")
    found: dict[int, dict] = {}
    for rule in rules.order_by("-category__depth", "pk"):
        held = [pk for pk, path in paths.items() if rule.category_id in path]
        facts = {"fits": len(held), "with": held[0], "category": rule.category.name, "note": rule.note}
        found.setdefault(rule.service_id, facts)
    return found
