"""The quick order: codes of any kind with quantities, typed, scanned, pasted or uploaded, each line answered.

1. What is sent becomes lines of the contact's quick order and is kept there; a page shows a hundred of them.
2. Every change answers the whole order anew: prices and dates are those of now.
3. What is ready goes into the cart with one button, once; what is not stays to be mended.
"""

from hashlib import file_digest
from uuid import uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from apps.catalogue.selectors import product_for
from apps.core.errors import Refusal
from apps.core.formatting import Words
from apps.core.lists import whole
from apps.core.text import bare, folded
from apps.ordering import selectors
from apps.ordering.errors import NothingToRead
from apps.ordering.rules.sheets import LONGEST_CODE, MOST_LINES, Understood, Wish, read_text
from apps.ordering.services import quick_orders as services
from apps.portal.access import in_account
from apps.portal.cards import SOURCE
from apps.portal.order_files import understood
from apps.portal.quick_order_lines import lines_in_words, lines_said
from apps.recommendations.services import note_added

PAGE = 100
SHOWS = (
    ("", gettext_lazy("All")),
    ("waiting", gettext_lazy("To mend")),
    ("ready", gettext_lazy("Ready")),
)
CODE, QUANTITY, PLACE = "code-", "quantity-", "place-"


@never_cache
@require_safe
@in_account("cart.edit")
def quick_order(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_safe
@in_account("cart.edit")
def answer(request: HttpRequest) -> HttpResponse:
    """What a code and a quantity come to while they are typed; nothing is kept."""
    wish = Wish(folded(request.GET.get("code", ""))[:LONGEST_CODE], folded(request.GET.get("quantity", "")) or "1")
    visit = request.visit
    if not wish.code:
        return HttpResponse()
    answers = selectors.answers_for(visit.actor, [wish], visit.destination, visit.now)
    nearest = selectors.nearest_to(visit.actor, answers.lines)
    line = lines_in_words([(0, 0, answers.lines[0])], nearest, {}, (), choice="portal/quick_order/_offered.html")
    return render(request, "portal/quick_order/_answer.html", {"lines": line, "line": line[0]})


@require_POST
@in_account("cart.edit")
def add(request: HttpRequest) -> HttpResponse:
    """One line, typed or scanned: its code and quantity, or the SKU of one of the products offered for it."""
    code = folded(request.POST.get("sku", "")) or folded(request.POST.get("code", ""))
    if not code:
        raise NothingToRead(_("Type or scan a code first."))
    quantity = folded(request.POST.get("quantity", "")) or "1"
    line = services.add_one(request.actor, code, quantity, now=request.visit.now)
    if source := request.GET.get(SOURCE):
        note_added(request.actor, [code], source, now=request.visit.now)
    if line.quantity != quantity:
        messages.info(request, _("%(code)s: now %(quantity)s.") % {"code": line.code, "quantity": line.quantity})
    if request.htmx and not request.htmx.target:
        return HttpResponseClientRefresh()  # added from a suggestion below the lines: they are shown with it
    return _changed(request)


@require_POST
@in_account("cart.edit")
def paste(request: HttpRequest) -> HttpResponse:
    """Lines of a text, as they were copied out of a sheet or an e-mail."""
    text = request.POST.get("text", "")
    try:
        return _taken(request, read_text(text, places=_names(request)))
    except Refusal as refusal:
        return _page(request, pasted=text, paste_error=refusal.detail)


@require_POST
@in_account("cart.edit")
def upload(request: HttpRequest) -> HttpResponse:
    """Lines of a csv or xlsx file."""
    file = request.FILES.get("file")
    columns = [request.POST.get(f"{name}_column", "") for name in ("code", "quantity", "place")]
    try:
        if file is None:
            raise NothingToRead(_("Choose a file first."))
        read = understood(file, columns, _names(request))
        answer = _taken(request, read)
        _note(request, file, wishes=read.wishes)
        return answer
    except Refusal as refusal:
        if file is not None:
            _note(request, file, why=refusal.detail)
        return _page(request, upload_error=refusal.detail)


def _note(request: HttpRequest, file: UploadedFile, **how) -> None:
    """Whoever got stuck with a file of their own is helped without asking; one file counts once."""
    file.seek(0)
    content = file_digest(file, "sha256").hexdigest()
    services.note_upload(request.actor, file.name, content, **how, now=request.visit.now)


def _names(request: HttpRequest) -> set[str]:
    """The codes and names of the ship-tos, by which a column of them is known that has no heading."""
    return {bare(name) for each in request.visit.ship_tos for name in (each.code, each.name)} - {""}


def _taken(request: HttpRequest, read: Understood) -> HttpResponse:
    if read.too_many:
        raise services.too_many(read.too_many)
    if read.lost_place:
        words = _(
            "There is no column “%(name)s” for the ship-tos. Write its heading as it stands there, or its letter."
        )
        raise NothingToRead(words % {"name": read.lost_place})
    if not read.wishes:
        raise NothingToRead(_("There is no line with a code in it."))
    key = request.POST.get("key", "")[:40]
    if lines := services.add_wishes(request.actor, read.wishes, key=key, now=request.visit.now):
        messages.success(request, _read_words(lines, read))
    return redirect("portal:quick_order")


def _read_words(lines: int, read: Understood) -> str:
    said = ngettext("%(lines)s line read.", "%(lines)s lines read.", lines) % {"lines": Words().number(lines)}
    if read.titles:
        left_out = ngettext(
            "%(lines)s line above the headings left out.", "%(lines)s lines above the headings left out.", read.titles
        )
        said = f"{said} {left_out % {'lines': read.titles}}"
    if read.headings is None:
        return said
    code, quantity = read.headings
    words = _("Codes are from the column “%(code)s”, quantities from “%(quantity)s”.") if quantity else _(
        "Codes are from the column “%(code)s”; no column of quantities was found."
    )  # fmt: skip
    said = f"{said} {words % {'code': code, 'quantity': quantity}}"
    if not read.place_heading:
        return said
    return f"{said} {_('Ship-tos are from the column “%(place)s”.') % {'place': read.place_heading}}"


@require_POST
@in_account("cart.edit")
def lines(request: HttpRequest) -> HttpResponse:
    """Codes, quantities and ship-tos as they are typed now; a product or a ship-to chosen for a line; a line taken
    out."""
    visit = request.visit
    services.change_lines(visit.actor, _typed(request), now=visit.now)
    if line_id := whole(request.POST.get("remove", "")):
        services.remove_lines(visit.actor, [line_id], now=visit.now)
    if choice := request.POST.get("choice"):
        chosen, _colon, sku = choice.partition(":")
        services.choose(visit.actor, whole(chosen) or 0, product_for(visit.actor, sku), now=visit.now)
    if there := request.POST.get("there"):
        meant, _colon, code = there.partition(":")
        services.send_to(visit.actor, whole(meant) or 0, folded(code), now=visit.now)
    return _changed(request)


def _typed(request: HttpRequest) -> dict[int, list[str]]:
    posted = request.POST
    ids = [whole(name.removeprefix(CODE)) for name in posted if name.startswith(CODE)]
    return {
        line_id: [
            folded(posted.get(f"{name}{line_id}", ""))
            for name in (CODE, QUANTITY, PLACE)
            if name != PLACE or f"{PLACE}{line_id}" in posted
        ]
        for line_id in ids
        if line_id is not None and f"{CODE}{line_id}" in posted
    }


@require_POST
@in_account("cart.edit")
def clear(request: HttpRequest) -> HttpResponse:
    removed = services.remove_lines(request.actor, now=request.visit.now)
    messages.info(
        request, lines_said(ngettext("%(lines)s line taken out.", "%(lines)s lines taken out.", removed), removed)
    )
    return redirect("portal:quick_order")


@require_POST
@in_account("cart.edit")
def fill_cart(request: HttpRequest) -> HttpResponse:
    """What is ready into the cart, once however often the button is pressed."""
    filled = services.fill_cart(request.actor, request.POST.get("key", ""), now=request.visit.now)
    note_added(request.actor, filled.skus, "", now=request.visit.now)
    if filled.before:
        messages.info(request, _("That is in your cart already; nothing was put in twice."))
    elif filled.lines:
        messages.success(
            request,
            lines_said(
                ngettext("%(lines)s line put into your cart.", "%(lines)s lines put into your cart.", filled.lines),
                filled.lines,
            ),
        )
    if filled.left and not filled.before:
        words = ngettext(
            "%(lines)s line stays here to be mended.", "%(lines)s lines stay here to be mended.", filled.left
        )
        messages.warning(request, words % {"lines": Words().number(filled.left)})
    return redirect("portal:quick_order" if filled.left else "portal:cart")


def _changed(request: HttpRequest) -> HttpResponse:
    return _page(request) if request.htmx else redirect(_address(*_place(request)))


def _page(request: HttpRequest, **more) -> HttpResponse:
    visit, (show, page) = request.visit, _place(request)
    view = selectors.quick_order_of(visit.actor, visit.destination, visit.now)
    numbered = list(zip(range(len(view.line_ids)), view.line_ids, view.answers.lines, strict=True))
    kept = [row for row in numbered if not show or row[2].is_ready == (show == "ready")]
    page = min(page, max((len(kept) - 1) // PAGE + 1, 1))
    shown = kept[(page - 1) * PAGE : page * PAGE]
    on_page = [each for _place, _key, each in shown]
    nearest, alike = selectors.nearest_to(visit.actor, on_page), selectors.alike_to(visit.actor, on_page)
    several = len(visit.ship_tos) > 1 or any(each.wish.place for each in view.answers.lines)
    context = {
        "section": "quick_order",
        "view": view,
        "answers": view.answers,
        "lines": lines_in_words(shown, nearest, alike, visit.ship_tos if several else ()),
        "ship_tos": visit.ship_tos if several else (),
        "has_places": several,
        "tabs": _tabs(view.answers, show),
        "show": show,
        "page": page,
        "most": MOST_LINES,
        "sending": uuid4().hex,
        **_paging(show, page, len(kept)),
        **more,
    }
    is_fragment = request.htmx and request.method == "POST"
    template = "portal/quick_order/_changed.html" if is_fragment else "portal/quick_order/page.html"
    return render(request, template, context, status=422 if more else 200)


def _place(request: HttpRequest) -> tuple[str, int]:
    """What is shown, and which page of it."""
    asked = request.POST if request.method == "POST" else request.GET
    show = asked.get("show", "")
    return show if show in dict(SHOWS) else "", max(whole(asked.get("page", "")) or 1, 1)


def _address(show: str, page: int) -> str:
    query = "&".join(f"{name}={value}" for name, value in (("show", show), ("page", page if page > 1 else "")) if value)
    return reverse("portal:quick_order") + (f"?{query}" if query else "")


def _tabs(answers, show: str) -> list[dict]:
    counts = {"": len(answers.lines), "waiting": answers.waiting, "ready": answers.ready}
    return [
        {"label": label, "url": _address(each, 1), "current": each == show, "count": counts[each]}
        for each, label in SHOWS
    ]


def _paging(show: str, page: int, lines: int) -> dict:
    write, first, last = Words().number, (page - 1) * PAGE + 1, min(page * PAGE, lines)
    said = _("Lines %(first)s to %(last)s of %(all)s")
    return {
        "previous_url": _address(show, page - 1) if page > 1 else "",
        "next_url": _address(show, page + 1) if page * PAGE < lines else "",
        "summary": said % {"first": write(first), "last": write(last), "all": write(lines)} if lines > PAGE else "",
    }
