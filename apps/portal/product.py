"""Everything about one product in one place, for this account."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.availability.rules import Promise, promise
from apps.availability.selectors import WholeSupply, promises_for, supplies_of, whole_supply
from apps.catalogue.errors import ProductNotFound
from apps.catalogue.rules import Ask, in_packs, parse_quantity
from apps.catalogue.selectors import (
    ProductPage,
    certificates_of,
    product_for,
    product_page,
    product_that_replaces,
)
from apps.catalogue.services import remember_seen, set_part_number
from apps.core.money import line_net
from apps.delivery.rules import Step, steps_of
from apps.delivery.selectors import arrivals_for, lots_apart
from apps.feedback.selectors import rating_of
from apps.fulfilment.selectors import promise_rate_of
from apps.ordering.selectors import bought_history, starred
from apps.portal.access import in_account
from apps.portal.cards import Conditions, add_url, conditions_for, least_ask, picture_of, star_url, unit_words
from apps.portal.product_parts import asks_of, groups_of, index_of, pictures_of, steps_in_words
from apps.portal.visit import Visit
from apps.pricing.selectors import margins_for, matches_on, prices_for
from apps.pricing.words import explain, margin_words
from apps.recommendations.selectors import watches_on


@require_safe
@in_account()
def product(request: HttpRequest, sku: str) -> HttpResponse:
    try:
        shown = product_for(request.actor, sku)
    except ProductNotFound:
        return _to_what_replaces(request, sku)
    visit, page = request.visit, product_page(request.actor, shown)
    ask, asks = _asked(request, shown), asks_of(page)
    conditions, supply, steps = _told_together(visit, shown, [ask, *asks.values()])
    groups = groups_of(page, asks, conditions)
    context = {
        "section": "catalogue",
        "about": f"product:{shown.sku}",
        "page": page,
        "pictures": pictures_of(page),
        "trail": trail_of(page),
        "supply": supply,
        "steps": steps_in_words(steps),
        "kept": promise_rate_of(shown.id, shown.category_id),
        "history": bought_history(request.actor, shown.id, limit=6),
        "rating": rating_of(shown.id),
        "watches": watches_on(request.actor, shown.id),
        "matches": matches_on(request.actor, shown.id) if visit.may("price.read") else [],
        "groups": groups,
        "successors": next((group["cards"] for group in groups if group["kind"] == "successors"), []),
        **_offer(request, shown, ask, conditions),
    }
    context["ladder"] = ladder_of(context["price"], (packed.unit for packed in page.packaging))
    context["index"] = index_of(context, groups)
    context |= {"star_url": star_url(visit), "is_favourite": bool(starred(visit.actor, [shown.id]))}
    return _remember(request, render(request, "portal/product/page.html", context), shown.id)


def _remember(request: HttpRequest, response: HttpResponse, product_id: int) -> HttpResponse:
    """Keep that the contact looked at it, once the answer is sent. A browser that looks ahead looks for nobody."""
    actor = request.actor
    if request.method == "GET" and not request.headers.get("Sec-Purpose"):
        response._resource_closers.append(lambda: remember_seen(actor, product_id, timezone.now()))
    return response


@require_safe
@in_account()
def offer(request: HttpRequest, sku: str) -> HttpResponse:
    """Price and date for another quantity: the fragment that htmx asks for while a quantity is typed."""
    shown = product_for(request.actor, sku)
    ask = _asked(request, shown)
    context = _offer(request, shown, ask, conditions_for(request.visit, [ask]))
    return render(request, "portal/product/_offer.html", context)


@require_safe
@in_account()
def schedule(request: HttpRequest, sku: str) -> HttpResponse:
    """How a wished quantity would arrive, lot by lot: a fragment for htmx, else a page of its own."""
    visit, shown = request.visit, product_for(request.actor, sku)
    ask = _asked(request, shown)
    apart = lots_apart(promises_for([ask], visit.on)[ask].lots)
    arrivals = arrivals_for(visit.destination, apart, visit.now)
    context = {
        "product": shown,
        "quantity": ask.quantity,
        "raised": _is_raised(request, ask),
        "minimum": least_ask(shown).quantity,
        "steps": steps_in_words(_steps(apart, arrivals)),
        "asked": True,
    }
    return section(request, shown, "_schedule.html", _("When it would arrive"), context)


@require_safe
@in_account()
def certificates(request: HttpRequest, sku: str) -> HttpResponse:
    """Certificates by lot: those of the lots whose number begins as asked."""
    shown, lot = product_for(request.actor, sku), request.GET.get("lot", "").strip()[:40]
    context = {"product": shown, "lot": lot, "certificates": certificates_of(shown, lot), "searched": True}
    return section(request, shown, "_certificates.html", _("Certificates by lot"), context)


@require_POST
@in_account("part_number.edit")
def part_number(request: HttpRequest, sku: str) -> HttpResponse:
    """Keep the account's own number for a product; an empty one takes it away."""
    shown = product_for(request.actor, sku)
    code = request.POST.get("code", "").strip()
    set_part_number(request.actor, shown, code, request.visit.now)
    messages.success(request, _("Your part number is kept.") if code else _("Your part number is taken away."))
    return redirect("portal:product", sku=shown.sku)


def section(request: HttpRequest, shown, fragment: str, title: str, context: dict, status: int = 200) -> HttpResponse:
    """A part of the product page: the fragment itself for htmx, else with a page around it."""
    if request.htmx:
        return render(request, f"portal/product/{fragment}", context, status=status)
    around = {
        "section": "catalogue",
        "title": title,
        "product": shown,
        "picture": picture_of(shown),
        "fragment": f"portal/product/{fragment}",
        "trail": [(_("Catalogue"), reverse("portal:catalogue")), (shown.name, page_url(shown)), (title, "")],
    }
    return render(request, "portal/product/section.html", around | context, status=status)


def page_url(shown) -> str:
    return reverse("portal:product", args=[shown.sku])


def trail_of(page: ProductPage) -> list[tuple[str, str]]:
    """Breadcrumbs from the catalogue down to the product."""
    above = [(category.name, reverse("portal:category", args=[category.slug])) for category in page.trail]
    return [(_("Catalogue"), reverse("portal:catalogue")), *above, (page.product.name, "")]


def _told_together(visit: Visit, shown, asks: list[Ask]) -> tuple[Conditions, WholeSupply, list[Step]]:
    """What `conditions_for` tells, and by when how much of `shown` arrives: supply and ways are asked for once."""
    supplies = supplies_of({ask.product_id for ask in asks})
    promises = {ask: promise(ask.quantity, supplies[ask.product_id], visit.on) for ask in asks}
    whole = whole_supply(supplies[shown.id], visit.on)
    apart = lots_apart(whole.lots)
    arrivals = arrivals_for(visit.destination, promises | apart, visit.now)
    prices = prices_for(visit.actor, asks, visit.on) if visit.may("price.read") else {}
    return Conditions(prices, promises, arrivals), whole, _steps(apart, arrivals)


def _steps(apart: Mapping[Ask, Promise], arrivals: Mapping[Ask, date | None]) -> list[Step]:
    return steps_of((promised.lots[0], arrivals[key]) for key, promised in apart.items())


def _to_what_replaces(request: HttpRequest, sku: str) -> HttpResponse:
    """Somebody follows an old number: on to the product that bears it as superseded."""
    successor = product_that_replaces(request.actor, sku)
    if successor is None:
        raise ProductNotFound(sku=sku)
    return redirect("portal:product", sku=successor.sku)


def _asked(request: HttpRequest, shown) -> Ask:
    """The quantity asked for, raised to what can be ordered; the least where it is none."""
    return least_ask(shown, parse_quantity(request.GET.get("quantity")) or 1)


def _is_raised(request: HttpRequest, ask: Ask) -> bool:
    typed = request.GET.get("quantity")
    return typed is not None and parse_quantity(typed) != ask.quantity


def _offer(request: HttpRequest, shown, ask: Ask, conditions: Conditions) -> dict:
    """Price and promise for the quantity asked for, and what it comes to."""
    price = conditions.prices.get(ask)
    has_price = price is not None and price.unit_price is not None
    return {
        "product": shown,
        "quantity": ask.quantity,
        "minimum": least_ask(shown).quantity,
        "raised": _is_raised(request, ask),
        "uom": unit_words(shown.uom),
        "price": price,
        "explained": explain(price) if price else [],
        "margin": _margin(request, {ask: price}) if price else "",
        "net": line_net(ask.quantity, price.unit_price, price.currency) if has_price else None,
        "saved": _saved(price, ask.quantity) if has_price else None,
        "content_price": _content_price(shown, price) if has_price else None,
        "promise": conditions.promises[ask],
        "availability": conditions.availability(shown, ask),
        "add_url": add_url(request.visit),
    }


def ladder_of(price, packs) -> list[tuple]:
    """Each quantity break of a price with the packaging units it makes, or None."""
    packs = list(packs)
    return [(step, in_packs(step.min_quantity, packs)) for step in price.breaks] if price else []


def _margin(request: HttpRequest, prices: dict) -> str:
    """The margin in words, where one of the house's own people looks on behalf of a buyer; else ""."""
    found = margins_for(request.actor, prices, request.visit.on)
    return next((margin_words(margin) for margin in found.values()), "")


def _saved(price, quantity: int):
    """What the account pays less than the list for the quantity, or None."""
    if not price.list_price or price.list_price <= price.unit_price:
        return None
    return line_net(quantity, price.list_price - price.unit_price, price.currency)


def _content_price(shown, price):
    """The price of one comparable unit (a litre, a metre), or None."""
    return price.unit_price / shown.content_quantity if shown.content_quantity else None
