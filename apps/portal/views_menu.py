"""The menu of saved views above a list, and the view that the list opens with."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.accounts.selectors import views_of
from apps.core.lists import narrowed_to, whole

SAVED, ALL = "saved", "all"
UNKEPT = (SAVED, ALL)
#: page -> its address
ADDRESS = {"catalogue": "portal:catalogue", "orders": "portal:orders", "invoices": "portal:invoices"}


@dataclass(frozen=True, slots=True)
class Menu:
    """`opens` is where the list goes on to by itself, else None; `query` what would be kept, "" where nothing is
    narrowed."""

    page: str
    views: list
    current: object
    query: str
    place: str
    opens: HttpResponse | None


def menu_of(request: HttpRequest, page: str, place: str = "") -> Menu | None:
    """The saved views of a page; None for who keeps none of their own. One query."""
    actor = request.actor
    if actor.contact_id is None or actor.acting_for:
        return None
    views = views_of(actor, page)
    opened = whole(request.GET.get(SAVED, ""))
    current = next((view for view in views if view.pk == opened), None)
    default = next((view for view in views if view.is_default and view.owner_id == actor.contact_id), None)
    is_bare = not request.GET and not place and not request.htmx and request.method == "GET"
    return Menu(page, views, current, narrowed_to(request, UNKEPT), place, redirect("portal:view", view_id=default.pk)
                if default and is_bare else None)  # fmt: skip
