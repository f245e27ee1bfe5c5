"""The account's prices on file: as of any day, as Excel, CSV or PDF, once or again and again."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.downloads import kept_file
from apps.portal.access import in_account
from apps.pricing import selectors, services
from apps.pricing.errors import PaperRefused

KINDS = (("xlsx", "Excel"), ("csv", "CSV"), ("pdf", "PDF"))
RHYTHMS = (
    ("", gettext_lazy("Once")),
    ("weekly", gettext_lazy("Now and every week")),
    ("monthly", gettext_lazy("Now and on the first of every month")),
    ("quarterly", gettext_lazy("Now and every three months")),
)


class PriceListForm(forms.Form):
    """Which prices, on what, how often."""

    kind = forms.ChoiceField(label=gettext_lazy("As"), choices=KINDS)
    on_day = forms.DateField(label=gettext_lazy("Prices of"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=RHYTHMS, required=False)
    send = forms.BooleanField(label=gettext_lazy("Tell me by e-mail when it is ready"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("price.read")
def price_lists(request: HttpRequest) -> HttpResponse:
    """What is on file and being made; a POST asks for one more."""
    visit = request.visit
    start = {"kind": "xlsx", "on_day": visit.on, "rhythm": "", "send": True}
    form = PriceListForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        messages.success(request, _("It is being made; this page says when it is ready."))
        return redirect("portal:price_lists")
    papers = selectors.papers_of(request.actor, visit.account.pk)
    context = {
        "section": "account",
        "form": form,
        "papers": papers,
        "busy": any(paper.state == "waiting" for paper in papers),
        "schedules": selectors.schedules_of(request.actor, visit.account.pk),
        "may_schedule": visit.contact is not None,
    }
    return render(request, "portal/price_lists/page.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: PriceListForm) -> bool:
    visit, said = request.visit, form.cleaned_data
    try:
        services.ask_for_paper(
            request.actor,
            visit.account,
            kind=said["kind"],
            on=said["on_day"],
            send=said["send"],
            language=get_language() or "en",
            now=visit.now,
        )
        if said["rhythm"] and visit.contact is not None:
            services.schedule_paper(
                request.actor, visit.contact, kind=said["kind"], rhythm=said["rhythm"], now=visit.now
            )
    except PaperRefused as refusal:
        for field, words in refusal.fields.items() or {None: refusal.detail}.items():
            form.add_error(field, words)
        return False
    return True


@require_safe
@in_account("price.read")
def price_file(request: HttpRequest, paper_id: int) -> FileResponse:
    paper = selectors.paper_for(request.actor, paper_id)
    return kept_file(paper.file, paper.kind, f"prices-{paper.account.number}-{paper.on_day}")


@require_POST
@in_account("price.read")
def stop_price_list(request: HttpRequest, schedule_id: int) -> HttpResponse:
    services.stop_schedule(selectors.schedule_for(request.actor, schedule_id))
    messages.success(request, _("It is sent no more."))
    return redirect("portal:price_lists")
