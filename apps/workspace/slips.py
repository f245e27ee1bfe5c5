"""Lines at risk: what comes later than it was first promised, in which account, and whether they have answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.lists import page_urls, paging, searched, status_of, tabs_of
from apps.fulfilment.selectors import slips_page
from apps.workspace.desk import at_desk

TABS = (("no", _("Not answered")), ("yes", _("Answered")), ("", _("All")))


@require_safe
@at_desk()
def slips(request: HttpRequest) -> HttpResponse:
    desk, text = request.desk, searched(request)
    status = status_of(request, TABS) if "status" in request.GET else "no"
    page = slips_page(desk.actor, answered=status, text=text, **paging(request))
    context = {
        "section": "slips",
        "page": page,
        "text": text,
        "status": status,
        "acts": desk.may("account.act_for"),
        "tabs": tabs_of(request, TABS, status),
        **page_urls(request, page),
    }
    return render(request, "workspace/slips/list.html", context)
