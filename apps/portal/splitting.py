"""A line of the cart is given to several ship-tos: how many go where, the rest to the account's usual address."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.catalogue.errors import ProductNotFound
from apps.catalogue.selectors import in_readers_language
from apps.core.lists import whole
from apps.ordering import selectors
from apps.ordering.errors import ShipToRefused
from apps.ordering.selectors.further import not_together
from apps.ordering.services.splitting import split_line
from apps.portal.access import in_account
from apps.portal.addresses import address_words

TO = "to-"


class Place(NamedTuple):
    """An address with how many go there as typed (else as it is), when they arrive, and why none can."""

    ship_to: object
    address: dict
    typed: str
    arrives_on: object
    refused: str | None
    is_main: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def split(request: HttpRequest, line_id: int) -> HttpResponse:
    """How many of a line go to which address; `for` is where one comes back to."""
    cart = selectors.cart_of(request.actor, request.visit.now)
    line = next((each for each in cart.lines if each.line.pk == line_id), None)
    if line is None or request.visit.ship_to is None:
        raise ProductNotFound(_("That line is no longer in the cart."))
    if request.method != "POST":
        return _page(request, line)
    try:
        split_line(request.actor, line_id, _said(request, line), main=request.visit.ship_to.pk, now=request.visit.now)
    except ShipToRefused as refusal:
        return _page(request, line, refusal=refusal)
    messages.success(request, _("It is kept where %(name)s goes.") % {"name": line.product.name})
    return redirect("portal:checkout" if request.POST.get("for") == "checkout" else "portal:cart")


def _said(request: HttpRequest, line) -> dict[int, object]:
    """How many go to each address; a button beside one says that all do."""
    if everything := whole(request.POST.get("all")):
        return {everything: line.quantity}
    typed = ((whole(name.removeprefix(TO)), value) for name, value in request.POST.items() if name.startswith(TO))
    return {pk: value for pk, value in typed if pk}


def _page(request: HttpRequest, line, *, refusal=None) -> HttpResponse:
    in_readers_language([line.product])
    held = {part.ship_to.pk: part for part in line.apart if part.ship_to}
    context = {
        "section": "cart",
        "line": line,
        "places": [_place(request, each, held.get(each.pk)) for each in request.visit.ship_tos],
        "refusal": refusal,
        "came_from": "checkout" if "checkout" in (request.GET.get("for"), request.POST.get("for")) else "",
    }
    return render(request, "portal/cart/split.html", context, status=422 if refusal else 200)


def _place(request: HttpRequest, ship_to, part) -> Place:
    main = request.visit.ship_to
    kept = str(part.quantity) if part else ""
    return Place(
        ship_to=ship_to,
        address=address_words(ship_to, request.visit.account.country),
        typed=request.POST.get(f"{TO}{ship_to.pk}", kept)[:12],
        arrives_on=part.arrives_on if part else None,
        refused=not_together(ship_to, main),
        is_main=ship_to == main,
    )
