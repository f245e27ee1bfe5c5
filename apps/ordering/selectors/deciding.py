"""Who may say yes now: the steps of an order that wait, and whose they are."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from apps.accounts.models import Account, Contact
from apps.accounts.rules import PERMISSIONS
from apps.core.scoping import Actor
from apps.ordering.errors import DeputyNotFound
from apps.ordering.models import Approval, Deputy, Order
from apps.ordering.rules.approvals import Decider, is_own_order, may_decide
from apps.ordering.rules.statuses import NOT_THEIRS

APPROVING_ROLES = tuple(role for role, permissions in PERMISSIONS.items() if "order.approve" in permissions)


def decider_of(actor: Actor, on: date) -> Decider:
    """The actor as somebody who may have a say on that day. One query."""
    return Decider(actor.role, actor.contact_id, actor.user_id, stands_in_for([actor.contact_id], on))


def stands_in_for(contact_ids: Iterable[int | None], on: date) -> frozenset[int]:
    """In whose place these contacts decide on that day."""
    rows = Deputy.objects.filter(deputy__in=[each for each in contact_ids if each], contact__is_active=True)
    return frozenset(rows.filter(from_on__lte=on, until_on__gte=on).values_list("contact_id", flat=True))


def waiting_steps() -> QuerySet:
    """The accounts' own steps that wait, in the order in which they are asked, with the people they name."""
    steps = Approval.objects.filter(state=Approval.State.WAITING).exclude(reason__in=NOT_THEIRS)
    return steps.select_related("person__user", "person__account").order_by("position", "id")


def steps_of(order: Order) -> list[Approval]:
    """Those of one order. One query."""
    return list(waiting_steps().filter(order=order))


def is_theirs(decider: Decider, order: Order, step: Approval) -> bool:
    """Whether a step is the decider's; that the order is not their own must be asked apart."""
    person = step.person
    return may_decide(
        decider,
        role=step.role,
        contact_id=step.person_id,
        contact_user_id=person.user_id if person else None,
        is_able=is_able(person, order) if person else True,
    )


def is_able(person: Contact, order: Order) -> bool:
    """Whether the person a step names can decide it: still there, in a role that approves, and not who ordered."""
    is_there = person.is_active and person.account.is_active and person.user is not None and person.user.is_active
    return is_there and person.role in APPROVING_ROLES and not ordered_by_them(person, order)


def ordered_by_them(person: Contact, order: Order) -> bool:
    """Whether the person has ordered this, through whichever of their contacts."""
    return is_own_order(**ordered_by(order), contact_id=person.pk, user_id=person.user_id)


def is_own(actor: Actor, order: Order) -> bool:
    """Whether the actor ordered this themselves, in person or through another contact of theirs."""
    return is_own_order(**ordered_by(order), contact_id=actor.contact_id, user_id=actor.user_id)


def ordered_by(order: Order) -> dict[str, int | None]:
    """Who ordered, as `is_own_order` asks for it; nobody where a rep did, for a contact without a limit."""
    contact = order.contact
    if contact is None or (order.placed_by_name and contact.spend_limit is None):
        return {"ordered_by_contact": None, "ordered_by_user": None}
    return {"ordered_by_contact": contact.pk, "ordered_by_user": contact.user_id}


def approvals_waiting(actor: Actor, on: date) -> list[Order]:
    """Orders whose next step is the actor's to decide, the oldest first; none of the actor's own. One query, and one
    more where a step names a person.

    Each has its `steps` that wait, and its account, contact and cost centre.
    """
    waiting = Order.objects.visible_to(actor).filter(status=Order.Status.AWAITING_APPROVAL)
    found = waiting_steps().filter(order__in=waiting).order_by("order__placed_at", "order", "position", "id")
    orders: dict[int, Order] = {}
    for step in found.select_related("order__account", "order__contact", "order__cost_centre__account"):
        order = orders.setdefault(step.order_id, step.order)
        order.steps = [*getattr(order, "steps", ()), step]
    of_others = [order for order in orders.values() if not is_own(actor, order)]
    by_name = any(order.steps[0].person_id for order in of_others)
    decider = decider_of(actor, on) if by_name else Decider(actor.role, actor.contact_id, actor.user_id)
    return [order for order in of_others if is_theirs(decider, order, order.steps[0])]


def deputies_of(actor: Actor, contact_ids: Iterable[int], on: date) -> list[Deputy]:
    """Who stands in for these contacts from that day on, as far as the actor may know. One query."""
    rows = Deputy.objects.filter(contact__in=contact_ids, contact__account__in=actor.account_ids, until_on__gte=on)
    return list(rows.select_related("contact", "deputy"))


def deputy_for(actor: Actor, deputy_id: int) -> Deputy:
    """One of those; `DeputyNotFound` for absent and not theirs alike."""
    rows = Deputy.objects.filter(pk=deputy_id, contact__account__in=actor.account_ids)
    found = rows.select_related("contact", "deputy").first()
    if found is None:
        raise DeputyNotFound()
    return found


def approvers_for(account: Account) -> list[Contact]:
    """Who approves orders of an account: its own people with such a role and a log-in, and those of accounts above."""
    people = Contact.objects.filter(account__in=account.lineage, role__in=APPROVING_ROLES, is_active=True)
    people = people.filter(account__is_active=True, user__is_active=True).select_related("account")
    return list(people.order_by("name", "pk"))
