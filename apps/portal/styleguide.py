"""The living page of all components, in all their states; there in development and in the demo only.

`?dir=rtl` turns the page round, `?theme=dark` shows it in that scheme, `?page=login` and the like show whole pages.
"""

from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.errors import Conflict
from apps.portal import styleguide_data as examples

PAGES = {
    "all": "styleguide.html",
    "workspace": "styleguide/workspace.html",
    "login": "registration/login.html",
    "forgotten": "registration/password_reset_form.html",
    "refusal": "errors/refusal.html",
    "404": "errors/404.html",
    "500": "errors/500.html",
    "expired": "errors/expired.html",
}


class ExampleForm(forms.Form):
    """One field of each kind."""

    po_number = forms.CharField(label=_("PO number"), help_text=_("Stands on the delivery note and on the invoice."))
    requested_on = forms.DateField(
        label=_("Requested date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    email = forms.EmailField(label=_("E-mail"))
    ship_to = forms.ChoiceField(label=_("Ship-to"), choices=[("1", "Leeds, Dock 4"), ("2", "Reading, main gate")])
    partial = forms.ChoiceField(
        label=_("If a line is late"),
        widget=forms.RadioSelect,
        choices=[("1", _("Send what is there")), ("2", _("Wait"))],
    )
    notes = forms.CharField(label=_("Notes for the driver"), required=False, widget=forms.Textarea)
    terms = forms.BooleanField(label=_("Send the confirmation to goods-in as well"), required=False)


class ExampleScore(forms.Form):
    score = forms.ChoiceField(
        label=_("How likely are you to recommend us to a colleague?"),
        widget=forms.RadioSelect,
        choices=[(str(score), str(score)) for score in range(11)],
    )


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows every component with example data."""
    page = request.GET.get("page", "all")
    if page not in PAGES or not (settings.DEBUG or settings.MAILBOX_DIR):
        raise Http404
    if request.GET.get("theme") in ("light", "dark"):
        request.COOKIES["tw_theme"] = request.GET["theme"]
    wrong = ExampleForm({"po_number": "", "email": "anna@brightwater", "ship_to": "1", "partial": "1"})
    context = {
        **examples.context(timezone.now()),
        "user": SimpleNamespace(is_authenticated=True),
        "LANGUAGE_BIDI_EXAMPLE": request.GET.get("dir") == "rtl",
        "form": AuthenticationForm(request) if page == "login" else ExampleForm(),
        "wrong_form": wrong,
        "score_form": ExampleScore(),
        "refusal": Conflict(
            _("The last 40 were ordered a moment ago by somebody else. Your cart shows the next date.")
        ),
        "back": "/",
    }
    return render(request, PAGES[page], context)
