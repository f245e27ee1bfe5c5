"""No more mail about offers: by the link in one, or by one click in the mail program."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.selectors import unmailable
from apps.accounts.services import object_to
from apps.feedback import selectors
from apps.portal.surveys import known


@login_not_required
@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, mail_token: str) -> HttpResponse:
    """No more of it after a POST of the mail program's one click or of this page's button; a GET only shows the page.

    What is offered holds all the same, and so does their word on our questions.
    """
    contact = known(request, mail_token, lambda: selectors.contact_of_stop_token(mail_token))
    meant = request.POST.get("List-Unsubscribe") == "One-Click" or "stop" in request.POST
    if request.method == "POST" and meant:
        object_to(contact, "marketing", source="mail", now=timezone.now())
    stopped = bool(unmailable([contact.pk], "marketing"))
    return render(request, "portal/offers/stop.html", {"contact": contact, "stopped": stopped})
