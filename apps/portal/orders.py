"""Orders: the list, and one page that tells the whole story of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.cases.selectors import cases_of_order, title_for
from apps.cases.selectors.returns import may_be_returned, returns_of_order
from apps.catalogue.selectors import without_page
from apps.core.lists import page_urls, paging, searched, status_of, tabs_of, whole
from apps.feedback.selectors import questions_for_shipments
from apps.fulfilment.rules import is_overdue
from apps.fulfilment.selectors import open_slips_of, shipments_of, shipping_of, slips_of
from apps.fulfilment.selectors.inserts import in_the_parcels
from apps.fulfilment.selectors.proofs import may_be_faulted, proofs_of
from apps.invoicing.selectors import invoices_of_order, issuer
from apps.ordering import selectors
from apps.ordering.rules.statuses import NOT_THEIRS
from apps.ordering.selectors.again import who_ordered
from apps.ordering.services import orders as services
from apps.ordering.services.amending import AMENDABLE
from apps.ordering.words import way_words
from apps.portal.access import in_account
from apps.portal.story import entries_of
from apps.portal.sums import delivery_name, order_rows
from apps.portal.views_menu import menu_of

TABS = (
    ("open", gettext_lazy("Open")),
    ("", gettext_lazy("All")),
    ("delivered", gettext_lazy("Delivered")),
    ("cancelled", gettext_lazy("Cancelled")),
)
CANCELLABLE = ("awaiting_approval", "awaiting_release", "awaiting_payment", "placed")


@require_safe
@in_account("order.read")
def orders(request: HttpRequest) -> HttpResponse:
    menu = menu_of(request, "orders")
    if menu and menu.opens:
        return menu.opens
    status, text = status_of(request, TABS), searched(request)
    people = who_ordered(request.actor)
    by = whole(request.GET.get("by", ""))
    by = by if by in dict(people) else None
    page = selectors.orders_of(request.actor, status=status or None, text=text, contact_id=by, **paging(request))
    context = {
        "section": "orders",
        "page": page,
        "text": text,
        "status": status,
        "menu": menu,
        "people": people,
        "by": by,
        "me": request.actor.contact_id,
        "tabs": tabs_of(request, TABS, status, by=by, all=1),
        **page_urls(request, page),
    }
    return render(request, "portal/orders/list.html", context)


@require_safe
@in_account("order.read")
def order(request: HttpRequest, number: str) -> HttpResponse:
    page = selectors.order_page(request.actor, number)
    visit, shipments = request.visit, shipments_of(request.actor, page.order)
    there, proofs = page.order.time_zone, proofs_of(shipments)
    presents = in_the_parcels(request.actor, shipments)
    slips = slips_of(visit.actor, page.order)
    late = open_slips_of(slips) if page.order.status in page.order.OPEN else []
    by_line = {slip.order_line_id: slip for slip in late}
    for line in page.lines:
        line.slip = by_line.get(line.pk)
    for shipment in shipments:
        shipment.presents = presents.get(shipment.pk, ())
        shipment.proof = next(iter(proofs.get(shipment.pk, ())), None)
    cases = cases_of_order(visit.actor, page.order.pk)
    questions = questions_for_shipments(visit.actor, [shipment.pk for shipment in shipments], now=visit.now)
    context = {
        "section": "orders",
        "is_own": page.order.contact_id is not None and page.order.contact_id == visit.actor.contact_id,
        "about": f"order:{page.order.number}",
        "order": page.order,
        "page": page,
        "payment": way_words(page.order.way),
        "going": page.places[0].terms,
        "pay_to": issuer() if page.order.status == "awaiting_payment" else None,
        "without_page": without_page(visit.actor, [line.product for line in page.lines]),
        "trail": [(_("Orders"), reverse("portal:orders")), (number, "")],
        "rows": order_rows(page.totals, delivery_name=delivery_name(page.places)),
        "shipments": shipments,
        "faultable": may_be_faulted(shipments, visit.now),
        "shipping": shipping_of(page.order, shipments) if visit.may("order.place") else None,
        "delivered_on": max((each.delivered_on for each in shipments if each.delivered_on), default=None),
        "question": next(iter(questions.values()), None),
        "invoices": invoices_of_order(visit.actor, page.order) if visit.may("invoice.read") else [],
        "cases": [(case, title_for(visit.actor, case)) for case in cases],
        "returns": returns_of_order(visit.actor, page.order),
        "can_return": visit.may("return.request") and may_be_returned(page.order, page.lines),
        "open_case": next((case for case in cases if case.is_open), None),
        "entries": entries_of(page, shipments),
        "waiting": page.order.status in ("awaiting_approval", "awaiting_release", "awaiting_payment"),
        "is_late": is_overdue(page.order.promised_on, visit.now, there),
        "can_change": _can_change(visit, page.order, page.lines),
        "late": late,
        "late_asks": any(not slip.choice for slip in late) and page.order.status in AMENDABLE,
        "comes_on": max((slip.comes_on for slip in late), default=None),
        "steps": [each for each in page.approvals if each.reason not in NOT_THEIRS],
        "can_cancel": visit.may("order.place") and page.order.status in CANCELLABLE,
    }
    with timezone.override(there):
        return render(request, "portal/orders/page.html", context)


def _can_change(visit, shown, lines) -> bool:
    """Whether the order is the actor's own and can be taken back."""
    is_own = shown.contact_id is not None and shown.contact_id == visit.actor.contact_id
    is_agreed = shown.channel in ("quote", "blanket") or any(line.price_source == "blanket" for line in lines)
    return visit.may("order.place") and is_own and shown.status in services.TAKEN_BACK and not is_agreed


@require_POST
@in_account("order.place")
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Take an order of one's own back into the cart; what is ordered from there asks for every yes anew."""
    kept = selectors.order_for(request.actor, number)
    _added, gone = services.take_back(request.actor, kept, now=request.visit.now)
    words = _("Order %(number)s is taken back: change it here and order again. Whoever said yes is asked anew.")
    messages.info(request, words % {"number": number})
    if gone:
        messages.warning(request, _("No longer sold: %(skus)s.") % {"skus": ", ".join(gone)})
    return redirect("portal:cart")


@require_POST
@in_account("order.place")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    unwanted = selectors.order_for(request.actor, number)
    services.cancel_order(request.actor, unwanted, now=request.visit.now)
    messages.info(request, _("Order %(number)s is cancelled.") % {"number": number})
    return redirect("portal:order", number=number)
