"""Home, made for the account and for who is looking: each persona finds first what its day is about."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.catalogue.selectors import product_for
from apps.feedback.selectors import open_questions
from apps.fulfilment.selectors import deliveries_due, slips_ahead
from apps.invoicing.selectors import ageing_of
from apps.ordering.selectors import approvals_waiting, latest_quotes, open_orders
from apps.portal.access import in_account
from apps.portal.cards import add_url, cards_for
from apps.portal.people import rep_words
from apps.portal.sums import ageing_cells
from apps.portal.visit import Visit
from apps.pricing.selectors import terms_of
from apps.recommendations import services
from apps.recommendations.selectors import Due, due_to_reorder, picks_of

DUE, PICKS, ORDERS, LATER = 6, 4, 5, 10
DISMISSED_FOR = timedelta(days=30)

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
        "questions": open_questions(visit.actor, now=visit.now, limit=1),
        "account": visit.account,
        "rep": rep_words(visit.account.rep),
        "terms": terms_of(visit.account.pk) if visit.may("invoice.read") else None,
        "add_url": add_url(visit),
        "on": visit.on,
    }
    return render(request, "portal/home/page.html", context)


@require_POST
@in_account("cart.edit")
def dismiss(request: HttpRequest) -> HttpResponse:
    """Do not suggest a regular SKU for a month."""
    product = product_for(request.actor, request.POST.get("sku", ""))
    services.dismiss(request.actor, product.pk, until=request.visit.on + DISMISSED_FOR)
    messages.info(request, _("%(name)s is not suggested for a month.") % {"name": product.name})
    return redirect("portal:home")


def _cards(visit: Visit, due: list, picks: list) -> dict:
    """One card a product, priced in one go; what is due keeps its rhythm as the reason."""
    reasons = {each.product.id: each.note for each in picks} | {each.product.id: rhythm_words(each) for each in due}
    products = {each.product.id: each.product for each in (*due, *picks)}
    quantities = {each.product.id: each.quantity for each in due}
    cards = cards_for(visit, list(products.values()), quantities=quantities, reasons=reasons) if products else []
    return {card.product.id: card for card in cards}


def rhythm_words(due: Due) -> str:
    """ "You order it every 4 weeks; due 3 days ago": why a SKU is suggested."""
    if due.gap_days >= 14:
        often = ngettext("every week", "every %(n)d weeks", round(due.gap_days / 7)) % {"n": round(due.gap_days / 7)}
    else:
        often = ngettext("every day", "every %(n)d days", due.gap_days) % {"n": due.gap_days}
    return _("You order it %(often)s; %(when)s") % {"often": often, "when": _due_words(due.days_over)}


def _due_words(days_over: int) -> str:
    if days_over == 0:
        return _("due today")
    if days_over < 0:
        return ngettext("due tomorrow", "due in %(n)d days", -days_over) % {"n": -days_over}
    return ngettext("due since yesterday", "due for %(n)d days", days_over) % {"n": days_over}


FINDERS: dict[str, Callable[[Visit], object]] = {
    "due": lambda visit: due_to_reorder(visit.actor, visit.on, DUE),
    "picks": lambda visit: picks_of(visit.actor, PICKS),
    "orders": lambda visit: open_orders(visit.actor, ORDERS),
    "later": lambda visit: slips_ahead(visit.actor, LATER),
    "deliveries": lambda visit: deliveries_due(visit.actor, ORDERS),
    "quotes": lambda visit: latest_quotes(visit.actor, status="offered", limit=3),
    "approvals": lambda visit: approvals_waiting(visit.actor, visit.on),
    "invoices": lambda visit: [ageing_cells(age) for age in ageing_of(visit.actor.account_ids, visit.on)],
}
