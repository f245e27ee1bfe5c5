"""How the house does: what customers say, which promises are kept, whom we may lose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.insights.selectors import Response, house_figures
from apps.workspace.deadlines import length
from apps.workspace.desk import at_desk
from apps.workspace.drawings import columns_of

STEPS = {
    "acknowledge": gettext_lazy("Acknowledged"),
    "answer": gettext_lazy("Answered"),
    "resolve": gettext_lazy("Resolved"),
}


@require_safe
@at_desk("insight.read")
def manager(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    house = house_figures(desk.actor, now=desk.now)
    context = {
        "section": "manager",
        "page": house.page,
        "columns": columns_of(house.page.feedback.months),
        "responses": [_words(each) for each in house.responses],
        "at_risk": house.at_risk,
        "as_of": house.as_of if house.as_of != desk.now else None,
    }
    return render(request, "workspace/manager/page.html", context)


def _words(response: Response) -> dict:
    return {
        "step": STEPS[response.step],
        "counted": response.counted,
        "in_time": response.in_time,
        "usual": length(response.usual) if response.usual is not None else "",
    }
