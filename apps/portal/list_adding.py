"""Putting products on a list, from wherever they stand: a product, a listing, the cart, an order, another list."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import in_readers_language, product_for
from apps.core.lists import whole
from apps.ordering import selectors
from apps.ordering.errors import ListRefused
from apps.ordering.rules.sheets import read_quantity
from apps.ordering.selectors.carts import lines_of
from apps.ordering.services import lists as services
from apps.portal.access import in_account
from apps.portal.quick_order_lines import lines_said

SOURCES = ("sku", "quantity", "cart", "order", "quick", "list", "line")
MOST_SKUS = 24


class Wish(NamedTuple):
    """A product that is to go on a list."""

    product: object
    quantity: int


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Which list it goes on: one that is there, or a new one."""
    wishes, source, line_ids = asked_for(request)
    if request.method != "POST":
        return _page(request, wishes)
    try:
        target = _target(request)
    except ListRefused as refusal:
        return _page(request, wishes, refusal)
    if source is None:
        pairs = [(wish.product.pk, wish.quantity) for wish in wishes]
        put = services.put_on_list(request.actor, target, pairs, now=request.visit.now)
    else:
        put = services.copy_lines(request.actor, source, target, line_ids, now=request.visit.now)
    added = ngettext("%(lines)s line put on the list %(name)s.", "%(lines)s lines put on the list %(name)s.", put.added)
    messages.success(request, lines_said(added, put.added, name=target.name))
    if put.there:
        messages.info(
            request,
            lines_said(
                ngettext("%(lines)s line stood on it already.", "%(lines)s lines stood on it already.", put.there),
                put.there,
            ),
        )
    if put.unsold:
        messages.warning(
            request,
            lines_said(
                ngettext(
                    "%(lines)s line no longer sold, and left out.",
                    "%(lines)s lines no longer sold, and left out.",
                    put.unsold,
                ),
                put.unsold,
            ),
        )
    return redirect("portal:list", list_id=target.pk)


def _target(request: HttpRequest):
    """The list that was chosen, or a new one where a name was typed."""
    chosen = whole(request.POST.get("target", ""))
    if chosen is not None:
        return selectors.list_for(request.actor, chosen)
    shared = bool(request.POST.get("shared"))
    return services.make_list(request.actor, name=request.POST.get("name", ""), shared=shared, now=request.visit.now)


def asked_for(request: HttpRequest):
    """What is to go on a list: (wishes, the list they are copied from or None, which of its lines or None for all)."""
    asked, actor, visit = request.POST if request.method == "POST" else request.GET, request.actor, request.visit
    if (list_id := whole(asked.get("list", ""))) is not None:
        source = selectors.list_for(actor, list_id)
        ids = [pk for each in asked.getlist("line") if (pk := whole(each)) is not None] or None
        lines = [line for line in selectors.list_lines(source) if ids is None or line.pk in ids]
        return [Wish(line.product, line.quantity) for line in lines], source, ids
    if asked.get("cart"):
        return [Wish(line.product, line.quantity) for line in lines_of(actor)], None, None
    if number := asked.get("order"):
        lines = [line for line in selectors.order_page(actor, number).lines if line.quantity]
        return [Wish(line.product, line.quantity) for line in lines], None, None
    if asked.get("quick"):
        lines = selectors.quick_order_of(actor, visit.destination, visit.now).answers.lines
        return (
            [Wish(each.meaning.product, each.counted.quantity) for each in lines if each.counted.quantity],
            None,
            None,
        )
    quantity = min(read_quantity(asked.get("quantity", "")) or 1, MAX_QUANTITY)
    skus = list(dict.fromkeys(asked.getlist("sku")))[:MOST_SKUS]
    return [Wish(product_for(actor, sku), quantity) for sku in skus], None, None


def _page(request: HttpRequest, wishes: list[Wish], refusal=None) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    in_readers_language([wish.product for wish in wishes])
    context = {
        "section": "lists",
        "wishes": wishes,
        "lists": selectors.lists_of(request.actor),
        "fields": [(name, value) for name in SOURCES for value in asked.getlist(name)],
        "refusal": refusal,
        "name": request.POST.get("name", ""),
    }
    return render(request, "portal/lists/add.html", context, status=422 if refusal else 200)
