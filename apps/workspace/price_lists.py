"""An account's prices on file at the desk: made for the rep or for a contact, once or again and again."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rules import may
from apps.accounts.selectors import account_for, contacts_of
from apps.core.downloads import kept_file
from apps.pricing import selectors, services
from apps.pricing.errors import PaperRefused
from apps.workspace.desk import at_desk

KINDS = (("xlsx", "Excel"), ("csv", "CSV"), ("pdf", "PDF"))
RHYTHMS = (
    ("", gettext_lazy("Once")),
    ("weekly", gettext_lazy("Now and every week")),
    ("monthly", gettext_lazy("Now and on the first of every month")),
    ("quarterly", gettext_lazy("Now and every three months")),
)


class PriceListForm(forms.Form):
    """Which prices, on what, for whom, how often."""

    on_day = forms.DateField(label=gettext_lazy("Prices of"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    kind = forms.ChoiceField(label=gettext_lazy("As"), choices=KINDS)
    contact = forms.TypedChoiceField(
        label=gettext_lazy("Send it to"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Told by e-mail, in their language, when it is ready."),
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=RHYTHMS, required=False)

    def __init__(self, *args, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.contacts = {contact.pk: contact for contact in contacts}
        people = [(pk, f"{contact.name} · {contact.email}") for pk, contact in self.contacts.items()]
        self.fields["contact"].choices = [("", gettext_lazy("Nobody: keep it here")), *people]

    def clean(self) -> dict:
        said = self.cleaned_data
        said["contact"] = self.contacts.get(said.get("contact"))
        if said.get("rhythm") and said["contact"] is None:
            self.add_error("contact", _("Say who is to get it again and again."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("price.read")
def price_lists(request: HttpRequest, number: str) -> HttpResponse:
    """What is on file of an account and being made; a POST asks for one more."""
    desk, shown = request.desk, account_for(request.desk.actor, number)
    readers = [each for each in contacts_of(desk.actor, shown) if each.email and may(each.role, "price.read")]
    start = {"kind": "xlsx", "on_day": desk.on, "rhythm": ""}
    form = PriceListForm(request.POST or None, initial=start, contacts=readers)
    if request.method == "POST" and form.is_valid() and _asked(request, shown, form):
        messages.success(request, _("It is being made; this page says when it is ready."))
        return redirect("workspace:price_lists", number=number)
    papers = selectors.papers_of(desk.actor, shown.pk)
    above = reverse("workspace:account", args=[number])
    context = {
        "section": "accounts",
        "account": shown,
        "form": form,
        "papers": papers,
        "busy": any(paper.state == "waiting" for paper in papers),
        "schedules": selectors.schedules_of(desk.actor, shown.pk),
        "trail": [(_("Accounts"), reverse("workspace:accounts")), (shown.name, above), (_("Price lists"), "")],
    }
    return render(request, "workspace/price_lists/page.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, shown, form: PriceListForm) -> bool:
    desk, said = request.desk, form.cleaned_data
    contact = said["contact"]
    try:
        if said["rhythm"]:
            services.schedule_paper(desk.actor, contact, kind=said["kind"], rhythm=said["rhythm"], now=desk.now)
        services.ask_for_paper(
            desk.actor,
            shown,
            kind=said["kind"],
            on=said["on_day"],
            to=contact,
            language=contact.language if contact else get_language() or "en",
            now=desk.now,
        )
    except PaperRefused as refusal:
        for field, words in refusal.fields.items() or {None: refusal.detail}.items():
            form.add_error(field, words)
        return False
    return True


@require_safe
@at_desk("price.read")
def price_file(request: HttpRequest, paper_id: int) -> FileResponse:
    paper = selectors.paper_for(request.desk.actor, paper_id)
    return kept_file(paper.file, paper.kind, f"prices-{paper.account.number}-{paper.on_day}")


@require_POST
@at_desk("price.read")
def stop_price_list(request: HttpRequest, schedule_id: int) -> HttpResponse:
    schedule = selectors.schedule_for(request.desk.actor, schedule_id)
    number = schedule.account.number
    services.stop_schedule(schedule)
    messages.success(request, _("It is sent no more."))
    return redirect("workspace:price_lists", number=number)
