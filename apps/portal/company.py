"""The company as its own administrator looks after it: people, limits, cost centres, approval policies."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import selectors as accounts
from apps.accounts import services as people
from apps.catalogue.selectors import category_tree
from apps.core.errors import Conflict, Invalid
from apps.ordering import selectors
from apps.ordering.services import company as services
from apps.portal.access import in_account
from apps.portal.company_forms import (
    CostCentreForm,
    DutiesForm,
    InviteForm,
    PolicyForm,
    RulesForm,
    typed_steps,
)
from apps.portal.company_story import entries_of

FORM = ["GET", "HEAD", "POST"]


@require_safe
@in_account("contact.manage")
def own_company(request: HttpRequest) -> HttpResponse:
    return redirect("portal:company", number=request.visit.account.number)


@require_safe
@in_account("contact.manage")
def company(request: HttpRequest, number: str) -> HttpResponse:
    account = accounts.account_for(request.actor, number)
    said = selectors.rules_of(account)
    cost_centres = selectors.cost_centres_of(account, with_closed=True)
    staff = accounts.contacts_of(request.actor, account)
    context = {
        "section": "company",
        "account": account,
        "accounts": accounts.accounts_visible(request.actor),
        "people": staff,
        "me": request.actor.contact_id,
        "budgets": list(selectors.budgets_of(cost_centres, request.visit.now).values()),
        "policies": selectors.policies_of(account),
        "deputies": selectors.deputies_of(request.actor, [each.pk for each in staff], request.visit.on),
        "entries": entries_of(account),
        "form": RulesForm(initial=vars(said), may_replace=_may_replace(request, account)),
    }
    return render(request, "portal/company/page.html", context)


def _may_replace(request: HttpRequest, account) -> bool:
    """Whether the actor stands above the account."""
    return request.actor.account_id in account.lineage[:-1]


@require_POST
@in_account("contact.manage")
def rules(request: HttpRequest, number: str) -> HttpResponse:
    account = accounts.account_for(request.actor, number)
    kept = selectors.rules_of(account)
    replaces = "own_policies_only" in request.POST if _may_replace(request, account) else kept.own_policies_only
    services.keep_rules(
        request.actor,
        account,
        needs_cost_centre="needs_cost_centre" in request.POST,
        own_policies_only=replaces,
        now=request.visit.now,
    )
    messages.success(request, _("The rules are kept, and hold from the next order on."))
    return redirect("portal:company", number=number)


# --- people -----------------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
@in_account("contact.manage")
def invite(request: HttpRequest, number: str) -> HttpResponse:
    account = accounts.account_for(request.actor, number)
    form = InviteForm(request.POST or None, initial={"role": "buyer"}, cost_centres=selectors.cost_centres_of(account))

    def keep() -> str:
        typed = form.cleaned_data
        who = people.invite(
            request.actor,
            account,
            name=typed["name"],
            email=typed["email"],
            duties=form.duties(),
            now=request.visit.now,
        )
        services.let_order_on(request.actor, who, form.cost_centre_ids, now=request.visit.now)
        return _("A letter is on its way to %(email)s.") % {"email": who.email}

    return _edit(request, "portal/company/invite.html", form, keep, account, {})


@require_http_methods(FORM)
@in_account("contact.manage")
def person(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = accounts.contact_for(request.actor, contact_id)
    cost_centres = selectors.cost_centres_of(contact.account)
    own = [each.pk for each in cost_centres if contact in each.people.all()]
    initial = {**vars(contact), "cost_centres": own}
    form = DutiesForm(request.POST or None, initial=initial, cost_centres=cost_centres)

    def keep() -> str:
        people.change_duties(request.actor, contact, form.duties(), now=request.visit.now)
        services.let_order_on(request.actor, contact, form.cost_centre_ids, now=request.visit.now)
        return _("What %(name)s may do is kept.") % {"name": contact.name}

    context = {"contact": contact, "is_me": contact.pk == request.actor.contact_id}
    return _edit(request, "portal/company/person.html", form, keep, contact.account, context)


@require_POST
@in_account("contact.manage")
def end_access(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = accounts.contact_for(request.actor, contact_id)
    people.end_access(request.actor, contact, now=request.visit.now)
    messages.success(request, _("The access of %(name)s has ended.") % {"name": contact.name})
    if contact.pk == request.actor.contact_id:
        return redirect("portal:home")
    return redirect("portal:company", number=contact.account.number)


@require_POST
@in_account("contact.manage")
def invite_again(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = accounts.contact_for(request.actor, contact_id)
    people.invite_again(request.actor, contact, now=request.visit.now)
    messages.success(request, _("A letter is on its way to %(email)s.") % {"email": contact.email})
    return redirect("portal:company", number=contact.account.number)


# --- cost centres and policies ----------------------------------------------------------------------------------------


@require_http_methods(FORM)
@in_account("contact.manage")
def new_cost_centre(request: HttpRequest, number: str) -> HttpResponse:
    return _cost_centre(request, accounts.account_for(request.actor, number), None)


@require_http_methods(FORM)
@in_account("contact.manage")
def cost_centre(request: HttpRequest, cost_centre_id: int) -> HttpResponse:
    kept = selectors.cost_centre_for(request.actor, cost_centre_id)
    return _cost_centre(request, kept.account, kept)


def _cost_centre(request: HttpRequest, account, kept) -> HttpResponse:
    initial = {**vars(kept), "people": [each.pk for each in kept.people.all()]} if kept else None
    form = CostCentreForm(request.POST or None, initial=initial, people=accounts.contacts_of(request.actor, account))

    def keep() -> str:
        services.keep_cost_centre(request.actor, account, form.wish(), kept=kept, now=request.visit.now)
        return _("The cost centre is kept.")

    return _edit(request, "portal/company/cost_centre.html", form, keep, account, {"cost_centre": kept})


@require_http_methods(FORM)
@in_account("contact.manage")
def new_policy(request: HttpRequest, number: str) -> HttpResponse:
    return _policy(request, accounts.account_for(request.actor, number), None)


@require_http_methods(FORM)
@in_account("contact.manage")
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    kept = selectors.policy_for(request.actor, policy_id)
    return _policy(request, kept.account, kept)


def _policy(request: HttpRequest, account, kept) -> HttpResponse:
    initial = None
    if kept:
        fits = {"category": kept.category_id, "cost_centre": kept.cost_centre_id, "ship_to": kept.ship_to_id}
        initial = {"name": kept.name, **fits, **typed_steps(kept.steps.all())}
    form = PolicyForm(
        request.POST or None,
        initial=initial,
        categories=_categories(),
        cost_centres=selectors.cost_centres_of(account),
        ship_tos=accounts.ship_tos_of(request.actor.inside(account.pk)),
        approvers=selectors.approvers_for(account),
    )

    def keep() -> str:
        services.keep_policy(request.actor, account, form.wish(), kept=kept, now=request.visit.now)
        return _("The policy is kept, and holds from the next order on.")

    return _edit(request, "portal/company/policy.html", form, keep, account, {"policy": kept})


def _categories() -> list[tuple[int, str]]:
    """The two upper levels of the catalogue, the lower one set in."""
    tree = [node for top in category_tree(empty=True) for node in top.walk() if node.depth <= 1]
    return [(node.id, f"{'– ' * node.depth}{node.name}") for node in tree]


@require_POST
@in_account("contact.manage")
def withdraw_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    kept = selectors.policy_for(request.actor, policy_id)
    services.withdraw_policy(request.actor, kept, now=request.visit.now)
    messages.success(request, _("The policy asks no more."))
    return redirect("portal:company", number=kept.account.number)


def _edit(
    request: HttpRequest, template: str, form: forms.Form, keep: Callable[[], str], account, context: dict
) -> HttpResponse:
    """The form, with what was refused beside its field; back to the company once it is kept."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, keep())
        except (Invalid, Conflict) as refusal:
            tell(form, refusal)
        else:
            return redirect("portal:company", number=account.number)
    context = {"section": "company", "account": account, "form": form, **context}
    return render(request, template, context, status=422 if form.errors else 200)


def tell(form: forms.Form, refusal) -> None:
    """Put the words of a refusal beside their field, else above the form."""
    for field, words in refusal.fields.items():
        form.add_error(field if field in form.fields else None, words)
    if not refusal.fields:
        form.add_error(None, refusal.detail)
