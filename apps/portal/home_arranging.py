"""Home as its reader wants it: blocks moved up and down, hidden, added, or all as they were."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.services.home import arrange_home, reset_home
from apps.core.buttons import NothingDecided, decision
from apps.core.lists import whole
from apps.insights.services.greetings import put_greeting_away
from apps.portal.access import in_account
from apps.portal.arrangement import moved
from apps.portal.home import TITLES, places_of

_BY = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("own_data.manage")
def arrange(request: HttpRequest) -> HttpResponse:
    """Every button is one change; the page comes back where it was pressed."""
    places = places_of(request.visit)
    if request.method == "POST":
        return _changed(request, places)
    blocks = [{"name": place.name, "title": TITLES[place.name], "is_shown": place.is_shown} for place in places]
    return render(request, "portal/home/arrange.html", {"blocks": blocks, "is_arranged": bool(_kept(request))})


@require_POST
@in_account("own_data.manage")
def put_away(request: HttpRequest) -> HttpResponse:
    """The message of home was read; it stays away. `greeting` is its id and occasion, as it was shown."""
    pk, _colon, occasion = request.POST.get("greeting", "").partition(":")
    put_greeting_away(request.actor, whole(pk) or 0, occasion, now=request.visit.now)
    return redirect("portal:home")


def _kept(request: HttpRequest) -> dict | None:
    return request.visit.contact.home if request.visit.contact else None


def _changed(request: HttpRequest, places: list) -> HttpResponse:
    pressed, name = decision(request, *_BY, "show", "hide", "reset"), request.POST.get("block", "")
    if pressed == "reset":
        reset_home(request.actor)
        messages.success(request, _("Your home page is as it was at first."))
        return redirect("portal:arrange_home")
    order = [place.name for place in places]
    if name not in order:
        raise NothingDecided(_("Go back and press one of the buttons; nothing was changed."))
    hidden = {place.name for place in places if not place.is_shown}
    hidden = hidden - {name} if pressed == "show" else hidden | {name} if pressed == "hide" else hidden
    arrange_home(request.actor, order=moved(order, name, _BY.get(pressed, 0)), hidden=hidden)
    return redirect(f"{reverse('portal:arrange_home')}#block-{name}")
