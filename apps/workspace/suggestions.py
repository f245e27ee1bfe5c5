"""What suggestions earned: by kind and place, week by week, and against the accounts that get none."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.charts import bars
from apps.core.formatting import Words
from apps.core.lists import whole
from apps.recommendations.earning import DAYS, Earned, Made, earned, suggestion_terms
from apps.workspace.desk import at_desk
from apps.workspace.journey import sheet_of

USUAL_DAYS = 90
NAMED = 5  # weeks below the chart: a telephone has no room for more


@require_safe
@at_desk("insight.read")
def suggestions(request: HttpRequest) -> HttpResponse:
    desk, days = request.desk, _days(request)
    found = earned(desk.actor, days=days, now=desk.now)
    context = {
        "section": "manager",
        "days": days,
        "choices": DAYS,
        "earned": found,
        "chart": _chart(found),
        "named": [Words().short_date(week.week_on) for week in found.weeks[:: -(-len(found.weeks) // NAMED)]],
        "held_out_percent": suggestion_terms().held_out_percent,
        "currency": settings.HOME_CURRENCY,
        "trail": [(_("The house"), reverse("workspace:manager")), (_("What suggestions earned"), "")],
    }
    return render(request, "workspace/manager/suggestions.html", context)


@require_safe
@at_desk("insight.read")
def suggestions_file(request: HttpRequest) -> HttpResponse:
    """The same by kind and place as csv, amounts net in the house's currency."""
    desk, days = request.desk, _days(request)
    found = earned(desk.actor, days=days, now=desk.now)
    head = (_("Kind"), _("Place"), *_columns(), _("Net"), _("Currency"))
    rows = ([row.kind.label, row.place.label, *_cells(row.made)] for row in found.rows)
    return sheet_of([head, *rows], f"suggestions-{days}-{desk.on}")


def _days(request: HttpRequest) -> int:
    asked = whole(request.GET.get("days", ""))
    return asked if asked in DAYS else USUAL_DAYS


def _columns() -> Iterable[str]:
    return _("Shown"), _("Clicked"), _("Put into the cart"), _("Ordered")


def _cells(made: Made) -> Iterable:
    return made.shown, made.clicked, made.added, made.bought, made.net, settings.HOME_CURRENCY


def _chart(found: Earned):
    """What was ordered by suggestions, week by week."""
    write = Words()
    labels = [write.short_date(week.week_on) for week in found.weeks]
    nets = [week.made.net for week in found.weeks]
    return bars(labels, nets, [write.money(net, settings.HOME_CURRENCY) for net in nets], width=720)
