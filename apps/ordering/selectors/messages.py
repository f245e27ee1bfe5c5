"""Who is to be told about an order or a quote, and what. Letters are written to people, in their language, once."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from apps.accounts.models import Account, Contact
from apps.accounts.rules import PERMISSIONS, SEES_SUBSIDIARIES
from apps.core.models import Event
from apps.ordering.models import Order, Quote, StandingOrder
from apps.ordering.rules.approvals import is_own_order
from apps.ordering.rules.statuses import AWAITING_RELEASE, DECLINED, PREPAYMENT, SPEND_LIMIT
from apps.ordering.selectors.orders import ordered_by, totals_of

APPROVING_ROLES = tuple(role for role, permissions in PERMISSIONS.items() if "order.approve" in permissions)


class Letter(NamedTuple):
    """A message for `core.mail.send_once`."""

    key: str
    to: str
    template: str
    context: Mapping
    language: str
    account_id: int


def order_confirmations(event: Event) -> list[Letter]:
    """order.placed: to whoever ordered, with the lines, the promise and the totals. Five queries at most."""
    order = _order_of(event)
    lines = list(order.lines.all())
    context = {
        "order": order,
        "lines": lines,
        "totals": totals_of(order, lines),
        "approvals": list(order.approvals.all()),
    }
    return _to_contact("order_confirmation", f"order_confirmation {order.number}", order.contact, order, context)


def approval_requests(event: Event) -> list[Letter]:
    """order.approval_needed: to the approvers of the account, or to its rep where only credit is in the way or nobody
    else there may approve. What only waits for its money is told to whoever ordered: how to pay it."""
    order = _order_of(event)
    if event.facts.get("reasons") == [PREPAYMENT]:
        return _to_contact("payment_wanted", f"payment_wanted {order.number}", order.contact, order, {"order": order})
    by_credit = SPEND_LIMIT not in event.facts.get("reasons", ())
    context = {"order": order, "lines": list(order.lines.all()), "by_credit": by_credit}
    key = f"order_approval_needed {order.number} {'credit' if by_credit else 'spend'}"
    if by_credit:
        return _to_rep("order_approval_needed", key, order.account, context)
    approvers = [contact for contact in _approvers(order.account) if not _ordered_by(contact, order)]
    if not approvers:
        return _to_rep("order_approval_needed", key, order.account, context)
    return [
        letter
        for contact in approvers
        for letter in _to_contact("order_approval_needed", f"{key} {contact.pk}", contact, order, context)
    ]


def _approvers(account: Account) -> Iterable[Contact]:
    """Who may approve for the account: its own approvers, and those above it who see their subsidiaries."""
    above = Q(account__in=account.lineage, role__in=[role for role in APPROVING_ROLES if role in SEES_SUBSIDIARIES])
    own = Q(account=account, role__in=APPROVING_ROLES)
    return Contact.objects.filter(own | above, is_active=True, account__is_active=True).order_by("pk")


def _ordered_by(contact: Contact, order: Order) -> bool:
    return is_own_order(**ordered_by(order), contact_id=contact.pk, user_id=contact.user_id)


def decisions(event: Event) -> list[Letter]:
    """order.approved, order.declined: to whoever ordered.

    An order that was placed by the decision is told of by its confirmation alone.
    """
    order = _order_of(event)
    if event.name == "order.approved" and order.status != AWAITING_RELEASE:
        return []
    context = {
        "order": order,
        "is_declined": order.status == DECLINED,
        "comment": event.facts.get("comment", ""),
        "decided_by": event.actor_name,
    }
    return _to_contact("order_decided", f"order_decided {order.number} {event.name}", order.contact, order, context)


def quote_requests(event: Event) -> list[Letter]:
    """quote.requested: to the account's rep."""
    quote = _quote_of(event)
    context = {"quote": quote, "lines": list(quote.lines.select_related("product"))}
    return _to_rep("quote_requested", f"quote_requested {quote.number}", quote.account, context)


def quote_offers(event: Event) -> list[Letter]:
    """quote.offered: to whoever asked."""
    quote = _quote_of(event)
    context = {"quote": quote, "lines": list(quote.lines.select_related("product"))}
    return _to_contact("quote_offered", f"quote_offered {quote.number}", quote.contact, quote, context)


def standing_orders_held(event: Event) -> list[Letter]:
    """standing_order.held: to the contact in whose name it is ordered, once for each date and reason."""
    standing = StandingOrder.objects.select_related("account", "contact").get(pk=event.subject.partition(":")[2])
    context = {"standing": standing, "due_on": date.fromisoformat(event.facts["due_on"]), "why": event.facts["why"]}
    return _to_contact("standing_order_held", f"standing_order_held {event.pk}", standing.contact, standing, context)


def _order_of(event: Event) -> Order:
    orders = Order.objects.select_related("account__rep__user", "contact", "ship_to", "delivery_option")
    return orders.get(number=event.subject.partition(":")[2])


def _quote_of(event: Event) -> Quote:
    quotes = Quote.objects.select_related("account__rep__user", "contact")
    return quotes.get(number=event.subject.partition(":")[2])


def _to_contact(
    template: str, key: str, contact: Contact | None, about: Order | Quote | StandingOrder, context: dict
) -> list[Letter]:
    if contact is None or not contact.email or not contact.is_active:
        return []
    context = {**context, "reader": contact.name, "account": about.account}
    return [Letter(key, contact.email, template, context, contact.language, about.account_id)]


def _to_rep(template: str, key: str, account: Account, context: dict) -> list[Letter]:
    if account.rep is None or not account.rep.user.is_active:
        return []
    user = account.rep.user
    context = {**context, "reader": user.name, "account": account}
    return [Letter(key, user.email, template, context, user.language, account.pk)]
