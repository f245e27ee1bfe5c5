"""The checkout: one page from the address to the button.

1. The form is read with what was typed; a button beside the addresses and options shows the page again for them. Only
   the button that says so places the order.
2. What goes to other ship-tos has a block for each (`further`). It is one order all the same.
3. Every delivery option carries what the whole order then comes to, so that choosing costs no arithmetic.
4. A refusal is said in the page, with everything typed kept. The key in the form makes a second click the same order.
5. Who goes back from the confirmation comes to the confirmation again, never to an old picture of the cart.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import ship_to_for
from apps.catalogue.selectors import in_readers_language
from apps.core.errors import Conflict, Invalid
from apps.core.lists import whole
from apps.core.money import ZERO
from apps.invoicing.selectors import issuer
from apps.ordering import selectors
from apps.ordering.errors import PricesChanged
from apps.ordering.selectors.terms import delivery_terms_of
from apps.ordering.services import orders
from apps.ordering.words import way_words
from apps.portal.access import in_account
from apps.portal.addresses import address_words
from apps.portal.further import FurtherBlock, further_said, summary_name
from apps.portal.going import going_words, is_complete_said, wish_of
from apps.portal.payment import payment_choices
from apps.portal.sums import delivery_name, order_rows

SESSION_PLACED = "placed_order"  # (number, account id) of the order this session placed last, until Back is answered


class CheckoutForm(forms.Form):
    """What a buyer says besides address and option, which are checked by the service that places the order."""

    ship_to = forms.IntegerField(required=False)
    option = forms.IntegerField(required=False)
    cost_centre = forms.IntegerField(required=False)
    key = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    requested_on = forms.DateField(
        label=_("Wished day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("It never comes before it. Leave it empty for as soon as possible."),
    )
    po_number = forms.CharField(label=_("Your PO number"), max_length=60, required=False)
    notes = forms.CharField(
        label=_("Notes for the delivery"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    payment = forms.CharField(max_length=20, required=False)
    slot = forms.CharField(max_length=40, required=False)
    branch = forms.IntegerField(required=False)
    sending = forms.ChoiceField(choices=[("complete", "complete"), ("parts", "parts")], required=False)
    accept_changes = forms.BooleanField(required=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("order.place")
def checkout(request: HttpRequest) -> HttpResponse:
    form = CheckoutForm(_typed(request) if request.method == "POST" else None)
    if request.method != "POST" or "place" not in request.POST or request.htmx:
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        order = _place(request, form.cleaned_data, further_said(form.data, strict=True))
    except (Invalid, Conflict) as refusal:
        _tell(form, refusal)
        return _page(request, form, refusal=refusal, status=refusal.status)
    request.session[SESSION_PLACED] = [order.number, order.account_id]
    return redirect("portal:confirmation", number=order.number)


def _typed(request: HttpRequest):
    """The form as it was sent; a day that is offered as a button is the wished day from then on."""
    wishes = {name: day for name, day in request.POST.items() if name == "wish" or name.startswith("wish-")}
    if not wishes:
        return request.POST
    typed = request.POST.copy()
    for name, day in wishes.items():
        typed[f"requested_on{name.removeprefix('wish')}"] = day
    return typed


def _place(request: HttpRequest, typed: dict, further: list):
    return orders.place_order(
        request.actor,
        ship_to_id=typed["ship_to"],
        option_id=typed["option"],
        key=typed["key"],
        requested_on=typed["requested_on"],
        po_number=typed["po_number"],
        notes=typed["notes"],
        accept_changes=typed["accept_changes"],
        cost_centre_id=typed["cost_centre"],
        payment=typed["payment"],
        slot=typed["slot"],
        branch_id=typed["branch"],
        is_complete=is_complete_said(typed["sending"]),
        further=further,
        now=request.visit.now,
    )


def _tell(form: CheckoutForm, refusal) -> None:
    """Put the words of a refusal where they belong: beside their field, else above the form."""
    for field, words in refusal.fields.items():
        form.add_error(field if field in form.fields else None, words)
    if not refusal.fields:
        form.add_error(None, refusal.detail)


def _page(request: HttpRequest, form: CheckoutForm, *, refusal=None, status: int = 200) -> HttpResponse:
    visit = request.visit
    if not visit.ship_tos:
        return redirect(f"{reverse('portal:new_ship_to')}?for=checkout")
    ship_to = _chosen_ship_to(visit, form)
    wish, said = wish_of(form.data, ship_to.pk), further_said(form.data)
    centre, wished = whole(form["cost_centre"].value()), str(form["payment"].value() or "")
    view = selectors.checkout_of(
        request.actor,
        ship_to=ship_to,
        cost_centre_id=centre,
        payment=wished,
        is_complete=wish.is_complete,
        further=said,
        now=visit.now,
    )
    if view.cart.is_empty:
        return _without_cart(form, request)
    in_readers_language([line.product for line in view.cart.lines])
    chosen, ship_to = view.option(wish.option_id), view.ship_to
    sums = chosen.totals if chosen else view.cart.totals
    context = {
        "form": form,
        "key": form["key"].value() or view.key,
        "view": view,
        "ways": [way for way in view.options if not way.refused],
        "no_ways": [way for way in view.options if way.refused],
        "chosen": chosen,
        "sums": sums,
        "rows": order_rows(sums, delivery_name=summary_name(view, chosen)),
        "saved": view.saved(chosen) if chosen else (view.cart.saved, ZERO),
        "ship_tos": [(each, address_words(each, visit.account.country)) for each in visit.ship_tos],
        "ship_to": ship_to,
        "payments": payment_choices(view, chosen, visit.on) if chosen else (),
        "going": going_words(ship_to, view.lines, chosen, wish, view.options) if chosen else None,
        "further": [FurtherBlock.of(each, visit.account.country) for each in view.further],
        "changes": refusal.facts.get("differences") if isinstance(refusal, PricesChanged) else view.cart.differences,
    }
    return render(request, "portal/checkout/page.html", context, status=status)


def _without_cart(form: CheckoutForm, request: HttpRequest) -> HttpResponse:
    """An empty cart has nothing to check out, unless it is empty because its order has just been placed."""
    key = form["key"].value()
    placed = selectors.order_by_key(request.actor.account_id, key) if key else None
    if placed:
        return redirect("portal:confirmation", number=placed.number)
    number, account_id = request.session.pop(SESSION_PLACED, (None, None))
    if number and account_id == request.actor.account_id:
        return redirect("portal:confirmation", number=number)
    return redirect("portal:cart")


def _chosen_ship_to(visit, form: CheckoutForm):
    """The address chosen in the form, else the default. One that is not the account's own is refused."""
    chosen = whole(form["ship_to"].value())
    return ship_to_for(visit.actor, chosen) if chosen else visit.ship_to


@require_safe
@in_account("order.read")
def confirmation(request: HttpRequest, number: str) -> HttpResponse:
    page = selectors.order_page(request.actor, number)
    context = {
        "page": page,
        "order": page.order,
        "payment": way_words(page.order.way),
        "going": delivery_terms_of(page.order),
        "pay_to": issuer() if page.order.status == "awaiting_payment" else None,
        "rows": order_rows(page.totals, delivery_name=delivery_name(page.places)),
        "waiting": page.order.status in ("awaiting_approval", "awaiting_release", "awaiting_payment"),
    }
    return render(request, "portal/checkout/confirmation.html", context)
