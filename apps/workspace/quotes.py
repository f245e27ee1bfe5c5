"""Quotes: what customers ask prices for, and the offer."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.downloads import download
from apps.core.errors import Invalid
from apps.core.lists import page_urls, paging, tabs_of
from apps.core.money import line_net
from apps.core.uploads import files_sent
from apps.ordering import selectors
from apps.ordering.services import attach_to_quote, offer_quote, withdraw_offer
from apps.ordering.services.quotes import MOST_FILES
from apps.pricing.rules import Ask
from apps.pricing.selectors import margins_for, prices_for_account
from apps.workspace.desk import Desk, at_desk

TABS = (
    ("requested", gettext_lazy("Waiting for us")),
    ("offered", gettext_lazy("Offered")),
    ("accepted", gettext_lazy("Accepted")),
    ("declined", gettext_lazy("Declined")),
    ("all", gettext_lazy("All")),
)
VALID_FOR = timedelta(days=30)


class OfferForm(forms.Form):
    """A unit price for each line, until when they hold, and a word with them. `seen` is the round that is answered."""

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    answer = forms.CharField(
        label=gettext_lazy("What you write with it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"price_{line.pk}"] = forms.DecimalField(
                label=_("Offered unit price, %(name)s") % {"name": line.product.name},
                min_value=Decimal("0.0001"),
                max_digits=13,
                decimal_places=4,
                widget=forms.NumberInput({"step": "0.0001", "inputmode": "decimal"}),
            )

    def prices(self) -> dict[int, Decimal]:
        """Quote line id -> offered unit price."""
        said = self.cleaned_data.items()
        return {int(name.removeprefix("price_")): price for name, price in said if name.startswith("price_")}


@require_safe
@at_desk()
def quotes(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("status", "")
    status = asked if asked in dict(TABS) else "requested"
    page = selectors.quotes_of(request.desk.actor, status="" if status == "all" else status, **paging(request))
    context = {"section": "quotes", "page": page, "tabs": tabs_of(request, TABS, status), **page_urls(request, page)}
    return render(request, "workspace/quotes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk()
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """A quote with the whole exchange; while it waits, with the form that offers. A POST offers."""
    desk = request.desk
    shown = selectors.quote_for(desk.actor, number)
    today = _today(desk, shown)
    form = _form(desk, shown, today, _said(request, shown) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _offered(request, shown, form):
        messages.success(request, _("The offer is on its way to the customer."))
        return redirect("workspace:quote", number=number)
    return _page(request, shown, today, form)


def _today(desk: Desk, shown) -> dict:
    """The lines of a quote, each with what the account pays for it today."""
    asks = {line: Ask(line.product_id, line.quantity) for line in shown.lines.all()}
    prices = prices_for_account(shown.account_id, asks.values(), desk.on)
    return {line: prices[ask] for line, ask in asks.items()}


def _form(desk: Desk, shown, today: dict, data) -> OfferForm:
    """The offer starts from what was offered before, else from what they pay today."""
    start = {f"price_{line.pk}": line.offered_price or price.unit_price for line, price in today.items()}
    return OfferForm(data, lines=today, initial={"valid_until": desk.on + VALID_FOR, "seen": shown.round, **start})


def _offered(request: HttpRequest, shown, form: OfferForm) -> bool:
    """Whether the offer was made; what is wrong with it stands in the form otherwise."""
    said = {name: form.cleaned_data[name] for name in ("valid_until", "answer", "seen")}
    files, desk = files_sent(request, MOST_FILES), request.desk
    try:
        offer_quote(desk.actor, shown, prices=form.prices(), files=files, **said, now=desk.now)
    except Invalid as refusal:
        form.add_error("valid_until" if "valid_until" in refusal.fields else None, refusal.detail)
        return False
    return True


def _page(request: HttpRequest, shown, today: dict, form: OfferForm) -> HttpResponse:
    nets = [_net(line, shown.currency) for line in today]
    asks = {Ask(line.product_id, line.quantity): price for line, price in today.items()}
    margins = margins_for(request.desk.actor, asks, request.desk.on)
    turns = selectors.exchange_of(shown)[::-1]
    wished = _wished(turns) if shown.status == "countered" else {}
    may_offer = request.desk.may("quote.offer")
    context = {
        "section": "quotes",
        "quote": shown,
        "trail": [(_("Quotes"), reverse("workspace:quotes")), (shown.number, "")],
        "lines": [
            {
                "line": line,
                "today": today[line],
                "margin": margins.get(Ask(line.product_id, line.quantity)),
                "net": net,
                "wished": wished.get(line.pk),
                "field": form[f"price_{line.pk}"],
            }
            for line, net in zip(today, nets, strict=True)
        ],
        "total": None if None in nets else sum(nets),
        "form": form if shown.status in ("requested", "countered") and may_offer else None,
        "is_counter": bool(wished),
        "turns": turns,
        "files": selectors.files_of_quote(shown),
        "may_attach": may_offer and shown.is_open,
        "may_withdraw": may_offer and shown.is_open,
        "may_agree": may_offer and shown.status == "accepted" and not hasattr(shown, "blanket"),
    }
    return render(request, "workspace/quotes/page.html", context, status=422 if form.errors else 200)


def _said(request: HttpRequest, shown):
    """What was sent; with the button that agrees to everything, at the prices of their counter-offer."""
    said = request.POST.copy()
    if said.get("decision") == "agree" and shown.status == "countered":
        wished = _wished(selectors.exchange_of(shown)[::-1])
        for pk, price in wished.items():
            said[f"price_{pk}"] = str(price)
    return said


def _wished(turns) -> dict[int, Decimal]:
    """Quote line id -> what the account would take, from its latest counter-offer."""
    latest = next((turn for turn in turns if turn.kind == "countered"), None)
    return {each.line.pk: each.unit_price for each in latest.prices} if latest else {}


@require_POST
@at_desk("quote.offer")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an offer back, or say that there will be none."""
    shown = selectors.quote_for(request.desk.actor, number)
    withdraw_offer(request.desk.actor, shown, reason=request.POST.get("reason", ""), now=request.desk.now)
    messages.info(request, _("Withdrawn; the customer is told."))
    return redirect("workspace:quote", number=number)


@require_POST
@at_desk("quote.offer")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Send files along."""
    shown = selectors.quote_for(request.desk.actor, number)
    attach_to_quote(request.desk.actor, shown, files=files_sent(request, MOST_FILES), now=request.desk.now)
    return redirect("workspace:quote", number=number)


@require_safe
@at_desk()
def quote_file(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A file of the quote, as a download."""
    found = selectors.file_of_quote(request.desk.actor, number, file_id)
    return download(bytes(found.content), found.kind, f"{number}-{found.pk}")


def _net(line, currency: str) -> Decimal | None:
    return None if line.offered_price is None else line_net(line.quantity, line.offered_price, currency)
