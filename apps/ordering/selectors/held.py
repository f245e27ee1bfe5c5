"""Orders that nobody can move on."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now, TruncDate

from apps.accounts.models import Contact
from apps.accounts.rules import SEES_SUBSIDIARIES
from apps.core.scoping import Actor
from apps.ordering.models import Deputy, Order
from apps.ordering.rules.approvals import ADMINISTRATOR, APPROVER
from apps.ordering.selectors.deciding import APPROVING_ROLES, waiting_steps


def orders_without_approver(actor: Actor, limit: int = 50) -> list[Order]:
    """Orders whose next step nobody with a log-in can decide, the longest waiting first: number, account and when. One
    query.

    There is nobody at the account nor above it in the role that is asked for, or the only one has ordered it.
    """
    waiting = _with_next_step(Order.objects.visible_to(actor).filter(status=Order.Status.AWAITING_APPROVAL))
    stuck = waiting.exclude(Exists(_deciders())).only("number", "account_id", "placed_at")
    return list(stuck.order_by("placed_at", "id")[:limit])


def nobody_may_approve(order: Order) -> bool:
    """Whether an order is one of those. One query where it waits for an approval, else none."""
    if order.status != Order.Status.AWAITING_APPROVAL:
        return False
    return _with_next_step(Order.objects.filter(pk=order.pk)).exclude(Exists(_deciders())).exists()


def _with_next_step(orders: QuerySet) -> QuerySet:
    steps = waiting_steps().filter(order=OuterRef("pk"))
    return orders.alias(
        step_role=Subquery(steps.values("role")[:1]),
        step_person=Coalesce(Subquery(steps.values("person")[:1]), 0),
        step_user=Coalesce(Subquery(steps.values("person__user")[:1]), 0),
    )


def _deciders() -> QuerySet:
    """Contacts who may decide the next step of the outer query's order, as `rules.approvals.may_decide` has it: never
    whoever ordered it. Administrators stand in for a person who cannot: while the person can, they are not needed.
    """
    people = Contact.objects.filter(role__in=APPROVING_ROLES, is_active=True, account__is_active=True)
    people = people.filter(user__is_active=True).alias(
        below=ExpressionWrapper(OuterRef("account__path"), CharField()),
        asks=ExpressionWrapper(OuterRef("step_role"), CharField()),
    )
    own = Q(account=OuterRef("account"))
    above = Q(role__in=SEES_SUBSIDIARIES, below__startswith=F("account__path"))
    in_role = Q(role=ADMINISTRATOR) | Q(asks=APPROVER)
    today = TruncDate(Now())
    stands_in = Deputy.objects.filter(
        deputy=OuterRef("pk"), contact=OuterRef(OuterRef("step_person")), contact__is_active=True,
        from_on__lte=today, until_on__gte=today,
    )  # fmt: skip
    theirs = Q(pk=OuterRef("step_person")) | Q(user=OuterRef("step_user")) | Exists(stands_in)
    return (
        people.filter(own | above)
        .filter(in_role | theirs)
        .exclude(pk=Coalesce(OuterRef("contact"), 0))
        .exclude(user=Coalesce(OuterRef("contact__user"), 0))
    )
