"""Returns: what waits for a yes, what comes in at the warehouse, what is to be credited."""

from typing import NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.cases.return_words import DEALT_WITH
from apps.cases.selectors.returns import return_for, returns_of
from apps.cases.services import returns as services
from apps.core.buttons import decision
from apps.core.errors import Conflict, Invalid
from apps.core.lists import page_urls, paging, searched, tabs_of, whole
from apps.core.selectors import history_of
from apps.core.text import folded
from apps.workspace.desk import at_desk
from apps.workspace.story import lines_of_events

TABS = (
    ("requested", gettext_lazy("Waiting for us")),
    ("approved", gettext_lazy("Agreed, to be sent")),
    ("arriving", gettext_lazy("Partly received")),
    ("received", gettext_lazy("To be credited")),
    ("settled", gettext_lazy("Settled")),
    ("all", gettext_lazy("All")),
)
_LABELLED = ("approved", "arriving")


@require_safe
@at_desk()
def returns(request: HttpRequest) -> HttpResponse:
    asked, text = request.GET.get("status", ""), searched(request)
    status = asked if asked in dict(TABS) else "all" if text else "requested"
    page = returns_of(request.desk.actor, status="" if status == "all" else status, text=text, **paging(request))
    context = {
        "section": "returns",
        "page": page,
        "status": status,
        "text": text,
        "tabs": tabs_of(request, TABS, status),
        "may_receive": request.desk.may("return.receive"),
        **page_urls(request, page),
    }
    return render(request, "workspace/returns/list.html", context)


@require_safe
@at_desk()
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A return with what can be done about it next."""
    desk, here = request.desk, f"return:{number}"
    shown = return_for(desk.actor, number)
    decides = desk.may("return.decide")
    context = {
        "section": "returns",
        "shown": shown,
        "lines": list(shown.lines.all()),
        "files": list(shown.files.all()),
        "receipts": _receipts(shown),
        "entries": lines_of_events(history_of(here)[::-1], here=(here,)),
        "may_decide": decides and shown.status == "requested",
        "may_reopen": decides and shown.status == "expired",
        "may_end": decides and shown.status == "arriving",
        "may_receive": desk.may("return.receive") and shown.status in _LABELLED,
        "may_credit": desk.may("payment.record") and shown.status in ("arriving", "received"),
        "trail": [(_("Returns"), reverse("workspace:returns")), (number, "")],
    }
    return render(request, "workspace/returns/page.html", context)


def _receipts(shown) -> list[dict]:
    """What came in, each with its lines by name and the documents it was credited by."""
    lines = {line.pk: line for line in shown.lines.all()}
    return [
        {
            "receipt": receipt,
            "lines": [(each, lines[each.line_id].order_line) for each in receipt.lines.all()],
            "documents": [each.invoice for each in receipt.documents.all()],
        }
        for receipt in shown.receipts.all()
    ]


@require_POST
@at_desk("return.decide")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, to all or less, or refuse with a reason, by the button that was pressed."""
    desk, answer = request.desk, request.POST.get("answer", "")
    shown = return_for(desk.actor, number)
    if decision(request, "approve", "refuse") == "approve":
        services.approve_return(desk.actor, shown, quantities=_agreed(request, shown), answer=answer, now=desk.now)
        messages.success(request, _("Return %(number)s is agreed; the customer has the label.") % {"number": number})
    else:
        services.refuse_return(desk.actor, shown, answer=answer, now=desk.now)
        messages.info(request, _("Return %(number)s is refused; the customer is told why.") % {"number": number})
    return redirect("workspace:return", number=number)


def _agreed(request: HttpRequest, shown) -> dict[int, int]:
    """Pieces of each line as typed; as asked for where the form does not say."""
    agreed = {line.pk: whole(request.POST.get(f"agreed-{line.pk}", line.quantity)) for line in shown.lines.all()}
    if None in agreed.values():
        raise Invalid(_("Say in whole numbers how much of each line may come back."))
    return agreed


@require_safe
@at_desk("return.receive")
def receiving(request: HttpRequest) -> HttpResponse:
    """What is on its way to the warehouse; an RMA number that is scanned or typed opens its return."""
    scanned = request.GET.get("scan", "").strip().upper()[:40]
    if scanned:
        return redirect("workspace:receive_return", number=return_for(request.desk.actor, scanned).number)
    actor = request.desk.actor
    awaited = [each for status in _LABELLED for each in returns_of(actor, status=status, size=50).rows]
    context = {
        "section": "returns",
        "awaited": awaited,
        "trail": [(_("Returns"), reverse("workspace:returns")), (_("Receiving"), "")],
    }
    return render(request, "workspace/returns/receiving.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("return.receive")
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """What came in of a return: counted, looked at, dealt with. On whatever screen is at hand."""
    shown, refusal = return_for(request.desk.actor, number), None
    if request.method == "POST":
        try:
            _take_in(request, shown)
        except (Invalid, Conflict) as refused:
            refusal = refused
        else:
            messages.success(request, _("%(number)s: what came in is counted.") % {"number": number})
            return redirect("workspace:return", number=number)
    said, is_sent = request.POST, request.method == "POST"
    awaited = [line for line in shown.lines.all() if line.awaited]
    context = {
        "section": "returns",
        "shown": shown,
        "rows": [(line, [_as_typed(said, line, *each, is_sent=is_sent) for each in DEALT_WITH]) for line in awaited],
        "is_open": shown.status in _LABELLED,
        "wrong": refusal.facts.get("line") if refusal else None,
        "note": said.get("note", ""),
        "key": said.get("key") or uuid4().hex,
        "refusal": refusal,
        "trail": [
            (_("Returns"), reverse("workspace:returns")),
            (_("Receiving"), reverse("workspace:receiving")),
            (number, ""),
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "workspace/returns/receive.html", context, status=status)


class Came(NamedTuple):
    """How many pieces of a line came in a condition, as typed, and what can be done with them."""

    condition: str
    name: str
    quantity: str
    decision: str
    decisions: tuple[tuple[str, str], ...]


def _as_typed(said: QueryDict, line, condition: str, name: str, decisions: tuple, *, is_sent: bool) -> Came:
    """As it was sent; before that all of it as new, as most of it comes."""
    usual = str(line.awaited) if condition == "as_new" and not is_sent else ""
    key = f"{line.pk}-{condition}"
    return Came(
        condition, name, said.get(f"quantity-{key}", usual), said.get(f"decision-{key}", decisions[0][0]), decisions
    )


def _take_in(request: HttpRequest, shown) -> None:
    desk = request.desk
    arrived = []
    for line in shown.lines.all():
        for condition, _name, decisions in DEALT_WITH:
            came = _as_typed(request.POST, line, condition, "", decisions, is_sent=True)
            quantity = whole(folded(came.quantity) or "0")
            if quantity is None:
                words = _("%(sku)s: say how many pieces came in, in whole numbers.")
                raise Invalid(words % {"sku": line.order_line.sku}, line=line.pk)
            if quantity:
                arrived.append(services.Arrived(line.pk, quantity, condition, came.decision))
    key, note = request.POST.get("key", "") or "desk", request.POST.get("note", "")
    services.receive_return(desk.actor, shown, arrived, note=note, key=key, now=desk.now)


@require_POST
@at_desk("return.decide")
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing more comes of it."""
    services.end_receiving(request.desk.actor, return_for(request.desk.actor, number), now=request.desk.now)
    messages.info(request, _("Nothing more is awaited for %(number)s.") % {"number": number})
    return redirect("workspace:return", number=number)


@require_POST
@at_desk("payment.record")
def credit(request: HttpRequest, number: str) -> HttpResponse:
    """Write the credit notes that are due, or say that it was credited otherwise, by the button that was pressed."""
    desk, shown = request.desk, return_for(request.desk.actor, number)
    if decision(request, "credit", "settled") == "credit":
        issued = services.credit_return(desk.actor, shown, now=desk.now)
        names = ", ".join(each.number for each in issued)
        told = _("Issued: %(names)s.") % {"names": names} if issued else _("There was nothing left to credit.")
        messages.success(request, told)
    else:
        services.settle_by_hand(desk.actor, shown, now=desk.now)
        messages.info(request, _("Return %(number)s is settled.") % {"number": number})
    return redirect("workspace:return", number=number)
