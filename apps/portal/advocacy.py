"""What a promoter gives after the answer, sent from the page of thanks: see `giving`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.feedback import selectors, services
from apps.feedback.errors import AdvocacyRefused, QuestionNotFound
from apps.portal.access import in_account
from apps.portal.giving import GivingForm
from apps.portal.surveys import known_by_token, thanks

REFERRAL = ("name", "company", "reach", "note")


@login_not_required
@never_cache
@require_POST
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What is given on the page that the link in a mail opens; its token is the proof."""
    return _give(request, known_by_token(request, token), "email", reverse("portal:survey_link", args=[token]))


@never_cache
@require_POST
@in_account("survey.answer")
def in_portal(request: HttpRequest, number: str) -> HttpResponse:
    """The same inside the portal."""
    invitation = selectors.question_about(request.actor, number)
    return _give(request, invitation, "portal", reverse("portal:survey", args=[number]))


@never_cache
@require_POST
@in_account("survey.answer")
def asked(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The same with a question about something else than a delivery."""
    invitation = selectors.question_for(request.actor, invitation_id)
    return _give(request, invitation, "portal", reverse("portal:asked", args=[invitation_id]))


def _give(request: HttpRequest, invitation, channel: str, here: str) -> HttpResponse:
    answer = selectors.answer_to(invitation)
    if answer is None:
        raise QuestionNotFound
    actor = {"actor": request.actor} if channel == "portal" else {}
    form = GivingForm(request.POST)
    if "withdraw" in request.POST:
        services.withdraw_reference(answer, now=timezone.now(), **actor)
        messages.info(request, _("You are no longer named as a customer."))
        return redirect(here)
    if form.is_valid() and _kept(answer, form, actor):
        messages.success(request, _("Thank you. It is with your contact at our side."))
        return redirect(here)
    return thanks(request, invitation, channel, answer, here, form=form, status=422)


def _kept(answer, form: GivingForm, actor: dict) -> bool:
    said, now = form.cleaned_data, timezone.now()
    referral = {field: said[field] for field in REFERRAL}
    try:
        if any(referral.values()) or said["knows"]:
            services.refer(answer, **referral, knows=said["knows"], now=now, **actor)
    except AdvocacyRefused as refusal:
        for field, words in refusal.fields.items():
            form.add_error(field, words)
        return False
    services.say_next_need(answer, said["text"], now=now, **actor)
    if said["reference"]:
        services.agree_to_be_named(answer, now=now, **actor)
    return True
