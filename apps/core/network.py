"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The address a request comes from, as the outermost of our own proxies saw it; nobody else is believed."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    seen_by_ours = forwarded[-settings.TRUSTED_PROXIES :] if settings.TRUSTED_PROXIES else []
    return (seen_by_ours[0] if seen_by_ours else "") or request.META.get("REMOTE_ADDR", "")
