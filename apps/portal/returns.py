"""Returns: what can come back on which terms, asking for it, and the way from the yes to the credit."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.services import demand
from apps.cases import return_words as words
from apps.cases.papers import return_papers
from apps.cases.rules.returns import CHANGED_MIND
from apps.cases.selectors.returns import picture_of_return, return_for, returnables, returns_of, terms_of_returns
from apps.cases.services import returns as services
from apps.core.downloads import download, kept_file
from apps.core.errors import Conflict, Invalid, Refusal
from apps.core.lists import page_urls, paging, searched, status_of, tabs_of, whole
from apps.core.selectors import history_of
from apps.core.uploads import files_sent
from apps.ordering.selectors import order_for
from apps.portal.access import in_account
from apps.portal.story import returns_story

TABS = (
    ("", gettext_lazy("All")),
    ("open", gettext_lazy("Under way")),
    ("settled", gettext_lazy("Settled")),
    ("refused", gettext_lazy("Not agreed")),
)


@require_safe
@in_account("return.read")
def returns(request: HttpRequest) -> HttpResponse:
    status, text = status_of(request, TABS), searched(request)
    page = returns_of(request.actor, status=status, text=text, **paging(request))
    context = {
        "section": "orders",
        "page": page,
        "status": status,
        "text": text,
        "tabs": tabs_of(request, TABS, status),
        **page_urls(request, page),
    }
    return render(request, "portal/returns/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("return.request")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """What of an order can come back, until when and on which terms; a POST asks for it."""
    order, refusal = order_for(request.actor, number), None
    if request.method == "POST":
        try:
            asked = _asked(request, order)
        except (Invalid, Conflict) as refused:
            refusal = refused
        else:
            agreed = asked.status == "approved"
            yes, wait = _("Agreed: here is your label."), _("Thank you. Somebody looks at it and answers you.")
            messages.success(request, yes if agreed else wait)
            return redirect("portal:return", number=asked.number)
    return _ask_page(request, order, refusal)


def _asked(request: HttpRequest, order):
    return services.ask_return(
        request.actor,
        order,
        _lines(request, order),
        note=request.POST.get("note", ""),
        photos=files_sent(request, services.MOST_PHOTOS),
        wish=request.POST.get("wish", ""),
        key=request.POST.get("key", "") or "portal",
        now=request.visit.now,
    )


def _lines(request: HttpRequest, order) -> dict[int, services.Wanted]:
    """Of each line of which a quantity was typed: how much comes back, and why."""
    wanted = {}
    for pk in order.lines.values_list("pk", flat=True):
        text = request.POST.get(f"quantity-{pk}", "").strip()
        if text and text != "0":
            quantity = whole(text)
            if quantity is None:
                raise Invalid(_("Say how much comes back in whole numbers."))
            wanted[pk] = services.Wanted(quantity, request.POST.get(f"reason-{pk}", ""))
    return wanted


def _ask_page(request: HttpRequest, order, refusal: Refusal | None) -> HttpResponse:
    said = request.POST
    rows = [
        {
            "line": each.line,
            "left": each.verdict.left if each.verdict.open else 0,
            "reasons": [(option.reason, words.reason_words(option.reason)) for option in each.verdict.open],
            "terms": words.grouped(each.verdict),
            "why": words.why_not(each.verdict),
            "quantity": said.get(f"quantity-{each.line.pk}", ""),
            "reason": said.get(f"reason-{each.line.pk}", CHANGED_MIND),
        }
        for each in returnables(order, now=request.visit.now)
    ]
    context = {
        "section": "orders",
        "order": order,
        "rows": rows,
        "is_possible": any(row["left"] for row in rows),
        "wishes": words.WISHES,
        "wish": said.get("wish", words.WISHES[0][0]),
        "note": said.get("note", ""),
        "key": said.get("key") or uuid4().hex,
        "refusal": refusal,
        "trail": [
            (_("Orders"), reverse("portal:orders")),
            (order.number, reverse("portal:order", args=[order.number])),
            (_("Return"), ""),
        ],
    }
    return render(request, "portal/returns/ask.html", context, status=refusal.status if refusal else 200)


@require_safe
@in_account("return.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A return from the question to the credit, with the label as soon as it is agreed to."""
    shown, visit = return_for(request.actor, number), request.visit
    context = {
        "section": "orders",
        "shown": shown,
        "lines": list(shown.lines.all()),
        "files": list(shown.files.all()),
        "documents": [each.invoice for receipt in shown.receipts.all() for each in receipt.documents.all()],
        "instructions": terms_of_returns().instructions if shown.has_label else "",
        "entries": returns_story(history_of(f"return:{number}")),
        "may_ask": visit.may("return.request"),
        "trail": [(_("Orders"), reverse("portal:orders")), (_("Returns"), reverse("portal:returns")), (number, "")],
    }
    return render(request, "portal/returns/page.html", context)


@require_safe
@in_account("return.read")
def label(request: HttpRequest, number: str) -> HttpResponse:
    """Label and slip, for what is agreed to."""
    shown = return_for(request.actor, number)
    if not shown.has_label:
        raise Conflict(_("There is a label only for a return that is agreed to."))
    return download(return_papers(shown), "pdf", f"return-{number}")


@require_safe
def picture(request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A photograph, for whoever may see the return: the account, its rep, our staff."""
    demand(request.actor, "return.read" if request.actor.account_id else "workspace.use")
    found = picture_of_return(request.actor, number, file_id)
    return kept_file(found.file, "jpg", f"{number}-{found.pk}")


@require_POST
@in_account("return.request")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    services.withdraw_return(request.actor, return_for(request.actor, number), now=request.visit.now)
    messages.info(request, _("Return %(number)s is withdrawn.") % {"number": number})
    return redirect("portal:return", number=number)


@require_POST
@in_account("return.request")
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The parcel has left the buyer."""
    code = request.POST.get("tracking", "")
    services.say_sent(request.actor, return_for(request.actor, number), tracking_code=code, now=request.visit.now)
    messages.success(request, _("Thank you. You hear from us as soon as it is here."))
    return redirect("portal:return", number=number)


@require_POST
@in_account("cart.edit")
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Order what comes back once more: the replacement."""
    added, gone = services.order_again(request.actor, return_for(request.actor, number), now=request.visit.now)
    told = ngettext("%(lines)s line is in your cart.", "%(lines)s lines are in your cart.", len(added))
    messages.success(request, told % {"lines": len(added)})
    if gone:
        messages.warning(request, _("No longer sold: %(skus)s.") % {"skus": ", ".join(gone)})
    return redirect("portal:cart")
