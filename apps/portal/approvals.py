"""Orders that wait for somebody of the account to say yes, what is left to spend, and who stands in for whom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.buttons import decision
from apps.core.errors import Invalid
from apps.fulfilment.selectors import new_days_of
from apps.ordering import selectors
from apps.ordering.services import approvals as services
from apps.ordering.services import company
from apps.portal.access import in_account
from apps.portal.company import tell
from apps.portal.company_forms import DeputyForm


@require_safe
@in_account("order.approve")
def approvals(request: HttpRequest) -> HttpResponse:
    visit = request.visit
    orders = selectors.approvals_waiting(visit.actor, visit.on)
    budgets = _budgets(orders, visit.now)
    _with_new_days(visit, orders)
    context = {
        "section": "approvals",
        "waiting": [(order, budgets.get(order.cost_centre_id)) for order in orders],
        "deputies": selectors.deputies_of(visit.actor, [visit.actor.contact_id], visit.on),
    }
    return render(request, "portal/approvals/page.html", context)


def _with_new_days(visit, orders) -> None:
    """What has moved since it was ordered is said before somebody says yes. One query."""
    days = new_days_of(visit.actor, orders)
    for order in orders:
        order.comes_on = days.get(order.pk)


def _budgets(orders, now) -> dict:
    found = {order.cost_centre_id: order.cost_centre for order in orders if order.cost_centre}
    return selectors.budgets_of(found.values(), now)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.approve")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """One order, where the letter leads; approved or declined by the button that was pressed, with a comment."""
    order = selectors.order_for(request.actor, number)
    if request.method != "POST":
        return _one(request, order)
    comment = request.POST.get("comment", "").strip()[:500]
    if decision(request, "approve", "decline") == "decline":
        services.decline(request.actor, order, comment=comment, now=request.visit.now)
        messages.info(request, _("Order %(number)s is declined; its buyer is told.") % {"number": number})
    elif services.approve(request.actor, order, comment=comment, now=request.visit.now).status == "awaiting_approval":
        words = _("You have approved order %(number)s; the next in the chain is asked now.")
        messages.success(request, words % {"number": number})
    else:
        messages.success(request, _("Order %(number)s is approved and on its way to us.") % {"number": number})
    return redirect("portal:approvals")


def _one(request: HttpRequest, order) -> HttpResponse:
    """The order with its lines and its chain; the buttons only for whose turn it is."""
    visit = request.visit
    page = selectors.order_page(visit.actor, order.number)
    _with_new_days(visit, [order])
    steps = selectors.steps_of(order)
    is_own = selectors.is_own(visit.actor, order)
    decider = selectors.decider_of(visit.actor, visit.on)
    context = {
        "section": "approvals",
        "order": order,
        "page": page,
        "steps": [each for each in page.approvals if each.reason != "credit_limit"],
        "budget": _budgets([order], visit.now).get(order.cost_centre_id),
        "is_own": is_own,
        "waits": order.status == "awaiting_approval",
        "is_turn": bool(steps) and not is_own and selectors.is_theirs(decider, order, steps[0]),
    }
    return render(request, "portal/approvals/one.html", context)


@require_safe
@in_account("budget.read")
def budgets(request: HttpRequest) -> HttpResponse:
    """What each cost centre has, has used and has left in the period that runs now."""
    found = selectors.visible_budgets(request.actor, request.visit.now)
    return render(request, "portal/approvals/budgets.html", {"section": "budgets", "budgets": found})


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.approve")
def deputy(request: HttpRequest) -> HttpResponse:
    """Name who decides in one's own place, from one day to another."""
    visit = request.visit
    others = [each for each in selectors.approvers_for(visit.account) if each.pk != visit.actor.contact_id]
    form = DeputyForm(request.POST or None, initial={"from_on": visit.on}, approvers=others)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            company.name_deputy(
                visit.actor,
                visit.contact,
                deputy_id=typed["deputy"],
                from_on=typed["from_on"],
                until_on=typed["until_on"],
                now=visit.now,
            )
        except Invalid as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Your deputy is named; they are asked besides you in those days."))
            return redirect("portal:approvals")
    context = {
        "section": "approvals",
        "form": form,
        "others": others,
        "deputies": selectors.deputies_of(visit.actor, [visit.actor.contact_id], visit.on),
    }
    return render(request, "portal/approvals/deputy.html", context, status=422 if form.errors else 200)


@require_POST
@in_account("order.approve")
def withdraw_deputy(request: HttpRequest, deputy_id: int) -> HttpResponse:
    named = selectors.deputy_for(request.actor, deputy_id)
    company.withdraw_deputy(request.actor, named, now=request.visit.now)
    messages.info(request, _("%(name)s stands in no more.") % {"name": named.deputy.name})
    return redirect("portal:approvals")
