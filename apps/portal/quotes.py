"""Quotes: what was asked of the rep, what they offer, and the order it becomes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import ship_to_for
from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask
from apps.catalogue.selectors import without_page
from apps.core.lists import page_urls, paging, status_of, tabs_of, whole
from apps.core.money import ZERO, line_net
from apps.delivery.selectors import options_for
from apps.ordering import selectors
from apps.ordering.services import quotes as services
from apps.portal.access import in_account

TABS = (
    ("", gettext_lazy("All")),
    ("offered", gettext_lazy("Offered")),
    ("requested", gettext_lazy("With the rep")),
    ("accepted", gettext_lazy("Accepted")),
)


@require_safe
@in_account("price.read")
def quotes(request: HttpRequest) -> HttpResponse:
    status = status_of(request, TABS)
    page = selectors.quotes_of(request.actor, status=status or None, **paging(request))
    context = {"section": "quotes", "page": page, "tabs": tabs_of(request, TABS, status), **page_urls(request, page)}
    return render(request, "portal/quotes/list.html", context)


@require_safe
@in_account("price.read")
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """A quote; while it is offered, with the ways it can be delivered to the chosen address."""
    shown = selectors.quote_for(request.actor, number)
    lines = [_line(line, shown.currency) for line in shown.lines.all()]
    nets = [line["net"] for line in lines]
    context = {
        "section": "quotes",
        "quote": shown,
        "lines": lines,
        "without_page": without_page(request.actor, [line["product"] for line in lines]),
        "total": None if None in nets else sum(nets),
        **_acceptance(request, shown),
    }
    return render(request, "portal/quotes/page.html", context)


def _line(line, currency: str) -> dict:
    """A line with what was offered against what it cost when asked."""
    offered, before = line.offered_price, line.current_price
    return {
        "product": line.product,
        "quantity": line.quantity,
        "current_price": before,
        "offered_price": offered,
        "saving": (before - offered) / before if offered is not None and before and offered < before else None,
        "net": None if offered is None else line_net(line.quantity, offered, currency),
    }


def _acceptance(request: HttpRequest, shown) -> dict:
    """What accepting needs: addresses, the chosen one, the ways there, and a key that makes it happen once."""
    visit = request.visit
    own = shown.account_id == visit.actor.account_id
    if shown.status != "offered" or not own or not visit.may("quote.accept") or not visit.ship_tos:
        return {"ways": None}
    chosen = whole(request.GET.get("ship_to"))
    ship_to = ship_to_for(visit.actor, chosen) if chosen else visit.ship_to
    ways = _ways(visit, shown, ship_to)
    return {
        "ship_tos": visit.ship_tos,
        "ship_to": ship_to,
        "ways": ways,
        "first": next((way for way in ways if not way.refused), None),
        "key": f"quote-{shown.number}",
        "cost_centres": selectors.cost_centres_for(visit.account, visit.contact),
    }


def _ways(visit, shown, ship_to) -> list:
    """Every way of delivery for what was offered."""
    lines = [line for line in shown.lines.all() if line.product.kind != "service"]
    promises = promises_for([Ask(line.product_id, line.quantity) for line in lines], visit.on)
    return options_for(
        ship_to=ship_to,
        lots=[lot for promise in promises.values() for lot in promise.lots],
        weight_kg=sum((line.product.weight_kg * line.quantity for line in lines), ZERO),
        goods_net=sum((line.offered_price * line.quantity for line in lines), ZERO),
        currency=shown.currency,
        now=visit.now,
    )


@require_POST
@in_account("quote.accept")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Turn an offer into an order; the key in the form makes a second click the same order."""
    offered = selectors.quote_for(request.actor, number)
    order = services.accept_quote(
        request.actor,
        offered,
        ship_to_id=whole(request.POST.get("ship_to")),
        option_id=whole(request.POST.get("option")),
        key=request.POST.get("key", "")[:80],
        cost_centre_id=whole(request.POST.get("cost_centre")),
        now=request.visit.now,
    )
    return redirect("portal:confirmation", number=order.number)


@require_POST
@in_account("quote.accept")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    offered = selectors.quote_for(request.actor, number)
    services.decline_quote(request.actor, offered, now=request.visit.now)
    messages.info(request, _("The offer is declined; your rep is told."))
    return redirect("portal:quote", number=number)
