"""What is to be reached and how it goes; and how often accounts are to be seen, and who is due."""

from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import account_for
from apps.core.dates import read_day
from apps.core.lists import clean, whole
from apps.insights.rules.cover import Cover
from apps.insights.rules.targets import QUARTER, YEAR, period_of
from apps.insights.selectors.targets import targets_of_accounts, targets_of_reps
from apps.insights.selectors.territory import cover_rules, rep_seen, territory_of
from apps.insights.services.targets import set_cover, set_target
from apps.workspace.desk import at_desk
from apps.workspace.portfolio import asked_rep, portfolio_tabs


@require_safe
@at_desk()
def targets(request: HttpRequest) -> HttpResponse:
    desk, rep = request.desk, asked_rep(request)
    everybody = desk.actor.sees_everything
    quarter, year = period_of(QUARTER, desk.on), period_of(YEAR, desk.on)
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:targets", rep.pk if rep and everybody else None),
        "rep": rep,
        "everybody": everybody,
        "reps": targets_of_reps(desk.actor, on=desk.on),
        "accounts": targets_of_accounts(desk.actor, rep, on=desk.on),
        "quarter": quarter,
        "year": year,
        "on": desk.on,
        "home_currency": settings.HOME_CURRENCY,
        "may_set": desk.may("target.set"),
    }
    return render(request, "workspace/targets/page.html", context)


@require_POST
@at_desk("target.set")
def choose_target(request: HttpRequest) -> HttpResponse:
    """A target for a rep, or for the account whose number is written."""
    desk, said = request.desk, request.POST
    number, rep_id = clean(said.get("account", "")), whole(said.get("rep"))
    set_target(
        desk.actor,
        rep=rep_seen(desk.actor, rep_id) if rep_id and not number else None,
        account=account_for(desk.actor, number) if number else None,
        period=said.get("period", ""),
        day=read_day(said.get("day", "")) or desk.on,
        amount=_amount(said.get("amount", "")),
        now=desk.now,
    )
    messages.success(request, _("The target is set."))
    query = f"?rep={rep_id}" if rep_id else ""
    return redirect(reverse("workspace:targets") + query)


@require_safe
@at_desk()
def cover(request: HttpRequest) -> HttpResponse:
    desk, rep = request.desk, asked_rep(request)
    rows = [row for row in territory_of(desk.actor, rep, now=desk.now) if row.due.first_on]
    rows.sort(key=lambda row: (row.due.first_on, row.grade, row.account.name))
    rules = cover_rules()
    counts = {grade: sum(row.grade == grade for row in rows) for grade in rules}
    overdue = {grade: sum(row.grade == grade and row.due.state == "overdue" for row in rows) for grade in rules}
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:cover", rep.pk if rep and desk.actor.sees_everything else None),
        "rep": rep,
        "rows": [row for row in rows if row.due.state],
        "later": sum(not row.due.state for row in rows),
        "rules": [(grade, rule, counts[grade], overdue[grade]) for grade, rule in sorted(rules.items())],
        "home_currency": settings.HOME_CURRENCY,
        "may_set": desk.may("target.set"),
    }
    return render(request, "workspace/cover/page.html", context)


@require_POST
@at_desk("target.set")
def choose_cover(request: HttpRequest) -> HttpResponse:
    said = request.POST
    rules = {
        grade: Cover(
            _amount(said.get(f"worth-{grade}", "")) or Decimal(0),
            whole(said.get(f"visits-{grade}")) or 0,
            whole(said.get(f"contacts-{grade}")) or 0,
        )
        for grade in "ABC"
    }
    set_cover(request.desk.actor, rules, now=request.desk.now)
    messages.success(request, _("The cover plan holds from now on."))
    return redirect("workspace:cover")


def _amount(text: str) -> Decimal | None:
    """A plain number as an input of type number sends it; None for anything else."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None
