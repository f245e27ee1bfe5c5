"""Prices seen elsewhere: what the accounts ask, and a price for a time or a reason why not."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.downloads import download
from apps.core.lists import status_of, tabs_of
from apps.pricing.errors import MatchDecided, MatchRefused
from apps.pricing.rules import Ask
from apps.pricing.selectors import file_of_match, margin_of, margins_for, match_for, matches_at_desk, prices_for_account
from apps.pricing.services import decline_match, grant_match
from apps.pricing.words import explain
from apps.workspace.desk import at_desk

TABS = (("", gettext_lazy("Waiting")), ("settled", gettext_lazy("Answered")))
USUAL = timedelta(days=90)
GRANT, DECLINE = "grant", "decline"


class DecisionForm(forms.Form):
    """A price for a time, or words why not."""

    price = forms.DecimalField(
        label=gettext_lazy("Price for one"), max_digits=14, decimal_places=4, required=False, localize=True
    )
    valid_from = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    answer = forms.CharField(
        label=gettext_lazy("What the buyer reads"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )


@require_safe
@at_desk()
def price_matches(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, TABS)
    context = {
        "section": "price_matches",
        "matches": matches_at_desk(desk.actor, waiting=not status),
        "status": status,
        "tabs": tabs_of(request, TABS, status),
    }
    return render(request, "workspace/price_matches/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def price_match(request: HttpRequest, match_id: int) -> HttpResponse:
    """One request with what the account pays and why; a POST grants or declines it."""
    desk = request.desk
    match = match_for(desk.actor, match_id)
    start = {"price": match.competitor_price, "valid_from": desk.on, "valid_until": desk.on + USUAL}
    form = DecisionForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _decided(request, match, form):
        messages.success(request, _("It is on its way to the buyer."))
        return redirect("workspace:price_matches")
    ask = Ask(match.product_id, match.quantity)
    price = prices_for_account(match.account_id, [ask], desk.on)[ask]
    margin = margins_for(desk.actor, {ask: price}, desk.on).get(ask)
    context = {
        "section": "price_matches",
        "match": match,
        "margin": margin,
        "at_theirs": margin_of(match.competitor_price, margin.unit_cost, match.currency) if margin else None,
        "form": form,
        "price": price,
        "explained": explain(price),
        "can_work": desk.may("quote.offer"),
        "trail": [(_("Price matches"), reverse("workspace:price_matches")), (match.product.sku, "")],
    }
    return render(request, "workspace/price_matches/page.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, match, form: DecisionForm) -> bool:
    desk, said = request.desk, form.cleaned_data
    try:
        if request.POST.get("way") == DECLINE:
            decline_match(desk.actor, match, reason=said["answer"], now=desk.now)
        elif None in (said["price"], said["valid_from"], said["valid_until"]):
            form.add_error(None, _("Say the price and from when until when it holds."))
        else:
            grant_match(
                desk.actor,
                match,
                price=said["price"],
                valid_from=said["valid_from"],
                valid_until=said["valid_until"],
                answer=said["answer"],
                now=desk.now,
            )
    except (MatchRefused, MatchDecided) as refusal:
        for field, words in refusal.fields.items() or {None: refusal.detail}.items():
            form.add_error(field, words)
    return not form.errors


@require_safe
@at_desk()
def price_match_file(request: HttpRequest, match_id: int) -> HttpResponse:
    content, kind = file_of_match(request.desk.actor, match_id)
    return download(content, kind, f"price-match-{match_id}")
