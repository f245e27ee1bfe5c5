"""What is kept about whoever is logged in: what they may be written to about, a copy, and the wish to be forgotten."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import selectors, services
from apps.accounts.errors import ContactNotFound
from apps.core.downloads import download
from apps.portal.access import in_account
from apps.privacy.services import ask_for_erasure, own_copy


@never_cache
@require_safe
@in_account("own_data.manage")
def my_data(request: HttpRequest) -> HttpResponse:
    contact = _me(request)
    return render(
        request, "portal/my_data.html", {"contact": contact, "standings": selectors.standings_of(contact)}
    )  # fmt: skip


@require_POST
@in_account("own_data.manage")
def say(request: HttpRequest) -> HttpResponse:
    """`purpose` and `yes` (1 or 0)."""
    speak = services.give_consent if request.POST.get("yes") == "1" else services.withdraw_consent
    speak(request.actor, _me(request), request.POST.get("purpose", ""), now=request.visit.now)
    messages.success(request, _("Noted. It holds from now on."))
    return redirect("portal:my_data")


@never_cache
@require_http_methods(["POST"])
@in_account("own_data.manage")
def copy(request: HttpRequest) -> HttpResponse:
    """The ZIP; a POST, as it is put on record."""
    return download(own_copy(request.actor, now=request.visit.now), "zip", "my-data")


@require_POST
@in_account("own_data.manage")
def forget_me(request: HttpRequest) -> HttpResponse:
    case = ask_for_erasure(request.actor, now=request.visit.now)
    messages.success(request, _("We have your wish, and answer you here."))
    return redirect("portal:case", case.number)


def _me(request: HttpRequest):
    contact = selectors.contact_of(request.actor)
    if contact is None:
        raise ContactNotFound
    return contact
