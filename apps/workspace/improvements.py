"""Improvements: what is changed against which cause, by whom, and what it did."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.cases import selectors, services
from apps.cases.errors import ImprovementRefused
from apps.workspace.cases import CAUSES
from apps.workspace.desk import at_desk

_CALENDAR = {"widget": forms.DateInput({"type": "date"}, "%Y-%m-%d"), "required": False}


class ImprovementForm(forms.Form):
    """A change, and how far it has come."""

    title = forms.CharField(label=gettext_lazy("What changes"), max_length=160)
    cause = forms.ChoiceField(label=gettext_lazy("Against which cause"), choices=CAUSES)
    owner_id = forms.TypedChoiceField(label=gettext_lazy("Owner"), coerce=int, empty_value=None, required=False)
    hypothesis = forms.CharField(
        label=gettext_lazy("What we expect of it"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    started_on = forms.DateField(label=gettext_lazy("Begun on"), **_CALENDAR)
    done_on = forms.DateField(label=gettext_lazy("Done on"), **_CALENDAR)
    told = forms.CharField(
        label=gettext_lazy("What customers read"), max_length=2000, required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("In the portal under: You said, we did."),
    )  # fmt: skip
    is_published = forms.BooleanField(label=gettext_lazy("Show it to customers"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].choices = [("", _("Nobody yet")), *selectors.owners_of_improvements()]


@require_safe
@at_desk()
def improvements(request: HttpRequest) -> HttpResponse:
    context = {
        "section": "improvements",
        "rows": selectors.improvements_measured(),
        "can_keep": request.desk.may("improvement.keep"),
    }
    return render(request, "workspace/improvements/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("improvement.keep")
def new_improvement(request: HttpRequest) -> HttpResponse:
    return _form(request, None, {"cause": request.GET.get("cause", "")})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("improvement.keep")
def improvement(request: HttpRequest, improvement_id: int) -> HttpResponse:
    """One improvement; a POST says how far it has come."""
    shown = selectors.improvement_for(improvement_id)
    names = ("title", "cause", "owner_id", "hypothesis", "started_on", "done_on", "told")
    start = {name: getattr(shown, name) for name in names} | {"is_published": shown.published_at is not None}
    return _form(request, shown, start)


def _form(request: HttpRequest, shown, start: dict) -> HttpResponse:
    form = ImprovementForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid() and _kept(request, shown, form):
        messages.success(request, _("The improvement is kept."))
        return redirect("workspace:improvements")
    title = shown.title if shown else _("New improvement")
    context = {
        "section": "improvements",
        "title": title,
        "form": form,
        "trail": [(_("Improvements"), reverse("workspace:improvements")), (title, "")],
    }
    return render(request, "workspace/improvements/form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, shown, form: ImprovementForm) -> bool:
    try:
        services.keep_improvement(
            request.desk.actor, shown.pk if shown else None, **form.cleaned_data, now=request.desk.now
        )
    except ImprovementRefused as refusal:
        for name, words in refusal.fields.items():
            form.add_error(name, words)
        return False
    return True
