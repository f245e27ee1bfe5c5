"""A price seen elsewhere: the buyer says where and how much, and reads here what the rep makes of it."""

from decimal import Decimal, InvalidOperation
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.catalogue.rules import MAX_QUANTITY, parse_quantity
from apps.catalogue.selectors import product_for
from apps.core.attachments import LARGEST_FILE
from apps.core.downloads import download
from apps.core.text import folded
from apps.portal.access import in_account
from apps.portal.cards import least_ask
from apps.portal.product import page_url, section
from apps.pricing.errors import MatchRefused
from apps.pricing.rules import Ask
from apps.pricing.selectors import file_of_match, matches_on, prices_for
from apps.pricing.services import SeenElsewhere, request_match


class TypedPrice(forms.CharField):
    """A price as typed in any script's digits, with a point or a comma before its decimals."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        text = folded(super().to_python(value) or "").replace(",", ".")
        try:
            price = Decimal(text)
        except InvalidOperation:
            price = Decimal("NaN")
        if not price.is_finite() or not -(10**9) < price < 10**9:
            raise forms.ValidationError(_("Name a price such as 12.50."))
        return price


class MatchForm(forms.Form):
    """What is offered elsewhere, by whom, for how many."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    competitor = forms.CharField(label=gettext_lazy("Who offers it?"), max_length=80)
    price = TypedPrice(label=gettext_lazy("Their price for one"))
    quantity = forms.IntegerField(
        label=gettext_lazy("From how many?"), min_value=1, max_value=MAX_QUANTITY, localize=True
    )
    link = forms.URLField(
        label=gettext_lazy("Address of the offer"), max_length=500, required=False, assume_scheme="https"
    )
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF of the offer"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        help_text=gettext_lazy("Up to 5 MB."),
    )
    note = forms.CharField(
        label=gettext_lazy("Anything your rep should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("quote.request")
def price_match(request: HttpRequest, sku: str) -> HttpResponse:
    """Ask the rep to match a price; what was asked before, and what came of it, stands below."""
    shown = product_for(request.actor, sku)
    quantity = least_ask(shown, parse_quantity(request.GET.get("quantity")) or 1).quantity
    form = MatchForm(request.POST or None, request.FILES or None, initial={"key": uuid4().hex, "quantity": quantity})
    if request.method == "POST" and form.is_valid() and _asked(request, shown, form):
        messages.success(request, _("Your rep looks at it, and answers you here and by e-mail."))
        return redirect(f"{page_url(shown)}#prices")
    ask = Ask(shown.id, quantity)
    context = {
        "product": shown,
        "form": form,
        "price": prices_for(request.actor, [ask], request.visit.on)[ask],
        "quantity": quantity,
        "matches": matches_on(request.actor, shown.id, limit=20),
    }
    status = 422 if form.errors else 200
    return section(request, shown, "_match_form.html", _("A lower price elsewhere?"), context, status)


def _asked(request: HttpRequest, shown, form: MatchForm) -> bool:
    said = form.cleaned_data
    file = said["file"].read(LARGEST_FILE + 1) if said["file"] else None
    seen = SeenElsewhere(said["quantity"], said["price"], said["competitor"], said["link"], said["note"], file)
    try:
        request_match(request.actor, shown, seen, key=said["key"], now=request.visit.now)
    except MatchRefused as refusal:
        for field, words in refusal.fields.items():
            form.add_error(field, words)
        return False
    return True


@require_safe
@in_account("price.read")
def price_match_file(request: HttpRequest, match_id: int) -> HttpResponse:
    """The picture or PDF that came with a request, as a download."""
    content, kind = file_of_match(request.actor, match_id)
    return download(content, kind, f"price-match-{match_id}")
