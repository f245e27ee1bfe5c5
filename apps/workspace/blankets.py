"""Blanket orders at the desk: how far they are called off, and a new one from an accepted quote."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.catalogue.rules import MAX_QUANTITY
from apps.core.errors import Invalid
from apps.ordering import selectors
from apps.ordering.services.blankets import make_blanket_order
from apps.workspace.desk import at_desk

TERM = timedelta(days=364)
_DAY = {"type": "date"}


class AgreementForm(forms.Form):
    """A quantity for each line of the quote, the term, and how both sides call it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    po_number = forms.CharField(label=gettext_lazy("Their PO number"), max_length=60, required=False)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"quantity_{line.pk}"] = forms.IntegerField(
                label=_("Agreed quantity, %(name)s") % {"name": line.product.name},
                min_value=0,
                max_value=MAX_QUANTITY,
                required=False,
                initial=line.quantity,
            )

    def quantities(self) -> dict[int, int]:
        """Quote line id -> agreed quantity; what was left empty is not agreed."""
        said = self.cleaned_data.items()
        return {int(name.removeprefix("quantity_")): n for name, n in said if name.startswith("quantity_") and n}


@require_safe
@at_desk()
def blankets(request: HttpRequest) -> HttpResponse:
    found = selectors.blankets_of(request.desk.actor, request.desk.on)
    return render(request, "workspace/blankets/list.html", {"section": "quotes", "blankets": found})


@require_safe
@at_desk()
def blanket(request: HttpRequest, number: str) -> HttpResponse:
    view = selectors.blanket_for(request.desk.actor, number, request.desk.on)
    context = {
        "section": "quotes",
        "view": view,
        "blanket": view.blanket,
        "calls": selectors.call_offs_of(view),
        "trail": [(_("Blanket orders"), reverse("workspace:blankets")), (view.blanket.name, "")],
    }
    return render(request, "workspace/blankets/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("quote.offer")
def agree(request: HttpRequest, number: str) -> HttpResponse:
    """A blanket order at the prices of an accepted quote; a POST makes it."""
    desk, quote = request.desk, selectors.quote_for(request.desk.actor, number)
    lines = list(quote.lines.all())
    start = {"name": quote.number, "starts_on": desk.on, "ends_on": desk.on + TERM}
    form = AgreementForm(request.POST if request.method == "POST" else None, lines=lines, initial=start)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "starts_on", "ends_on", "po_number")}
        try:
            made = make_blanket_order(desk.actor, quote, quantities=form.quantities(), **said, now=desk.now)
        except Invalid as refusal:
            for field, words in (refusal.fields or {None: [refusal.detail]}).items():
                form.add_error(field if field in form.fields else None, words)
        else:
            messages.success(request, _("The blanket order is made; the customer is told."))
            return redirect("workspace:blanket", number=made.number)
    context = {
        "section": "quotes",
        "quote": quote,
        "form": form,
        "lines": [(line, form[f"quantity_{line.pk}"]) for line in lines],
        "trail": [(quote.number, reverse("workspace:quote", args=[quote.number])), (_("Blanket order"), "")],
    }
    return render(request, "workspace/blankets/new.html", context, status=422 if form.errors else 200)
