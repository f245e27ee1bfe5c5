"""Asking for what the catalogue does not have: it becomes a case of the rep's, answered by a date."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.cases import selectors, services
from apps.cases.errors import SourcingRefused
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import product_for
from apps.core.downloads import download
from apps.core.lists import clean
from apps.portal.access import in_account


class SourcingForm(forms.Form):
    """What is needed, in the words of who needs it."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    sku = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What do you need?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Name, maker, number, size, what it is for: whatever you know."),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many?"), min_value=1, max_value=MAX_QUANTITY, required=False, localize=True
    )
    wished_on = forms.DateField(
        label=gettext_lazy("Wished by"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        help_text=gettext_lazy("A photo of the type plate helps most. Up to 5 MB."),
    )


def blank_form(text: str = "", sku: str = "") -> SourcingForm:
    """The form as it is first shown, with a key that makes a second click the same request."""
    return SourcingForm(initial={"key": uuid4().hex, "text": text, "sku": sku})


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("case.open")
def source(request: HttpRequest) -> HttpResponse:
    """Ask for something; `q` in the address fills in what, `sku` which product it is to replace."""
    if request.method != "POST":
        return _page(request, blank_form(clean(request.GET.get("q", "")), clean(request.GET.get("sku", ""))))
    form = SourcingForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            case = _ask(request, form.cleaned_data)
        except SourcingRefused as refusal:
            for field, words in refusal.fields.items():
                form.add_error(field, words)
        else:
            messages.success(request, _("Your rep looks for it, and answers you here and by e-mail."))
            return redirect("portal:case", number=case.number)
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: SourcingForm, status: int = 200) -> HttpResponse:
    sku = form["sku"].value()
    product = product_for(request.actor, sku) if sku else None
    context = {"section": "catalogue", "form": form, "product": product, "rep": request.visit.account.rep}
    return render(request, "portal/sourcing/new.html", context, status=status)


def _ask(request: HttpRequest, said: dict):
    return services.request_sourcing(
        request.actor,
        text=said["text"],
        key=said["key"],
        quantity=said["quantity"],
        wished_on=said["wished_on"],
        file=said["file"].read(services.LARGEST_FILE + 1) if said["file"] else None,
        product=product_for(request.actor, said["sku"]) if said["sku"] else None,
        now=request.visit.now,
    )


@require_safe
@in_account("case.read")
def sourcing_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file that came with a request, as a download."""
    found = selectors.sourcing_file(request.actor, number)
    return download(bytes(found.file), found.file_kind, number)
