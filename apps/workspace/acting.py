"""In a contact's place: half an hour at a time, on the record from the first minute to the last."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.errors import ContactNotFound
from apps.accounts.rules import ACTING_FOR
from apps.accounts.selectors import contact_for
from apps.accounts.services import start_acting, start_preview, stop_acting, stop_preview
from apps.workspace.desk import at_desk

# Read by the middleware that builds the actor.
SESSION_CONTACT, SESSION_UNTIL = "acting_contact_id", "acting_until"
SEEN_CONTACT, SEEN_UNTIL = "seen_contact_id", "seen_until"


@require_POST
@at_desk("account.act_for")
def start(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Step into the place of a contact; who stood in another's place leaves that one first. From a line at risk it
    goes on to what can be chosen about the order (`later`)."""
    desk = request.desk
    contact = contact_for(desk.actor, contact_id)
    _leave(request)
    _look_away(request)
    start_acting(desk.actor, contact, now=desk.now)
    request.session[SESSION_CONTACT] = contact.pk
    request.session[SESSION_UNTIL] = (desk.now + ACTING_FOR).timestamp()
    messages.info(request, _("You act for %(name)s for the next half an hour.") % {"name": contact.name})
    late = request.POST.get("later", "")
    return redirect("portal:later", number=late) if late.isprintable() and late.strip(".") else redirect("portal:home")


@require_POST
@at_desk()
def stop(request: HttpRequest) -> HttpResponse:
    contact = _leave(request)
    if contact is None:
        return redirect("workspace:today")
    messages.info(request, _("You no longer act for %(name)s.") % {"name": contact.name})
    return redirect("workspace:account", number=contact.account.number)


@require_POST
@at_desk("account.act_for")
def start_looking(request: HttpRequest, contact_id: int) -> HttpResponse:
    """See the portal as a contact sees it, without doing anything there; who acts for somebody stops that first."""
    desk = request.desk
    contact = contact_for(desk.actor, contact_id)
    _leave(request)
    _look_away(request)
    start_preview(desk.actor, contact, now=desk.now)
    request.session[SEEN_CONTACT] = contact.pk
    request.session[SEEN_UNTIL] = (desk.now + ACTING_FOR).timestamp()
    return redirect("portal:home")


@require_POST
@at_desk()
def stop_looking(request: HttpRequest) -> HttpResponse:
    contact = _look_away(request)
    return redirect("workspace:account", number=contact.account.number) if contact else redirect("workspace:today")


def _look_away(request: HttpRequest):
    """Say whose view it was; None where it was nobody's."""
    return _step_out(request, SEEN_CONTACT, SEEN_UNTIL, stop_preview)


def _leave(request: HttpRequest):
    """Say whose place it was; None where it was nobody's."""
    return _step_out(request, SESSION_CONTACT, SESSION_UNTIL, stop_acting)


def _step_out(request: HttpRequest, contact_key: str, until_key: str, stop: Callable):
    """Step back out, on the record, and say of whom; None where it is no longer theirs to see or take."""
    contact_id = request.session.pop(contact_key, None)
    request.session.pop(until_key, None)
    if contact_id is None:
        return None
    try:
        contact = contact_for(request.desk.actor, contact_id)
    except ContactNotFound:
        return None
    stop(request.desk.actor, contact, now=request.desk.now)
    return contact
