"""What a buyer or receiver does about the deliveries of an order: in parts or not, into the calendar, what is wrong."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.services import demand
from apps.core.buttons import decision
from apps.core.downloads import kept_file
from apps.core.errors import Invalid, Refusal
from apps.core.formatting import address_lines
from apps.core.lists import whole
from apps.core.uploads import files_sent
from apps.fulfilment.rules.calendar import Visit, calendar_file
from apps.fulfilment.selectors import shipment_for
from apps.fulfilment.selectors.proofs import FAULT_KINDS, fault_days_of, file_of, may_be_faulted
from apps.fulfilment.services import choose_shipping, report_fault
from apps.fulfilment.services.proofs import MOST_PHOTOS
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
    order, place = shown.order, shown.goes.ship_to
    on = shown.delivered_on or shown.comes_on or request.visit.on
    visit = Visit(
        uid=f"{shown.number}@{request.get_host()}",
        on=on,
        title=_("Delivery of order %(number)s") % {"number": order.number},
        place=", ".join(address_lines(shown.goes.ship_to_text, order.country, get_language())),
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


@require_safe
def picture(request: HttpRequest, shipment: str, file_id: int) -> HttpResponse:
    """A signature or a photograph, for whoever may see its shipment: the account, its rep, our staff."""
    demand(request.actor, "order.read" if request.actor.account_id else "workspace.use")
    found = file_of(request.actor, shipment, file_id)
    return kept_file(found.file, "jpg", f"{shipment}-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.open")
def fault(request: HttpRequest, shipment: str) -> HttpResponse:
    """What was found wrong with a delivery, line by line; it opens a case at once."""
    shown, now, refusal = shipment_for(request.actor, shipment), request.visit.now, None
    if request.method == "POST":
        try:
            report_fault(
                request.actor,
                shown,
                _faults(request, shown),
                note=request.POST.get("note", ""),
                photos=files_sent(request, MOST_PHOTOS),
                key=request.POST.get("key", "") or "portal",
                now=now,
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Thank you. Somebody is on it, and you hear from us."))
            return redirect("portal:order", number=shown.order.number)
    order_url = reverse("portal:order", args=[shown.order.number])
    context = {
        "section": "orders",
        "shipment": shown,
        "kinds": FAULT_KINDS,
        "lines": [(line, {name: request.POST.get(f"{name}-{line.pk}", "") for name in ("kind", "quantity")})
                  for line in shown.lines.all()],
        "note": request.POST.get("note", ""),
        "key": request.POST.get("key") or f"{now.timestamp():.6f}",
        "can_report": bool(may_be_faulted([shown], now)),
        "days": fault_days_of(shown.account_id),
        "refusal": refusal,
        "trail": [(_("Orders"), reverse("portal:orders")), (shown.order.number, order_url), (shown.number, "")],
    }  # fmt: skip
    return render(request, "portal/orders/fault.html", context, status=refusal.status if refusal else 200)


def _faults(request: HttpRequest, shown) -> dict[int, tuple[str, int]]:
    """Of each line of which a quantity was typed: what is wrong with how much."""
    said = {}
    for line in shown.lines.all():
        text = request.POST.get(f"quantity-{line.pk}", "").strip()
        if text and text != "0":
            quantity = whole(text)
            if quantity is None:
                raise Invalid(_("Say how much is wrong in whole numbers."))
            said[line.pk] = (request.POST.get(f"kind-{line.pk}", ""), quantity)
    return said
