"""What customers say: the score with its uncertainty, what it had to do with, every answer beside what we delivered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.core.lists import status_of, tabs_of
from apps.insights.rules import period
from apps.insights.selectors import feedback_page, voices_of
from apps.workspace.desk import at_desk
from apps.workspace.drawings import columns_of, scores_of

TABS = (
    ("", gettext_lazy("All")),
    ("detractor", gettext_lazy("Unhappy (0–6)")),
    ("passive", gettext_lazy("Content (7–8)")),
    ("promoter", gettext_lazy("Enthusiastic (9–10)")),
)
DRIVERS = {
    "delivery": gettext_lazy("Delivery"),
    "range": gettext_lazy("Range"),
    "price": gettext_lazy("Prices"),
    "ease": gettext_lazy("Ease of ordering"),
    "trust": gettext_lazy("Reliability"),
    "rep": gettext_lazy("Contact at our side"),
    "invoice": gettext_lazy("Invoices"),
}
SHOWN = 20


@require_safe
@at_desk()
def feedback(request: HttpRequest) -> HttpResponse:
    desk, band = request.desk, status_of(request, TABS)
    page = feedback_page(desk.actor, now=desk.now, band=band, limit=SHOWN)
    voices = voices_of(desk.actor, **period("now", desk.now)._asdict())
    context = {
        "section": "feedback",
        "page": page,
        "columns": columns_of(page.months),
        "scores": scores_of(voices.scores),
        "drivers": [(DRIVERS[driver.code], driver) for driver in voices.drivers if driver.named],
        "answers": [(answer, [DRIVERS[code] for code in answer.drivers if code in DRIVERS]) for answer in page.answers],
        "tabs": tabs_of(request, TABS, band),
    }
    return render(request, "workspace/feedback/page.html", context)
