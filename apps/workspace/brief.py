"""Before walking in: an account on one screen of a phone."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.selectors import account_for, contacts_of
from apps.cases.selectors import cases_of, follow_ups_of
from apps.insights.selectors import timeline_of
from apps.insights.selectors.care import care_of
from apps.insights.selectors.look import promised_to
from apps.insights.selectors.notes import call_reports_of
from apps.insights.selectors.prices_ending import prices_ending
from apps.invoicing.selectors import ageing_of
from apps.recommendations.selectors import due_to_reorder
from apps.workspace.desk import at_desk
from apps.workspace.story import lines_of

SHOWN, LATELY = 3, timedelta(days=60)
_DECIDES = ("decision_maker", "gatekeeper")


@require_safe
@at_desk()
def brief(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    inside, care = desk.inside(shown), care_of(desk.actor, shown, now=desk.now)
    since = care.talked.contact_on or desk.on - LATELY
    people = sorted(contacts_of(desk.actor, shown), key=lambda one: (one.persona not in _DECIDES, one.name))
    context = {
        "section": "accounts",
        "account": shown,
        "care": care,
        "since": since,
        "story": _since(lines_of(timeline_of(desk.actor, shown, limit=40)), since)[: SHOWN * 2],
        "cases": cases_of(inside, status="unresolved", limit=SHOWN),
        "follow_ups": follow_ups_of(inside, limit=SHOWN),
        "promised": promised_to(shown)[:SHOWN],
        "ending": prices_ending(shown, desk.on)[:SHOWN],
        "due": due_to_reorder(inside, desk.on, SHOWN),
        "people": people,
        "reports": call_reports_of(desk.actor, shown, 2),
        "ageing": ageing_of([shown.pk], desk.on),
        "on": desk.on,
        "key": uuid4(),
        "may_work": desk.may("case.work"),
        "trail": [
            (_("Accounts"), reverse("workspace:accounts")),
            (shown.name, reverse("workspace:account", args=[number])),
            (_("Brief"), ""),
        ],
    }
    return render(request, "workspace/brief/page.html", context)


def _since(lines: list, day) -> list:
    since = timezone.make_aware(datetime.combine(day, time.min))
    return [line for line in lines if line.at >= since]
