"""What goes into boxes beside the goods, and what it did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.lists import whole
from apps.fulfilment.selectors.inserts import effects
from apps.workspace.desk import at_desk

DAYS = (14, 30, 60, 90)


@require_safe
@at_desk("insight.read")
def inserts(request: HttpRequest) -> HttpResponse:
    """Each rule: accounts for whose box it was chosen, against those that were held out."""
    desk, asked = request.desk, whole(request.GET.get("days", "30"))
    days = asked if asked in DAYS else 30
    context = {
        "section": "manager",
        "days": days,
        "choices": DAYS,
        "effects": effects(desk.actor, days=days, now=desk.now),
        "trail": [(_("The house"), reverse("workspace:manager")), (_("In the box"), "")],
    }
    return render(request, "workspace/manager/inserts.html", context)
