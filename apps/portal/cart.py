"""The cart: quantities in packs, this account's prices, what is short and when it comes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.catalogue.errors import QuantityRefused
from apps.catalogue.rules import orderable_quantity
from apps.catalogue.selectors import product_for
from apps.core.lists import whole
from apps.ordering import selectors
from apps.ordering.services import carts, quotes
from apps.portal.access import in_account
from apps.portal.cards import availability_of, picture_of, unit_words
from apps.portal.sums import goods_rows

LINE = "quantity-"


@require_safe
@in_account("cart.edit")
def cart(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@in_account("cart.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Put a quantity of a SKU into the cart, and stay where one is."""
    product = product_for(request.actor, request.POST.get("sku", ""))
    added = carts.add_to_cart(request.actor, product.id, request.POST.get("quantity", ""), now=request.visit.now)
    words = _("%(quantity)s of %(name)s are in your cart.") if added.quantity > 1 else _("%(name)s is in your cart.")
    told = words % {"quantity": added.quantity, "name": product.name}
    messages.success(request, f"{told} {added.message}".strip())
    return render(request, "portal/_added.html") if request.htmx else _back(request)


@require_POST
@in_account("cart.edit")
def update(request: HttpRequest) -> HttpResponse:
    """Set the quantities of the lines as typed; what cannot be ordered is said beside its line, and nothing changes."""
    typed = {
        line_id: value.strip()
        for name, value in request.POST.items()
        if name.startswith(LINE) and (line_id := whole(name.removeprefix(LINE))) is not None
    }
    try:
        changed = carts.set_quantities(request.actor, typed, now=request.visit.now)
    except QuantityRefused as refusal:
        return _page(request, typed=typed, refusal=refusal)
    for added in changed:
        if added.message:
            messages.info(request, added.message)
    return _changed(request)


@require_POST
@in_account("cart.edit")
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    line = carts.remove_line(request.actor, line_id, now=request.visit.now)
    messages.info(request, _("%(name)s is out of your cart.") % {"name": line.product.name})
    return _changed(request)


@require_POST
@in_account("cart.edit")
def empty(request: HttpRequest) -> HttpResponse:
    lines = carts.empty_cart(request.actor, now=request.visit.now)
    words = ngettext("%(lines)s line is out of your cart.", "%(lines)s lines are out of your cart.", lines)
    messages.info(request, words % {"lines": lines})
    return _changed(request)


@require_POST
@in_account("quote.request")
def request_quote(request: HttpRequest) -> HttpResponse:
    """Ask the rep for a price for everything in the cart."""
    quote = quotes.request_quote(request.actor, message=request.POST.get("message", ""), now=request.visit.now)
    messages.success(request, _("Your request is with your rep, who will answer here and by e-mail."))
    return redirect("portal:quote", number=quote.number)


def _page(request: HttpRequest, *, typed: dict | None = None, refusal=None) -> HttpResponse:
    view = selectors.cart_of(request.actor, request.visit.now)
    context = {
        "section": "cart",
        "cart": view,
        "lines": [_line(line, typed or {}, refusal) for line in view.lines],
        "rows": goods_rows(view.totals),
        "total_label": _("Total before delivery"),
        "refusal": refusal,
    }
    is_page = not request.htmx or request.method == "GET"
    template = "portal/cart/page.html" if is_page else "portal/cart/_changed.html"
    return render(request, template, context, status=422 if refusal and is_page else 200)


def _line(view, typed: dict, refusal) -> dict:
    """A line with what its row needs besides its figures: words, picture, what was typed and what is wrong with it."""
    wrong = refusal is not None and refusal.facts.get("sku") == view.product.sku
    return {
        "view": view,
        "key": str(view.line.pk),
        "minimum": orderable_quantity(1, minimum=view.product.minimum_quantity, multiple=view.product.order_multiple),
        "uom": unit_words(view.product.uom),
        "picture": picture_of(view.product),
        "availability": availability_of(view.product, view.promise, view.arrives_on),
        "quantity": typed.get(view.line.pk, view.quantity),
        "partly_short": 0 < view.short < view.quantity and not view.is_service,
        "error": refusal.detail if wrong else "",
    }


def _changed(request: HttpRequest) -> HttpResponse:
    return _page(request) if request.htmx else redirect("portal:cart")


def _back(request: HttpRequest) -> HttpResponse:
    """Back to the page the form stood on, where it is one of ours; else the cart."""
    came_from = request.headers.get("Referer", "")
    return redirect(came_from if came_from.startswith(request.build_absolute_uri("/")) else "portal:cart")
