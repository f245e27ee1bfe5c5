"""What a buyer or receiver does about the deliveries of an order: together or in parts, into the calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.buttons import decision
from apps.fulfilment.rules.calendar import Visit, calendar_file
from apps.fulfilment.selectors import shipment_for
from apps.fulfilment.services import choose_shipping
from apps.ordering.selectors import order_for
from apps.portal.access import in_account


@require_POST
@in_account("order.place")
def shipping(request: HttpRequest, number: str) -> HttpResponse:
    """Let everything come together, or each part as it is available."""
    order = order_for(request.actor, number)
    together = decision(request, "together", "available") == "together"
    choose_shipping(request.actor, order, together=together, now=request.visit.now)
    words = _("Everything comes together.") if together else _("Each part comes as soon as it is ready.")
    messages.success(request, words)
    return redirect("portal:order", number=number)


@require_safe
@in_account("delivery.read")
def calendar(request: HttpRequest, shipment: str) -> HttpResponse:
    """The day of a delivery for one's calendar, within the hours in which the address receives."""
    shown = shipment_for(request.actor, shipment)
    order, place = shown.order, shown.order.ship_to
    on = shown.delivered_on or shown.comes_on or request.visit.on
    visit = Visit(
        uid=f"{shown.number}@{request.get_host()}",
        on=on,
        title=_("Delivery of order %(number)s") % {"number": order.number},
        place=", ".join(line.strip() for line in order.ship_to_text.splitlines() if line.strip()),
        note=_("Shipment %(number)s by %(carrier)s") % {"number": shown.number, "carrier": shown.carrier}
        if shown.carrier
        else _("Shipment %(number)s") % {"number": shown.number},
        url=request.build_absolute_uri(reverse("portal:order", args=[order.number])),
        hours=(place.receiving_from, place.receiving_to) if place else None,
        time_zone=shown.time_zone,
    )
    answer = HttpResponse(calendar_file(visit, now=request.visit.now), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{shown.number}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
