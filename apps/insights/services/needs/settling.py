"""A need gets an owner and an outcome; two that are the same become one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Rep
from apps.accounts.rules import may
from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import Actor
from apps.insights.errors import NeedRefused
from apps.insights.models import Need, NeedMention
from apps.insights.selectors.needs import need_for
from apps.insights.services.needs.gathering import lock_needs

State = Need.State


@transaction.atomic
def settle_need(
    actor: Actor,
    need: Need,
    *,
    name: str,
    owner_id: int | None,
    state: str,
    product: Product | None = None,
    reason: str = "",
    now: datetime,
) -> Need:
    """Say who looks into a need and what came of it; its owner may, and who answers for the range.

    In the range now it is with a product on sale, since the day this is said first. Not for us it is with a reason.
    Raises `NeedRefused` field by field. Records `need.settled` where the outcome changes.
    """
    if actor.rep_id is None or actor.rep_id != need.owner_id:
        demand(actor, "need.settle")
    need = Need.objects.select_for_update().get(pk=need.pk)
    _refuse(name, owner_id, state, product, reason)
    met = state == State.IN_RANGE
    stays = need.state == state and (not met or need.product_id == product.pk)
    need.name, need.owner_id, need.reason = name.strip(), owner_id, reason.strip()
    if not stays:
        need.state = state
        need.met_on = timezone.localdate(now) if met else None
        told = {"need": need.name, "state": state, "sku": product.sku if met else "", "reason": need.reason}
        record("need.settled", f"need:{need.pk}", at=now, actor=actor, **told)
    need.product = product if met else None
    if met:
        need.category_id = product.category_id
    need.save()
    return need


def _refuse(name: str, owner_id: int | None, state: str, product: Product | None, reason: str) -> None:
    wrong = {}
    if not name.strip():
        wrong["name"] = [_("Say in a few words what is needed.")]
    if owner_id is not None and not Rep.objects.filter(pk=owner_id, user__is_active=True).exists():
        wrong["owner"] = [_("Choose somebody who works here.")]
    if state == State.IN_RANGE and (product is None or product.status != Product.Status.ACTIVE):
        wrong["product"] = [_("Name the product that meets it; it must be on sale.")]
    if state == State.NOT_FOR_US and not reason.strip():
        wrong["reason"] = [_("Say why not: the next one who asks will want to know.")]
    if wrong:
        raise NeedRefused(fields=wrong)


@transaction.atomic
def merge_needs(actor: Actor, into: Need, same_id: int, *, now: datetime) -> Need:
    """Make one need of two: the words and mentions of the other become those of `into`, which keeps its outcome.

    Whoever tells of either from now on tells of this one. Raises `NeedNotFound`, and `NeedRefused` for a need with
    itself. Records `need.merged`.
    """
    demand(actor, "need.settle")
    lock_needs()
    same = need_for(actor, same_id)
    if same.pk == into.pk:
        raise NeedRefused(_("A need cannot be made one with itself. Choose another."))
    NeedMention.objects.filter(need=same).update(need=into)
    same.keys.update(need=into)
    into.first_on = min(into.first_on, same.first_on)
    into.category_id = into.category_id or same.category_id
    into.save(update_fields=["first_on", "category"])
    record("need.merged", f"need:{into.pk}", at=now, actor=actor, need=into.name, other=same.name)
    same.delete()
    return into


def may_settle(actor: Actor, need: Need) -> bool:
    """Whether the actor may say what came of it."""
    return may(actor.role, "need.settle") or (actor.rep_id is not None and actor.rep_id == need.owner_id)
