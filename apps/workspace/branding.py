"""A customer's logo, colour and name, set by whoever looks after them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.selectors import account_for
from apps.accounts.selectors.branding import brand_of
from apps.accounts.services.branding import LARGEST_LOGO, Look, set_branding
from apps.workspace.desk import at_desk


@require_POST
@at_desk("account.curate")
def branding(request: HttpRequest, number: str) -> HttpResponse:
    """What is left empty is not shown; the logo stays where none is sent."""
    desk, said = request.desk, request.POST
    sent = request.FILES.get("logo")
    look = Look(
        accent=said.get("accent", ""),
        greeting_name=said.get("greeting_name", ""),
        logo=sent.read(LARGEST_LOGO + 1) if sent else None,
        without_logo=said.get("without_logo") == "on",
    )
    shown = account_for(desk.actor, number)
    set_branding(desk.actor, shown, look, now=desk.now)
    messages.success(request, _told(account_for(desk.actor, number)))
    return redirect(f"{reverse('workspace:account', args=[number])}#home")


def _told(account) -> str:
    brand = brand_of(account)
    accent = brand.accent if brand else None
    if accent is None or accent.is_as_chosen:
        return _("The portal and our mail show %(account)s so from now on.") % {"account": account.name}
    words = _("The colour is shown as %(light)s on light pages and %(dark)s on dark ones, so that it can be read.")
    return words % {"light": accent.on_light, "dark": accent.on_dark}
