"""The door of the portal: a page belongs to somebody who is logged in and stands in an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.services import demand
from apps.portal import resume
from apps.portal.visit import Visit

View = Callable[..., HttpResponse]


def in_account(permission: str = "catalogue.read") -> Callable[[View], View]:
    """A view for somebody inside an account whose role covers `permission`; sets `request.visit`.

    Who is not logged in is asked to, and what they had sent is kept meanwhile. Staff outside an account is shown to
    where they work.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _ask_to_log_in(request)
            if request.actor.account_id is None:
                return _elsewhere(request)
            demand(request.actor, permission)
            request.visit = Visit(request.actor, timezone.now())
            answer = view(request, *args, **kwargs)
            resume.taken(request, answer)
            resume.remember(request, answer)
            return answer

        return login_not_required(page)  # it asks itself, above: what was sent must not get lost on the way

    return wrap


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    held = request.method == "POST" and resume.hold(request, timezone.now())
    answer = redirect_to_login(reverse("portal:resume") if held else _page_of(request))
    return _for_htmx(answer) if request.htmx else answer


def _page_of(request: HttpRequest) -> str:
    """The page somebody stood on: a fragment or a POST is no place to come back to."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def _for_htmx(answer: HttpResponseRedirect) -> HttpResponse:
    """htmx would swap the log-in page into a corner of this one; the browser is told to go there instead."""
    return HttpResponse(headers={"HX-Redirect": answer.url})


def _elsewhere(request: HttpRequest) -> HttpResponse:
    names = ["workspace:today"] if request.actor.is_staff else []
    for name in [*names, *(["admin:index"] if request.user.is_staff else [])]:
        try:
            return redirect(name)
        except NoReverseMatch:
            continue
    return render(request, "portal/no_account.html", status=403)


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page the form stood on, where it is one of ours; else to the view of that name."""
    came_from = request.headers.get("Referer", "")
    return redirect(came_from if came_from.startswith(request.build_absolute_uri("/")) else otherwise)
