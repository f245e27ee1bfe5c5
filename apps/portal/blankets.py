"""Blanket orders: agreed, called off, left, by when; and calling off a part of it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import ship_to_for
from apps.catalogue.selectors import in_readers_language, without_page
from apps.core.errors import Invalid, Refusal
from apps.core.lists import whole
from apps.core.money import line_net
from apps.ordering import selectors
from apps.ordering.services import blankets as services
from apps.ordering.services.called_in_cart import put_call_off_in_cart
from apps.portal.access import in_account
from apps.portal.ways import REFUSED, Agreed, is_shown_only, wanted_way, ways_to

CALL = "call-"


@require_safe
@in_account("price.read")
def blankets(request: HttpRequest) -> HttpResponse:
    found = selectors.blankets_of(request.actor, request.visit.on)
    return render(request, "portal/blankets/list.html", {"section": "orders", "blankets": found})


@require_safe
@in_account("price.read")
def blanket(request: HttpRequest, number: str) -> HttpResponse:
    """Its lines with how far they are called off, and every call-off."""
    return _page(request, selectors.blanket_for(request.actor, number, request.visit.on))


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.place")
def call_off(request: HttpRequest, number: str) -> HttpResponse:
    """What is to be called off, where to and by which way; a POST orders it."""
    view = selectors.blanket_for(request.actor, number, request.visit.on)
    asked = request.POST if request.method == "POST" else request.GET
    wished = _wished(asked)
    refusal = None
    try:
        if request.method == "POST" and not is_shown_only(request):
            return _ordered(request, view, wished)
    except REFUSED as refused:
        refusal = refused
    except Invalid as refused:
        return _page(request, view, typed=wished, refusal=refused)
    try:
        called = services.called_of(request.actor, view.blanket, wished, now=request.visit.now)
    except Invalid as refused:
        return _page(request, view, typed=wished, refusal=refused)
    return _review(request, view, called, asked, refusal)


@require_POST
@in_account("cart.edit")
def to_cart(request: HttpRequest, number: str) -> HttpResponse:
    """What is to be called off goes into the cart, to be ordered with whatever else is there."""
    view, wished = selectors.blanket_for(request.actor, number, request.visit.on), _wished(request.POST)
    try:
        lines = put_call_off_in_cart(request.actor, view.blanket, quantities=wished, now=request.visit.now)
    except Invalid as refusal:
        return _page(request, view, typed=wished, refusal=refusal)
    words = ngettext("%(lines)s line is in your cart.", "%(lines)s lines are in your cart.", len(lines))
    messages.success(request, words % {"lines": len(lines)})
    return redirect("portal:cart")


def _wished(asked) -> dict[int, str]:
    """Blanket line id -> quantity as typed; lines left empty are not called off."""
    return {
        line_id: value.strip()
        for name, value in asked.items()
        if name.startswith(CALL)
        and value.strip() not in ("", "0")
        and (line_id := whole(name.removeprefix(CALL))) is not None
    }


def _ordered(request: HttpRequest, view, wished: dict[int, str]) -> HttpResponse:
    said = request.POST
    order = services.call_off(
        request.actor,
        view.blanket,
        quantities=wished,
        **wanted_way(said),
        key=said.get("key", "")[:80],
        po_number=said.get("po_number", "")[:60],
        cost_centre_id=whole(said.get("cost_centre", "")),
        now=request.visit.now,
    )
    return redirect("portal:confirmation", number=order.number)


def _review(request: HttpRequest, view, called, said, refusal: Refusal | None) -> HttpResponse:
    visit, currency = request.visit, view.blanket.currency
    chosen = whole(said.get("ship_to", ""))
    ship_to = ship_to_for(visit.actor, chosen) if chosen else visit.ship_to
    agreed = [Agreed(each.line.product, each.quantity, each.line.unit_price) for each in called]
    in_readers_language([each.product for each in agreed])
    lines = [{"called": each, "net": line_net(each.quantity, each.line.unit_price, currency)} for each in called]
    context = {
        "section": "orders",
        "view": view,
        "lines": lines,
        "total": sum(line["net"] for line in lines),
        "ship_tos": visit.ship_tos,
        "ways": ways_to(visit, ship_to, agreed, currency, said) if ship_to else None,
        "said": said,
        "refusal": refusal,
        "cost_centres": selectors.cost_centres_for(visit.account, visit.contact),
        "key": said.get("key", "")[:80] or uuid4().hex,
        "trail": [*_trail(view), (_("Call off"), "")],
    }
    return render(request, "portal/blankets/call_off.html", context, status=refusal.status if refusal else 200)


def _page(request: HttpRequest, view, *, typed: dict | None = None, refusal: Invalid | None = None) -> HttpResponse:
    products = [each.line.product for each in view.lines]
    in_readers_language(products)
    own = view.blanket.account_id == request.actor.account_id
    context = {
        "section": "orders",
        "view": view,
        "blanket": view.blanket,
        "lines": [(each, (typed or {}).get(each.line.pk, "")) for each in view.lines],
        "calls": selectors.call_offs_of(view),
        "can_call": own and view.can_be_called and request.visit.may("order.place"),
        "without_page": without_page(request.actor, products),
        "refusal": refusal,
        "trail": [*_trail(view)[:1], (view.blanket.name, "")],
    }
    return render(request, "portal/blankets/page.html", context, status=422 if refusal else 200)


def _trail(view) -> list[tuple[str, str]]:
    blanket = view.blanket
    return [
        (_("Blanket orders"), reverse("portal:blankets")),
        (blanket.name, reverse("portal:blanket", args=[blanket.number])),
    ]
