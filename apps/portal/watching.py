"""What somebody wants to be told about a product later, and what a colleague should see now."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.selectors import contacts_of
from apps.catalogue.rules import parse_quantity
from apps.catalogue.selectors import product_for
from apps.core.text import folded
from apps.portal.access import in_account
from apps.portal.product import page_url, section
from apps.recommendations.errors import ShareRefused, WatchRefused
from apps.recommendations.services import begin_watch, share_product, stop_watch


@require_POST
@in_account()
def watch(request: HttpRequest, sku: str) -> HttpResponse:
    """Tell me when it is back in stock, or when it costs less."""
    shown, said = product_for(request.actor, sku), request.POST
    begin_watch(
        request.actor,
        shown,
        said.get("kind", ""),
        quantity=parse_quantity(said.get("quantity")) or 1,
        below=_price(said.get("below", "")),
        now=request.visit.now,
    )
    messages.success(request, _("We tell you once by e-mail. What you watch is listed on your account page."))
    return redirect(page_url(shown))


def _price(text: str) -> Decimal | None:
    """A price as typed, or None where none is; `WatchRefused` for what is no price."""
    if not text.strip():
        return None
    try:
        price = Decimal(folded(text).replace(",", "."))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or not 0 < price < 10**9:
        raise WatchRefused(_("Name a price such as 12.50."))
    return price.quantize(Decimal("0.0001"))


@require_POST
@in_account()
def unwatch(request: HttpRequest, watch_id: int) -> HttpResponse:
    stopped = stop_watch(request.actor, watch_id)
    messages.success(request, _("You no longer watch %(sku)s.") % {"sku": stopped.product.sku})
    return redirect("portal:account") if "from_account" in request.POST else redirect(page_url(stopped.product))


class ShareForm(forms.Form):
    """To whom, and with which words."""

    colleague = forms.TypedChoiceField(label=gettext_lazy("Colleague"), coerce=int)
    quantity = forms.IntegerField(label=gettext_lazy("Quantity in question"), min_value=1, max_value=9_999_999)
    note = forms.CharField(
        label=gettext_lazy("Your note"), max_length=500, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        named = ((each.pk, f"{each.name}, {each.job_title}".strip(", ")) for each in colleagues)
        self.fields["colleague"].choices = list(named)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account()
def share(request: HttpRequest, sku: str) -> HttpResponse:
    """Send the product to a colleague of the same account."""
    visit, shown = request.visit, product_for(request.actor, sku)
    people = contacts_of(request.actor, visit.account)
    colleagues = [each for each in people if each.email and each.pk != request.actor.contact_id]
    start = {"quantity": parse_quantity(request.GET.get("quantity")) or shown.minimum_quantity}
    form = ShareForm(request.POST or None, initial=start, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            colleague = share_product(
                request.actor, shown, colleague_id=said["colleague"], note=said["note"], quantity=said["quantity"],
                now=visit.now,
            )  # fmt: skip
        except ShareRefused as refusal:
            form.add_error("note", refusal.detail)
        else:
            messages.success(request, _("%(name)s gets it by e-mail.") % {"name": colleague.name})
            return redirect(page_url(shown))
    context = {"form": form, "colleagues": colleagues}
    status = 422 if form.errors else 200
    return section(request, shown, "_share.html", _("Share with a colleague"), context, status=status)
