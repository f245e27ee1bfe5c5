"""Orders that nobody can move on."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce

from apps.accounts.models import Contact
from apps.accounts.rules import SEES_SUBSIDIARIES
from apps.core.scoping import Actor
from apps.ordering.models import Order
from apps.ordering.selectors.messages import APPROVING_ROLES


def orders_without_approver(actor: Actor, limit: int = 50) -> list[Order]:
    """Orders that wait for an approval which nobody with a log-in can give, the longest waiting first. One query.

    There is no approver at the account nor above it, or the only one has ordered it.
    """
    waiting = Order.objects.visible_to(actor).filter(status=Order.Status.AWAITING_APPROVAL)
    return list(waiting.exclude(Exists(_approvers())).select_related("account").order_by("placed_at", "id")[:limit])


def nobody_may_approve(order: Order) -> bool:
    """Whether an order is one of those. One query where it waits for an approval, else none."""
    if order.status != Order.Status.AWAITING_APPROVAL:
        return False
    return Order.objects.filter(pk=order.pk).exclude(Exists(_approvers())).exists()


def _approvers():
    """Contacts who may approve the order of the outer query: never whoever ordered it."""
    people = Contact.objects.filter(role__in=APPROVING_ROLES, is_active=True, account__is_active=True)
    people = people.filter(user__is_active=True).alias(below=ExpressionWrapper(OuterRef("account__path"), CharField()))
    own = Q(account=OuterRef("account"))
    above = Q(role__in=SEES_SUBSIDIARIES, below__startswith=F("account__path"))
    return (
        people.filter(own | above)
        .exclude(pk=Coalesce(OuterRef("contact"), 0))
        .exclude(user=Coalesce(OuterRef("contact__user"), 0))
    )
