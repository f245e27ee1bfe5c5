"""What the next order will likely have, ready to be ticked, and what is not to be suggested."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.catalogue.selectors import product_for
from apps.core.errors import Invalid
from apps.core.formatting import Words
from apps.core.lists import whole
from apps.ordering.services import carts
from apps.portal.access import back, in_account
from apps.portal.cards import Card, cards_for
from apps.portal.visit import Visit
from apps.recommendations import services
from apps.recommendations.because import because_words, share_words, sure_words
from apps.recommendations.selectors import AHEAD_DAYS, Suggested, dismissals_of, last_training, next_order

LINE, QUANTITY, PAGE = "line", "quantity-", "next_order"
FROM_HERE = "next_order:next_order"  # kind and place


class Row(NamedTuple):
    """A suggested line in words: see portal/next_order/_line.html."""

    key: str
    sku: str
    name: str
    url: str
    picture: str
    your_number: str
    uom: str
    amount: str
    on_request: bool
    source: str
    source_name: str
    state: str
    on_hand: str
    arrives_on: str
    promise: str
    why: str
    sure: str
    share: str
    quantity: str
    error: str
    is_ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def page(request: HttpRequest) -> HttpResponse:
    """All lines with their reasons; POST puts what is ticked into the cart, all of it or nothing."""
    if request.method != "POST":
        return _page(request)
    wishes = ticked(request.POST)
    if not wishes:
        messages.info(request, _("Nothing was ticked, so nothing was put into your cart."))
        return redirect("portal:next_order")
    try:
        added = carts.add_lines(request.actor, wishes, now=request.visit.now)
    except Invalid as refusal:
        if "sku" not in refusal.facts:
            raise
        return _page(request, refusal=refusal)
    services.note_added(request.actor, [each.line.product.sku for each in added], FROM_HERE, now=request.visit.now)
    tell_added(request, added)
    return redirect("portal:cart")


def ticked(sent: QueryDict) -> list[tuple[int, object]]:
    """What was ticked on a page of suggested lines: product ids with the quantities typed."""
    chosen = dict.fromkeys(pk for each in sent.getlist(LINE) if (pk := whole(each)) is not None)
    return [(pk, sent.get(f"{QUANTITY}{pk}", "").strip() or 1) for pk in chosen]


def tell_added(request: HttpRequest, added: Sequence[carts.Added]) -> None:
    """Say what was put into the cart, and where a quantity was raised."""
    words = ngettext("%(n)s line put into your cart.", "%(n)s lines put into your cart.", len(added))
    messages.success(request, words % {"n": Words().number(len(added))})
    for each in added:
        if each.message:
            messages.info(request, each.message)


@require_POST
@in_account("cart.edit")
def dismiss(request: HttpRequest) -> HttpResponse:
    """Not now, never, or bought elsewhere: the button pressed names the way, its value the product."""
    kind = next((kind for kind in services.Way.values if kind in request.POST), services.Way.NOT_NOW)
    product = product_for(request.actor, request.POST.get(kind, ""))
    held = services.dismiss(request.actor, product, kind, request.visit.now)
    if held.until is None:
        words = _("%(name)s is not suggested any more.") % {"name": product.name}
    else:
        values = {"name": product.name, "day": Words().short_date(held.until)}
        words = _("%(name)s is not suggested before %(day)s.") % values
    messages.info(request, words)
    return redirect("portal:next_order") if request.POST.get("from") == PAGE else back(request, "portal:home")


@require_POST
@in_account("cart.edit")
def take_back(request: HttpRequest) -> HttpResponse:
    """Suggest a product again."""
    product = product_for(request.actor, request.POST.get("sku", ""))
    services.take_back(request.actor, product, request.visit.now)
    messages.info(request, _("%(name)s may be suggested again.") % {"name": product.name})
    return redirect("portal:next_order")


def _page(request: HttpRequest, *, refusal=None) -> HttpResponse:
    visit = request.visit
    groups: dict[str, list[Row]] = {"due": [], "later": [], "more": []}
    found = next_order(visit.actor, visit.on)
    ticked_first = {each.product.id for each in found if _group(visit, each) == "due"}
    for each, row in zip(found, rows_of(visit, found, request.POST, refusal, ticked_first), strict=True):
        groups[_group(visit, each)].append(row)
    training = last_training()
    context = {
        "section": PAGE,
        "groups": {name: rows for name, rows in groups.items() if rows},
        "dismissed": dismissals_of(visit.actor, visit.on),
        "trained_at": training.began_at if training else None,
        "refusal": refusal,
    }
    return render(request, "portal/next_order/page.html", context, status=422 if refusal else 200)


def rows_of(
    visit: Visit, found: Sequence[Suggested], typed: QueryDict, refusal: Invalid | None, ticked_first: Collection[int]
) -> list[Row]:
    """Suggested lines in words, with what was typed; before anything is, those of `ticked_first` are ticked."""
    quantities = {each.product.id: each.quantity for each in found}
    cards = cards_for(visit, [each.product for each in found], quantities=quantities)
    return [_row(visit, *each, typed, refusal, ticked_first) for each in zip(found, cards, strict=True)]


def _group(visit: Visit, each: Suggested) -> str:
    if each.due_on is None:
        return "more"
    return "due" if (each.due_on - visit.on).days <= AHEAD_DAYS else "later"


def _row(
    visit: Visit, each: Suggested, card: Card, typed: QueryDict, refusal: Invalid | None, ticked_first: Collection[int]
) -> Row:
    key = str(each.product.id)
    shared = {name: getattr(card, name) for name in Row._fields if name in Card._fields}
    shared |= {"why": because_words(each, visit.on), "quantity": typed.get(f"{QUANTITY}{key}", card.quantity)}
    return Row(
        **shared,
        key=key,
        sure=sure_words(each),
        share=share_words(each),
        error=str(refusal.detail) if refusal and refusal.facts["sku"] == card.sku else "",
        is_ticked=key in typed.getlist(LINE) if refusal else each.product.id in ticked_first,
    )
