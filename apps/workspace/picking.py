"""The picker's pages: what is to be picked, one shipment after the other, on whatever screen is at hand."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.downloads import download
from apps.core.errors import Invalid
from apps.core.lists import whole
from apps.fulfilment import papers
from apps.fulfilment.errors import ShipmentNotFound
from apps.fulfilment.hints import hints_of
from apps.fulfilment.selectors import picking as selectors
from apps.fulfilment.selectors.inserts import to_put_in
from apps.fulfilment.services import Packed, confirm_picks
from apps.workspace.desk import at_desk

WORKS_HERE = "shipment.dispatch"
MOST_BOXES = 20


@require_safe
@at_desk(WORKS_HERE)
def waves(request: HttpRequest) -> HttpResponse:
    context = {"section": "picking", "waves": selectors.waves(request.desk.actor)}
    return render(request, "workspace/picking/waves.html", context)


@require_safe
@at_desk(WORKS_HERE)
def wave(request: HttpRequest, wave_id: int) -> HttpResponse:
    """The shipments of a wave; a number that is scanned or typed opens its shipment."""
    shown = selectors.wave_for(request.desk.actor, wave_id)
    shipments = selectors.shipments_of_wave(shown)
    scanned = request.GET.get("scan", "").strip().upper()
    if scanned in {each.number for each in shipments}:
        return redirect("workspace:pick_shipment", wave_id, scanned)
    if scanned:
        messages.warning(request, _("%(code)s is not in this wave.") % {"code": scanned[:40]})
    waiting = [each for each in shipments if each.status == "planned" and not each.picked_at]
    context = {
        "section": "picking",
        "wave": shown,
        "trail": [(_("Picking"), reverse("workspace:picking")), (shown.number, "")],
        "waiting": waiting,
        "done": [each for each in shipments if each not in waiting],
    }
    return render(request, "workspace/picking/wave.html", context)


@require_safe
@at_desk(WORKS_HERE)
def pick_list(request: HttpRequest, wave_id: int) -> HttpResponse:
    shown = selectors.wave_for(request.desk.actor, wave_id)
    return download(papers.pick_list(shown), "pdf", f"pick-list-{shown.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(WORKS_HERE)
def shipment(request: HttpRequest, wave_id: int, number: str) -> HttpResponse:
    """What is picked for one shipment, and into which box it goes."""
    desk, shown_wave = request.desk, selectors.wave_for(request.desk.actor, wave_id)
    shown = selectors.shipment_to_pick(desk.actor, number)
    if shown.wave_id != shown_wave.pk:
        raise ShipmentNotFound()
    if request.method == "POST":
        picked, parcels = _said(request, shown)
        after = confirm_picks(desk.actor, shown, picked, parcels=parcels, put_in=_put_in(request), now=desk.now)
        _tell(request, shown, picked, after)
        return redirect("workspace:wave", wave_id)
    context = {
        "section": "picking",
        "wave": shown_wave,
        "shipment": shown,
        "picks": selectors.picks_of([shown])[shown.pk],
        "inserts": to_put_in([shown]).get(shown.pk, ()),
        "hints": hints_of(shown.goes),
        "is_open": shown.status == "planned" and shown.picked_at is None,
        "trail": [
            (_("Picking"), reverse("workspace:picking")),
            (shown_wave.number, reverse("workspace:wave", args=[wave_id])),
            (number, ""),
        ],
    }
    return render(request, "workspace/picking/shipment.html", context)


def _said(request: HttpRequest, shown) -> tuple[dict[int, int], list[Packed]]:
    """What was picked of each line, and the boxes: those that were named, with what was put into each."""
    picked, boxes = {}, {}
    for line in shown.lines.all():
        quantity = whole(request.POST.get(f"picked-{line.pk}", line.quantity))
        split = _boxes_of(request, line)
        if quantity is None or split is None:
            words = _("Say how many %(sku)s were picked, and into which box from 1 to %(most)s, in whole numbers.")
            raise Invalid(words % {"sku": line.order_line.sku, "most": MOST_BOXES})
        first, more = split
        if sum(more.values()) > quantity:
            words = _("More of %(sku)s goes into further boxes than was picked of it; count again.")
            raise Invalid(words % {"sku": line.order_line.sku})
        picked[line.pk] = quantity
        if line.order_line.product.kind == "goods":
            parts = Counter(more) + Counter({first: quantity - sum(more.values())})
            for box, part in (+parts).items():
                boxes.setdefault(box, {})[line.pk] = part
    numbers = [each.strip() for each in request.POST.get("tracking", "").splitlines() if each.strip()]
    if len(numbers) > len(boxes):
        raise Invalid(_("There are more tracking numbers than boxes: one a line, in the order of the boxes."))
    numbers += [""] * (len(boxes) - len(numbers))
    return picked, [Packed(numbers[at], boxes[box]) for at, box in enumerate(sorted(boxes))]


def _boxes_of(request: HttpRequest, line) -> tuple[int, Counter[int]] | None:
    """The box of a line, and what of it goes into others (box -> quantity); None where that cannot be read."""
    more: Counter[int] = Counter()
    said = zip(
        request.POST.getlist(f"more-box-{line.pk}"), request.POST.getlist(f"more-quantity-{line.pk}"), strict=False
    )
    for box, quantity in said:
        if box.strip() or quantity.strip():
            box, quantity = whole(box), whole(quantity)
            if box is None or quantity is None or not 1 <= box <= MOST_BOXES or quantity < 0:
                return None
            more[box] += quantity
    first = whole(request.POST.get(f"box-{line.pk}", 1))
    return (first, +more) if first is not None and 1 <= first <= MOST_BOXES else None


def _put_in(request: HttpRequest) -> set[int] | None:
    """The ids that are ticked; None where the page did not ask."""
    if "asked-inserts" not in request.POST:
        return None
    return {pk for pk in map(whole, request.POST.getlist("put-in")) if pk is not None}


def _tell(request: HttpRequest, shown, picked: dict[int, int], after) -> None:
    short = [line for line in shown.lines.all() if picked[line.pk] < line.quantity]
    if not short:
        messages.success(request, _("%(number)s is picked.") % {"number": shown.number})
        return
    words = ngettext(
        "%(number)s: %(lines)s line is short. The rest is promised anew, and the buyer is told.",
        "%(number)s: %(lines)s lines are short. The rest is promised anew, and the buyer is told.",
        len(short),
    )
    messages.warning(request, words % {"number": shown.number, "lines": len(short)})
    if after.status == "cancelled":
        messages.info(request, _("Nothing of it was found: %(number)s is called off.") % {"number": shown.number})
