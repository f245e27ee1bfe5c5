"""Today: the accounts that need somebody, why, and what to do next."""

from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.cases.selectors import follow_ups_of
from apps.insights.selectors import Attention, today_for
from apps.insights.selectors.hand_overs import unread_hand_overs
from apps.insights.selectors.notes import unread_mentions
from apps.workspace.desk import at_desk
from apps.workspace.reasons import stake_words, why_of

SHOWN, ALL = 30, 10_000
# label, icon, kinds of reasons counted, tone where there are any, page
COUNTS = (
    (_("Cases"), "life-buoy", ("detractor", "case_due"), "bad", "workspace:cases"),
    (_("Late deliveries"), "truck", ("delivery_late",), "bad", ""),
    (_("Orders at risk"), "calendar-clock", ("slip",), "warn", "workspace:slips"),
    (_("Orders held up"), "banknote", ("release", "no_approver"), "warn", ""),
    (_("Quotes waiting"), "file-text", ("quote_waiting",), "warn", "workspace:quotes"),
    (_("Over their rhythm"), "timer", ("rhythm",), "warn", ""),
    (_("Call-offs behind"), "calendar-range", ("blanket_behind",), "warn", "workspace:blankets"),
    (_("Running short"), "triangle-alert", ("shortage_ahead",), "warn", ""),
    (_("Products to reorder"), "repeat", ("reorder_due",), "", ""),
    (_("Offers and contracts to talk about"), "handshake", ("quote_follow", "contract_ending"), "", ""),
    (_("To do"), "list-todo", ("follow_up", "call_back"), "", ""),
)


@require_safe
@at_desk()
def today(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    needy = today_for(desk.actor, now=desk.now, limit=ALL)
    context = {
        "section": "today",
        "on": desk.on,
        "rows": [(each.account, _reasons(each), stake_words(each.at_stake)) for each in needy[:SHOWN]],
        "more": max(len(needy) - SHOWN, 0),
        "needy": len(needy),
        "counts": counts_of(needy),
        "follow_ups": follow_ups_of(desk.actor, until=desk.on, limit=SHOWN),
        "hand_overs": unread_hand_overs(desk.actor),
        "mentions": unread_mentions(desk.actor),
        "everybody": desk.actor.sees_everything,
    }
    return render(request, "workspace/today/page.html", context)


def _reasons(attention: Attention) -> list:
    return [why_of(reason, attention.account.number) for reason in attention.reasons]


def counts_of(needy: Sequence[Attention]) -> list[dict]:
    """How much of each kind there is: see components/_stat.html."""
    found = Counter(reason.kind for attention in needy for reason in attention.reasons)
    return [
        {
            "label": label,
            "icon": icon,
            "value": (n := sum(found[kind] for kind in kinds)),
            "tone": tone if n else "",
            "url": reverse(page) if page else "",
        }
        for label, icon, kinds, tone, page in COUNTS
    ]
