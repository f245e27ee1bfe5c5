"""An order as the distributor's people see it, and the credit desk's yes or no."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.cases.selectors import cases_of_order
from apps.cases.selectors.returns import returns_of_order
from apps.core.buttons import decision
from apps.core.selectors import history_of
from apps.fulfilment.hints import hints_of
from apps.fulfilment.selectors import shipment_for, shipments_of
from apps.ordering import selectors
from apps.ordering.selectors.held import nobody_may_approve
from apps.ordering.selectors.terms import delivery_terms_of
from apps.ordering.services.approvals import decline_credit, release_credit_hold
from apps.ordering.words import way_words
from apps.pricing.selectors import terms_of
from apps.workspace.desk import at_desk
from apps.workspace.story import lines_of_events


@require_safe
@at_desk()
def order(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    page = selectors.order_page(desk.actor, number)
    shipments = shipments_of(desk.actor, page.order)
    waits = [approval for approval in page.approvals if approval.state == "waiting"]
    to_release = desk.may("order.release") and any(approval.reason == "credit_limit" for approval in waits)
    context = {
        "section": "accounts",
        "order": page.order,
        "payment": way_words(page.order.way),
        "going": delivery_terms_of(page.order),
        "hints": [(place.goes, said) for place in page.places if (said := hints_of(place.goes))],
        "trail": _trail(page.order.account, number),
        "page": page,
        "on": desk.on,
        "shipments": shipments,
        "waits": waits,
        "no_approver": nobody_may_approve(page.order),
        "terms": terms_of(page.order.account_id) if to_release else None,
        "cases": cases_of_order(desk.actor, page.order.pk),
        "returns": returns_of_order(desk.actor, page.order),
        "entries": _story(page, shipments),
    }
    return render(request, "workspace/orders/page.html", context)


def _trail(account, number: str) -> list[tuple[str, str]]:
    above = (account.name, reverse("workspace:account", args=[account.number]))
    return [(_("Accounts"), reverse("workspace:accounts")), above, (number, "")]


def _story(page, shipments) -> list:
    """What was recorded about the order and its deliveries."""
    deliveries = [f"shipment:{shipment.number}" for shipment in shipments]
    recorded = [*page.history, *history_of(*deliveries)]
    return lines_of_events(recorded, here={f"order:{page.order.number}", *deliveries})


@require_safe
@at_desk()
def shipment(request: HttpRequest, number: str) -> HttpResponse:
    """A delivery is told with its order."""
    return redirect("workspace:order", number=shipment_for(request.desk.actor, number).order.number)


@require_POST
@at_desk("order.release")
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Let an order above the credit limit pass, or not, by the button that was pressed."""
    desk, comment = request.desk, request.POST.get("comment", "")
    held = selectors.order_for(desk.actor, number)
    if decision(request, "release", "decline") == "release":
        release_credit_hold(desk.actor, held, comment=comment, now=desk.now)
        messages.success(request, _("Order %(number)s is released.") % {"number": number})
    else:
        decline_credit(desk.actor, held, comment=comment, now=desk.now)
        messages.info(request, _("Order %(number)s is declined; its buyer is told.") % {"number": number})
    return redirect("workspace:order", number=number)
