"""What could be ordered besides: with a product, with what is in the cart or the quick order, after an order, instead
of lines of the next one. Fetched after the page it stands on."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.catalogue.rules import Ask, parse_quantity
from apps.catalogue.selectors import product_for
from apps.ordering.selectors import lines_of, order_for, quick_order_of
from apps.portal import suggesting
from apps.portal.access import in_account
from apps.portal.cards import least_ask
from apps.portal.product import section

FRAGMENT = "portal/product/_together.html"
LOOKED_AT = 60  # lines of a cart


@require_safe
@in_account()
def with_product(request: HttpRequest, sku: str) -> HttpResponse:
    """What to order with one product, or in its place; for htmx the fragment, else a page of its own.

    `only=sooner` is what is there sooner than the quantity asked for.
    """
    visit, shown = request.visit, product_for(request.actor, sku)
    ask = least_ask(shown, parse_quantity(request.GET.get("quantity")) or 1)
    is_sooner = request.GET.get("only") == "sooner"
    blocks = suggesting.sooner(visit, ask) if is_sooner else suggesting.for_product(visit, ask)
    title = _("There sooner") if is_sooner else _("Often ordered with it")
    context = {"blocks": blocks, "fragment_id": "sooner" if is_sooner else "together", **suggesting.forms_of(visit)}
    return section(request, shown, "_together.html", title, context)


@require_safe
@in_account("cart.edit")
def with_cart(request: HttpRequest) -> HttpResponse:
    """What to order with what is in the cart, or in its place."""
    lines = lines_of(request.actor)[:LOOKED_AT]
    asks = [Ask(line.product_id, line.quantity) for line in lines]
    names = {line.product_id: line.product.name for line in lines}
    blocks = suggesting.for_cart(request.visit, asks, names, "cart")
    return _beside(request, blocks, (_("Cart"), reverse("portal:cart")), _("With these"))


@require_safe
@in_account("cart.edit")
def with_quick_order(request: HttpRequest) -> HttpResponse:
    """The same for the lines of the quick order."""
    visit = request.visit
    answers = quick_order_of(visit.actor, visit.destination, visit.now).answers.lines
    ready = [each for each in answers if each.is_ready][:LOOKED_AT]
    asks = [Ask(each.meaning.product.pk, each.counted.quantity) for each in ready]
    names = {each.meaning.product.pk: each.meaning.product.name for each in ready}
    blocks = suggesting.for_cart(visit, asks, names, "quick_order")
    return _beside(request, blocks, (_("Quick order"), reverse("portal:quick_order")), _("With these"))


@require_safe
@in_account()
def after_order(request: HttpRequest, number: str) -> HttpResponse:
    """What an order that was just placed leaves to think of."""
    order = order_for(request.actor, number)
    names = {line.product_id: line.name for line in order.lines.all()[:LOOKED_AT]}
    blocks = suggesting.after_order(request.visit, names)
    trail = (_("Order %(number)s") % {"number": number}, reverse("portal:order", args=[number]))
    return _beside(request, blocks, trail, _("For your next order"))


@require_safe
@in_account("cart.edit")
def from_range(request: HttpRequest) -> HttpResponse:
    """What accounts like this one order and it does not: below its home page."""
    blocks = suggesting.for_home(request.visit)
    return _beside(request, blocks, (_("Home"), reverse("portal:home")), _("Missing from your range"))


@require_safe
@in_account("cart.edit")
def instead_of_next_order(request: HttpRequest) -> HttpResponse:
    """What could be taken for lines of the next order that come too late."""
    blocks = suggesting.for_next_order(request.visit)
    return _beside(request, blocks, (_("Next order"), reverse("portal:next_order")), _("There sooner"))


def _beside(
    request: HttpRequest, blocks: Sequence[suggesting.Block], page: tuple[str, str], title: str
) -> HttpResponse:
    context = {
        "blocks": blocks,
        "title": title,
        "fragment_id": "together",
        **suggesting.forms_of(request.visit),
    }
    if request.htmx:
        return render(request, FRAGMENT, context)
    around = {"fragment": FRAGMENT, "trail": [page, (title, "")]}
    return render(request, "portal/cart/together.html", around | context)
