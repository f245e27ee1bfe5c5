"""Service: what an account has reported, what we noticed ourselves, and what was said about it."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.services import demand
from apps.cases import selectors, services
from apps.cases.selectors.articles import articles_about
from apps.core.attachments import AttachmentRefused
from apps.core.downloads import kept_file
from apps.core.lists import status_of, tabs_of
from apps.core.uploads import case_files_sent
from apps.feedback.selectors import effort_of, question_about_case
from apps.ordering.errors import OrderNotFound
from apps.ordering.selectors import order_for
from apps.portal.access import in_account

TABS = (
    ("", gettext_lazy("All")),
    ("unresolved", gettext_lazy("Open")),
    ("resolved", gettext_lazy("Resolved")),
)
CAUSES = (
    ("delivery", gettext_lazy("A delivery: late, wrong, incomplete or damaged")),
    ("invoice", gettext_lazy("An invoice or a payment")),
    ("price", gettext_lazy("A price")),
    ("range", gettext_lazy("A product: a question, or something I cannot find")),
    ("other", gettext_lazy("Something else")),
)


#: Cause -> what is written about it.
_TOPICS = {"delivery": "shipment", "invoice": "invoice", "price": "quote", "range": "product", "other": "account"}


class ProblemForm(forms.Form):
    """What is wrong, in the words of who noticed it."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    order = forms.CharField(label=gettext_lazy("Order"), max_length=30, required=False)
    cause = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=CAUSES, widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=160)
    body = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("The SKU and the quantity, if it is about goods."),
    )


@require_safe
@in_account("case.read")
def cases(request: HttpRequest) -> HttpResponse:
    status = status_of(request, TABS)
    found = selectors.cases_of(request.actor, status=status)
    context = {
        "section": "cases",
        "cases": [(case, selectors.title_for(request.actor, case)) for case in found],
        "tabs": tabs_of(request, TABS, status),
    }
    return render(request, "portal/cases/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.open")
def new_case(request: HttpRequest) -> HttpResponse:
    """Report a problem; `order` in the address fills in which order it is about."""
    start = {"key": uuid4().hex, "order": request.GET.get("order", ""), "cause": request.GET.get("about", "delivery")}
    form = ProblemForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            case = _report(request, form.cleaned_data)
        except OrderNotFound as refusal:
            form.add_error("order", refusal.detail)
        except AttachmentRefused as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Thank you. Somebody owns this now, and answers you here and by e-mail."))
            return redirect("portal:case", number=case.number)
    context = {"section": "cases", "form": form, "articles": _articles(request)}
    return render(request, "portal/cases/new.html", context, status=422 if form.errors else 200)


def _articles(request: HttpRequest) -> list:
    """What may answer it before a person has to, by what was written so far."""
    said = request.POST if request.method == "POST" else request.GET
    topic = _TOPICS.get(said.get("cause", "") or said.get("about", ""), "shipment")
    words = f"{said.get('title', '')} {said.get('body', '')}"
    return articles_about(words, topic=topic, language=get_language())


def _report(request: HttpRequest, said: dict):
    about = order_for(request.actor, said["order"]) if said["order"] else None
    return services.report_problem(
        request.actor,
        title=said["title"],
        body=said["body"],
        cause=said["cause"],
        key=said["key"],
        order_id=about.pk if about else None,
        files=case_files_sent(request),
        now=request.visit.now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.read")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case with what was said; a POST says more."""
    shown = selectors.case_for(request.actor, number)
    if request.method == "POST":
        body, files = request.POST.get("body", ""), case_files_sent(request)
        services.reply_to_case(request.actor, shown, body=body, files=files, now=request.visit.now)
        messages.success(request, _("Your message is with us."))
        return redirect("portal:case", number=number)
    question = question_about_case(request.actor, shown.pk, now=request.visit.now)
    context = {
        "section": "cases",
        "about": f"case:{shown.number}",
        "case": shown,
        "title": selectors.title_for(request.actor, shown),
        "said": selectors.said_in(request.actor, shown),
        "sourcing": selectors.sourcing_of(shown),
        "question": question,
        "may_rate": question is None and _may_rate(request, shown),
        "service": selectors.service_of(shown.account, now=request.visit.now),
    }
    return render(request, "portal/cases/page.html", context)


def _may_rate(request: HttpRequest, shown) -> bool:
    """Who was asked how easy it was has said enough."""
    return shown.may_be_rated and request.visit.may("survey.answer") and not effort_of(shown.pk)


@require_POST
@in_account("survey.answer")
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Whether it was put right: a press of a person. A no says what is still wrong, and opens the case again."""
    shown, is_right = selectors.case_for(request.actor, number), request.POST.get("is_right") == "yes"
    words = request.POST.get("body", "")
    services.rate_case(request.actor, shown, is_right=is_right, words=words, now=request.visit.now)
    yes, no = _("Thank you."), _("Thank you for telling us. The case is open again, and somebody answers you.")
    messages.success(request, yes if is_right else no)
    return redirect("portal:case", number=number)


@require_safe
def case_file(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A file that came with a case, for whoever may see the case: the account, its rep, our staff."""
    demand(request.actor, "case.read" if request.actor.account_id else "workspace.use")
    found = selectors.case_file(request.actor, number, file_id)
    return kept_file(found.file, found.kind, f"{number}-{found.pk}")
