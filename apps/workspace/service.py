"""The service desk: what is owed next and by whom, what was kept and proven, how easy it was, who is away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.insights.selectors import Load, service_desk
from apps.workspace.deadlines import length, next_of
from apps.workspace.desk import at_desk
from apps.workspace.manager import in_words


@require_safe
@at_desk("case.work")
def service(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    page = service_desk(desk.actor, now=desk.now)
    context = {
        "section": "cases",
        "trail": [(_("Cases"), reverse("workspace:cases")), (_("The desk"), "")],
        "page": page,
        "rows": [(case, next_of(case, desk.now)) for case in page.cases],
        "responses": [in_words(each) for each in page.responses],
        "loads": [_load(each, desk.on) for each in page.loads],
        "may_see_costs": desk.may("insight.read"),
    }
    return render(request, "workspace/service/page.html", context)


def _load(load: Load, today) -> dict:
    return {
        "load": load,
        "rep": load.rep,
        "is_away": load.rep is not None and load.rep.is_away(today),
        "usual": length(load.usual) if load.usual is not None else "",
        "owner": str(load.rep.pk) if load.rep else "nobody",
    }
