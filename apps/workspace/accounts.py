"""The accounts somebody looks after, the neediest first."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.formatting import number_writer
from apps.core.lists import clean, searched, whole
from apps.insights.selectors import Portfolio, portfolio_of, segments_of
from apps.workspace.desk import at_desk
from apps.workspace.reasons import heaviest_of


@require_safe
@at_desk()
def accounts(request: HttpRequest) -> HttpResponse:
    desk, text = request.desk, searched(request)
    segments = segments_of(desk.actor)
    wanted = clean(request.GET.get("segment", ""))
    segment, page = wanted if wanted in segments else "", whole(request.GET.get("page")) or 1
    found = portfolio_of(desk.actor, text=text, segment=segment, page=page, now=desk.now)
    context = {
        "section": "accounts",
        "rows": [(row, heaviest_of(row.attention)) for row in found.rows],
        "text": text,
        "segment": segment,
        "segments": segments,
        "everybody": desk.actor.sees_everything,
        **_paging(request.GET, found),
    }
    return render(request, "workspace/accounts/list.html", context)


def _paging(asked: QueryDict, found: Portfolio) -> dict:
    figure = number_writer(get_language()).write
    words = _("%(total)s accounts, page %(page)s of %(pages)s")
    figures = {"total": figure(found.total), "page": figure(found.page), "pages": figure(found.pages)}
    return {
        "summary": words % figures if found.pages > 1 else "",
        "previous_url": _page(asked, found.page - 1) if found.page > 1 else "",
        "next_url": _page(asked, found.page + 1) if found.page < found.pages else "",
    }


def _page(asked: QueryDict, page: int) -> str:
    query = asked.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
