"""What one comes back to: favourites, kept by a star, and what one looked at last."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.catalogue.selectors import product_for, seen_latest
from apps.catalogue.services import forget_seen
from apps.ordering import selectors
from apps.ordering.services import favourites as services
from apps.portal.access import in_account
from apps.portal.cards import add_url, cards_for, least_ask, star_url, with_stars


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def favourites(request: HttpRequest) -> HttpResponse:
    """The list of favourites; a POST of `sku` and `on` (1 or 0) sets a star or takes it away."""
    if request.method == "POST":
        return _starred(request)
    kept = selectors.favourites_of(request.actor)
    if kept is not None:
        return redirect("portal:list", list_id=kept.pk)
    return render(request, "portal/lists/no_favourites.html", {"section": "lists"})


def _starred(request: HttpRequest) -> HttpResponse:
    visit, is_on = request.visit, request.POST.get("on") == "1"
    shown = product_for(visit.actor, request.POST.get("sku", ""))
    if is_on:
        services.star(visit.actor, shown.pk, quantity=least_ask(shown).quantity, now=visit.now)
    else:
        services.unstar(visit.actor, shown.pk, now=visit.now)
    if request.htmx:
        context = {"star_url": star_url(visit), "sku": shown.sku, "name": shown.name, "is_favourite": is_on}
        return render(request, "components/_star.html", context | {"words": "words" in request.POST})
    messages.success(request, _("Kept as a favourite.") if is_on else _("Taken off your favourites."))
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "portal:favourites")


@require_safe
@in_account()
def recent(request: HttpRequest) -> HttpResponse:
    """What the contact looked at, the latest first."""
    visit = request.visit
    context = {
        "section": "catalogue",
        "cards": with_stars(visit, cards_for(visit, seen_latest(visit.actor))),
        "add_url": add_url(visit),
        "star_url": star_url(visit),
    }
    return render(request, "portal/catalogue/recent.html", context)


@require_POST
@in_account()
def forget_recent(request: HttpRequest) -> HttpResponse:
    forget_seen(request.actor)
    messages.success(request, _("What you looked at is forgotten."))
    return redirect("portal:recent")
