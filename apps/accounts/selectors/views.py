"""Saved views: one's own, and those that colleagues share; those of our own people are their own alone."""

from apps.accounts.errors import ViewNotFound
from apps.accounts.models import DeskView, SavedView
from apps.core.scoping import Actor


def views_of(actor: Actor, page: str = "") -> list[SavedView]:
    """What the actor may open of a page, or of all, by name, with their owners. One query."""
    seen = SavedView.objects.seen_by(actor).select_related("owner")
    return list(seen.filter(page=page) if page else seen.order_by("page", "name", "pk"))


def view_for(actor: Actor, view_id: int) -> SavedView:
    """One of them; `ViewNotFound` for absent and not theirs alike. One query."""
    found = SavedView.objects.seen_by(actor).filter(pk=view_id).first()
    if found is None:
        raise ViewNotFound()
    return found


def desk_views_of(actor: Actor, page: str) -> list[DeskView]:
    """What somebody of our own kept of a page of the workspace, by name. One query."""
    return list(DeskView.objects.filter(owner=actor.user_id, page=page))
