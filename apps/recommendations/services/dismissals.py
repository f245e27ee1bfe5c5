"""What an account does not want to have suggested, and that it does again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import Actor
from apps.ordering.errors import NoAccountChosen
from apps.recommendations.errors import DismissalNotFound, DismissalRefused
from apps.recommendations.models import Dismissal, NextLine

LEAST_PAUSE, ELSEWHERE_FOR = timedelta(days=14), timedelta(days=90)
Way = Dismissal.Kind


@transaction.atomic
def dismiss(actor: Actor, product: Product, kind: str, now: datetime) -> Dismissal:
    """Do not suggest `product` to the account `actor` stands in, nor what replaces it.

    `not_now` holds for one of its own gaps, `LEAST_PAUSE` at least; `elsewhere` for `ELSEWHERE_FOR`; `never` until it
    is taken back. Said again it holds as was said last. Raises `DismissalRefused` for another kind.
    """
    demand(actor, "cart.edit")
    if actor.account_id is None:
        raise NoAccountChosen()
    if kind not in Way.values:
        raise DismissalRefused()
    said = {"kind": kind, "until": _until(actor, product, kind, now), "said_at": now, "contact_id": actor.contact_id}
    dismissal, _made = Dismissal.objects.update_or_create(
        account_id=actor.account_id, product=product, taken_back_at=None, defaults=said
    )
    _record("suggestion.dismissed", actor, dismissal, now)
    return dismissal


@transaction.atomic
def take_back(actor: Actor, product: Product, now: datetime) -> None:
    """Suggest `product` again; `DismissalNotFound` where it is not dismissed."""
    demand(actor, "cart.edit")
    held = Dismissal.objects.visible_to(actor).filter(account=actor.account_id, product=product, taken_back_at=None)
    dismissal = held.select_for_update(of=("self",)).first()
    if dismissal is None:
        raise DismissalNotFound()
    dismissal.taken_back_at = now
    dismissal.save(update_fields=["taken_back_at"])
    _record("suggestion.taken_back", actor, dismissal, now)


def _until(actor: Actor, product: Product, kind: str, now: datetime) -> date | None:
    on = timezone.localdate(now)
    if kind == Way.NEVER:
        return None
    if kind == Way.ELSEWHERE:
        return on + ELSEWHERE_FOR
    line = NextLine.objects.filter(account=actor.account_id, product=product).only("because").first()
    return on + max(timedelta(days=line.because.get("gap", 0) if line else 0), LEAST_PAUSE)


def _record(name: str, actor: Actor, dismissal: Dismissal, now: datetime) -> None:
    product = dismissal.product
    facts = {"sku": product.sku, "product": product.name, "kind": dismissal.kind}
    record(name, f"dismissal:{dismissal.pk}", account_id=dismissal.account_id, actor=actor, at=now, **facts)
