"""Home, made for the account and for who is looking: each persona finds first what its day is about."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.feedback.selectors import open_questions
from apps.fulfilment.selectors import deliveries_due, slips_ahead
from apps.invoicing.selectors import ageing_of
from apps.ordering.selectors import approvals_waiting, latest_quotes, open_orders
from apps.portal.access import in_account
from apps.portal.because import because_words
from apps.portal.cards import add_url, cards_for
from apps.portal.people import rep_words
from apps.portal.sums import ageing_cells
from apps.portal.visit import Visit
from apps.pricing.selectors import terms_of
from apps.recommendations.selectors import AHEAD_DAYS, next_order, picks_of

DUE, PICKS, ORDERS, LATER = 6, 4, 5, 10

# What each persona sees, from the top; what is empty or not covered by the role is left out.
BLOCKS = {
    "operator": ("later", "due", "orders", "quotes", "picks", "approvals"),
    "decision_maker": ("approvals", "later", "orders", "due", "picks"),
    "gatekeeper": ("approvals", "invoices", "later", "orders", "quotes", "due"),
    "end_user": ("later", "deliveries", "orders", "picks"),
    "intermediary": ("later", "quotes", "due", "orders", "picks"),
}
NEEDS = {"approvals": "order.approve", "invoices": "invoice.read", "quotes": "quote.accept", "due": "cart.edit"}


@require_safe
@in_account()
def home(request: HttpRequest) -> HttpResponse:
    visit = request.visit
    names = [name for name in BLOCKS[visit.persona] if name not in NEEDS or visit.may(NEEDS[name])]
    found = {name: FINDERS[name](visit) for name in names}
    cards = _cards(visit, found.get("due", []), found.get("picks", []))
    context = {
        "blocks": [f"portal/home/_{name}.html" for name in names if found[name]],
        "found": found,
        "due_cards": [cards[each.product.id] for each in found.get("due", [])],
        "pick_cards": [cards[each.product.id] for each in found.get("picks", []) if each.product.id in cards],
        "questions": open_questions(visit.actor, now=visit.now),
        "account": visit.account,
        "rep": rep_words(visit.account.rep),
        "terms": terms_of(visit.account.pk) if visit.may("invoice.read") else None,
        "add_url": add_url(visit),
        "on": visit.on,
    }
    return render(request, "portal/home/page.html", context)


def _cards(visit: Visit, due: list, picks: list) -> dict:
    """One card a product, priced in one go; what is due keeps its own reason."""
    reasons = {each.product.id: each.note for each in picks} | {
        each.product.id: because_words(each, visit.on) for each in due
    }
    products = {each.product.id: each.product for each in (*due, *picks)}
    quantities = {each.product.id: each.quantity for each in due}
    cards = cards_for(visit, list(products.values()), quantities=quantities, reasons=reasons) if products else []
    return {card.product.id: card for card in cards}


FINDERS: dict[str, Callable[[Visit], object]] = {
    "due": lambda visit: next_order(visit.actor, visit.on, DUE, due_within=AHEAD_DAYS),
    "picks": lambda visit: picks_of(visit.actor, PICKS),
    "orders": lambda visit: open_orders(visit.actor, ORDERS),
    "later": lambda visit: slips_ahead(visit.actor, LATER),
    "deliveries": lambda visit: deliveries_due(visit.actor, ORDERS),
    "quotes": lambda visit: latest_quotes(visit.actor, status="offered", limit=3),
    "approvals": lambda visit: approvals_waiting(visit.actor, visit.on),
    "invoices": lambda visit: [ageing_cells(age) for age in ageing_of(visit.actor.account_ids, visit.on)],
}
