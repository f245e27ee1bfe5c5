"""An expired session loses nothing: what was sent is kept until its sender has logged in again, and sent on their word.

1. A POST without a session is put aside in the new, anonymous session, with whose it is: a signed cookie says who was
   logged in here last. Where it says nothing, it belongs to whoever logs in next.
2. After log-in its sender is shown that it waits, and sends it by a button, with a fresh token. Nobody else sees it;
   who else logs in ends it.
3. It is gone when it was sent and taken. What is refused, and a page that is loaded twice, leave it.
4. It is kept for an hour, and only where it is of an ordinary size; files are not kept.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

KEY = "held_post"
KEPT_FOR = timedelta(hours=1)
MOST_CHARACTERS = 50_000
LAST_HERE = "tw_last_here"  # the cookie that says who was logged in last, signed
_SALT = "who was logged in here last"
_KNOWN_FOR = 60 * 60 * 24 * 90
_SENT = "resumed"  # the field by which what was kept says that it is sent now


def remember(request: HttpRequest, answer: HttpResponse) -> None:
    """Let the browser remember who is logged in, for when the session is over."""
    who = str(request.user.pk)
    if _last_here(request) != who:
        answer.set_signed_cookie(
            LAST_HERE,
            who,
            salt=_SALT,
            max_age=_KNOWN_FOR,
            httponly=True,
            secure=bool(settings.SESSION_COOKIE_SECURE),
            samesite="Lax",
        )


def _last_here(request: HttpRequest) -> str:
    return request.get_signed_cookie(LAST_HERE, default="", salt=_SALT, max_age=_KNOWN_FOR)


def hold(request: HttpRequest, now: datetime) -> bool:
    """Put the POST of `request` aside; says whether it could be."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", _SENT) and "password" not in name
    ]
    if request.FILES or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    request.session[KEY] = {
        "id": uuid4().hex,
        "whose": _last_here(request),
        "path": request.get_full_path(),
        "fields": fields,
        "until": (now + KEPT_FOR).isoformat(),
    }
    return True


def taken(request: HttpRequest, answer: HttpResponse) -> None:
    """What was kept is forgotten once it was sent and not refused."""
    sent = request.POST.get(_SENT) if request.method == "POST" else None
    if sent and answer.status_code < 400 and request.session.get(KEY, {}).get("id") == sent:
        del request.session[KEY]


@require_GET
@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """What waits to be sent, with a button to send it; home where nothing waits."""
    held = request.session.get(KEY)
    if held is None:
        return redirect("portal:home")
    who = str(request.user.pk)
    if held["whose"] not in ("", who) or datetime.fromisoformat(held["until"]) < timezone.now():
        del request.session[KEY]
        return redirect("portal:home")
    request.session[KEY] = held | {"whose": who}
    fields = [*held["fields"], (_SENT, held["id"])]
    return render(request, "portal/resume.html", {"path": held["path"], "fields": fields})
