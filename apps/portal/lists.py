"""Lists: what is ordered again and again, by one's own hand or shared within the account."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.buttons import decision
from apps.core.errors import Invalid
from apps.core.formatting import Words
from apps.core.lists import whole
from apps.core.sheets import guarded
from apps.ordering import selectors
from apps.ordering.errors import ListRefused
from apps.ordering.services import lists as services
from apps.portal.access import in_account
from apps.portal.list_lines import lines_in_words
from apps.portal.quick_order_lines import lines_said
from apps.recommendations.services import note_added

QUANTITY, PAR, NOTE, SHELF, LINE = "quantity-", "par-", "note-", "shelf-", "line"
#: Orders of a list besides the one in which its lines were put on it.
SORTS = {
    "latest": lambda view: -view.line.pk,
    "name": lambda view: (view.product.name.casefold(), view.line.pk),
    "sku": lambda view: view.product.sku,
}
BUTTONS = ("keep", "order", "chosen", "par", "remove", "copy")


@require_http_methods(["GET", "HEAD", "POST"])
@in_account()
def overview(request: HttpRequest) -> HttpResponse:
    """One's own lists and the shared ones; POST makes one."""
    refusal = None
    if request.method == "POST":
        said = {"name": request.POST.get("name", ""), "shared": bool(request.POST.get("shared"))}
        try:
            made = services.make_list(request.actor, **said, now=request.visit.now)
            return redirect("portal:list", list_id=made.pk)
        except ListRefused as error:
            refusal = error
    context = {
        "section": "lists",
        "lists": selectors.lists_of(request.actor),
        "me": None if request.actor.acting_for else request.actor.contact_id,
        "refusal": refusal,
        "name": request.POST.get("name", ""),
    }
    return render(request, "portal/lists/overview.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account()
def page(request: HttpRequest, list_id: int) -> HttpResponse:
    """A list with its lines; POST orders from it, keeps what was typed, or takes lines off."""
    kept = selectors.list_for(request.actor, list_id)
    if request.method != "POST":
        return _page(request, kept)
    try:
        return _done(request, kept, decision(request, *BUTTONS))
    except Invalid as refusal:
        if "sku" not in refusal.facts:
            raise
        return _page(request, kept, refusal=refusal)


def _done(request: HttpRequest, kept, button: str) -> HttpResponse:
    actor, now = request.actor, request.visit.now
    chosen = [pk for each in request.POST.getlist(LINE) if (pk := whole(each)) is not None]
    if button == "keep":
        services.change_lines(actor, kept, _changes(request), now=now)
        messages.success(request, _("The list is kept as it stands now."))
    elif button == "remove":
        removed = services.remove_lines(actor, kept, chosen, now=now)
        messages.info(
            request,
            lines_said(
                ngettext("%(lines)s line taken off the list.", "%(lines)s lines taken off the list.", removed), removed
            ),
        )
    elif button == "copy":
        lines = "&".join(f"{LINE}={pk}" for pk in chosen)
        return redirect(f"{reverse('portal:list_add')}?list={kept.pk}{'&' if lines else ''}{lines}")
    else:
        return _ordered(request, kept, button, chosen)
    return redirect("portal:list", list_id=kept.pk)


def _ordered(request: HttpRequest, kept, button: str, chosen: list[int]) -> HttpResponse:
    actor, now = request.actor, request.visit.now
    if button == "par":
        ordered = services.fill_to_par(actor, kept, _fields(request, SHELF), now=now)
    else:
        typed = _fields(request, QUANTITY)
        wanted = typed if button == "order" else {pk: typed[pk] for pk in chosen if pk in typed}
        ordered = services.order_list(actor, kept, wanted, now=now)
    note_added(actor, [each.line.product.sku for each in ordered.added], "", now=now)
    _tell(request, ordered)
    return redirect("portal:cart") if ordered.added else redirect("portal:list", list_id=kept.pk)


def _tell(request: HttpRequest, ordered: services.Ordered) -> None:
    """What came of ordering: nothing is left out silently."""
    write = Words().number
    if ordered.added:
        messages.success(
            request,
            lines_said(
                ngettext(
                    "%(lines)s line put into your cart.", "%(lines)s lines put into your cart.", len(ordered.added)
                ),
                len(ordered.added),
            ),
        )
    else:
        messages.info(request, _("Nothing was put into your cart."))
    for added in ordered.added:
        if added.message:
            messages.info(request, added.message)
    if ordered.gone:
        messages.warning(request, _("No longer sold: %(skus)s.") % {"skus": ", ".join(ordered.gone)})
    if ordered.full:
        words = ngettext("%(n)s line is at par.", "%(n)s lines are at par.", ordered.full)
        messages.info(request, words % {"n": write(ordered.full)})
    if ordered.uncounted:
        words = ngettext(
            "%(n)s line has no count or no par.", "%(n)s lines have no count or no par.", ordered.uncounted
        )
        messages.warning(request, words % {"n": write(ordered.uncounted)})


def _fields(request: HttpRequest, prefix: str) -> dict[int, str]:
    """What was typed into the fields whose names begin so, by line."""
    return {
        pk: value.strip()
        for name, value in request.POST.items()
        if name.startswith(prefix) and (pk := whole(name.removeprefix(prefix))) is not None
    }


def _changes(request: HttpRequest) -> dict[int, tuple[str, str, str]]:
    pars, notes = _fields(request, PAR), _fields(request, NOTE)
    quantities = _fields(request, QUANTITY)
    return {pk: (quantity, pars.get(pk, ""), notes.get(pk, "")) for pk, quantity in quantities.items()}


def _page(request: HttpRequest, kept, *, refusal=None) -> HttpResponse:
    visit = request.visit
    views = selectors.list_page(visit.actor, kept, visit.destination, visit.now)
    sort = request.GET.get("sort", "")
    if sort in SORTS:
        views.sort(key=SORTS[sort])
    typed = {name: _fields(request, name) for name in (QUANTITY, PAR, NOTE, SHELF)} if refusal else {}
    nets = [view.net for view in views if view.net is not None and not view.problem]
    context = {
        "section": "lists",
        "kept": kept,
        "sort": sort if sort in SORTS else "",
        "lines": lines_in_words(views, typed, refusal),
        "has_pars": any(view.line.par for view in views),
        "governs": selectors.governs(visit.actor, kept),
        "goods_net": sum(nets) if nets else None,
        "currency": visit.account.currency,
        "trail": [(_("Lists"), reverse("portal:lists")), (kept.name, "")],
        "refusal": refusal,
    }
    return render(request, "portal/lists/page.html", context, status=422 if refusal else 200)


@require_POST
@in_account("cart.edit")
def about(request: HttpRequest, list_id: int) -> HttpResponse:
    """Name, share or annotate a list."""
    kept = selectors.list_for(request.actor, list_id)
    said = {name: request.POST.get(name, "") for name in ("name", "note")}
    services.change_list(request.actor, kept, **said, shared=bool(request.POST.get("shared")), now=request.visit.now)
    messages.success(request, _("The list is kept as it stands now."))
    return redirect("portal:list", list_id=kept.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def delete(request: HttpRequest, list_id: int) -> HttpResponse:
    """The question whether, and by POST the deed."""
    kept = selectors.list_for(request.actor, list_id)
    if request.method != "POST":
        lines = len(selectors.list_lines(kept))
        return render(request, "portal/lists/delete.html", {"section": "lists", "kept": kept, "lines": lines})
    services.delete_list(request.actor, kept, now=request.visit.now)
    messages.info(request, _("The list %(name)s is deleted.") % {"name": kept.name})
    return redirect("portal:lists")


@require_safe
@in_account()
def export(request: HttpRequest, list_id: int) -> HttpResponse:
    """The list as a csv, which the quick order reads again."""
    kept = selectors.list_for(request.actor, list_id)
    headers = {
        "Content-Disposition": f'attachment; filename="list-{kept.pk}.csv"',
        "Cache-Control": "private, no-store",
    }
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["SKU", "Quantity", "Par", "Name", "Note"])
    for line in selectors.list_lines(kept):
        par = "" if line.par is None else line.par
        row = (line.product.sku, line.quantity, par, line.product.name, line.note)
        writer.writerow([guarded(str(cell)) for cell in row])
    return answer
