"""The house on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.insights.selectors import journey_of, summary_of
from apps.workspace.desk import at_desk
from apps.workspace.drawings import columns_of
from apps.workspace.journey import service_of


@require_safe
@at_desk("insight.read")
def summary(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    found = summary_of(desk.actor, now=desk.now)
    context = {
        "section": "manager",
        "trail": [(_("The house"), reverse("workspace:manager")), (_("On one page"), "")],
        "page": found,
        "service": service_of(journey_of(desk.actor, now=desk.now)),
        "growth": found.grown.growth,
        "columns": columns_of(found.months),
        "as_of": found.as_of if found.as_of != desk.now else None,
    }
    return render(request, "workspace/summary/page.html", context)
