"""A call that the buyer asks for, in hours that the rep, or who stands in, works."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.errors import ContactNotFound
from apps.cases.errors import CallBackRefused
from apps.cases.selectors.call_backs import reach_of, windows_of
from apps.cases.services.call_backs import LONGEST_ABOUT, LONGEST_PHONE, request_call_back, withdraw_call_back
from apps.core.buttons import decision
from apps.core.lists import whole
from apps.portal.access import in_account
from apps.portal.people import hours_of, rep_of
from apps.portal.visit import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.open")
def call_back(request: HttpRequest) -> HttpResponse:
    """The hours to choose from, or what was noted with the way to take it back."""
    visit = request.visit
    if visit.contact is None:
        raise ContactNotFound
    if request.method != "POST":
        return _page(request, {"phone": visit.contact.phone})
    if decision(request, "ask", "withdraw") == "withdraw":
        withdraw_call_back(request.actor, whole(request.POST.get("call_back", "")) or 0, now=visit.now)
        messages.info(request, _("Taken back: nobody calls you."))
        return redirect("portal:home")
    typed = {name: request.POST.get(name, "") for name in ("window", "phone", "about")}
    try:
        asked = request_call_back(request.actor, **typed, now=visit.now)
    except CallBackRefused as refusal:
        return _page(request, typed, wrong=refusal.fields, problem=str(refusal.detail), status=422)
    messages.success(
        request, _("Noted: %(name)s calls you on %(phone)s.") % {"name": asked.owner, "phone": asked.phone}
    )
    return redirect("portal:call_back")


def _page(request: HttpRequest, typed: dict, *, wrong: dict | None = None, problem: str = "", status: int = 200):
    visit = request.visit
    context = {
        "rep": rep_of(visit),
        "days": _days(visit),
        "typed": typed,
        "wrong": wrong or {},
        "problem": problem,
        "longest_phone": LONGEST_PHONE,
        "longest_about": LONGEST_ABOUT,
    }
    return render(request, "portal/home/call_back.html", context, status=status)


def _days(visit: Visit) -> list[tuple]:
    """The hours that are offered by the day they begin at in the reader's time."""
    reach = reach_of(visit.account, visit.actor.contact_id, now=visit.now)
    offered = windows_of(reach, now=visit.now) if reach and not reach.call_back else []
    rows = [{"key": each.window.key, "who": each.rep.user.name, **hours_of(each.window, visit)} for each in offered]
    return [(day, list(of_day)) for day, of_day in groupby(rows, key=lambda row: row["day"])]
