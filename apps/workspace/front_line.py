"""The page for those who pick, pack and drive, and for the wall beside the packing table."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.lists import clean
from apps.insights import selectors
from apps.insights.selectors.front_line import WAYS
from apps.workspace.desk import at_desk
from apps.workspace.feedback import DRIVERS


@require_safe
@at_desk()
def front_line(request: HttpRequest) -> HttpResponse:
    """`?warehouse=` a code or `?carrier=` a name; without either all deliveries."""
    desk = request.desk
    way = next((way for way in WAYS if request.GET.get(way)), "")
    key = clean(request.GET.get(way, "")) if way else ""
    line = selectors.front_line(desk.actor, way, key, now=desk.now)
    context = {
        "section": "feedback",
        "line": line,
        "tabs": [
            {"label": _("All deliveries"), "url": "?", "current": not way, "count": None},
            *(_tab(one, (one.way, one.key) == (way, key)) for one in line.choices),
        ],
        "praise": [_row(answer, line) for answer in line.praise],
        "better": [_row(answer, line) for answer in line.better],
    }
    return render(request, "workspace/front_line/page.html", context)


def _tab(choice, current: bool) -> dict:
    address = "?" + urlencode({choice.way: choice.key})
    return {"label": choice.name, "url": address, "current": current, "count": choice.n}


def _row(answer, line) -> tuple:
    """(answer, what it had to do with in words, whether it was given today)."""
    named = [DRIVERS[code] for code in answer.drivers if code in DRIVERS]
    return answer, named, answer.answered_at >= line.today
