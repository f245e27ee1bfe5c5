"""Who is to be told about an order or a quote, and what. Letters are written to people, in their language, once."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.accounts.rules import SEES_SUBSIDIARIES
from apps.core.models import Event
from apps.ordering.models import Approval, BlanketOrder, Order, Quote, QuoteVersion, StandingOrder
from apps.ordering.rules.approvals import Decider
from apps.ordering.rules.statuses import AWAITING_PAYMENT, AWAITING_RELEASE, DECLINED, NOT_THEIRS, PREPAYMENT
from apps.ordering.selectors.budgets import budgets_of
from apps.ordering.selectors.deciding import APPROVING_ROLES, is_theirs, ordered_by_them, stands_in_for, steps_of
from apps.ordering.selectors.orders import totals_of
from apps.ordering.selectors.quotes import exchange_of
from apps.ordering.selectors.terms import delivery_terms_of


class Letter(NamedTuple):
    """A message for `accounts.services.tell`: news where it names the contact it is for."""

    key: str
    to: str
    template: str
    context: Mapping
    language: str
    account_id: int
    contact_id: int | None = None


def order_confirmations(event: Event) -> list[Letter]:
    """order.placed: to whoever ordered, with the lines, the promise and the totals; of a standing order to whose it is.
    Five queries at most."""
    order = _order_of(event)
    lines = list(order.lines.all())
    context = {
        "order": order,
        "going": delivery_terms_of(order),
        "lines": lines,
        "totals": totals_of(order, lines),
        "approvals": list({each.decided_by_name: each for each in order.approvals.order_by("position")}.values()),
    }
    template = "standing_order_placed" if order.channel == Order.Channel.STANDING else "order_confirmation"
    return _to_contact(template, f"order_confirmation {order.number}", order.contact, order, context)


def approval_requests(event: Event) -> list[Letter]:
    """order.approval_needed: to those of the account whose step is next, or to its rep where only credit is in the way
    or nobody else there may approve. What only waits for its money is told to whoever ordered: how to pay it."""
    order = _order_of(event)
    if event.facts.get("reasons") == [PREPAYMENT]:
        return _to_contact("payment_wanted", f"payment_wanted {order.number}", order.contact, order, {"order": order})
    by_credit = set(event.facts.get("reasons", ())) <= NOT_THEIRS
    context = {"order": order, "lines": list(order.lines.all()), "by_credit": by_credit}
    key = f"order_approval_needed {order.number} {'credit' if by_credit else 'spend'}"
    if by_credit:
        return _to_rep("order_approval_needed", key, order.account, context)
    steps = steps_of(order)
    if not steps:
        return []  # decided before anybody was told
    context |= {"step": steps[0], "budget": _budget_of(order, event)}
    key = f"{key} {steps[0].position}" if steps[0].position else key
    approvers = _deciders(order, steps[0], timezone.localdate(event.occurred_at))
    if not approvers:
        return _to_rep("order_approval_needed", key, order.account, context)
    return [
        letter
        for contact in approvers
        for letter in _to_contact("order_approval_needed", f"{key} {contact.pk}", contact, order, context)
    ]


def _budget_of(order: Order, event: Event):
    found = budgets_of([order.cost_centre], event.occurred_at) if order.cost_centre else {}
    return found.get(order.cost_centre_id)


def _deciders(order: Order, step: Approval, on: date) -> list[Contact]:
    """Those whose step it is; where it is a person's, nobody is troubled who could only decide in their absence."""
    able = [contact for contact in _approvers(order.account) if not ordered_by_them(contact, order)]
    return [
        contact
        for contact in able
        if is_theirs(Decider(contact.role, contact.pk, contact.user_id, stands_in_for([contact.pk], on)), order, step)
    ]


def _approvers(account: Account) -> Iterable[Contact]:
    """Who may approve for the account: its own approvers, and those above it who see their subsidiaries."""
    above = Q(account__in=account.lineage, role__in=[role for role in APPROVING_ROLES if role in SEES_SUBSIDIARIES])
    own = Q(account=account, role__in=APPROVING_ROLES)
    return Contact.objects.filter(own | above, is_active=True, account__is_active=True).order_by("pk")


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


def payment_reminders(event: Event) -> list[Letter]:
    """order.payment_reminded: to whoever ordered and the account's finance contacts, unless it is settled by now."""
    order = _order_of(event)
    if order.status != AWAITING_PAYMENT:
        return []
    return _to_payers(f"payment_reminder {event.pk}", order, {"last_on": date.fromisoformat(event.facts["pay_by"])})


def payments_missed(event: Event) -> list[Letter]:
    """order.cancelled because no money came: to the same. An order that was cancelled otherwise is not told here."""
    if "unpaid_by" not in event.facts:
        return []
    context = {"last_on": date.fromisoformat(event.facts["unpaid_by"]), "is_over": True}
    order = _order_of(event)
    return _to_payers(f"payment_missed {order.number}", order, context)


def _to_payers(key: str, order: Order, context: dict) -> list[Letter]:
    finance = Contact.objects.filter(account=order.account_id, role=Contact.Role.FINANCE).order_by("pk")
    people = {contact.email.lower(): contact for contact in (order.contact, *finance) if contact}
    context = {"order": order, **context}
    return [
        letter
        for contact in people.values()
        for letter in _to_contact("payment_reminder", f"{key} {contact.pk}", contact, order, context)
    ]


def quote_requests(event: Event) -> list[Letter]:
    """quote.requested: to the account's rep."""
    quote = _quote_of(event)
    context = {"quote": quote, "lines": list(quote.lines.select_related("product"))}
    return _to_rep("quote_requested", f"quote_requested {quote.number}", quote.account, context)


def quote_offers(event: Event) -> list[Letter]:
    """quote.offered: to whoever asked."""
    quote, context = _exchange(event)
    key = f"quote_offered {quote.number} {event.facts.get('round', 1)}"
    return _to_contact("quote_offered", key, quote.contact, quote, context)


def quotes_expiring(event: Event) -> list[Letter]:
    """quote.expiring: to whoever asked, unless it is answered or offered anew by now."""
    quote, context = _exchange(event)
    if quote.status != Quote.Status.OFFERED or quote.valid_until.isoformat() != event.facts["valid_until"]:
        return []
    key = f"quote_expiring {quote.number} {quote.valid_until}"
    return _to_contact("quote_expiring", key, quote.contact, quote, context)


def quote_counters(event: Event) -> list[Letter]:
    """quote.countered: to the account's rep."""
    quote, context = _exchange(event)
    key = f"quote_countered {quote.number} {event.facts['round']}"
    return _to_rep("quote_countered", key, quote.account, context)


def quote_ends(event: Event) -> list[Letter]:
    """quote.accepted, declined, withdrawn or expired: to the other side; an offer that ran out, to whoever asked."""
    quote, context = _exchange(event)
    by_rep = event.facts.get("side") == QuoteVersion.Side.REP or event.name == "quote.expired"
    context |= {"kind": event.name.partition(".")[2], "by_rep": by_rep, "reason": event.facts.get("reason", "")}
    key = f"quote_ended {quote.number}"
    if by_rep:
        return _to_contact("quote_ended", key, quote.contact, quote, context)
    return _to_rep("quote_ended", key, quote.account, context)


def blankets_agreed(event: Event) -> list[Letter]:
    """blanket.agreed: to the contact it was agreed with."""
    blanket, context = _blanket_of(event)
    return _to_contact("blanket_agreed", f"blanket_agreed {blanket.number}", blanket.contact, blanket, context)


def blankets_ending(event: Event) -> list[Letter]:
    """blanket.ending: to the contact it was agreed with, and to the rep."""
    blanket, context = _blanket_of(event)
    key = f"blanket_ending {blanket.number}"
    to_rep = {**context, "for_rep": True}
    return _to_contact("blanket_ending", key, blanket.contact, blanket, context) + _to_rep(
        "blanket_ending", f"{key} rep", blanket.account, to_rep
    )


def standing_orders_held(event: Event) -> list[Letter]:
    """standing_order.held: to the contact in whose name it is ordered, once for each date and reason."""
    standing = StandingOrder.objects.select_related("account", "contact").get(pk=event.subject.partition(":")[2])
    context = {"standing": standing, "due_on": date.fromisoformat(event.facts["due_on"]), "why": event.facts["why"]}
    return _to_contact("standing_order_held", f"standing_order_held {event.pk}", standing.contact, standing, context)


def _order_of(event: Event) -> Order:
    orders = Order.objects.select_related(
        "account__rep__user", "contact", "ship_to", "delivery_option", "cost_centre__account"
    )
    return orders.get(number=event.subject.partition(":")[2])


def _quote_of(event: Event) -> Quote:
    quotes = Quote.objects.select_related("account__rep__user", "contact")
    return quotes.get(number=event.subject.partition(":")[2])


def _exchange(event: Event) -> tuple[Quote, dict]:
    """The quote with all that was said about it, the latest first."""
    quote = _quote_of(event)
    lines = list(quote.lines.select_related("product"))
    return quote, {"quote": quote, "lines": lines, "turns": exchange_of(quote)[::-1]}


def _blanket_of(event: Event) -> tuple[BlanketOrder, dict]:
    blankets = BlanketOrder.objects.select_related("account__rep__user", "contact")
    blanket = blankets.get(number=event.subject.partition(":")[2])
    return blanket, {"blanket": blanket, "lines": list(blanket.lines.select_related("product"))}


def _to_contact(
    template: str, key: str, contact: Contact | None, about: Order | Quote | StandingOrder | BlanketOrder, context: dict
) -> list[Letter]:
    if contact is None or not contact.email or not contact.is_active:
        return []
    context = {**context, "reader": contact.name, "account": about.account}
    return [Letter(key, contact.email, template, context, contact.language, about.account_id, contact.pk)]


def _to_rep(template: str, key: str, account: Account, context: dict) -> list[Letter]:
    if account.rep is None or not account.rep.user.is_active:
        return []
    user = account.rep.user
    context = {**context, "reader": user.name, "account": account}
    return [Letter(key, user.email, template, context, user.language, account.pk)]
