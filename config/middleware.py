"""What happens around every request: who asks, and how a refusal is shown."""

import re
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from apps.accounts.selectors import actor_for
from apps.core.errors import OnlyLooking, Refusal
from apps.core.scoping import NOBODY, Actor
from apps.core.text import plain

ACCOUNT, ACTING_CONTACT, ACTING_UNTIL = "account_id", "acting_contact_id", "acting_until"
MAIL = "mail"  # the addresses of `config.webhooks`
SEEN_CONTACT, SEEN_UNTIL = "seen_contact_id", "seen_until"


class LogInMiddleware(LoginRequiredMiddleware):
    """Every view wants a log-in unless it says `@login_not_required`.

    Who was logged out while filling a form comes back to the page of the form, not to the address it was sent to; htmx
    is told to load the log-in page as a page.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        came_from = request.get_full_path()
        if request.method not in ("GET", "HEAD") or request.htmx:
            parts = urlsplit(_same_site_referrer(request))
            came_from = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        response = redirect_to_login(came_from)
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": response.url})
        return response


class ActorMiddleware:
    """Puts the actor of the request on it, built when first looked at.

    The session keeps which of their accounts a user acts in, and which contact a rep acts for and until when.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor_of(request))
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return NOBODY
    session = request.session
    acting = session.get(ACTING_CONTACT) if session.get(ACTING_UNTIL, 0) > time.time() else None
    seen = session.get(SEEN_CONTACT) if session.get(SEEN_UNTIL, 0) > time.time() else None
    wished = {"acting_contact_id": acting, "seen_contact_id": seen}
    return actor_for(request.user, account_id=session.get(ACCOUNT), **wished)


class OnlyLookingMiddleware:
    """Who looks at the portal as a contact sees it changes nothing by it.

    What would change something is refused, and whatever a page writes while it is made (a search that is remembered, a
    line that counts as read) is rolled back, and so is what is left to be done once it is sent. At their own desk staff
    works on as themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        at_home = match.namespace == "workspace" or match.view_name == "logout"
        if at_home or SEEN_CONTACT not in request.session or not request.actor.is_read_only:
            return None
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            words = _("You see the portal as %(name)s does. Stop looking to do something.")
            return _refused(request, OnlyLooking(words % {"name": request.actor.name}))
        try:
            with transaction.atomic():
                answer = view(request, *args, **kwargs)
                if hasattr(answer, "render") and callable(answer.render):
                    answer.render()
                transaction.set_rollback(True)
        except Refusal as refusal:
            return _refused(request, refusal)
        answer._resource_closers = [partial(_without_trace, left) for left in answer._resource_closers]
        return answer


def _without_trace(left: Callable[[], None]) -> None:
    """Do what is left once an answer is sent (a file is closed), and keep nothing of what it wrote."""
    with transaction.atomic():
        left()
        transaction.set_rollback(True)


#: NUL, and U+202A to U+2069, in an address.
_MAY_BE_UNWANTED = re.compile("%00|%E2%8[01]%[0-9A-F]{2}", re.IGNORECASE)


class PlainTextMiddleware:
    """Drops from what is sent what no keyboard types: NULs, and marks that turn the text of a page round."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _MAY_BE_UNWANTED.search(request.META.get("QUERY_STRING", "")):
            request.GET = _plain(request.GET)
        request.path_info = request.path_info.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.resolver_match.app_name == MAIL:
            return  # a mail may be larger than a form: who takes it in reads it, and drops the same
        if any(plain(text) != text for _name, texts in request.POST.lists() for text in texts):
            request.POST = _plain(request.POST)


def _plain(form: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, texts in form.lists():
        kept.setlist(plain(name), [plain(text) for text in texts])
    return kept


class RefusalMiddleware:
    """Shows a refusal as a page, or as a message in the page where htmx asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return _not_that_way(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refused(request, exception) if isinstance(exception, Refusal) else None


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal, "back": _same_site_referrer(request)}
    if request.htmx:
        # htmx swaps what is answered with success; the message goes where the page keeps its messages.
        response = render(request, "errors/_refusal.html", context)
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "outerHTML"
        return response
    return render(request, "errors/refusal.html", context, status=refusal.status)


def _not_that_way(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page for whoever opens the address a form is sent to."""
    page = render(request, "errors/405.html", status=405)
    page["Allow"] = response["Allow"]
    return page


def _same_site_referrer(request: HttpRequest) -> str:
    referrer, origin = request.headers.get("Referer", ""), request.build_absolute_uri("/")
    return referrer if referrer.startswith(origin) else ""
