"""The account itself: people, addresses, terms; and which of their accounts somebody stands in."""

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_countries import countries

from apps.accounts import selectors, services
from apps.accounts.errors import AccountNotFound, AddressRefused
from apps.accounts.zones import words_of, zones_in
from apps.portal.access import in_account
from apps.portal.addresses import address_words
from apps.portal.people import rep_of
from apps.pricing.selectors import terms_of
from apps.recommendations.selectors import watches_of

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


class TimeZoneField(forms.ChoiceField):
    """A choice that may be another country's by the time it is sent: it then counts as none."""

    def __init__(self, **kwargs) -> None:
        words = gettext_lazy("Delivery dates are reckoned in the time of this place.")
        super().__init__(label=gettext_lazy("Time zone"), required=False, help_text=words, **kwargs)

    def validate(self, value) -> None:
        """The service takes what the country keeps, and finds what is not among it."""


class AddressForm(forms.Form):
    """A ship-to as its receiver would describe it.

    Its time zone is asked only where the country keeps several, and only once the country is known to.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    street = forms.CharField(label=gettext_lazy("Street and number"), max_length=160)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("Town or city"), max_length=80)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=lambda: list(countries))
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
    closed_days = forms.CharField(
        label=gettext_lazy("Closed days"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Besides public holidays, such as 2026-12-24 – 2027-01-02, 2027-05-14."),
    )
    preferred_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Preferred weekday"),
        choices=[("", gettext_lazy("Any")), *WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("The checkout offers it beside the earliest day."),
    )
    delivery_note = forms.CharField(
        label=gettext_lazy("Delivery note"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Two signed copies, your order number on each page …"),
    )
    prefers_complete = forms.TypedChoiceField(
        label=gettext_lazy("Orders of several lines"),
        choices=[("", gettext_lazy("As they are ready")), ("1", gettext_lazy("Complete, on one day"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It can be chosen otherwise for each order."),
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Blind shipment: nothing on papers and parcels names us"), required=False
    )
    is_default = forms.BooleanField(label=gettext_lazy("Send goods here unless I say otherwise"), required=False)

    def __init__(self, *args, zones: tuple[str, ...] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(zones) > 1:
            named = sorted(((zone, words_of(zone)) for zone in zones), key=lambda pair: pair[1])
            self.fields["time_zone"] = TimeZoneField(choices=[("", gettext_lazy("By the postal code")), *named])

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
        "actings": selectors.actings_of(visit.actor, visit.account),
        "me": visit.actor.contact_id,
        "rep": rep_of(visit),
        "watches": watches_of(visit.actor),
    }
    return render(request, "portal/account/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("ship_to.edit")
def new_ship_to(request: HttpRequest) -> HttpResponse:
    visit = request.visit
    form = AddressForm(
        request.POST or None, initial=_as_typed(_first_guess(visit)), zones=zones_in(visit.account.country)
    )
    return _edit(request, form, lambda address: services.open_ship_to(request.actor, address, now=visit.now))


def _first_guess(visit) -> services.Address:
    """What is known of a further address: its country, and of the first one who is likely to be there."""
    country = visit.account.country
    if visit.ship_tos:
        return services.Address(name="", street="", city="", country=country)
    contact = visit.contact
    return services.Address(
        name=visit.account.name,
        street="",
        city="",
        country=country,
        contact_name=contact.name if contact else "",
        phone=contact.phone if contact else "",
        is_default=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("ship_to.edit")
def ship_to(request: HttpRequest, ship_to_id: int) -> HttpResponse:
    kept = selectors.ship_to_for(request.actor, ship_to_id)
    form = AddressForm(request.POST or None, initial=_as_typed(kept), zones=kept.zones)
    change = lambda address: services.change_ship_to(request.actor, kept, address, now=request.visit.now)  # noqa: E731
    return _edit(request, form, change, kept)


def _as_typed(address) -> dict:
    """The fields of an address or a ship-to as the form shows them."""
    fields = asdict(address) if isinstance(address, services.Address) else vars(address)
    days, complete = list(fields["receiving_days"]), "1" if fields["prefers_complete"] else ""
    return {**fields, "receiving_days": days, "prefers_complete": complete}


def _edit(request: HttpRequest, form: AddressForm, keep, kept=None) -> HttpResponse:
    """The form, or where one came from once it is kept: the checkout where that asked for an address."""
    for_checkout = request.GET.get("for") == "checkout"
    if request.method == "POST" and form.is_valid():
        try:
            ship_to = keep(form.address())
        except AddressRefused as refusal:
            for field, words in refusal.fields.items():
                form.add_error(field, words)
        else:
            messages.success(request, _kept_words(ship_to))
            return redirect("portal:checkout" if for_checkout else "portal:account")
    status = 422 if form.errors else 200
    context = {"form": form, "ship_to": kept, "for_checkout": for_checkout}
    return render(request, "portal/account/ship_to.html", context, status=status)


def _kept_words(ship_to) -> str:
    """With the time zone where the country keeps several: it may have been found by the postal code."""
    if len(ship_to.zones) < 2:
        return _("The address is kept.")
    words = _("The address is kept. Dates there go by the time of %(place)s; where that is wrong, change it there.")
    return words % {"place": words_of(ship_to.time_zone)}


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
