"""Quotes: what was asked of the rep, what each side offers, and the order it becomes."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import ship_to_for
from apps.catalogue.selectors import without_page
from apps.core.downloads import download
from apps.core.errors import Invalid, Refusal
from apps.core.lists import page_urls, paging, status_of, tabs_of, whole
from apps.core.money import line_net
from apps.core.uploads import files_sent
from apps.ordering import selectors
from apps.ordering.services import quotes as services
from apps.portal.access import in_account
from apps.portal.ways import REFUSED, Agreed, is_shown_only, wanted_way, ways_to

TABS = (
    ("", gettext_lazy("All")),
    ("offered", gettext_lazy("Offered")),
    ("requested", gettext_lazy("With the rep")),
    ("accepted", gettext_lazy("Accepted")),
)


class CounterForm(forms.Form):
    """The unit price the account would take, for each line, and a word with it."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What you write with it"),
        max_length=services.LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"price_{line.pk}"] = forms.DecimalField(
                label=_("Your unit price, %(name)s") % {"name": line.product.name},
                min_value=Decimal("0.0001"),
                max_digits=13,
                decimal_places=4,
                widget=forms.NumberInput({"step": "0.0001", "inputmode": "decimal"}),
            )

    def prices(self) -> dict[int, Decimal]:
        """Quote line id -> unit price."""
        said = self.cleaned_data.items()
        return {int(name.removeprefix("price_")): price for name, price in said if name.startswith("price_")}


@require_safe
@in_account("price.read")
def quotes(request: HttpRequest) -> HttpResponse:
    status = status_of(request, TABS)
    page = selectors.quotes_of(request.actor, status=status or None, **paging(request))
    context = {"section": "quotes", "page": page, "tabs": tabs_of(request, TABS, status), **page_urls(request, page)}
    return render(request, "portal/quotes/list.html", context)


@require_safe
@in_account("price.read")
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """A quote with the whole exchange; while it is offered, with the ways it can be delivered to the chosen address."""
    return _page(request, selectors.quote_for(request.actor, number))


def _page(request: HttpRequest, shown, form: CounterForm | None = None, refusal: Refusal | None = None) -> HttpResponse:
    lines = [_line(line, shown.currency) for line in shown.lines.all()]
    nets = [line["net"] for line in lines]
    acceptance = _acceptance(request, shown)
    if form is None and acceptance["ways"] is not None:
        form = _counter_form(shown)
    for each in lines if form else ():
        each["field"] = form[f"price_{each['line'].pk}"]
    context = {
        "section": "quotes",
        "about": f"quote:{shown.number}",
        "quote": shown,
        "lines": lines,
        "form": form,
        "turns": selectors.exchange_of(shown)[::-1],
        "files": selectors.files_of_quote(shown),
        "takes_files": _is_own(request, shown) and shown.is_open and request.visit.may("quote.request"),
        "without_page": without_page(request.actor, [line["product"] for line in lines]),
        "total": None if None in nets else sum(nets),
        "refusal": refusal,
        **acceptance,
    }
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "portal/quotes/page.html", context, status=status)


def _is_own(request: HttpRequest, shown) -> bool:
    return shown.account_id == request.actor.account_id


def _line(line, currency: str) -> dict:
    """A line with what was offered against what it cost when asked."""
    offered, before = line.offered_price, line.current_price
    return {
        "line": line,
        "product": line.product,
        "quantity": line.quantity,
        "note": line.note,
        "current_price": before,
        "offered_price": offered,
        "saving": (before - offered) / before if offered is not None and before and offered < before else None,
        "net": None if offered is None else line_net(line.quantity, offered, currency),
    }


def _counter_form(shown, data=None) -> CounterForm:
    """Their prices start from what was offered."""
    lines = list(shown.lines.all())
    start = {f"price_{line.pk}": line.offered_price for line in lines}
    return CounterForm(data, lines=lines, initial={"seen": shown.round, **start})


def _acceptance(request: HttpRequest, shown) -> dict:
    """What accepting needs: addresses, the chosen one, the ways there, and a key that makes it happen once."""
    visit = request.visit
    if shown.status != "offered" or not _is_own(request, shown) or not visit.may("quote.accept") or not visit.ship_tos:
        return {"ways": None}
    if shown.valid_until < visit.on:
        return {"ways": None, "is_over": True}
    said = request.POST if request.method == "POST" else request.GET
    chosen = whole(said.get("ship_to", ""))
    ship_to = ship_to_for(visit.actor, chosen) if chosen else visit.ship_to
    agreed = [Agreed(line.product, line.quantity, line.offered_price) for line in shown.lines.all()]
    return {
        "ship_tos": visit.ship_tos,
        "ways": ways_to(visit, ship_to, agreed, shown.currency, said),
        "said": said,
        "key": f"quote-{shown.number}",
        "cost_centres": selectors.cost_centres_for(visit.account, visit.contact),
    }


@require_POST
@in_account("quote.accept")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Turn an offer into an order; the key in the form makes a second click the same order.

    What is only chosen shows the page for it; a way that cannot be had, such as a slot that is taken, is said there.
    """
    offered = selectors.quote_for(request.actor, number)
    if is_shown_only(request):
        return _page(request, offered)
    try:
        order = _accepted(request, offered)
    except REFUSED as refusal:
        return _page(request, offered, refusal=refusal)
    return redirect("portal:confirmation", number=order.number)


def _accepted(request: HttpRequest, offered):
    said = request.POST
    return services.accept_quote(
        request.actor,
        offered,
        **wanted_way(said),
        key=said.get("key", "")[:80] or f"quote-{offered.number}",
        po_number=said.get("po_number", "")[:60],
        seen=whole(said.get("seen", "")),
        total=_total(said.get("total", "")),
        cost_centre_id=whole(said.get("cost_centre")),
        now=request.visit.now,
    )


def _total(text: str) -> Decimal | None:
    """The total the form was shown with; one that cannot be read agrees with no offer."""
    if not text:
        return None
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal(-1)


@require_POST
@in_account("quote.accept")
def counter(request: HttpRequest, number: str) -> HttpResponse:
    """Name other prices; what is wrong with them stands beside them."""
    shown = selectors.quote_for(request.actor, number)
    form = _counter_form(shown, request.POST)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("seen", "words")}
        files, now = files_sent(request, services.MOST_FILES), request.visit.now
        try:
            services.counter_quote(request.actor, shown, prices=form.prices(), files=files, **said, now=now)
        except Invalid as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Your counter-offer is with your rep, who will answer here and by e-mail."))
            return redirect("portal:quote", number=number)
    return _page(request, shown, form)


@require_POST
@in_account("quote.accept")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    offered = selectors.quote_for(request.actor, number)
    ended = services.decline_quote(request.actor, offered, reason=request.POST.get("reason", ""), now=request.visit.now)
    told = _("The offer is declined; your rep is told.")
    messages.info(request, told if ended.status == "declined" else _("Withdrawn; your rep is told."))
    return redirect("portal:quote", number=number)


@require_POST
@in_account("quote.request")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Send files along while the quote is open."""
    shown = selectors.quote_for(request.actor, number)
    files = files_sent(request, services.MOST_FILES)
    services.attach_to_quote(request.actor, shown, files=files, now=request.visit.now)
    messages.success(request, _("The file is with the quote."))
    return redirect("portal:quote", number=number)


@require_safe
@in_account("price.read")
def quote_file(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A file of the quote, as a download."""
    found = selectors.file_of_quote(request.actor, number, file_id)
    return download(bytes(found.content), found.kind, f"{number}-{found.pk}")
