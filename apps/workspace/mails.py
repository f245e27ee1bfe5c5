"""Mails to the service address that wait: whose they are, or that they are nobody's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.cases import selectors, services
from apps.core.downloads import kept_file
from apps.workspace.desk import at_desk


@require_safe
@at_desk("mail.place")
def mails(request: HttpRequest) -> HttpResponse:
    context = {
        "section": "cases",
        "trail": [(_("Cases"), reverse("workspace:cases")), (_("Mails that wait"), "")],
        "waiting": selectors.waiting_mails(),
    }
    return render(request, "workspace/mails/page.html", context)


@require_POST
@at_desk("mail.place")
def place_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Say of which account it is, or onto which case it goes."""
    said, desk = request.POST, request.desk
    at = said.get("other", "").strip() or said.get("place", "")
    case = services.place_mail(desk.actor, mail_id, place=at, now=desk.now)
    messages.success(request, _("The mail is on case %(number)s now.") % {"number": case.number})
    return redirect("workspace:case", number=case.number)


@require_POST
@at_desk("mail.place")
def discard(request: HttpRequest, mail_id: int) -> HttpResponse:
    gone = services.discard_mail(request.desk.actor, mail_id, now=request.desk.now)
    words = ngettext("%(count)s mail is gone.", "%(count)s mails are gone.", gone)
    messages.success(request, words % {"count": gone})
    return redirect("workspace:mails")


@require_safe
@at_desk("mail.place")
def file(request: HttpRequest, mail_id: int, file_id: int) -> HttpResponse:
    """A file of a mail that waits."""
    found = selectors.waiting_file(mail_id, file_id)
    return kept_file(found.file, found.kind, f"mail-{mail_id}-{found.pk}")
