"""Cases: what is owed to whom by when, and the conversation that puts it right."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.cases import rules, selectors, services
from apps.cases.errors import GapLeft
from apps.core.downloads import download
from apps.core.lists import page_urls, paging, searched, status_of, tabs_of, whole
from apps.core.selectors import history_of
from apps.core.uploads import case_files_sent
from apps.feedback.selectors import effort_of
from apps.insights.rules import period
from apps.workspace.deadlines import deadlines_of, next_of
from apps.workspace.desk import Desk, at_desk
from apps.workspace.saved_views import menu_of
from apps.workspace.story import lines_of_events

TABS = (
    ("", gettext_lazy("Open")),
    ("overdue", gettext_lazy("Overdue")),
    ("resolved", gettext_lazy("Resolved")),
    ("opened", gettext_lazy("Opened in 90 days")),
)
CAUSES = (
    ("delivery", gettext_lazy("Delivery")),
    ("price", gettext_lazy("Price")),
    ("range", gettext_lazy("Range")),
    ("invoice", gettext_lazy("Invoice")),
    ("people", gettext_lazy("People")),
    ("other", gettext_lazy("Other")),
)
LISTED = 100


class ResolutionForm(forms.Form):
    """How a case ends: what caused it, and what was done about it."""

    cause = forms.ChoiceField(label=gettext_lazy("What caused it"), choices=CAUSES)
    resolution = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The customer reads this with the case."),
    )


class AnswerForm(forms.Form):
    """What the customer is answered."""

    body = forms.CharField(
        max_length=services.LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Goes out by e-mail and stands in their portal."),
    )

    def __init__(self, data=None, *, to=None, body: str = ""):
        super().__init__(data, initial={"body": body}, auto_id="answer-%s")
        whom = _("Your answer to %(name)s") % {"name": to.name} if to else _("Your answer to the customer")
        self.fields["body"].label = whom

    def clean_body(self) -> str:
        if rules.MISSING in self.cleaned_data["body"]:
            raise forms.ValidationError(GapLeft.title)
        return self.cleaned_data["body"]


@require_safe
@at_desk()
def cases(request: HttpRequest) -> HttpResponse:
    desk, status = request.desk, status_of(request, TABS)
    sought, owners = _sought(request), selectors.who_may_own(now=desk.now)
    context = {
        "section": "cases",
        "tabs": tabs_of(request, TABS, status),
        "status": status,
        "text": sought.text,
        "owners": owners,
        "owner": request.GET.get("owner", ""),
        "causes": CAUSES,
        "waiting": selectors.count_waiting() if desk.may("mail.place") else 0,
        "cause": sought.cause,
        "is_narrowed": sought != selectors.Sought(),
        "can_work": desk.may("case.work"),
        "views": menu_of(request, "cases"),
    }
    if status in ("resolved", "opened"):
        page = _page_of_cases(desk, sought, status, paging(request))
        context |= {"rows": [(case, None) for case in page], **page_urls(request, page)}
    else:
        overdue_at = desk.now if status == "overdue" else None
        found = selectors.open_cases(desk.actor, sought=sought, overdue_at=overdue_at, limit=LISTED + 1)
        context |= {"rows": [(case, next_of(case, desk.now)) for case in found[:LISTED]], "more": len(found) > LISTED}
    return render(request, "workspace/cases/list.html", context)


def _page_of_cases(desk: Desk, sought: selectors.Sought, status: str, place: dict):
    """Of those resolved, or of all that were opened in the last 90 days."""
    if status == "resolved":
        return selectors.closed_page(desk.actor, sought=sought, **place)
    return selectors.cases_opened(desk.actor, since=period("now", desk.now).since, sought=sought, **place)


def _sought(request: HttpRequest) -> selectors.Sought:
    """What the filters ask for; what makes no sense is not asked for."""
    asked, cause = request.GET.get("owner", ""), request.GET.get("cause", "")
    named = {"nobody": selectors.Sought.NOBODY, "mine": request.desk.actor.rep_id}
    owner = named.get(asked, whole(asked) or None)
    return selectors.Sought(owner=owner, cause=cause if cause in dict(CAUSES) else "", text=searched(request))


@require_safe
@at_desk()
def case(request: HttpRequest, number: str) -> HttpResponse:
    shown = selectors.case_for(request.desk.actor, number)
    return _page(request, shown, ResolutionForm(initial={"cause": shown.cause}))


def _page(request: HttpRequest, shown, form: ResolutionForm, status: int = 200, answer=None) -> HttpResponse:
    desk, here = request.desk, f"case:{shown.number}"
    works = shown.is_open and desk.may("case.work")
    macros = selectors.macros_for(shown) if works else []
    chosen = next((each for each in macros if str(each.pk) == request.GET.get("macro")), None)
    draft = selectors.filled_for(desk.actor, shown, chosen) if chosen else ""
    context = {
        "section": "cases",
        "case": shown,
        "trail": [(_("Cases"), reverse("workspace:cases")), (shown.number, "")],
        "said": selectors.said_in(desk.actor, shown),
        "sourcing": selectors.sourcing_of(shown),
        "efforts": effort_of(shown.pk),
        "service": selectors.service_of(shown.account, now=desk.now),
        "steps": deadlines_of(shown, desk.now),
        "next": next_of(shown, desk.now),
        "form": form,
        "entries": lines_of_events(history_of(here), here=(here,)),
        "can_work": desk.may("case.work"),
        "owners": _owners(desk, shown) if works else [],
        "siblings": _siblings(desk, shown) if works else [],
        "macros": macros,
        "macro": chosen,
        "answer": answer or AnswerForm(to=shown.contact, body=draft),
        "is_mine": shown.owner_id is not None and shown.owner_id == desk.actor.rep_id,
        "me": desk.actor.rep_id,
    }
    return render(request, "workspace/cases/page.html", context, status=status)


def _siblings(desk, shown) -> list:
    """The other open cases of the account: what this one may be merged into."""
    found = selectors.cases_of(desk.actor, status="unresolved", account_id=shown.account_id, limit=LISTED)
    return [case for case in found if case.pk != shown.pk]


def _owners(desk, shown) -> list:
    """Who else may take it over: everybody who is there, but for who has it."""
    return [rep for rep in selectors.who_may_own(now=desk.now) if rep.pk != shown.owner_id]


@require_safe
@at_desk()
def sourcing_file(request: HttpRequest, number: str) -> HttpResponse:
    """The picture or PDF that came with what is to be found."""
    found = selectors.sourcing_file(request.desk.actor, number)
    return download(bytes(found.file), found.file_kind, number)


@require_POST
@at_desk("case.work")
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    return _work(request, number, services.acknowledge, _("You are at it; the clock runs for the answer now."))


@require_POST
@at_desk("case.work")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    shown = selectors.case_for(request.desk.actor, number)
    form = AnswerForm(request.POST, to=shown.contact)
    if not form.is_valid():
        return _page(request, shown, ResolutionForm(initial={"cause": shown.cause}), status=422, answer=form)
    said = {"body": form.cleaned_data["body"], "files": case_files_sent(request)}
    return _work(request, number, services.answer_case, _("Your answer is on its way to the customer."), **said)


@require_POST
@at_desk("case.work")
def note(request: HttpRequest, number: str) -> HttpResponse:
    said = {"body": request.POST.get("body", ""), "files": case_files_sent(request)}
    return _work(request, number, services.add_note, _("The note is kept; the customer does not see it."), **said)


@require_POST
@at_desk("case.work")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give the case to somebody else, or take it over."""
    desk, said = request.desk, request.POST
    shown = selectors.case_for(desk.actor, number)
    taken = services.assign_case(
        desk.actor, shown, rep_id=whole(said.get("rep", "")), note=said.get("note", ""), now=desk.now
    )
    if taken.owner_id == desk.actor.rep_id:
        messages.success(request, _("Case %(number)s is yours now.") % {"number": number})
        return redirect("workspace:case", number=number)
    words = _("%(name)s has case %(number)s now, and has been told.")
    messages.success(request, words % {"name": taken.owner, "number": number})
    return redirect("workspace:cases")  # a rep who stood in no longer sees it


@require_POST
@at_desk("case.work")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Let the case go on in another of its account."""
    desk = request.desk
    case = selectors.case_for(desk.actor, number)
    into = selectors.case_for(desk.actor, request.POST.get("into", "").strip())
    kept = services.merge_cases(desk.actor, case, into=into, now=desk.now)
    words = _("%(case)s goes on here, in %(into)s.")
    messages.success(request, words % {"case": number, "into": kept.number})
    return redirect("workspace:case", number=kept.number)


def _work(request: HttpRequest, number: str, service: Callable, words: str, **said) -> HttpResponse:
    desk = request.desk
    service(desk.actor, selectors.case_for(desk.actor, number), **said, now=desk.now)
    messages.success(request, words)
    return redirect("workspace:case", number=number)


@require_POST
@at_desk("case.work")
def resolve(request: HttpRequest, number: str) -> HttpResponse:
    desk, form = request.desk, ResolutionForm(request.POST)
    shown = selectors.case_for(desk.actor, number)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    services.resolve_case(desk.actor, shown, **form.cleaned_data, now=desk.now)
    messages.success(request, _("Case %(number)s is resolved.") % {"number": number})
    return redirect("workspace:case", number=number)
