"""The addresses that a mail provider reports to: there only where ANYMAIL holds the secret that it must send.

A mail with a file of 30 MB is taken in like any other, without the file: a provider that is refused would send it again
for days, and nobody would ever read the words.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from anymail.urls import urlpatterns as providers
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.core.incoming import MOST_BYTES
from apps.core.slimming import TooLarge, slimmed
from apps.feedback.services import refuse_large

app_name = "mail"


def _bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The provider's view, which is given no larger files than can be kept. What is too large without them is noted."""

    @wraps(view)
    def take(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            _slim(request)
            return view(request, *args, **kwargs)
        except (TooLarge, RequestDataTooBig):
            if not _knows_secret(request):
                raise
            refuse_large(sha256(str(timezone.now()).encode()).hexdigest(), now=timezone.now())
            return HttpResponse("Too large to be taken in; it need not be sent again.\n", content_type="text/plain")

    take.csrf_exempt = True
    return login_not_required(take)


def _slim(request: HttpRequest) -> None:
    """Read a large JSON body piece by piece; the framework would refuse it, or hold all of it."""
    if request.method != "POST" or request.content_type != "application/json" or not _knows_secret(request):
        return
    if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        limits = {"largest": settings.CASE_FILE_MOST_BYTES, "together": settings.MAIL_MOST_BYTES}
        request._body = slimmed(request, most=MOST_BYTES, **limits)


def _knows_secret(request: HttpRequest) -> bool:
    """Nobody else makes us read on; the view refuses them."""
    secret = settings.ANYMAIL["WEBHOOK_SECRET"]
    said = get_request_basic_auth(request) or ""
    return any(constant_time_compare(said, one) for one in ([secret] if isinstance(secret, str) else secret))


urlpatterns = [
    URLPattern(one.pattern, _bounded(one.callback), one.default_args, one.name)
    for one in providers
    if settings.ANYMAIL.get("WEBHOOK_SECRET")
]
