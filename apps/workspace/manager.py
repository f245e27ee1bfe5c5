"""How the house does: what customers say, which promises are kept, whom we may lose."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.core.lists import page_url, status_of, tabs_of
from apps.fulfilment.selectors.kept import failed_in
from apps.insights.rules import period
from apps.insights.selectors import Response, house_figures, journey_of, unhappy_accounts
from apps.workspace.deadlines import length
from apps.workspace.desk import Desk, at_desk
from apps.workspace.drawings import columns_of
from apps.workspace.journey import service_of, sheet_of
from apps.workspace.scores import instant_place

STEPS = {
    "acknowledge": gettext_lazy("Acknowledged"),
    "answer": gettext_lazy("Answered"),
    "resolve": gettext_lazy("Resolved"),
}


FAULTS = {
    "late": gettext_lazy("Late"),
    "short": gettext_lazy("Incomplete"),
    "damaged": gettext_lazy("Damaged"),
    "wrong": gettext_lazy("Wrong goods or papers"),
}
FAULT_TABS = (("", gettext_lazy("All that failed")), *FAULTS.items())
SHOWN = 50


@require_safe
@at_desk("insight.read")
def manager(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    house = house_figures(desk.actor, now=desk.now)
    context = {
        "section": "manager",
        "page": house.page,
        "columns": columns_of(house.page.feedback.months),
        "responses": [in_words(each) for each in house.responses],
        "at_risk": house.at_risk,
        "service": service_of(journey_of(desk.actor, now=desk.now)),
        "as_of": house.as_of if house.as_of != desk.now else None,
    }
    return render(request, "workspace/manager/page.html", context)


@require_safe
@at_desk()
def failed_deliveries(request: HttpRequest) -> HttpResponse:
    """The deliveries of 90 days that failed, by how: those that the manager's figures count."""
    desk, fault = request.desk, status_of(request, FAULT_TABS)
    asked = {**period("now", desk.now)._asdict(), "fault": fault}
    found = failed_in(desk.actor, **asked, before=instant_place(request.GET.get("after", "")), limit=SHOWN + 1)
    shown, last = found[:SHOWN], found[SHOWN - 1] if len(found) > SHOWN else None
    context = {
        "section": "manager",
        "trail": _trail(desk, _("Deliveries that failed")),
        "rows": [(row, [words for name, words in FAULTS.items() if getattr(row, name)]) for row in shown],
        "tabs": tabs_of(request, FAULT_TABS, fault),
        "file": f"{reverse('workspace:deliveries_file')}?status={fault}",
        "next_url": page_url(request.GET, after=f"{last.delivered_at.isoformat()}_{last.id}") if last else "",
    }
    return render(request, "workspace/manager/deliveries.html", context)


@require_safe
@at_desk()
def failed_deliveries_file(request: HttpRequest) -> HttpResponse:
    """The same, all of them, as csv."""
    desk, fault = request.desk, status_of(request, FAULT_TABS)
    found = failed_in(desk.actor, **period("now", desk.now)._asdict(), fault=fault, limit=None)
    head = (_("Delivery"), _("Account number"), _("Account"), _("Delivered"), *FAULTS.values())
    rows = (
        [
            *(row.number, row.account_number, row.account, row.delivered_at.isoformat()),
            *(_yes(row, name) for name in FAULTS),
        ]
        for row in found
    )
    return sheet_of([head, *rows], f"deliveries-{fault or 'failed'}-{desk.on}")


@require_safe
@at_desk()
def revenue_at_risk(request: HttpRequest) -> HttpResponse:
    """The accounts behind the revenue at risk: those with an unhappy answer in 90 days."""
    desk = request.desk
    rows, revenue = unhappy_accounts(desk.actor, now=desk.now)
    if request.GET.get("as") == "file":
        head = (_("Account number"), _("Account"), _("Rep"), _("Ordered in a year"), _("Currency"))
        currency = settings.HOME_CURRENCY
        told = ([one.number, one.name, one.rep or "", "" if net is None else net, currency] for one, net in rows)
        return sheet_of([head, *told], f"revenue-at-risk-{desk.on}")
    context = {
        "section": "manager",
        "trail": _trail(desk, _("Revenue at risk")),
        "rows": rows[: 2 * SHOWN],
        "more": max(len(rows) - 2 * SHOWN, 0),
        "revenue": revenue,
        "currency": settings.HOME_CURRENCY,
    }
    return render(request, "workspace/manager/at_risk.html", context)


def _trail(desk: Desk, title: str) -> list[tuple[str, str]]:
    """From the house on; a rep, who has no such page, gets none."""
    return [(_("The house"), reverse("workspace:manager")), (title, "")] if desk.may("insight.read") else []


def _yes(row, name: str) -> str:
    return _("yes") if getattr(row, name) else ""


def in_words(response: Response) -> dict:
    return {
        "step": STEPS[response.step],
        "counted": response.counted,
        "in_time": response.in_time,
        "usual": length(response.usual) if response.usual is not None else "",
    }
