"""The catalogue: search, category tree, facets, and each product at this account's price and date."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.catalogue.search import Found, Query, find, suggestions
from apps.catalogue.selectors import Node, category_tree_of
from apps.catalogue.services import forget_searches, keep_missed_search, remember_search
from apps.core.lists import clean, page_urls
from apps.portal import arranging, listing
from apps.portal.access import in_account
from apps.portal.branches import Whereabouts, whereabouts
from apps.portal.cards import add_url, cards_for, star_url, with_stars
from apps.portal.compare import MOST
from apps.portal.nearest import nearest_categories
from apps.portal.sourcing import blank_form
from apps.portal.suggesting import for_empty_search, forms_of
from apps.portal.views_menu import menu_of
from apps.portal.visit import Visit


@require_safe
@in_account()
def catalogue(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A page of products: all of them, those of a category, those that a search finds."""
    menu = menu_of(request, "catalogue", slug)
    if menu and menu.opens:
        return menu.opens
    tree, visit = category_tree_of(request.actor), request.visit
    query, there = _narrowed(visit, listing.query_of(request, slug), request.GET, tree)
    found = find(request.actor, query, tree=tree, arrange=arranging.arrange_by(visit, request.GET.get("sort", "")))
    place = whereabouts(tree, slug, listing.category_counts(found), query.text)
    context = {
        "section": "catalogue",
        "menu": menu,
        "category": place.here or place.shown,
        "place": place,
        "trail": _trail(place),
        "query": query,
        "found": found,
        "cards": with_stars(visit, cards_for(visit, found.products)),
        "star_url": star_url(visit),
        "add_url": add_url(visit),
        "compare_most": MOST,
        "there": there,
        **_controls(request, query, found, there.day if there else None),
        **(_ways_out(request, tree, query) if found.nearest or not found.products else {}),
    }
    return _remember(request, render(request, "portal/catalogue/page.html", context), query, found)


def _narrowed(
    visit: Visit, query: Query, asked: QueryDict, tree: tuple[Node, ...]
) -> tuple[Query, arranging.ThereBy | None]:
    """The question with what only this account can be asked: its agreed prices, a day by which goods are there."""
    if "on_contract" in asked and visit.may("price.read"):
        query = arranging.on_contract(visit, query)
    day = arranging.day_of(visit, listing.day_asked(asked))
    return (query, None) if day is None else arranging.there_by(visit, query, day, tree)


def _ways_out(request: HttpRequest, tree: tuple[Node, ...], query: Query) -> dict:
    """What helps where nothing is quite what was searched: categories to look in, and the form that asks the rep."""
    nearest = nearest_categories(tree, query.text, query.category or "")
    return {
        "nearest": nearest,
        "blocks": for_empty_search(request.visit, nearest) if request.visit.may("cart.edit") else [],
        **forms_of(request.visit),
        "form": blank_form(query.text) if request.visit.may("case.open") else None,
    }


@require_safe
@in_account()
def suggest(request: HttpRequest) -> HttpResponse:
    """What the words typed so far may mean: products, categories, brands, earlier searches; a fragment."""
    text = clean(request.GET.get("q", ""))
    context = {"found": suggestions(request.actor, text), "text": text}
    return render(request, "portal/catalogue/_suggestions.html", context)


@require_POST
@in_account()
def forget(request: HttpRequest) -> HttpResponse:
    """Forget what this contact ever searched for."""
    forget_searches(request.actor)
    messages.success(request, _("Your past searches are forgotten."))
    return redirect("portal:catalogue")


def _remember(request: HttpRequest, response: HttpResponse, query: Query, found: Found) -> HttpResponse:
    """Keep a search with what came of it, once the answer is sent: the contact's own, or what the account lacked."""
    text, actor = query.text, request.actor
    if text and found.total and not (query.after or query.before or found.corrected or found.nearest):
        response._resource_closers.append(lambda: remember_search(actor, text, timezone.now()))
    elif _is_missed(request, query, found):
        near = found.products[0].category_id if found.products else None
        response._resource_closers.append(lambda: keep_missed_search(actor, text, near, on=timezone.localdate()))
    return response


def _is_missed(request: HttpRequest, query: Query, found: Found) -> bool:
    """Whether somebody sent off these words alone and nothing had them all. Filters find less without anything being
    lacked; a browser that looks ahead and a list that is swapped in ask for nobody."""
    sent_off = request.method == "GET" and not (request.headers.get("HX-Request") or request.headers.get("Sec-Purpose"))
    narrowed = query.category or query.brands or query.attributes or query.in_stock or query.bought_before
    turned = query.among or query.after or query.before
    return bool(query.text and sent_off and not narrowed and not turned and (found.nearest or not found.total))


def _trail(place: Whereabouts) -> list[tuple[str, str]]:
    """Breadcrumbs down to the category."""
    here = place.here or place.shown
    ways = [*place.above, *([here] if here else [])]
    return [(_("Catalogue"), reverse("portal:catalogue")), *((branch.name, branch.url) for branch in ways)]


def _controls(request: HttpRequest, query: Query, found: Found, day: date | None) -> dict:
    """Filters, chips, sorting and paging around the results."""
    asked = request.GET
    return {
        "filters": listing.filters_of(found),
        "switches": listing.switches_of(found, asked, with_prices=request.visit.may("price.read")),
        "days": listing.days_of(asked, day),
        "day_said": day if asked.get(listing.OTHER_DAY) else None,
        "today": request.visit.on,
        "chips": listing.chips_of(found, asked, day),
        "sorts": listing.sorts_of(query, arranging.orders_of(request.visit), asked),
        "kept": listing.kept_fields(asked),
        "kept_by_sorting": listing.kept_by_sorting(asked),
        **page_urls(request, found),
        "as_table": asked.get("view") == "table",
    }
