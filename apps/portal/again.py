"""Ordering what was ordered before, one's own or a colleague's: at today's prices and dates, to one's own address."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.catalogue.selectors import in_readers_language
from apps.core.lists import whole
from apps.ordering import selectors
from apps.ordering.selectors.again import GONE, SAME, AgainLine, again
from apps.ordering.services import carts
from apps.portal.access import in_account
from apps.portal.cards import availability_of
from apps.recommendations.services import note_added


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def reorder(request: HttpRequest, number: str) -> HttpResponse:
    """What an order would be today; a POST puts it in the cart: all that is still sold, or with `chosen` the lines
    ticked, each with what takes its place."""
    order = selectors.order_for(request.actor, number)
    if request.method == "POST":
        return _into_cart(request, order)
    visit = request.visit
    lines = again(visit.actor, order, visit.destination, visit.now)
    in_readers_language([each.product for each in lines if each.product])
    context = {
        "section": "orders",
        "order": order,
        "lines": [(each, availability_of(each.product, each.promise, each.arrives_on) if each.product else None)
                  for each in lines],
        "is_own": order.contact_id == visit.actor.contact_id,
        "sum": _sum(lines),
        "changed": sum(1 for each in lines if each.what != SAME or each.change),
        "currency": visit.account.currency,
        "ship_to": visit.ship_to,
        "trail": [(_("Orders"), reverse("portal:orders")), (number, reverse("portal:order", args=[number])),
                  (_("Order the same"), "")],
    }  # fmt: skip
    return render(request, "portal/orders/again.html", context)


def _sum(lines: Sequence[AgainLine]) -> Decimal | None:
    nets = [each.net for each in lines if each.net is not None]
    return sum(nets) if nets else None


def _into_cart(request: HttpRequest, order) -> HttpResponse:
    chosen = None
    if "chosen" in request.POST:
        ticked = [pk for each in request.POST.getlist("line") if (pk := whole(each)) is not None]
        lines = again(request.actor, order, request.visit.destination, request.visit.now)
        chosen = {each.line.pk: each.product.pk for each in lines if each.line.pk in ticked and each.what != GONE}
    added, gone = carts.reorder(request.actor, order, chosen=chosen, now=request.visit.now)
    note_added(request.actor, [each.line.product.sku for each in added], "", now=request.visit.now)
    if added:
        words = ngettext("%(lines)s line is in your cart.", "%(lines)s lines are in your cart.", len(added))
        messages.success(request, words % {"lines": len(added)})
    else:
        messages.info(request, _("Nothing was put into your cart."))
    for each in added:
        if each.message:
            messages.info(request, each.message)
    if gone:
        messages.warning(request, _("No longer sold: %(skus)s.") % {"skus": ", ".join(gone)})
    return redirect("portal:cart")
