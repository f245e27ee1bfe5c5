"""Prices proposed for an account: within the limit they hold at once, beyond it a manager decides."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import account_for
from apps.catalogue.selectors import products_by_code
from apps.core.buttons import decision
from apps.core.lists import clean, status_of, tabs_of
from apps.pricing.errors import ProposalRefused
from apps.pricing.selectors.proposals import limit_of, proposal_for, proposals_at_desk, proposals_of
from apps.pricing.services.proposals import (
    Proposed,
    approve_proposal,
    decline_proposal,
    propose_price,
    withdraw_proposal,
)
from apps.workspace.desk import at_desk
from apps.workspace.portfolio import portfolio_tabs

STATES = (("", gettext_lazy("Waiting")), ("decided", gettext_lazy("Decided")))
USUAL = timedelta(days=180)
BEYOND = {
    "no_cost": gettext_lazy("no cost is known"),
    "margin": gettext_lazy("the margin is too small"),
    "off": gettext_lazy("it is too far below what they pay"),
    "days": gettext_lazy("it holds for too long"),
}


class ProposalForm(forms.Form):
    """A net price for one, from a quantity on, for a time."""

    code = forms.CharField(label=gettext_lazy("SKU or any code"), max_length=60)
    unit_price = forms.DecimalField(label=gettext_lazy("Price for one"), max_digits=14, decimal_places=4, localize=True)
    min_quantity = forms.IntegerField(label=gettext_lazy("From quantity"), min_value=1, initial=1)
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    valid_until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Read by the manager where it goes beyond your limit."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("price.propose")
def account_prices(request: HttpRequest, number: str) -> HttpResponse:
    """What was proposed for an account; a POST proposes."""
    desk = request.desk
    shown = account_for(desk.actor, number)
    start = {"code": clean(request.GET.get("sku", "")), "valid_from": desk.on, "valid_until": desk.on + USUAL}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid() and _proposed(request, shown, form):
        return redirect("workspace:account_prices", number=number)
    context = {
        "section": "accounts",
        "account": shown,
        "form": form,
        "key": request.POST.get("key") or uuid4(),
        "limit": limit_of(desk.actor),
        "rows": _rows(proposals_of(desk.actor, shown)),
        "trail": [
            (_("Accounts"), reverse("workspace:accounts")),
            (shown.name, reverse("workspace:account", args=[number])),
            (_("Agreed prices"), ""),
        ],
    }
    return render(request, "workspace/price_proposals/account.html", context, status=422 if form.errors else 200)


def _proposed(request: HttpRequest, account, form: ProposalForm) -> bool:
    desk, said = request.desk, form.cleaned_data
    code = clean(said.pop("code"))
    found = products_by_code(desk.inside(account), [code])[code]
    if not found:
        form.add_error("code", _("No product is known by the code “%(code)s”.") % {"code": code})
        return False
    key = clean(request.POST.get("key", "")) or str(uuid4())
    try:
        made = propose_price(desk.actor, account, found[0].product, Proposed(**said), key=key, now=desk.now)
    except ProposalRefused as refusal:
        for field, words in refusal.fields.items() or {None: refusal.detail}.items():
            form.add_error(field, words)
        return False
    if made.state == "in_force":
        messages.success(request, _("The price holds: their buyers see it from now on."))
    else:
        messages.info(request, _("It goes beyond your limit and waits for a manager."))
    return True


@require_safe
@at_desk()
def price_proposals(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, STATES)
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:price_proposals"),
        "states": tabs_of(request, STATES, status),
        "status": status,
        "rows": _rows(proposals_at_desk(desk.actor, waiting=not status)),
        "may_decide": desk.may("price.approve"),
    }
    return render(request, "workspace/price_proposals/list.html", context)


@require_POST
@at_desk()
def decide_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """A manager lets it hold or says why not; who proposed it may take it back."""
    desk, reason = request.desk, request.POST.get("reason", "")
    proposal = proposal_for(desk.actor, proposal_id)
    way = decision(request, "approve", "decline", "withdraw")
    if way == "approve":
        approve_proposal(desk.actor, proposal, reason=reason, now=desk.now)
        messages.success(request, _("The price holds: their buyers see it from now on."))
    elif way == "decline":
        decline_proposal(desk.actor, proposal, reason=reason, now=desk.now)
        messages.info(request, _("Declined; the rep is told why."))
    else:
        withdraw_proposal(desk.actor, proposal, now=desk.now)
        messages.info(request, _("Taken back: the price holds no more."))
    if request.POST.get("back") == "account":
        return redirect("workspace:account_prices", number=proposal.account.number)
    return redirect("workspace:price_proposals")


def _rows(proposals) -> list[tuple]:
    """Each with what of the limit it goes beyond, in words."""
    return [(each, [BEYOND[name] for name in each.beyond.split(",") if name in BEYOND]) for each in proposals]
