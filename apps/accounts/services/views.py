"""Filters of a list are kept under a name, shared, opened with, and let go; by our own people for themselves."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from apps.accounts.errors import ContactNotFound, ViewNotFound, ViewRefused
from apps.accounts.models import Contact, DeskView, SavedView, User
from apps.accounts.services.permissions import demand
from apps.core.scoping import Actor
from apps.core.text import folded, plain

MOST = 50
_NAME, _QUERY, _PLACE = 60, 1000, 120


@transaction.atomic
def save_view(
    actor: Actor,
    *,
    page: str,
    name: str,
    query: str,
    place: str = "",
    shared: bool = False,
    default: bool = False,
    now: datetime,
) -> SavedView:
    """Keep a query string of a page under a name; what the contact kept under the same name before is replaced.

    Raises `ViewRefused` without a name, for a page that keeps no views, and for more than fits.
    """
    owner_id = _owner(actor, shared)
    name = _named(name)
    if page not in SavedView.Page.values or len(query) > _QUERY or len(place) > _PLACE:
        raise ViewRefused(_("This cannot be kept as a view: choose fewer filters."))
    mine = SavedView.objects.select_for_update().filter(owner=owner_id)
    kept = _called(mine.filter(page=page), name).first()
    if kept is None and mine.count() >= MOST:
        raise ViewRefused(_("You keep %(most)s views at most: delete one first.") % {"most": MOST})
    kept = kept or SavedView(account_id=actor.account_id, owner_id=owner_id, page=page, made_at=now)
    kept.name, kept.query, kept.place, kept.is_shared = name, query, place, shared
    _open_with(kept, default)
    kept.save()
    return kept


@transaction.atomic
def change_view(actor: Actor, view: SavedView, *, name: str, shared: bool, default: bool) -> SavedView:
    """Rename and share one of one's own, and let its page open with it or not. Raises `ViewNotFound`, `ViewRefused`."""
    view = _own(actor, view, _owner(actor, shared and not view.is_shared))
    view.name, view.is_shared = _named(name), shared
    others = SavedView.objects.filter(owner=view.owner_id, page=view.page).exclude(pk=view.pk)
    if _called(others, view.name).exists():
        raise ViewRefused(_("You have another view of that name."), fields={"name": [_("You have one of that name.")]})
    _open_with(view, default)
    view.save()
    return view


@transaction.atomic
def delete_view(actor: Actor, view: SavedView) -> None:
    """Let one of one's own go. Raises `ViewNotFound` for a colleague's."""
    _own(actor, view, _owner(actor, False)).delete()


@transaction.atomic
def save_desk_view(actor: Actor, *, page: str, name: str, query: str, now: datetime) -> DeskView:
    """Keep a query string of a page of the workspace under a name, for oneself; what was kept under the same name
    before is replaced. Raises `ViewRefused` as `save_view` does."""
    demand(actor, "workspace.use")
    name = _named(name)
    if page not in DeskView.Page.values or not query or len(query) > _QUERY:
        raise ViewRefused(_("This cannot be kept as a view: choose fewer filters."))
    User.objects.select_for_update(no_key=True).get(pk=actor.user_id)  # whatever they press twice
    mine = DeskView.objects.filter(owner=actor.user_id)
    kept = _called(mine.filter(page=page), name).first()
    if kept is None and mine.count() >= MOST:
        raise ViewRefused(_("You keep %(most)s views at most: delete one first.") % {"most": MOST})
    kept = kept or DeskView(owner_id=actor.user_id, page=page, made_at=now)
    kept.name, kept.query = name, query
    kept.save()
    return kept


@transaction.atomic
def delete_desk_view(actor: Actor, view_id: int) -> str:
    """Let one of one's own go; the page it was of. Raises `ViewNotFound` for absent and not theirs alike."""
    demand(actor, "workspace.use")
    view = DeskView.objects.filter(pk=view_id, owner=actor.user_id).first()
    if view is None:
        raise ViewNotFound()
    view.delete()
    return view.page


def _called(views: QuerySet, name: str) -> QuerySet:
    """Those of a name, as the database knows names apart."""
    return views.annotate(lowered=Lower("name")).filter(lowered=Lower(Value(name)))


def _owner(actor: Actor, shared: bool) -> int:
    """Who keeps it: one writes after the other, whatever they press twice."""
    demand(actor, "own_data.manage")
    if actor.contact_id is None:
        raise ContactNotFound
    if shared:
        demand(actor, "price.read")  # who looks after goods alone shares no filters of money
    Contact.objects.select_for_update(no_key=True).get(pk=actor.contact_id)
    return actor.contact_id


def _own(actor: Actor, view: SavedView, owner_id: int) -> SavedView:
    found = SavedView.objects.select_for_update().filter(pk=view.pk, owner=owner_id, account=actor.account_id).first()
    if found is None:
        raise ViewNotFound()
    return found


def _named(name: str) -> str:
    name = folded(plain(name))
    if not 1 <= len(name) <= _NAME:
        words = _("A view needs a name of at most %(most)s characters.") % {"most": _NAME}
        raise ViewRefused(words, fields={"name": [words]})
    return name


def _open_with(view: SavedView, default: bool) -> None:
    """Its page opens with it, and no longer with another one."""
    if default:
        SavedView.objects.filter(owner=view.owner_id, page=view.page, is_default=True).update(is_default=False)
    view.is_default = default
