"""Favourites are a list of one's own like any other, with quantities and notes: a star puts products on it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.scoping import Actor
from apps.ordering.errors import NoAccountChosen
from apps.ordering.models import BuyingList
from apps.ordering.services.lists import put_on_list, remove_lines


@transaction.atomic
def star(actor: Actor, product_id: int, *, quantity: int = 1, now: datetime) -> None:
    """Put a product on the contact's favourites, which are made with the first. Safe to repeat.

    Raises `NoAccountChosen` for who is nobody's contact or acts for one: a favourite is a person's own.
    """
    put_on_list(actor, _favourites(actor, now), [(product_id, quantity)], now=now)


@transaction.atomic
def unstar(actor: Actor, product_id: int, *, now: datetime) -> None:
    """Take a product off the contact's favourites. Safe to repeat."""
    kept = _favourites(actor, now)
    remove_lines(actor, kept, kept.lines.filter(product=product_id).values_list("pk", flat=True), now=now)


def _favourites(actor: Actor, now: datetime) -> BuyingList:
    demand(actor, "cart.edit")
    if actor.contact_id is None or actor.acting_for:
        raise NoAccountChosen()
    fresh = {"account_id": actor.account_id, "name": _("Favourites"), "created_at": now, "updated_at": now}
    kept, _is_new = BuyingList.objects.get_or_create(owner_id=actor.contact_id, is_favourites=True, defaults=fresh)
    return kept
