"""Who never answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.insights.selectors import silence_of
from apps.workspace.desk import at_desk

EXPERIENCES = {
    "none": gettext_lazy("No delivery failed"),
    "some": gettext_lazy("Up to a fifth failed"),
    "many": gettext_lazy("More than a fifth failed"),
    "no_delivery": gettext_lazy("No delivery"),
}


@require_safe
@at_desk()
def silence(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    found = silence_of(desk.actor, now=desk.now)
    context = {
        "section": "feedback",
        "trail": [(_("Feedback"), reverse("workspace:feedback")), (_("Who never answers"), "")],
        "page": found,
        "table": [(EXPERIENCES[each.experience], each) for each in found.table],
        "roles": found.roles,
        "more": found.total - len(found.rows),
    }
    return render(request, "workspace/silence/page.html", context)
