"""Talking with the house about what is on the page: what is known and written down first, then a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.errors import ContactNotFound
from apps.cases.selectors import conversations as selectors
from apps.cases.selectors.articles import articles_about
from apps.cases.services import conversations as services
from apps.core.errors import Refusal
from apps.core.lists import whole
from apps.insights.selectors import Subject, subject_of
from apps.portal import things
from apps.portal.access import in_account
from apps.portal.people import rep_of


@require_safe
@in_account("case.read")
def conversations(request: HttpRequest) -> HttpResponse:
    found = selectors.conversations_of(_who_talks(request))
    return render(request, "portal/talk/list.html", {"section": "cases", "conversations": found})


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.open")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask about something: `about` is noun:number. What answers without a person stands first; a POST asks a person."""
    actor, sent = _who_talks(request), request.POST if request.method == "POST" else request.GET
    subject = subject_of(actor, sent.get("about", ""), request.visit.on)
    words, problem = sent.get("body", ""), ""
    if request.method == "POST":
        try:
            begun = services.begin(
                actor,
                about=subject.ref if subject else "",
                title=subject.title if subject else words.strip()[:80],
                desk=sent.get("desk", ""),
                body=words,
                now=request.visit.now,
            )
            return redirect("portal:conversation", number=begun.number)
        except Refusal as refusal:
            problem = str(refusal.detail or refusal.title)
    elif known := selectors.open_conversation_about(actor, subject.ref if subject else ""):
        return redirect("portal:conversation", number=known.number)
    context = {
        "section": "cases",
        "subject": subject,
        "subject_url": url_of(subject),
        "articles": articles_about(words, topic=subject.noun if subject else "", language=get_language()),
        "words": words,
        "problem": problem,
        "rep": rep_of(request.visit),
    }
    return render(request, "portal/talk/ask.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.read")
def conversation(request: HttpRequest, number: str) -> HttpResponse:
    """What was said; a POST says more."""
    actor, now = _who_talks(request), request.visit.now
    shown = selectors.conversation_for(actor, number)
    if request.method == "POST":
        services.say(actor, shown, body=request.POST.get("body", ""), now=now)
        return redirect("portal:conversation", number=number)
    subject = subject_of(actor, shown.about, request.visit.on) if shown.about else None
    services.see(actor, shown, now=now)
    context = {
        "section": "cases",
        "subject": subject,
        "subject_url": url_of(subject),
        **_lines(request, shown, after=0),
    }
    return render(request, "portal/talk/page.html", context)


@require_safe
@in_account("case.read")
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """What was said after the line `after`, for a page that stays open; nothing (204) where nothing is new."""
    actor = _who_talks(request)
    shown = selectors.conversation_for(actor, number)
    context = _lines(request, shown, after=whole(request.GET.get("after", "")) or 0)
    services.see(actor, shown, now=request.visit.now)
    if not context["lines"] and context["is_there"] is (request.GET.get("there") == "1"):
        return HttpResponse(status=204)
    return render(request, "components/_talk_news.html", context)


def _lines(request: HttpRequest, shown, *, after: int) -> dict:
    said = selectors.lines_after(request.actor, shown, after)
    now = request.visit.now
    return {
        "conversation": shown,
        "lines": said,
        "last": said[-1].pk if said else after,
        "is_there": selectors.is_there(shown, staff=True, now=now, within=services.HERE_FOR),
        "there": shown.owner.user.name if shown.owner else _("The service desk"),
        "news": "portal:conversation_lines",
    }


@require_POST
@in_account("case.open")
def close(request: HttpRequest, number: str) -> HttpResponse:
    actor = _who_talks(request)
    services.close(actor, selectors.conversation_for(actor, number), now=request.visit.now)
    messages.success(request, _("Closed. Write again whenever there is more: it goes on from here."))
    return redirect("portal:conversation", number=number)


def _who_talks(request: HttpRequest):
    """A person: a conversation has a face on both sides."""
    if request.actor.contact_id is None:
        raise ContactNotFound
    return request.actor


def url_of(subject: Subject | None) -> str:
    """The page of a subject; none for a delivery and what is not known."""
    return things.url_of(subject.ref) if subject else ""
