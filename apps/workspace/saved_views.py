"""Saved views of a list in the workspace: the menu above it; kept under a name and let go.

A view is a query string, opened as an address of its list. What of it makes no sense any more the list itself leaves
out, as of any address. `saved` says which view it came from.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.selectors import desk_views_of
from apps.accounts.services import delete_desk_view, save_desk_view
from apps.core.lists import PAGING, narrowed_to, whole
from apps.core.text import plain
from apps.workspace.desk import at_desk

SAVED = "saved"
#: page -> its address
ADDRESS = {"today": "workspace:today", "portfolio": "workspace:portfolio", "cases": "workspace:cases"}


@dataclass(frozen=True, slots=True)
class Menu:
    """`views` are (id, name, address); `query` is what would be kept, "" where nothing is narrowed."""

    page: str
    views: list[tuple[int, str, str]]
    current: str
    query: str
    all_url: str


def menu_of(request: HttpRequest, page: str) -> Menu:
    """The saved views of a page. One query."""
    opened = whole(request.GET.get(SAVED, ""))
    rows = desk_views_of(request.desk.actor, page)
    current = next((view.name for view in rows if view.pk == opened), "")
    views = [(view.pk, view.name, _address(view)) for view in rows]
    return Menu(page, views, current, narrowed_to(request, (SAVED,)), reverse(ADDRESS[page]))


def _address(view) -> str:
    return f"{reverse(ADDRESS[view.page])}?{view.query}&{SAVED}={view.pk}"


@require_POST
@at_desk()
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep `query` of `page` under `name`."""
    query = QueryDict(mutable=True)
    for name, values in QueryDict(plain(request.POST.get("query", ""))).lists():
        if name not in (*PAGING, SAVED):
            query.setlist(plain(name), [plain(value) for value in values])
    said = {name: request.POST.get(name, "") for name in ("page", "name")}
    kept = save_desk_view(request.desk.actor, **said, query=query.urlencode(), now=request.desk.now)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    return redirect(_address(kept))


@require_POST
@at_desk()
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    page = delete_desk_view(request.desk.actor, view_id)
    messages.info(request, _("The view is deleted."))
    return redirect(ADDRESS[page])
