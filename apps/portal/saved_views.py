"""Saved views of a list: the menu above it, what a list opens with, and what of an old view still holds.

A view is a query string. Opened, it is looked through first: what names something that is gone is left out and told,
and the list shows the rest. `saved` in a query string is the view it came from; `all` asks for the list as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import selectors, services
from apps.catalogue.selectors import category_tree_of, known_facets
from apps.core.lists import PAGING, whole
from apps.core.text import plain
from apps.ordering.selectors.again import who_ordered
from apps.portal import invoices, listing, orders
from apps.portal.access import in_account
from apps.portal.views_menu import ADDRESS, SAVED, UNKEPT


@require_safe
@in_account("own_data.manage")
def views(request: HttpRequest) -> HttpResponse:
    """All of one's own, to rename, share and delete; and what colleagues share."""
    found = selectors.views_of(request.actor)
    context = {
        "section": "",
        "own": [view for view in found if view.owner_id == request.actor.contact_id],
        "others": [view for view in found if view.owner_id != request.actor.contact_id],
    }
    return render(request, "portal/views/page.html", context)


@require_safe
@in_account("own_data.manage")
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Open one: on to its list, with what of it still holds."""
    kept = selectors.view_for(request.actor, view_id)
    checked = CHECKS[kept.page](request, kept.place, _query(kept.query))
    if checked.gone:
        words = _("“%(name)s” names what is no longer there: %(gone)s. Here is the rest.")
        messages.warning(request, words % {"name": kept.name, "gone": ", ".join(checked.gone)})
    checked.query[SAVED] = str(kept.pk)
    address = reverse("portal:category", args=[checked.place]) if checked.place else reverse(ADDRESS[kept.page])
    return redirect(f"{address}?{checked.query.urlencode()}")


@require_POST
@in_account("own_data.manage")
def save(request: HttpRequest) -> HttpResponse:
    """Keep `query` of `page` under `name`."""
    query = _query(request.POST.get("query", ""))
    for name in (*PAGING, *UNKEPT):
        query.pop(name, None)
    said = {name: request.POST.get(name, "") for name in ("page", "name", "place")}
    flags = {name: bool(request.POST.get(name)) for name in ("shared", "default")}
    kept = services.save_view(request.actor, **said, **flags, query=query.urlencode(), now=request.visit.now)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    return redirect("portal:view", view_id=kept.pk)


def _query(text: str) -> QueryDict:
    """A query string, without what no address may hold: encoded, it passed whoever drops that from what is sent."""
    query = QueryDict(mutable=True)
    for name, values in QueryDict(text).lists():
        query.setlist(plain(name), [plain(value) for value in values])
    return query


@require_POST
@in_account("own_data.manage")
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    kept = selectors.view_for(request.actor, view_id)
    flags = {name: bool(request.POST.get(name)) for name in ("shared", "default")}
    services.change_view(request.actor, kept, name=request.POST.get("name", ""), **flags)
    messages.success(request, _("The view is kept as it stands now."))
    return redirect("portal:views")


@require_POST
@in_account("own_data.manage")
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    kept = selectors.view_for(request.actor, view_id)
    services.delete_view(request.actor, kept)
    messages.info(request, _("The view %(name)s is deleted.") % {"name": kept.name})
    return redirect("portal:views")


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a view still holds, and in words what is gone."""

    query: QueryDict
    gone: list[str]
    place: str = ""


def _status(tabs, query: QueryDict) -> list[str]:
    status = query.get("status", "")
    if status in dict(tabs):
        return []
    query.pop("status")
    return [_("status %(name)s") % {"name": status}]


def _of_orders(request: HttpRequest, _place: str, query: QueryDict) -> Checked:
    gone = _status(orders.TABS, query)
    by = query.get("by", "")
    if by and whole(by) not in dict(who_ordered(request.actor)):
        query.pop("by")
        gone.append(_("a colleague"))
    return Checked(query, gone)


def _of_invoices(_request: HttpRequest, _place: str, query: QueryDict) -> Checked:
    return Checked(query, _status(invoices.TABS, query))


def _of_catalogue(request: HttpRequest, place: str, query: QueryDict) -> Checked:
    gone = []
    if place and not any(node.slug == place for top in category_tree_of(request.actor) for node in top.walk()):
        gone.append(_("category %(name)s") % {"name": place})
        place = ""
    brands = query.getlist("brand")
    codes = [name.removeprefix(listing.ATTRIBUTE) for name in query if name.startswith(listing.ATTRIBUTE)]
    known_brands, known_codes = known_facets(brands, codes)
    query.setlist("brand", [brand for brand in brands if brand in known_brands])
    gone += [_("brand %(name)s") % {"name": brand} for brand in brands if brand not in known_brands]
    for code in codes:
        if code not in known_codes:
            query.pop(f"{listing.ATTRIBUTE}{code}")
            gone.append(_("property %(name)s") % {"name": code})
    return Checked(query, gone, place)


CHECKS: dict[str, Callable[[HttpRequest, str, QueryDict], Checked]] = {
    "orders": _of_orders,
    "invoices": _of_invoices,
    "catalogue": _of_catalogue,
}
