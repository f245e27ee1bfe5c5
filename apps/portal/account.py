"""The account itself: people, addresses, terms; and which of their accounts somebody stands in."""

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import selectors, services
from apps.accounts.errors import AccountNotFound, AddressRefused
from apps.portal.access import in_account
from apps.portal.addresses import address_words
from apps.portal.people import rep_words
from apps.pricing.selectors import terms_of

SESSION_ACCOUNT = "account_id"  # read by the middleware that builds the actor
WEEKDAYS = [
    ("1", gettext_lazy("Monday")),
    ("2", gettext_lazy("Tuesday")),
    ("3", gettext_lazy("Wednesday")),
    ("4", gettext_lazy("Thursday")),
    ("5", gettext_lazy("Friday")),
    ("6", gettext_lazy("Saturday")),
    ("7", gettext_lazy("Sunday")),
]


class AddressForm(forms.Form):
    """A ship-to as its receiver would describe it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=160)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("Town or city"), max_length=80)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, help_text=gettext_lazy("Two letters: GB"))
    contact_name = forms.CharField(label=gettext_lazy("Ask for"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    receiving_days = forms.MultipleChoiceField(
        label=gettext_lazy("Receiving days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    receiving_from = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    receiving_to = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    gate = forms.CharField(label=gettext_lazy("Gate or dock"), max_length=80, required=False)
    unloading = forms.CharField(
        label=gettext_lazy("Unloading"), max_length=120, required=False, help_text=gettext_lazy("Tail lift, forklift …")
    )
    markings = forms.CharField(label=gettext_lazy("Markings on the goods"), max_length=120, required=False)
    is_default = forms.BooleanField(label=gettext_lazy("Send goods here unless I say otherwise"), required=False)

    def address(self) -> services.Address:
        return services.Address(**{**self.cleaned_data, "receiving_days": "".join(self.cleaned_data["receiving_days"])})


@require_safe
@in_account()
def account(request: HttpRequest) -> HttpResponse:
    visit = request.visit
    context = {
        "account": visit.account,
        "contacts": selectors.contacts_of(visit.actor, visit.account),
        "addresses": [(ship_to, address_words(ship_to, visit.account.country)) for ship_to in visit.ship_tos],
        "terms": terms_of(visit.account.pk) if visit.may("invoice.read") else None,
        "me": visit.actor.contact_id,
        "rep": rep_words(visit.account.rep),
    }
    return render(request, "portal/account/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("ship_to.edit")
def new_ship_to(request: HttpRequest) -> HttpResponse:
    start = services.Address(name="", street="", city="", country=request.visit.account.country)
    form = AddressForm(request.POST or None, initial=_as_typed(start))
    return _edit(request, form, lambda address: services.open_ship_to(request.actor, address, now=request.visit.now))


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("ship_to.edit")
def ship_to(request: HttpRequest, ship_to_id: int) -> HttpResponse:
    kept = selectors.ship_to_for(request.actor, ship_to_id)
    form = AddressForm(request.POST or None, initial=_as_typed(kept))
    change = lambda address: services.change_ship_to(request.actor, kept, address, now=request.visit.now)  # noqa: E731
    return _edit(request, form, change, kept)


def _as_typed(address) -> dict:
    """The fields of an address or a ship-to as the form shows them."""
    fields = asdict(address) if isinstance(address, services.Address) else vars(address)
    return {**fields, "receiving_days": list(fields["receiving_days"])}


def _edit(request: HttpRequest, form: AddressForm, keep, kept=None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            keep(form.address())
        except AddressRefused as refusal:
            for field, words in refusal.fields.items():
                form.add_error(field, words)
        else:
            messages.success(request, _("The address is kept."))
            return redirect("portal:account")
    status = 422 if form.errors else 200
    return render(request, "portal/account/ship_to.html", {"form": form, "ship_to": kept}, status=status)


@require_POST
@in_account("ship_to.edit")
def retire_ship_to(request: HttpRequest, ship_to_id: int) -> HttpResponse:
    kept = selectors.ship_to_for(request.actor, ship_to_id)
    services.retire_ship_to(request.actor, kept, now=request.visit.now)
    messages.success(request, _("The address is no longer offered. Orders that go there keep it."))
    return redirect("portal:account")


@require_POST
@in_account()
def switch_account(request: HttpRequest, number: str) -> HttpResponse:
    """Stand in another of one's own accounts from now on."""
    mine = {account.number: account for account in selectors.switchable_accounts(request.actor)}
    if number not in mine:
        raise AccountNotFound()
    request.session[SESSION_ACCOUNT] = mine[number].pk
    messages.info(request, _("You now order for %(account)s.") % {"account": mine[number].name})
    return redirect("portal:home")
