"""The development mailbox: what the portal sent, readable in a browser. Only where `settings.MAILBOX_DIR` is set."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.core import mailbox
from apps.core.lists import clean

# A mail brings its own styles, and nothing else: no script runs in it, nothing is fetched for it.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "'self'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'none'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
}


def _message(message_id: str) -> mailbox.Message:
    found = mailbox.message(message_id)
    if found is None:
        raise Http404
    return found


@require_safe
@login_not_required
def inbox(request: HttpRequest) -> HttpResponse:
    """The latest messages, those to one address where `to` names it."""
    if not settings.MAILBOX_DIR:
        raise Http404
    to = clean(request.GET.get("to", ""))
    messages = [mail for mail in mailbox.messages() if to.lower() in mail.to.lower()]
    return render(request, "portal/mailbox/list.html", {"mails": messages, "to": to})


@require_safe
@login_not_required
def mail(request: HttpRequest, message_id: str) -> HttpResponse:
    shown = _message(message_id)
    as_text = request.GET.get("as") == "text" or not shown.html
    return render(request, "portal/mailbox/message.html", {"mail": shown, "as_text": as_text})


@require_safe
@login_not_required
@xframe_options_sameorigin
@csp_replace(MAIL_POLICY)
def html(request: HttpRequest, message_id: str) -> HttpResponse:
    """The HTML part alone, for the frame of the page above; its links open beside it."""
    return HttpResponse(f'<base target="_blank">{_message(message_id).html}')
