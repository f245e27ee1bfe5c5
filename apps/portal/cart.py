"""The cart: quantities in packs, this account's prices, what is short and when it comes."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from apps.catalogue.errors import QuantityRefused
from apps.catalogue.selectors import in_readers_language, product_for
from apps.core.formatting import Words
from apps.core.lists import whole
from apps.core.text import isolated
from apps.ordering import selectors
from apps.ordering.services import carts, quotes
from apps.portal.access import back, in_account
from apps.portal.cards import (
    SOURCE,
    addresses_of,
    availability_of,
    least_ask,
    numbered,
    picture_of,
    price_words,
    promise_words,
    unit_words,
)
from apps.portal.sums import goods_rows
from apps.pricing.errors import CouponRefused
from apps.pricing.words import COUPON_REFUSED
from apps.recommendations.services import note_added

LINE = "quantity-"
PAGE = 200  # lines: an upload may bring thousands


@never_cache  # Back must not bring lines that have been ordered since
@require_safe
@in_account("cart.edit")
def cart(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@in_account("cart.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Put a quantity of a SKU into the cart, and stay where one is."""
    product = product_for(request.actor, request.POST.get("sku", ""))
    added = carts.add_to_cart(request.actor, product.id, request.POST.get("quantity", ""), now=request.visit.now)
    note_added(request.actor, [product.sku], request.GET.get(SOURCE, ""), now=request.visit.now)
    words = _("%(quantity)s of %(name)s are in your cart.") if added.quantity > 1 else _("%(name)s is in your cart.")
    told = words % {"quantity": added.quantity, "name": product.name}
    messages.success(request, f"{told} {added.message}".strip())
    if request.htmx and request.htmx.current_url_abs_path == reverse("portal:cart"):
        return HttpResponseClientRefresh()  # added from a suggestion below the cart: the cart is shown with it
    return render(request, "portal/_added.html") if request.htmx else back(request, "portal:cart")


@require_POST
@in_account("cart.edit")
def update(request: HttpRequest) -> HttpResponse:
    """Set the quantities of the lines as typed; what cannot be ordered is said beside its line, and nothing changes."""
    typed = {
        line_id: value.strip()
        for name, value in request.POST.items()
        if name.startswith(LINE) and (line_id := whole(name.removeprefix(LINE))) is not None
    }
    try:
        changed = carts.set_quantities(request.actor, typed, now=request.visit.now)
    except QuantityRefused as refusal:
        return _page(request, typed=typed, refusal=refusal)
    for added in changed:
        if added.message:
            messages.info(request, added.message)
    return _changed(request)


@require_POST
@in_account("cart.edit")
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    line = carts.remove_line(request.actor, line_id, now=request.visit.now)
    messages.info(request, _("%(name)s is out of your cart.") % {"name": line.product.name})
    return _changed(request)


@require_POST
@in_account("cart.edit")
def empty(request: HttpRequest) -> HttpResponse:
    lines = carts.empty_cart(request.actor, now=request.visit.now)
    words = ngettext("%(lines)s line is out of your cart.", "%(lines)s lines are out of your cart.", lines)
    messages.info(request, words % {"lines": lines})
    return _changed(request)


@require_POST
@in_account("cart.edit")
def coupon(request: HttpRequest) -> HttpResponse:
    """Keep a code with the cart, or take it out; what it cannot do is said beside it."""
    typed = request.POST.get("code", "")
    try:
        carts.set_coupon(request.actor, typed, now=request.visit.now)
    except CouponRefused as refusal:
        return _page(request, code=typed[:30], code_refusal=refusal)
    return _changed(request)


@require_POST
@in_account("quote.request")
def request_quote(request: HttpRequest) -> HttpResponse:
    """Ask the rep for a price for everything in the cart."""
    quote = quotes.request_quote(request.actor, message=request.POST.get("message", ""), now=request.visit.now)
    messages.success(request, _("Your request is with your rep, who will answer here and by e-mail."))
    return redirect("portal:quote", number=quote.number)


def _page(
    request: HttpRequest, *, typed: dict | None = None, refusal=None, code: str = "", code_refusal=None
) -> HttpResponse:
    view = selectors.cart_of(request.actor, request.visit.now)
    page = min(_page_asked(request), max(-(-len(view.lines) // PAGE), 1))
    shown = view.lines[(page - 1) * PAGE : page * PAGE]
    context = {
        "section": "cart",
        "cart": view,
        "lines": _lines(view, shown, typed or {}, refusal, can_split=len(request.visit.ship_tos) > 1),
        **_paging(page, len(view.lines)),
        "rows": goods_rows(view.totals),
        "total_label": _("Total before delivery"),
        "refusal": refusal,
        "code": code,
        "code_error": str(code_refusal.detail) if code_refusal else "",
        "code_lacks": COUPON_REFUSED.get(view.coupon.refused, "") if view.coupon else "",
    }
    is_page = not request.htmx or request.method == "GET"
    template = "portal/cart/page.html" if is_page else "portal/cart/_changed.html"
    return render(request, template, context, status=422 if (refusal or code_refusal) and is_page else 200)


def _page_asked(request: HttpRequest) -> int:
    asked = request.POST if request.method == "POST" else request.GET
    return max(whole(asked.get("page", "")) or 1, 1)


def _paging(page: int, lines: int) -> dict[str, str]:
    """Which lines are shown, and the ways to the others; nothing where all are."""
    write, said = Words().number, _("Lines %(first)s to %(last)s of %(all)s")
    figures = {"first": write((page - 1) * PAGE + 1), "last": write(min(page * PAGE, lines)), "all": write(lines)}
    return {
        "page": str(page) if lines > PAGE else "",
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if page * PAGE < lines else "",
        "summary": said % figures if lines > PAGE else "",
    }


class Line(NamedTuple):
    """A line of the cart in words: see portal/cart/_line.html and `core.rows`."""

    key: str
    sku: str
    name: str
    url: str
    brand: str
    picture: str
    quantity: str
    minimum: str
    step: str
    label: str
    uom: str
    amount: str
    on_request: bool
    source: str
    source_name: str
    break_price: str
    break_quantity: str
    more_for_break: str
    state: str
    on_hand: str
    arrives_on: str
    promise: str
    short: str
    net: str
    remove_url: str
    not_on_sale: bool
    outside: bool
    unpriced: bool
    not_left: bool
    ship_to_gone: bool
    places: str
    split_url: str
    error: str


def _places(each, write: Words) -> str:
    """To which addresses a line goes and when, where that is not all to the usual one."""
    dated, undated = _("%(quantity)s to %(place)s, arrives %(day)s"), _("%(quantity)s to %(place)s")
    words = []
    for part in each.shares:
        day = write.short_date(part.arrives_on) if part.arrives_on else ""
        said = {"quantity": write.number(part.quantity), "place": isolated(part.ship_to.name), "day": day}
        words.append((dated if day else undated) % said)
    return " · ".join(words)


def _lines(view, shown, typed: dict, refusal, *, can_split: bool) -> list[Line]:
    """The lines shown in words, with what was typed and what is wrong with it; what all share is looked up once."""
    write, url_of, remove_url_of = Words(), addresses_of("portal:product"), numbered("portal:cart_remove")
    split_url_of = numbered("portal:cart_split")
    label, wrong_sku = _("Quantity, %(name)s"), refusal.facts.get("sku") if refusal else None
    in_readers_language([each.product for each in view.lines])
    return [
        Line(
            key=str(each.line.pk),
            sku=product.sku,
            name=product.name,
            url=url_of(product.sku),
            brand=product.brand_name,
            picture=picture_of(product),
            quantity=str(typed.get(each.line.pk, each.quantity)),
            minimum=str(least_ask(product).quantity),
            step=str(product.order_multiple),
            label=label % {"name": product.name},
            uom=str(unit_words(product.uom)),
            **price_words(each.decision, write),
            more_for_break=write.number(each.more_for_break) if each.more_for_break else "",
            **promise_words(availability_of(product, each.promise, each.arrives_on), write, in_full=True),
            short=write.number(each.short) if 0 < each.short < each.quantity and not each.is_service else "",
            net=write.money(each.net, view.currency) if each.net is not None else "",
            remove_url=remove_url_of(each.line.pk),
            not_on_sale=each.problem == "not_on_sale",
            outside=each.problem == "outside_assortment",
            unpriced=each.problem == "price_on_request",
            not_left=each.problem == "not_left",
            ship_to_gone=each.problem == "ship_to_gone",
            places=_places(each, write),
            split_url=split_url_of(each.line.pk) if can_split else "",
            error=str(refusal.detail) if wrong_sku == product.sku else "",
        )
        for each in shown
        for product in (each.product,)
    ]


def _changed(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return _page(request)
    page = _page_asked(request)
    return redirect(reverse("portal:cart") + (f"?page={page}" if page > 1 else ""))
