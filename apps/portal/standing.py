"""Standing orders: what comes again by itself, and the questions it asks."""

from datetime import date
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.catalogue.errors import QuantityRefused
from apps.catalogue.selectors import in_readers_language, likeliest, products_by_code
from apps.core.buttons import decision
from apps.core.dates import read_day
from apps.core.lists import clean, whole
from apps.ordering import selectors
from apps.ordering.errors import CostCentreRefused, StandingOrderRefused
from apps.ordering.rules.standing import MONTH, WEEK
from apps.ordering.services import standing as services
from apps.portal.access import in_account
from apps.portal.list_adding import SOURCES, asked_for

UNITS = ((WEEK, gettext_lazy("weeks")), (MONTH, gettext_lazy("months")))
BUTTONS = ("skip", "pause", "go_on", "end", "agree", "keep")
STATES = {"pause": "paused", "go_on": "active", "end": "ended"}
LINE = "quantity-"
_DAY = {"type": "date"}


class StandingOrderForm(forms.Form):
    """When it comes, where to, and how far its prices may rise unasked."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    every = forms.IntegerField(
        label=gettext_lazy("Every"), min_value=1, max_value=services.MOST_EVERY, initial=1, localize=True
    )
    unit = forms.ChoiceField(label=gettext_lazy("Weeks or months"), choices=UNITS, initial=MONTH)
    first_on = forms.DateField(label=gettext_lazy("First order on"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    ends_on = forms.DateField(
        label=gettext_lazy("Last order on"),
        required=False,
        widget=forms.DateInput(_DAY, "%Y-%m-%d"),
        help_text=gettext_lazy("Left empty it goes on until you end it."),
    )
    ship_to = forms.TypedChoiceField(label=gettext_lazy("Deliver to"), coerce=int)
    rise_percent = forms.DecimalField(
        label=gettext_lazy("Price rise you accept unasked, in per cent"),
        min_value=0,
        max_value=services.MOST_RISE,
        decimal_places=2,
        initial=5,
        localize=True,
        help_text=gettext_lazy("Where one product rises by more, nothing is ordered until you say yes."),
    )
    po_number = forms.CharField(label=gettext_lazy("Your PO number"), max_length=60, required=False)
    cost_centre = forms.TypedChoiceField(
        label=gettext_lazy("Cost centre"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args, ship_tos, cost_centres, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        centres = [(each.pk, str(each)) for each in cost_centres]
        self.fields["cost_centre"].choices = [("", gettext_lazy("Choose a cost centre")), *centres]
        if not centres:
            del self.fields["cost_centre"]
        self.fields["ship_to"].choices = [(each.pk, str(each)) for each in ship_tos]
        self.fields["first_on"].initial = today
        self.fields["first_on"].widget.attrs["min"] = today.isoformat()


@require_safe
@in_account("order.read")
def standing_orders(request: HttpRequest) -> HttpResponse:
    found = selectors.standing_orders_of(request.actor)
    return render(request, "portal/standing/list.html", {"section": "orders", "orders": found})


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.place")
def new(request: HttpRequest) -> HttpResponse:
    """A standing order of what is in the cart, on a list, or in an order."""
    wishes, visit = asked_for(request)[0], request.visit
    centres = selectors.cost_centres_for(visit.account, visit.contact)
    shown = {"ship_tos": visit.ship_tos, "cost_centres": centres, "today": visit.on}
    form = StandingOrderForm(request.POST, **shown) if request.method == "POST" else StandingOrderForm(**shown)
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, wishes, form.cleaned_data)
        except (StandingOrderRefused, CostCentreRefused) as refusal:
            for field, words in (refusal.fields or {None: [refusal.detail]}).items():
                form.add_error(field if field in form.fields else None, words)
        else:
            messages.success(request, _("The standing order is kept; it orders by itself from its first day on."))
            return redirect("portal:standing_order", standing_id=made.pk)
    asked = request.POST if request.method == "POST" else request.GET
    in_readers_language([wish.product for wish in wishes])
    context = {
        "section": "orders",
        "form": form,
        "wishes": wishes,
        "sources": [(name, value) for name in SOURCES for value in asked.getlist(name)],
        "trail": [(_("Standing orders"), reverse("portal:standing_orders")), (_("New"), "")],
    }
    return render(request, "portal/standing/new.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, wishes, said: dict):
    lines = [(wish.product.pk, wish.quantity) for wish in wishes]
    more = {name: value for name, value in said.items() if name not in ("ship_to", "cost_centre")}
    more["rise_percent"] = Decimal(said["rise_percent"])
    return services.make_standing_order(
        request.actor,
        lines=lines,
        ship_to_id=said["ship_to"],
        cost_centre_id=said.get("cost_centre"),
        **more,
        now=request.visit.now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.read")
def standing_order(request: HttpRequest, standing_id: int) -> HttpResponse:
    """Its lines at the price agreed to and at today's, its next dates; POST skips, pauses, ends, agrees, or
    keeps other lines."""
    found = selectors.standing_order_for(request.actor, standing_id)
    if request.method == "POST":
        try:
            return _decided(request, found)
        except (StandingOrderRefused, QuantityRefused) as refusal:
            return _page(request, found, refusal)
    return _page(request, found)


def _page(request: HttpRequest, found, refusal=None) -> HttpResponse:
    lines = selectors.standing_lines(request.actor, found, request.visit.now) if request.visit.may("price.read") else []
    in_readers_language([each.line.product for each in lines])
    context = {
        "section": "orders",
        "standing": found,
        "lines": lines,
        "dates": selectors.dates_of(found) if found.state != "ended" else (),
        "currency": request.visit.account.currency,
        "edits": bool(lines) and found.state != "ended" and request.visit.may("order.place"),
        "refusal": refusal,
        "trail": [(_("Standing orders"), reverse("portal:standing_orders")), (found.name, "")],
    }
    return render(request, "portal/standing/page.html", context, status=422 if refusal else 200)


def _decided(request: HttpRequest, found) -> HttpResponse:
    actor, now, button = request.actor, request.visit.now, decision(request, *BUTTONS)
    if button == "skip":
        services.skip_once(actor, found, read_day(request.POST.get("on", "")) or date.min, now=now)
        messages.info(request, _("That date is left out."))
    elif button == "keep":
        services.change_lines(actor, found, quantities=_quantities(request), more=_more(request), now=now)
        messages.success(request, _("Kept: it comes like this from its next date on."))
    elif button == "agree":
        services.agree(actor, found, now=now)
        messages.success(request, _("Agreed. The order that waited is placed within minutes."))
    else:
        services.change_state(actor, found, STATES[button], now=now)
        messages.success(request, _("Done."))
    return redirect("portal:standing_order", standing_id=found.pk)


def _quantities(request: HttpRequest) -> dict[int, str]:
    """Line id -> quantity as typed."""
    said = request.POST.items()
    return {
        line_id: value.strip()
        for name, value in said
        if name.startswith(LINE) and (line_id := whole(name.removeprefix(LINE))) is not None
    }


def _more(request: HttpRequest) -> list[tuple[int, str]]:
    """The product that is to come too, by any code it is known by; `StandingOrderRefused` where none or several are."""
    code = clean(request.POST.get("code", ""))
    if not code:
        return []
    found = likeliest(code, matches) if (matches := products_by_code(request.actor, [code])[code]) else []
    if len(found) != 1:
        raise StandingOrderRefused(_("No single product is known by the code “%(code)s”.") % {"code": code})
    return [(found[0].product.pk, request.POST.get("quantity", "") or "1")]
