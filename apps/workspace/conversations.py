"""Conversations: who waits for an answer, and what it is about, so that nobody has to tell it twice."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.cases.selectors import conversations as selectors
from apps.cases.services import conversations as services
from apps.core.lists import status_of, tabs_of, whole
from apps.insights.selectors import subject_of
from apps.workspace.desk import at_desk
from apps.workspace.links import link_of

TABS = (
    ("", gettext_lazy("Open")),
    ("closed", gettext_lazy("Closed")),
)


class HandOverForm(forms.Form):
    """To whom a conversation goes, with what they should know besides what was said."""

    to = forms.ModelChoiceField(label=gettext_lazy("To"), queryset=None)
    note = forms.CharField(
        label=gettext_lazy("What they should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Stays with staff. They see everything that was said."),
    )

    def __init__(self, *args, owner_id: int | None, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = selectors.colleagues(now=now).exclude(pk=owner_id)


@require_safe
@at_desk()
def conversations(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, TABS)
    context = {
        "section": "conversations",
        "conversations": selectors.conversations_at_desk(desk.actor, closed=status == "closed"),
        "tabs": tabs_of(request, TABS, status),
        "status": status,
    }
    return render(request, "workspace/conversations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def conversation(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, beside what it is about; a POST answers."""
    desk = request.desk
    shown = selectors.conversation_for(desk.actor, number)
    if request.method == "POST":
        services.say(desk.actor, shown, body=request.POST.get("body", ""), now=desk.now)
        return redirect("workspace:conversation", number=number)
    return _page(request, shown, HandOverForm(owner_id=shown.owner_id, now=desk.now))


def _page(request: HttpRequest, shown, form: HandOverForm, status: int = 200) -> HttpResponse:
    desk = request.desk
    services.see(desk.actor, shown, now=desk.now)
    context = {
        "section": "conversations",
        "trail": [(_("Conversations"), reverse("workspace:conversations")), (shown.number, "")],
        "subject": subject_of(desk.inside(shown.account), shown.about, desk.on) if shown.about else None,
        "subject_url": link_of(shown.about, shown.account.number) if shown.about else "",
        "form": form,
        "can_work": desk.may("case.work"),
        **_lines(request, shown, after=0),
    }
    return render(request, "workspace/conversations/page.html", context, status=status)


@require_safe
@at_desk()
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """What was said after the line `after`, for a page that stays open; nothing (204) where nothing is new."""
    shown = selectors.conversation_for(request.desk.actor, number)
    context = _lines(request, shown, after=whole(request.GET.get("after", "")) or 0)
    services.see(request.desk.actor, shown, now=request.desk.now)
    if not context["lines"] and context["is_there"] is (request.GET.get("there") == "1"):
        return HttpResponse(status=204)
    return render(request, "components/_talk_news.html", context)


def _lines(request: HttpRequest, shown, *, after: int) -> dict:
    said = selectors.lines_after(request.desk.actor, shown, after)
    return {
        "conversation": shown,
        "lines": said,
        "last": said[-1].pk if said else after,
        "is_there": selectors.is_there(shown, staff=False, now=request.desk.now, within=services.HERE_FOR),
        "there": shown.contact.name if shown.contact else shown.account.name,
        "news": "workspace:conversation_lines",
    }


@require_POST
@at_desk("case.work")
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = selectors.conversation_for(desk.actor, number)
    form = HandOverForm(request.POST, owner_id=shown.owner_id, now=desk.now)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    to = form.cleaned_data["to"]
    services.hand_over(desk.actor, shown, to=to.pk, note=form.cleaned_data["note"], now=desk.now)
    messages.success(request, _("%(name)s has it now, with all that was said.") % {"name": to.user.name})
    return redirect("workspace:conversations")


@require_POST
@at_desk("case.work")
def close(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    services.close(desk.actor, selectors.conversation_for(desk.actor, number), now=desk.now)
    messages.success(request, _("The conversation is closed. It opens again when the customer writes."))
    return redirect("workspace:conversations")


@require_POST
@at_desk("case.work")
def make_case(request: HttpRequest, number: str) -> HttpResponse:
    """What cannot be settled by talking becomes a case, with deadlines."""
    desk = request.desk
    case = services.make_case(desk.actor, selectors.conversation_for(desk.actor, number), now=desk.now)
    messages.success(request, _("Case %(number)s is open, with the customer's words in it.") % {"number": case.number})
    return redirect("workspace:conversation", number=number)
