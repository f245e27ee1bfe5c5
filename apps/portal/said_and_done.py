"""You said, we did: what became of what customers told us."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.cases import selectors
from apps.portal.access import in_account


@require_safe
@in_account("case.read")
def said_and_done(request: HttpRequest) -> HttpResponse:
    """The account's own cases that were put right, and what was changed for all."""
    context = {
        "section": "cases",
        "done": selectors.done_for(request.actor),
        "improvements": selectors.improvements_told(),
    }
    return render(request, "portal/said_and_done.html", context)
