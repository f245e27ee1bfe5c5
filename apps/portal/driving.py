"""The driver's pages, opened by a signed link: the stops of a tour, and the proof of each."""

import base64
import binascii

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.attachments import LARGEST_FILE
from apps.core.errors import Invalid, Refusal
from apps.core.lists import whole
from apps.core.scoping import Actor
from apps.core.uploads import files_sent
from apps.fulfilment.hints import hints_of
from apps.fulfilment.selectors.proofs import stop_of, stops_of, tour_by_token
from apps.fulfilment.services import Pictures, prove_delivery
from apps.fulfilment.services.proofs import MOST_PHOTOS

_PNG = "data:image/png;base64,"


@require_safe
@login_not_required
@never_cache
def tour(request: HttpRequest, token: str) -> HttpResponse:
    shown = tour_by_token(token)
    context = {"tour": shown, "stops": stops_of(shown), "token": token}
    return render(request, "portal/driving/tour.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def stop(request: HttpRequest, token: str, shipment: str) -> HttpResponse:
    """One stop: what is handed over, to whom; a refusal is shown beside what was filled in."""
    shown_tour, now = tour_by_token(token), timezone.now()
    shown, refusal = stop_of(shown_tour, shipment), None
    if request.method == "POST":
        driver = Actor(role="system", name=shown_tour.driver)
        try:
            prove_delivery(driver, shown, **_said(request, shown), source="driver", taken_at=now, now=now)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("%(number)s is handed over.") % {"number": shown.number})
            return redirect("portal:drive", token)
    context = {
        "tour": shown_tour,
        "shipment": shown,
        "lines": [(line, _typed(request, line)) for line in shown.lines.all()],
        "hints": hints_of(shown.goes),
        "refusal": refusal,
        "typed": request.POST,
        "token": token,
        "key": request.POST.get("key") or f"{now.timestamp():.6f}",
        "most_photos": MOST_PHOTOS,
    }
    return render(request, "portal/driving/stop.html", context, status=refusal.status if refusal else 200)


_COUNTS = ("missing", "refused", "damaged")


def _typed(request: HttpRequest, line) -> dict[str, str]:
    return {name: request.POST.get(f"{name}-{line.pk}", "0") for name in _COUNTS}


def _said(request: HttpRequest, shipment) -> dict:
    lines = {}
    for line in shipment.lines.all():
        counts = [whole(text.strip() or "0") for text in _typed(request, line).values()]
        if None in counts:
            raise Invalid(_("Say of each line how much is missing, refused or damaged, in whole numbers."))
        missing, refused, damaged = counts
        lines[line.order_line_id] = (line.quantity - missing - refused, damaged, refused)
    photos = [(name, content) for name, content in files_sent(request, MOST_PHOTOS) if content]
    return {
        "received_by": request.POST.get("received_by", ""),
        "lines": lines,
        "pictures": Pictures(_signature(request.POST.get("signature", "")), photos),
        "note": request.POST.get("note", ""),
        "key": request.POST.get("key", "") or "driver",
    }


def _signature(text: str) -> bytes | None:
    """What was drawn; None where nobody drew."""
    if not text:
        return None
    try:
        if not text.startswith(_PNG) or len(text) > LARGEST_FILE:
            raise ValueError
        return base64.b64decode(text.removeprefix(_PNG), validate=True)
    except (ValueError, binascii.Error):
        raise Invalid(_("The signature could not be read. Draw it again, or leave it out.")) from None
