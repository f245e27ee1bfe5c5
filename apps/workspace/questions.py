"""Questions about products: what is owed to whom by when, and the answer, in public or to the asker alone."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.cases import selectors, services
from apps.cases.errors import QuestionDecided, QuestionIsPrivate, QuestionRefused
from apps.core.lists import status_of, tabs_of
from apps.workspace.desk import at_desk

TABS = (
    ("", gettext_lazy("Waiting")),
    ("settled", gettext_lazy("Answered")),
)
PUBLIC, ALONE, DECLINE = "public", "alone", "decline"
WAYS = (
    (PUBLIC, gettext_lazy("Answer for all buyers to read; who asked is not told")),
    (ALONE, gettext_lazy("Answer this account alone")),
    (DECLINE, gettext_lazy("Do not answer it here, and say why")),
)


class AnswerForm(forms.Form):
    """What is said, and who reads it."""

    body = forms.CharField(label=gettext_lazy("Your answer"), max_length=5_000, widget=forms.Textarea({"rows": 6}))
    way = forms.ChoiceField(label=gettext_lazy("Who reads it"), choices=WAYS, widget=forms.RadioSelect)

    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, **kwargs)
        if question.is_private:
            self.fields["way"].choices = [way for way in WAYS if way[0] != PUBLIC]


@require_safe
@at_desk()
def questions(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, TABS)
    found = selectors.questions_at_desk(desk.actor, waiting=not status)
    context = {
        "section": "questions",
        "rows": [(question, _tone(question, desk.now)) for question in found],
        "status": status,
        "tabs": tabs_of(request, TABS, status),
    }
    return render(request, "workspace/questions/list.html", context)


def _tone(question, now: datetime) -> str:
    return "bad" if question.state == "waiting" and question.answer_by < now else ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question; a POST answers it."""
    desk = request.desk
    asked = selectors.question_for(desk.actor, question_id)
    start = {"way": ALONE if asked.is_private else PUBLIC}
    form = AnswerForm(request.POST or None, initial=start, question=asked)
    if request.method == "POST" and form.is_valid() and _settled(request, asked, form):
        messages.success(request, _("It is on its way to who asked, and stands under the product."))
        return redirect("workspace:questions")
    context = {
        "section": "questions",
        "question": asked,
        "tone": _tone(asked, desk.now),
        "form": form,
        "can_work": desk.may("case.work"),
        "trail": [(_("Questions"), reverse("workspace:questions")), (asked.product.sku, "")],
    }
    return render(request, "workspace/questions/page.html", context, status=422 if form.errors else 200)


def _settled(request: HttpRequest, asked, form: AnswerForm) -> bool:
    desk, said = request.desk, form.cleaned_data
    try:
        if said["way"] == DECLINE:
            services.decline_question(desk.actor, asked, reason=said["body"], now=desk.now)
        else:
            in_public = said["way"] == PUBLIC
            services.answer_question(desk.actor, asked, body=said["body"], in_public=in_public, now=desk.now)
    except (QuestionRefused, QuestionDecided, QuestionIsPrivate) as refusal:
        form.add_error("body", refusal.detail)
        return False
    return True
