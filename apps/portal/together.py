"""What others order together with a product, or with what is in the cart: fetched after the page it stands on."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.catalogue.selectors import product_for
from apps.ordering.selectors import lines_of
from apps.portal.access import in_account
from apps.portal.cards import add_url, cards_for
from apps.portal.product import section
from apps.portal.visit import Visit
from apps.recommendations.selectors import GoesWith, suggested_with

FRAGMENT = "portal/product/_together.html"
SHOWN = 4
LOOKED_AT = 60  # lines of a cart


@require_safe
@in_account()
def with_product(request: HttpRequest, sku: str) -> HttpResponse:
    """What is ordered together with one product; for htmx the fragment, else a page of its own."""
    shown = product_for(request.actor, sku)
    context = {"title": _("Often ordered with it"), **_suggested(request.visit, [shown.id])}
    return section(request, shown, "_together.html", context["title"], context)


@require_safe
@in_account("cart.edit")
def with_cart(request: HttpRequest) -> HttpResponse:
    """What is ordered together with what is in the cart."""
    names = {line.product_id: line.product.name for line in lines_of(request.actor)[:LOOKED_AT]}
    context = {"title": _("Often ordered with these"), **_suggested(request.visit, names, names)}
    if request.htmx:
        return render(request, FRAGMENT, context)
    around = {
        "fragment": "portal/product/_together.html",
        "trail": [(_("Cart"), reverse("portal:cart")), (context["title"], "")],
    }
    return render(request, "portal/cart/together.html", around | context)


def _suggested(visit: Visit, product_ids: Collection[int], names: dict[int, str] | None = None) -> dict:
    found = suggested_with(visit.actor, product_ids, visit.on, SHOWN)
    reasons = {each.product.id: _why(each, names or {}) for each in found}
    return {"cards": cards_for(visit, [each.product for each in found], reasons=reasons), "add_url": add_url(visit)}


def _why(pair: GoesWith, names: dict[int, str]) -> str:
    """Why a product is suggested; where there are several, beside which of them."""
    told = {"n": pair.together, "name": names.get(pair.with_product_id, "")}
    if not told["name"]:
        return ngettext("In %(n)d recent order with it", "In %(n)d recent orders with it", pair.together) % told
    return ngettext("In %(n)d recent order with %(name)s", "In %(n)d recent orders with %(name)s", pair.together) % told
