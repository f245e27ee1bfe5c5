"""A question (about a delivery, a case, a first order, the account as a whole or its silence): opened by the link in a
mail, or in the portal by who is logged in.

1. Opening a page never votes. A score in the address only fits the second question to it. In the portal, where it was
   chosen on the page before, it is filled in; through the link of a mail it is told, and chosen on the page or filled
   in by the page's script, which also tells what a hand or a key touched.
2. An answer is a POST from a page that was opened for it. Through the link of a mail it counts by the rules of
   `feedback.rules.votes`: what came too fast, untouched, or at once with another score, gets the page again without a
   score, and counts once a person has chosen one. In the portal a person is logged in, and it counts at once.
3. The first answer locks. Whoever comes back is thanked, shown what was recorded, and may change it for a day.
"""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.selectors import may_mail
from apps.accounts.services import object_to
from apps.core.errors import NotFound
from apps.core.network import network_of
from apps.feedback import selectors, services
from apps.feedback.rules import SCALES, band_of
from apps.feedback.rules.votes import A_PERSON_TAKES, REVISABLE_FOR, may_revise
from apps.portal.access import in_account
from apps.portal.giving import GivingForm, thanks_of

ASKED_AGAIN = {"too_fast", "reused", "contested", "unsure"}  # states of an attempt
WRONG_TOKENS, WITHIN_SECONDS = 30, 600
_PAGE = Signer(salt="survey page")

DRIVERS = (
    ("delivery", _("The delivery: on time, complete, unharmed")),
    ("range", _("The range: finding what you need")),
    ("price", _("The prices")),
    ("ease", _("How easy it is to order")),
    ("trust", _("Being able to rely on us")),
    ("rep", _("Your contact at our side")),
    ("invoice", _("The invoice: right, and easy to check")),
)


HEADINGS = {
    "delivery": _("How did this delivery go?"),
    "case": _("How easy was it to have this put right?"),
    "relationship": _("How do we do as a whole?"),
    "first_order": _("How did your first order go?"),
    "lapsed": _("Would you order from us again?"),
}
CHOOSE = {"nps": _("Choose a number from 0 to 10."), "effort": _("Choose a number from 1 to 7.")}


class ScoreForm(forms.Form):
    """The first question; as a GET form it leads to the second."""

    score = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        field, choose = self.fields["score"], CHOOSE.get(invitation.programme.scale, CHOOSE["nps"])
        field.label = invitation.asks
        field.choices = [(figure, str(figure)) for figure in invitation.scale.figures]
        field.error_messages |= {"required": choose, "invalid_choice": choose}


class AnswerForm(ScoreForm):
    """The whole answer, its second question fitted to the score."""

    drivers = forms.MultipleChoiceField(
        label=_("What had most to do with it?"), choices=DRIVERS, required=False, widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(max_length=4000, required=False, widget=forms.Textarea({"rows": 4}))
    page = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, invitation, follow_up: str, **kwargs):
        super().__init__(*args, invitation=invitation, **kwargs)
        self.fields["comment"].label = follow_up
        if invitation.programme.scale != "nps":  # what had to do with it is asked of recommending us
            del self.fields["drivers"]


class TooManyTries(NotFound):
    code = "too_many_tries"
    title = _("Too many links that lead nowhere were tried from here. Please wait ten minutes.")
    status = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link in a mail opens; no log-in needed."""
    invitation = known_by_token(request, token)
    return _question(request, invitation, channel="email", here=reverse("portal:survey_link", args=[token]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("survey.answer")
def in_portal(request: HttpRequest, number: str) -> HttpResponse:
    """The same question inside the portal; who answers here gets no mail."""
    invitation = selectors.question_about(request.actor, number)
    return _question(request, invitation, channel="portal", here=reverse("portal:survey", args=[number]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("survey.answer")
def asked(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A question of any kind inside the portal."""
    invitation = selectors.question_for(request.actor, invitation_id)
    return _question(request, invitation, channel="portal", here=reverse("portal:asked", args=[invitation_id]))


@login_not_required
@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Not to be asked any more: a POST of the mail program's one click or of this page's button, never a GET.

    The link of an old mail does it too, after the question was answered or closed.
    """
    invitation = known(request, token, lambda: selectors.ask_of_token(token))
    meant = request.POST.get("List-Unsubscribe") == "One-Click" or "stop" in request.POST
    if request.method == "POST" and meant:
        services.object_to_surveys(invitation, now=timezone.now())
        if "marketing" in request.POST:
            object_to(invitation.contact, "marketing", source="mail", now=timezone.now())
    stopped = not may_mail([invitation.contact_id], "survey")
    return render(request, "portal/survey/stop.html", {"contact": invitation.contact, "stopped": stopped})


def known_by_token(request: HttpRequest, token: str):
    """The question of the link in a mail, open or answered."""
    return known(request, token, lambda: selectors.invitation_by_token(token, now=timezone.now()))


def known(request: HttpRequest, token: str, find: Callable):
    """What `find` finds by its token: whatever others on its network have tried, a link that was sent works.

    Who tries many that were never sent is told to wait; a mistyped link is no harm, and one that is over is no try.
    """
    try:
        return find()
    except NotFound:
        if not selectors.was_sent(token):
            _count_try(f"survey-tries:{network_of(request)}")
        raise


def _count_try(tries: str) -> None:
    if cache.get(tries, 0) >= WRONG_TOKENS:
        raise TooManyTries
    cache.add(tries, 0, WITHIN_SECONDS)
    cache.incr(tries)


def _question(request: HttpRequest, invitation, *, channel: str, here: str) -> HttpResponse:
    given = selectors.answer_to(invitation)
    held, contested = (None, []) if given else selectors.votes_of(invitation)
    if request.method == "POST":
        return _answer(request, invitation, given, channel=channel, here=here)
    if given or held:
        said = given or held
        if "change" in request.GET and _may_change(given):
            return _again(request, invitation, channel, here, said=said, change=bool(given))
        return thanks(request, invitation, channel, said, here)
    if contested:
        return _again(request, invitation, channel, here, contested=contested)
    chosen = ScoreForm(request.GET, invitation=invitation)
    score = chosen.cleaned_data["score"] if "score" in request.GET and chosen.is_valid() else None
    if score is None and channel == "portal":
        form = ScoreForm(invitation=invitation)
        return _page(request, "score", invitation, channel, form=form, here=here)
    initial = {"page": _issued(invitation, "first", score)}
    if channel == "portal":
        initial["score"] = score
    form = _answer_form(invitation, score, initial=initial)
    return _page(request, "answer", invitation, channel, form=form, here=here, pressed=score)


def _answer(request: HttpRequest, invitation, given, *, channel: str, here: str) -> HttpResponse:
    kind, page = _page_of(request.POST.get("page", ""), invitation)
    if given is not None and kind != "change":
        return thanks(request, invitation, channel, given, here)
    if "all" in request.POST:  # the button that people do not see
        if page is not None and given is None:
            services.press_everything(invitation, page, now=timezone.now())
        return _again(request, invitation, channel, here, change=given is not None)
    score = ScoreForm(request.POST, invitation=invitation)
    form = _answer_form(invitation, score.cleaned_data["score"] if score.is_valid() else None, data=request.POST)
    if not form.is_valid():
        return _page(request, "answer", invitation, channel, status=422, form=form, here=here)
    said = {"drivers": [], **{name: form.cleaned_data[name] for name in form.fields if name != "page"}}
    now = timezone.now()
    actor = {"actor": request.actor} if channel == "portal" else {}
    if page is None or (now - page.opened_at < A_PERSON_TAKES and channel == "portal"):
        return _again(request, invitation, channel, here, sent=said, change=given is not None)
    touches = _touches_of(request)
    if given is not None:
        doubt = "unsure" if channel == "email" and touches == 0 else ""
        if now - page.opened_at < A_PERSON_TAKES or doubt:
            return _again(request, invitation, channel, here, sent=said, change=True, doubt=doubt)
        services.revise(given, **said, channel=channel, now=now, **actor)
    elif channel == "portal":
        services.answer(invitation, **said, channel=channel, now=now, **actor)
    else:
        attempt = services.vote(invitation, page, **said, touches=touches, now=now)
        if attempt.state in ASKED_AGAIN:
            why = {"sent": said, "contested": selectors.votes_of(invitation)[1], "doubt": attempt.state}
            return _again(request, invitation, channel, here, **why)
    return redirect(here)


def _again(request: HttpRequest, invitation, channel: str, here: str, *, change: bool = False, **why) -> HttpResponse:
    """The page once more, with what was said and no score filled in: choosing it is what a machine does not do.

    `sent` was sent too fast, `contested` are the scores that came at once, `said` is what somebody comes to change.
    """
    known = why.get("sent") or {}
    if said := why.get("said"):
        known = {"drivers": said.drivers, "comment": said.comment}
    initial = {"drivers": known.get("drivers", []), "comment": known.get("comment", "")}
    form = _answer_form(
        invitation, None, initial=initial | {"page": _issued(invitation, "change" if change else "again")}
    )
    context = {"sent": known.get("score"), "contested": why.get("contested", []), "change": said}
    context["doubt"] = why.get("doubt", "")
    return _page(request, "answer", invitation, channel, form=form, here=here, **context)


def thanks(
    request: HttpRequest, invitation, channel: str, said, here: str, *, form: GivingForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """`said` is the answer, or the vote that is about to become it; `form` is what was given with it and needs
    correcting."""
    answer = said if hasattr(said, "answered_at") else None
    at = answer.answered_at if answer else said.posted_at
    until = at + REVISABLE_FOR
    scale = invitation.programme.scale
    context = {
        "band": band_of(scale, said.score),
        "scale": scale,
        "highest": SCALES[scale].highest,
        "at": at,
        "until": until if until > timezone.now() else None,
        "here": here,
    }
    if channel == "portal":
        context["following"] = next(iter(selectors.open_questions(request.actor, now=timezone.now(), limit=1)), None)
    context |= thanks_of(invitation, answer, here, form)
    return _page(request, "thanks", invitation, channel, status=status, answer=said, **context)


def _may_change(given) -> bool:
    return given is None or may_revise(given.answered_at, timezone.now())


def _answer_form(invitation, score: int | None, **state) -> AnswerForm:
    follow_up = _("What makes you say so?") if score is None else invitation.follow_up(score)
    return AnswerForm(invitation=invitation, follow_up=follow_up, **state)


def _issued(invitation, kind: str, pressed: int | None = None) -> str:
    """The name of one load of a page: for this question, of this kind, at this time, by the link of that score."""
    link = "" if pressed is None else pressed
    return _PAGE.sign(f"{invitation.pk}@{kind}@{time.time():.2f}@{secrets.token_urlsafe(12)}@{link}")


def _page_of(text: str, invitation) -> tuple[str, services.Page | None]:
    """(kind, the load of the page) that a form was sent from; None where we issued none for this question."""
    try:
        issued_for, kind, opened, name, pressed = _PAGE.unsign(text).split("@")
    except (BadSignature, ValueError):
        return "", None
    if issued_for != str(invitation.pk):
        return "", None
    opened_at = datetime.fromtimestamp(float(opened), UTC)
    return kind, services.Page(name, opened_at, kind != "first", int(pressed) if pressed else None)


def _touches_of(request: HttpRequest) -> int | None:
    """What hands and keys did to the page, as its script counted; None where no script ran."""
    told = request.POST.get("touched", "")
    return int(told[:3]) if told.isdecimal() else None


def _page(request: HttpRequest, name: str, invitation, channel: str, *, status: int = 200, **context) -> HttpResponse:
    programme, shipment = invitation.programme, invitation.shipment
    low, high = programme.scale_words
    context |= {
        "invitation": invitation,
        "kind": programme.kind,
        "heading": HEADINGS[programme.kind],
        "shipment": shipment,
        "order": shipment.order if shipment else invitation.order,
        "low": low,
        "high": high,
        "base": "portal/base.html" if channel == "portal" else "plain.html",
    }
    return render(request, f"portal/survey/{name}.html", context, status=status)
