"""The catalogue: search, category tree, facets, and each product at this account's price and date."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.catalogue.search import Found, Query, find
from apps.catalogue.selectors import Node, category_tree_of, products_by_code
from apps.core.lists import clean, page_urls
from apps.portal import listing
from apps.portal.access import in_account
from apps.portal.branches import Whereabouts, whereabouts
from apps.portal.cards import add_url, cards_for
from apps.portal.compare import MOST
from apps.portal.nearest import nearest_categories
from apps.portal.sourcing import blank_form

LEAST_TYPED, SUGGESTED = 2, 7


@require_safe
@in_account()
def catalogue(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A page of products: all of them, those of a category, those that a search finds."""
    tree = category_tree_of(request.actor)
    query = listing.query_of(request, slug)
    found = find(request.actor, query, tree=tree)
    place = whereabouts(tree, slug, listing.category_counts(found), query.text)
    context = {
        "section": "catalogue",
        "category": place.here or place.shown,
        "place": place,
        "trail": _trail(place),
        "query": query,
        "found": found,
        "cards": cards_for(request.visit, found.products),
        "add_url": add_url(request.visit),
        "compare_most": MOST,
        **_controls(request, query, found),
        **(_ways_out(request, tree, query) if found.nearest or not found.products else {}),
    }
    return render(request, "portal/catalogue/page.html", context)


def _ways_out(request: HttpRequest, tree: tuple[Node, ...], query: Query) -> dict:
    """What helps where nothing is quite what was searched: categories to look in, and the form that asks the rep."""
    return {
        "nearest": nearest_categories(tree, query.text, query.category or ""),
        "form": blank_form(query.text) if request.visit.may("case.open") else None,
    }


@require_safe
@in_account()
def suggest(request: HttpRequest) -> HttpResponse:
    """What the words typed so far may mean: exact codes first, then what the search finds; a fragment."""
    text = clean(request.GET.get("q", ""))
    products = _suggested(request, text) if len(text) >= LEAST_TYPED else []
    return render(request, "portal/catalogue/_suggestions.html", {"products": products, "text": text})


def _suggested(request: HttpRequest, text: str) -> list:
    coded = [match.product for match in products_by_code(request.actor, [text])[text]]
    found = find(request.actor, Query(text=text, size=SUGGESTED), with_facets=False).products
    return list({product.pk: product for product in (*coded, *found)}.values())[:SUGGESTED]


def _trail(place: Whereabouts) -> list[tuple[str, str]]:
    """Breadcrumbs down to the category."""
    here = place.here or place.shown
    ways = [*place.above, *([here] if here else [])]
    return [(_("Catalogue"), reverse("portal:catalogue")), *((branch.name, branch.url) for branch in ways)]


def _controls(request: HttpRequest, query: Query, found: Found) -> dict:
    """Filters, chips, sorting and paging around the results."""
    return {
        "filters": listing.filters_of(found),
        "switches": listing.switches_of(request.GET),
        "chips": listing.chips_of(found, request.GET),
        "sorts": listing.sorts_of(query),
        "kept": listing.kept_fields(request.GET),
        **page_urls(request, found),
        "as_table": request.GET.get("view") == "table",
    }
