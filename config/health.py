"""What a load balancer and an operator ask: does it work, and is the background work moving?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache

from apps.core.events import oldest_waiting


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise; with the age of the oldest event whose reactions wait to start."""
    try:
        waiting = oldest_waiting(timezone.now())
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "oldest_event_waits_seconds": waiting.total_seconds() if waiting else 0})


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for what asks at its old address without reading the page."""
    return redirect(static("icons/favicon.svg"), permanent=True)
