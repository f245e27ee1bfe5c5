"""In a contact's place: half an hour at a time, on the record from the first minute to the last."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.errors import ContactNotFound
from apps.accounts.rules import ACTING_FOR
from apps.accounts.selectors import contact_for
from apps.accounts.services import start_acting, stop_acting
from apps.workspace.desk import at_desk

SESSION_CONTACT, SESSION_UNTIL = "acting_contact_id", "acting_until"  # read by the middleware that builds the actor


@require_POST
@at_desk("account.act_for")
def start(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Step into the place of a contact; who stood in another's place leaves that one first. From a line at risk it
    goes on to what can be chosen about the order (`later`)."""
    desk = request.desk
    contact = contact_for(desk.actor, contact_id)
    _leave(request)
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


def _leave(request: HttpRequest):
    """Step back out, and say whose place it was; None where it was nobody's, or is no longer theirs to take."""
    contact_id = request.session.pop(SESSION_CONTACT, None)
    request.session.pop(SESSION_UNTIL, None)
    if contact_id is None:
        return None
    try:
        contact = contact_for(request.desk.actor, contact_id)
    except ContactNotFound:
        return None
    stop_acting(request.desk.actor, contact, now=request.desk.now)
    return contact
