"""Today: the accounts that need somebody, why, and what to do next."""

from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.lists import clean
from apps.insights.selectors import Attention, today_for
from apps.insights.selectors.hand_overs import unread_hand_overs
from apps.insights.selectors.notes import unread_mentions
from apps.insights.selectors.today import follow_ups_due
from apps.workspace.desk import at_desk
from apps.workspace.reasons import stake_words, why_of
from apps.workspace.saved_views import menu_of

SHOWN, ALL = 30, 10_000
# what the list may be narrowed to: label, icon, kinds of reasons counted, tone where there are any, page
COUNTS = {
    "cases": (_("Cases"), "life-buoy", ("detractor", "case_due"), "bad", "workspace:cases"),
    "late": (_("Late deliveries"), "truck", ("delivery_late",), "bad", ""),
    "risk": (_("Orders at risk"), "calendar-clock", ("slip",), "warn", "workspace:slips"),
    "held": (_("Orders held up"), "banknote", ("release", "no_approver"), "warn", ""),
    "quotes": (_("Quotes waiting"), "file-text", ("quote_waiting",), "warn", "workspace:quotes"),
    "rhythm": (_("Over their rhythm"), "timer", ("rhythm",), "warn", ""),
    "call_offs": (_("Call-offs behind"), "calendar-range", ("blanket_behind",), "warn", "workspace:blankets"),
    "short": (_("Running short"), "triangle-alert", ("shortage_ahead",), "warn", ""),
    "reorder": (_("Products to reorder"), "repeat", ("reorder_due",), "", ""),
    "talk": (_("Offers and contracts to talk about"), "handshake", ("quote_follow", "contract_ending"), "", ""),
    "to_do": (_("To do"), "list-todo", ("follow_up", "call_back"), "", ""),
}


@require_safe
@at_desk()
def today(request: HttpRequest) -> HttpResponse:
    desk = request.desk
    follow_ups = follow_ups_due(desk.actor, desk.on)
    everybody = today_for(desk.actor, now=desk.now, limit=ALL, follow_ups=follow_ups)
    why, segment = _why(request), clean(request.GET.get("segment", ""))
    needy = narrowed(everybody, why, segment)
    context = {
        "section": "today",
        "on": desk.on,
        "rows": [(each.account, _reasons(each, why), stake_words(each.at_stake)) for each in needy[:SHOWN]],
        "more": max(len(needy) - SHOWN, 0),
        "needy": len(needy),
        "counts": counts_of(everybody),
        "whys": [(key, words) for key, (words, *_more) in COUNTS.items()],
        "why": why,
        "segments": sorted({each.account.segment for each in everybody if each.account.segment}),
        "segment": segment,
        "views": menu_of(request, "today"),
        "follow_ups": follow_ups[:SHOWN],
        "hand_overs": unread_hand_overs(desk.actor),
        "mentions": unread_mentions(desk.actor),
        "everybody": desk.actor.sees_everything,
    }
    return render(request, "workspace/today/page.html", context)


def _why(request: HttpRequest) -> str:
    """What kind of reason the address asks for; what makes no sense is not asked for."""
    return why if (why := request.GET.get("why", "")) in COUNTS else ""


def narrowed(needy: Sequence[Attention], why: str = "", segment: str = "") -> list[Attention]:
    """Those with a reason of a kind of `COUNTS`, and of a segment; in their order."""
    kinds = COUNTS[why][2] if why else ()
    return [
        each for each in needy
        if (not why or any(reason.kind in kinds for reason in each.reasons))
        and segment in ("", each.account.segment)
    ]  # fmt: skip


def _reasons(attention: Attention, why: str) -> list:
    """In words, what was asked for first."""
    kinds = COUNTS[why][2] if why else ()
    ordered = sorted(attention.reasons, key=lambda reason: reason.kind not in kinds)
    return [why_of(reason, attention.account.number) for reason in ordered]


def counts_of(needy: Sequence[Attention]) -> list[dict]:
    """How much of each kind there is: see components/_stat.html."""
    found = Counter(reason.kind for attention in needy for reason in attention.reasons)
    return [
        {
            "label": label,
            "icon": icon,
            "value": (n := sum(found[kind] for kind in kinds)),
            "tone": tone if n else "",
            "url": reverse(page) if page else f"?why={key}",
        }
        for key, (label, icon, kinds, tone, page) in COUNTS.items()
    ]
