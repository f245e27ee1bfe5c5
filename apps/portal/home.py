"""Home, made for the account and for who is looking: each persona finds first what its day is about.

A block is a name in `FINDERS`, a title in `TITLES` and a template portal/home/_<name>.html; `BLOCKS` says who has it
from the start, everybody whose role covers it can add it. What is hidden is not asked for.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.feedback.selectors import open_questions
from apps.fulfilment.selectors import arriving, deliveries_due, slips_ahead
from apps.fulfilment.selectors.otif import otif_of_account
from apps.insights.selectors.greetings import greeting_for
from apps.insights.selectors.savings import savings_of
from apps.invoicing.selectors import ageing_of, to_pay_next
from apps.ordering.selectors import approvals_waiting, latest_quotes, limits_used, open_orders, visible_budgets
from apps.portal.access import in_account
from apps.portal.arrangement import Place, arranged
from apps.portal.cards import add_url, cards_for
from apps.portal.people import rep_of
from apps.portal.suggesting import forms_of
from apps.portal.sums import ageing_cells
from apps.portal.visit import Visit
from apps.pricing.selectors import terms_of
from apps.recommendations.because import because_words
from apps.recommendations.earning import gets_suggestions
from apps.recommendations.selectors import AHEAD_DAYS, next_order, picks_of, shortages_ahead
from apps.recommendations.words import ready_words, short_words

DUE, PICKS, ORDERS, LATER, BUDGETS, SHORT = 6, 4, 5, 10, 5, 5

# What each persona has from the start, from the top; what is empty or not covered by the role is left out.
BLOCKS = {
    "operator": ("later", "short", "due", "quick", "arriving", "orders", "quotes", "picks", "approvals"),
    "decision_maker": ("approvals", "budget", "service", "savings", "later", "short", "orders"),
    "gatekeeper": ("approvals", "invoices", "later", "orders", "quotes", "short", "due"),
    "end_user": ("arriving", "later", "orders", "picks"),
    "intermediary": ("later", "short", "quotes", "due", "quick", "orders", "picks"),
}
# Who runs the customer's company reads how we serve it, whatever their persona.
BLOCKS_OF_ROLE = {"administrator": ("approvals", "service", "savings", "budget", "invoices", "later", "orders")}
NEEDS = {
    "approvals": "order.approve",
    "invoices": "invoice.read",
    "quotes": "quote.accept",
    "due": "cart.edit",
    "short": "cart.edit",
    "quick": "cart.edit",
    "budget": "budget.read",
    "savings": "price.read",
}
TITLES = {
    "approvals": _("Waiting for your yes"),
    "arriving": _("Arriving today and tomorrow"),
    "budget": _("Budgets and limits"),
    "deliveries": _("Deliveries to come"),
    "due": _("Due to reorder"),
    "invoices": _("Invoices"),
    "later": _("What comes later than promised"),
    "orders": _("Open orders"),
    "picks": _("Picked for you"),
    "quick": _("Quick order"),
    "quotes": _("Offers for you"),
    "savings": _("What you have saved"),
    "service": _("How well we deliver"),
    "short": _("Running short"),
}
ALWAYS = ("quick",)  # has nothing to find: a page of it alone is that of a new account


@require_safe
@in_account()
def home(request: HttpRequest) -> HttpResponse:
    visit = request.visit
    found = {place.name: FINDERS[place.name](visit) for place in places_of(visit) if place.is_shown}
    cards = _cards(visit, found.get("due", []), found.get("picks", []))
    context = {
        "blocks": [f"portal/home/_{name}.html" for name in found if found[name]],
        "is_new": not any(found[name] for name in found if name not in ALWAYS),
        "found": found,
        "due_cards": [cards[each.product.id] for each in found.get("due", [])],
        "pick_cards": [cards[each.product.id] for each in found.get("picks", [])],
        "short": [(each, short_words(each, visit.on), ready_words(each)) for each in found.get("short", [])],
        "questions": open_questions(visit.actor, now=visit.now),
        "account": visit.account,
        "greeting": greeting_for(visit.actor, visit.contact, now=visit.now) if visit.contact else None,
        "rep": rep_of(visit),
        "is_person": visit.contact is not None,
        "terms": terms_of(visit.account.pk) if visit.may("invoice.read") else None,
        **forms_of(visit),
        "due_url": add_url(visit, kind="next_order", place="home"),
        "picks_url": add_url(visit, kind="pick", place="home"),
        "substitute_url": add_url(visit, kind="substitute", place="home"),
        "on": visit.on,
    }
    return render(request, "portal/home/page.html", context)


def places_of(visit: Visit) -> list[Place]:
    """The blocks that who looks may see, as they have arranged them."""
    default = BLOCKS_OF_ROLE.get(visit.actor.role, BLOCKS[visit.persona])
    covered = [name for name in FINDERS if name not in NEEDS or visit.may(NEEDS[name])]
    own = [name for name in default if name in covered]
    others = [name for name in covered if name not in own]
    return arranged(own, others, visit.contact.home if visit.contact else None)


def _due(visit: Visit) -> list:
    """What is due, for accounts that are shown what they did not ask for."""
    if not gets_suggestions(visit.actor, "next_order"):
        return []
    return next_order(visit.actor, visit.on, DUE, due_within=AHEAD_DAYS)


def _cards(visit: Visit, due: list, picks: list) -> dict:
    """One card a product, priced in one go; what is due keeps its own reason."""
    reasons = {each.product.id: each.note for each in picks} | {
        each.product.id: because_words(each, visit.on) for each in due
    }
    products = {each.product.id: each.product for each in (*due, *picks)}
    quantities = {each.product.id: each.quantity for each in due}
    cards = cards_for(visit, list(products.values()), quantities=quantities, reasons=reasons) if products else []
    return {card.product.id: card for card in cards}


def _invoices(visit: Visit) -> dict:
    ageing = [ageing_cells(age) for age in ageing_of(visit.actor.account_ids, visit.on)]
    return {"ageing": ageing, "to_pay": to_pay_next(visit.actor, visit.on, ORDERS)} if ageing else {}


def _budget(visit: Visit) -> dict:
    """Cost centres with a budget and people with a limit, who has used most of theirs first."""
    budgets = [each for each in visible_budgets(visit.actor, visit.now) if each.budget]
    budgets.sort(key=lambda each: -each.percent)
    limits = limits_used(visit.account, visit.now)
    return {"budgets": budgets[:BUDGETS], "limits": limits[:BUDGETS]} if budgets or limits else {}


def _service(visit: Visit):
    otif = otif_of_account(visit.actor, visit.account.pk, visit.on)
    return otif if otif.lines else None


def _savings(visit: Visit):
    savings = savings_of(visit.actor, visit.account, visit.on)
    return savings if savings and savings.saved > 0 else None


FINDERS: dict[str, Callable[[Visit], object]] = {
    "due": _due,
    "quick": lambda visit: True,
    "arriving": lambda visit: arriving(visit.actor, now=visit.now),
    "picks": lambda visit: picks_of(visit.actor, PICKS, on=visit.on),
    "short": lambda visit: shortages_ahead(visit.actor, visit.on, SHORT),
    "orders": lambda visit: open_orders(visit.actor, ORDERS),
    "later": lambda visit: slips_ahead(visit.actor, LATER),
    "deliveries": lambda visit: deliveries_due(visit.actor, ORDERS),
    "quotes": lambda visit: latest_quotes(visit.actor, status="offered", limit=3),
    "approvals": lambda visit: approvals_waiting(visit.actor, visit.on),
    "budget": _budget,
    "invoices": _invoices,
    "service": _service,
    "savings": _savings,
}
