"""What a page tells of its suggestions: which were really seen, and which were opened."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.recommendations.services import Noted, note_suggestions

NOTHING_TO_SAY = 204
STEPS = ("shown", "clicked")


@login_not_required  # a page that outlives its session must not have this kept to be sent again
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Lines of "kind place SKU" under `shown` and `clicked`; whatever else is sent is left out without a word.

    Nothing is kept of who acts for a buyer, of machines, and of who is not logged in.
    """
    if request.user.is_authenticated:
        noted = [each for step in STEPS for line in request.POST.getlist(step) if (each := _noted(step, line))]
        note_suggestions(request.actor, noted, now=timezone.now())
    return HttpResponse(status=NOTHING_TO_SAY)


def _noted(step: str, line: str) -> Noted | None:
    kind, _space, rest = line.partition(" ")
    place, _space, sku = rest.partition(" ")
    if not sku or "\0" in line:
        return None
    # Who sees the page of a letter has opened the letter; shown was what stood in it.
    return Noted("clicked" if place == "mail" else step, kind, place, sku)
