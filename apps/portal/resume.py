"""An expired session loses nothing: what was sent is kept until its sender has logged in again, and sent on their word.

1. A POST without a session is put aside in the new, anonymous session.
2. After log-in its sender is shown that it waits, and sends it by a button, with a fresh token.
3. It is kept for an hour, and only where it is of an ordinary size; files are not kept.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

KEY = "held_post"
KEPT_FOR = timedelta(hours=1)
MOST_CHARACTERS = 50_000


def hold(request: HttpRequest, now: datetime) -> bool:
    """Put the POST of `request` aside; says whether it could be."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    if request.FILES or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    request.session[KEY] = {"path": request.get_full_path(), "fields": fields, "until": (now + KEPT_FOR).isoformat()}
    return True


@require_GET
def resume(request: HttpRequest) -> HttpResponse:
    """What waits to be sent, with a button to send it; home where nothing waits."""
    held = request.session.pop(KEY, None)
    if held is None or datetime.fromisoformat(held["until"]) < timezone.now():
        return redirect("portal:home")
    return render(request, "portal/resume.html", {"path": held["path"], "fields": held["fields"]})
