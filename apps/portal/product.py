"""Everything about one product in one place, for this account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.availability.selectors import incoming_for, stock_by_warehouse
from apps.catalogue.rules import Ask, parse_quantity
from apps.catalogue.selectors import ProductPage, product_for, product_page
from apps.catalogue.services import set_part_number
from apps.core.money import line_net
from apps.ordering.selectors import bought_history
from apps.portal import compare
from apps.portal.access import in_account
from apps.portal.cards import Conditions, add_url, cards_of, conditions_for, least_ask, picture_of, unit_words
from apps.pricing.words import explain

RELATED = (
    ("successors", gettext_lazy("What replaces it")),
    ("substitutes", gettext_lazy("Substitutes")),
    ("accessories", gettext_lazy("Accessories")),
    ("services", gettext_lazy("Services for it")),
)

COMPARED = ("successors", "substitutes")


@require_safe
@in_account()
def product(request: HttpRequest, sku: str) -> HttpResponse:
    shown = product_for(request.actor, sku)
    page = product_page(request.actor, shown)
    related = [each for kind, _title in RELATED for each in getattr(page, kind)]
    ask, asks = _asked(request, shown), [least_ask(each.product) for each in related]
    conditions = conditions_for(request.visit, [ask, *asks])
    context = {
        "section": "catalogue",
        "page": page,
        "picture": picture_of(shown),
        "trail": _trail(page),
        "stock": [(level, _free(level)) for level in stock_by_warehouse(shown.id)],
        "incoming": [(supply, supply.quantity - supply.reserved) for supply in incoming_for(shown.id)],
        "history": bought_history(request.actor, shown.id, limit=6),
        "related": _groups(page, related, asks, conditions),
        **_offer(request, shown, ask, conditions),
    }
    return render(request, "portal/product/page.html", context)


@require_safe
@in_account()
def offer(request: HttpRequest, sku: str) -> HttpResponse:
    """Price and date for another quantity: the fragment that htmx asks for while a quantity is typed."""
    shown = product_for(request.actor, sku)
    ask = _asked(request, shown)
    context = _offer(request, shown, ask, conditions_for(request.visit, [ask]))
    return render(request, "portal/product/_offer.html", context)


@require_POST
@in_account("part_number.edit")
def part_number(request: HttpRequest, sku: str) -> HttpResponse:
    """Keep the account's own number for a product; an empty one takes it away."""
    shown = product_for(request.actor, sku)
    code = request.POST.get("code", "").strip()
    set_part_number(request.actor, shown, code, request.visit.now)
    messages.success(request, _("Your part number is kept.") if code else _("Your part number is taken away."))
    return redirect("portal:product", sku=shown.sku)


def _asked(request: HttpRequest, shown) -> Ask:
    """The quantity asked for, raised to what can be ordered; the least where it is none."""
    return least_ask(shown, parse_quantity(request.GET.get("quantity")) or 1)


def _offer(request: HttpRequest, shown, ask: Ask, conditions: Conditions) -> dict:
    """Price and promise for the quantity asked for, and what it comes to."""
    typed, price = request.GET.get("quantity"), conditions.prices.get(ask)
    has_price = price is not None and price.unit_price is not None
    return {
        "product": shown,
        "quantity": ask.quantity,
        "minimum": least_ask(shown).quantity,
        "raised": typed is not None and parse_quantity(typed) != ask.quantity,
        "uom": unit_words(shown.uom),
        "price": price,
        "explained": explain(price) if price else [],
        "net": line_net(ask.quantity, price.unit_price, price.currency) if has_price else None,
        "saved": _saved(price, ask.quantity) if has_price else None,
        "content_price": _content_price(shown, price) if has_price else None,
        "promise": conditions.promises[ask],
        "availability": conditions.availability(shown, ask),
        "add_url": add_url(request.visit),
    }


def _free(level) -> int:
    """What of a warehouse's stock can still be promised."""
    return max(level.on_hand - level.reserved - level.safety_stock, 0)


def _trail(page: ProductPage) -> list[tuple[str, str]]:
    """Breadcrumbs from the catalogue down to the product."""
    above = [(category.name, reverse("portal:category", args=[category.slug])) for category in page.trail]
    return [(_("Catalogue"), reverse("portal:catalogue")), *above, (page.product.name, "")]


def _saved(price, quantity: int):
    """What the account pays less than the list for the quantity, or None."""
    if not price.list_price or price.list_price <= price.unit_price:
        return None
    return line_net(quantity, price.list_price - price.unit_price, price.currency)


def _content_price(shown, price):
    """The price of one comparable unit (a litre, a metre), or None."""
    return price.unit_price / shown.content_quantity if shown.content_quantity else None


def _groups(page: ProductPage, related: list, asks: list[Ask], conditions: Conditions) -> list[dict]:
    """Substitutes, accessories and services as cards, with what differs as the reason."""
    notes = {each.product.id: each.note for each in related}
    cards = cards_of([each.product for each in related], asks, conditions, notes)
    by_id = {card.product.id: card for card in cards}
    return [
        {
            "kind": kind,
            "title": title,
            "cards": [by_id[each.product.id] for each in getattr(page, kind)],
            "compare_url": _compared(page, getattr(page, kind)) if kind in COMPARED else "",
        }
        for kind, title in RELATED
        if getattr(page, kind)
    ]


def _compared(page: ProductPage, others: list) -> str:
    """The product beside what could be bought instead."""
    return compare.address_of([page.product.sku, *(each.product.sku for each in others)][: compare.MOST])
