"""Orders that wait for somebody of the account to say yes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.buttons import decision
from apps.ordering import selectors
from apps.ordering.services import approvals as services
from apps.portal.access import in_account


@require_safe
@in_account("order.approve")
def approvals(request: HttpRequest) -> HttpResponse:
    context = {"section": "approvals", "orders": selectors.approvals_waiting(request.actor, request.visit.on)}
    return render(request, "portal/approvals/page.html", context)


@require_POST
@in_account("order.approve")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Approve or decline, by the button that was pressed, with a comment for the buyer."""
    order = selectors.order_for(request.actor, number)
    comment = request.POST.get("comment", "").strip()
    if decision(request, "approve", "decline") == "approve":
        services.approve(request.actor, order, comment=comment, now=request.visit.now)
        messages.success(request, _("Order %(number)s is approved and on its way to us.") % {"number": number})
    else:
        services.decline(request.actor, order, comment=comment, now=request.visit.now)
        messages.info(request, _("Order %(number)s is declined; its buyer is told.") % {"number": number})
    return redirect("portal:approvals")
