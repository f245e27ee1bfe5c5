"""Everything about one product in one place, for this account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.availability.selectors import incoming_for, promises_for, stock_by_warehouse
from apps.catalogue.rules import parse_quantity
from apps.catalogue.selectors import ProductPage, product_for, product_page
from apps.catalogue.services import set_part_number
from apps.core.money import line_net
from apps.delivery.selectors import arrivals_for
from apps.ordering.selectors import bought_history
from apps.portal.access import in_account
from apps.portal.cards import add_url, availability_of, cards_for, least_ask, picture_of, unit_words
from apps.pricing.selectors import prices_for
from apps.pricing.words import explain

RELATED = (
    ("successors", gettext_lazy("What replaces it")),
    ("substitutes", gettext_lazy("Substitutes")),
    ("accessories", gettext_lazy("Accessories")),
    ("services", gettext_lazy("Services for it")),
)


@require_safe
@in_account()
def product(request: HttpRequest, sku: str) -> HttpResponse:
    shown = product_for(request.actor, sku)
    page = product_page(request.actor, shown)
    context = {
        "section": "catalogue",
        "product": shown,
        "page": page,
        "picture": picture_of(shown),
        "trail": _trail(page),
        "stock": [
            (level, max(level.on_hand - level.reserved - level.safety_stock, 0))
            for level in stock_by_warehouse(shown.id)
        ],
        "incoming": [(supply, supply.quantity - supply.reserved) for supply in incoming_for(shown.id)],
        "history": bought_history(request.actor, shown.id, limit=6),
        "related": _related(request, page),
        **_offer(request, shown),
    }
    return render(request, "portal/product/page.html", context)


@require_safe
@in_account()
def offer(request: HttpRequest, sku: str) -> HttpResponse:
    """Price and date for another quantity: the fragment that htmx asks for while a quantity is typed."""
    shown = product_for(request.actor, sku)
    return render(request, "portal/product/_offer.html", {"product": shown, **_offer(request, shown)})


@require_POST
@in_account("part_number.edit")
def part_number(request: HttpRequest, sku: str) -> HttpResponse:
    """Keep the account's own number for a product; an empty one takes it away."""
    shown = product_for(request.actor, sku)
    code = request.POST.get("code", "").strip()
    set_part_number(request.actor, shown, code, request.visit.now)
    messages.success(request, _("Your part number is kept.") if code else _("Your part number is taken away."))
    return redirect("portal:product", sku=shown.sku)


def _offer(request: HttpRequest, shown) -> dict:
    """Price and promise for the quantity asked for, raised to what can be ordered; for the least where it is none."""
    typed, visit = request.GET.get("quantity"), request.visit
    ask = least_ask(shown, parse_quantity(typed) or 1)
    price = prices_for(visit.actor, [ask], visit.on)[ask] if visit.may("price.read") else None
    promises = promises_for([ask], visit.on)
    arrives_on = arrivals_for(visit.destination, promises, visit.now).get(ask)
    has_price = price is not None and price.unit_price is not None
    return {
        "quantity": ask.quantity,
        "minimum": least_ask(shown).quantity,
        "raised": typed is not None and parse_quantity(typed) != ask.quantity,
        "uom": unit_words(shown.uom),
        "price": price,
        "explained": explain(price) if price else [],
        "net": line_net(ask.quantity, price.unit_price, price.currency) if has_price else None,
        "saved": _saved(price, ask.quantity) if has_price else None,
        "content_price": _content_price(shown, price) if has_price else None,
        "promise": promises[ask],
        "availability": availability_of(shown, promises[ask], arrives_on),
        "add_url": add_url(visit),
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


def _related(request: HttpRequest, page: ProductPage) -> list[dict]:
    """Substitutes, accessories and services as cards, priced in one go, with what differs as the reason."""
    groups = [(kind, title, getattr(page, kind)) for kind, title in RELATED]
    every = {each.product.id: each for _kind, _title, group in groups for each in group}
    notes = {product_id: each.note for product_id, each in every.items()}
    cards = cards_for(request.visit, [each.product for each in every.values()], reasons=notes) if every else []
    by_id = {card.product.id: card for card in cards}
    return [
        {"kind": kind, "title": title, "cards": [by_id[each.product.id] for each in group]}
        for kind, title, group in groups
        if group
    ]
