"""Accounts handed from one rep to another: arranged with a summary made from facts, called off, read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.errors import AccountNotFound
from apps.accounts.selectors import accounts_visible
from apps.core.dates import read_day
from apps.core.lists import clean, whole
from apps.insights.errors import HandOverRefused
from apps.insights.selectors.hand_overs import as_text, facts_of, hand_over_for, hand_overs_of, takers
from apps.insights.services.hand_overs import arrange_hand_over, call_off_hand_over, read_hand_over
from apps.workspace.care import is_to_read
from apps.workspace.desk import at_desk
from apps.workspace.portfolio import asked_rep, portfolio_tabs

_WRITTEN_OUT = 10  # accounts whose summaries can be edited on one page; of more, each gets its facts


@require_safe
@at_desk()
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Those there were and will be, and the accounts to choose among."""
    desk, rep = request.desk, asked_rep(request)
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:hand_overs", rep.pk if rep and desk.actor.sees_everything else None),
        "rep": rep,
        "hand_overs": hand_overs_of(desk.actor),
        "accounts": list(accounts_visible(desk.actor).filter(rep=rep)) if rep else [],
        "may_hand_over": desk.may("account.hand_over"),
    }
    return render(request, "workspace/hand_overs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("account.hand_over")
def new_hand_over(request: HttpRequest) -> HttpResponse:
    """The accounts chosen, each with its summary to edit; a POST arranges it."""
    desk = request.desk
    asked = request.POST if request.method == "POST" else request.GET
    accounts = _chosen(request, asked)
    refusal = None
    if request.method == "POST":
        try:
            return _arranged(request, accounts)
        except HandOverRefused as error:
            refusal = error
    written_out = len(accounts) <= _WRITTEN_OUT
    rows = [(account, _summary(request, account) if written_out else "") for account in accounts]
    context = {
        "section": "portfolio",
        "rows": rows,
        "written_out": written_out,
        "takers": takers(),
        "refusal": refusal,
        "said": asked,
        "on": desk.on,
        "trail": [(_("Hand-overs"), reverse("workspace:hand_overs")), (_("Hand over"), "")],
    }
    return render(request, "workspace/hand_overs/new.html", context, status=422 if refusal else 200)


def _chosen(request: HttpRequest, asked) -> list:
    """Those that are ticked, or all of the rep's; one that is not the actor's is none at all."""
    seen = accounts_visible(request.desk.actor)
    if asked.get("all"):
        return list(seen.filter(rep=asked_rep(request)))
    numbers = set(map(clean, asked.getlist("account")))
    accounts = list(seen.filter(number__in=numbers))
    if len(accounts) != len(numbers):
        raise AccountNotFound
    return accounts


def _summary(request: HttpRequest, account) -> str:
    kept = request.POST.get(f"summary-{account.pk}")
    return as_text(facts_of(request.desk.actor, account, now=request.desk.now)) if kept is None else kept


def _arranged(request: HttpRequest, accounts) -> HttpResponse:
    desk, said = request.desk, request.POST
    rows = arrange_hand_over(
        desk.actor,
        accounts,
        taker_id=whole(said.get("taker")),
        effective_on=read_day(said.get("effective_on", "")),
        summaries={account.pk: said.get(f"summary-{account.pk}", "") for account in accounts},
        tells_customer=said.get("tells_customer") == "on",
        now=desk.now,
    )
    words = ngettext(
        "%(n)d account goes over to %(name)s on %(day)s.", "%(n)d accounts go over to %(name)s on %(day)s.", len(rows)
    )
    day = said.get("effective_on", "")
    messages.success(request, words % {"n": len(rows), "name": rows[0].taker.user.name, "day": day})
    return redirect("workspace:hand_overs")


@require_safe
@at_desk()
def hand_over(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    desk = request.desk
    shown = hand_over_for(desk.actor, hand_over_id)
    context = {
        "section": "portfolio",
        "hand_over": shown,
        "sees_account": accounts_visible(desk.actor).filter(pk=shown.account_id).exists(),
        "is_to_read": is_to_read(shown, desk.actor.rep_id),
        "may_call_off": shown.state == "planned" and desk.may("account.hand_over"),
        "trail": [(_("Hand-overs"), reverse("workspace:hand_overs")), (shown.account.name, "")],
    }
    return render(request, "workspace/hand_overs/page.html", context)


@require_POST
@at_desk()
def read(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    shown = hand_over_for(request.desk.actor, hand_over_id)
    read_hand_over(request.desk.actor, shown, now=request.desk.now)
    return redirect("workspace:hand_over", hand_over_id=shown.pk)


@require_POST
@at_desk("account.hand_over")
def end_hand_over(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    shown = hand_over_for(request.desk.actor, hand_over_id)
    call_off_hand_over(request.desk.actor, shown, now=request.desk.now)
    messages.info(request, _("%(account)s stays where it is.") % {"account": shown.account.name})
    return redirect("workspace:hand_overs")
