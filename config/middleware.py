"""What happens around every request: who asks, and how a refusal is shown."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ActorMiddleware:
    """Puts the actor of the request on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class RefusalMiddleware(ActorMiddleware):
    """Shows a refusal as a page."""
