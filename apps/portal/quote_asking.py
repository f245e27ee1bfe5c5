"""Asking for a quote: for a product, a list, an order or the cart, with a comment for each line and files."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.catalogue.selectors import in_readers_language
from apps.core.errors import Invalid
from apps.core.uploads import files_sent
from apps.ordering.services import quotes as services
from apps.portal.access import in_account
from apps.portal.list_adding import SOURCES, asked_for


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("quote.request")
def ask(request: HttpRequest) -> HttpResponse:
    """The lines that are asked for, each with its quantity and a comment; a POST asks."""
    wishes = asked_for(request)[0]
    if request.method != "POST":
        return _page(request, wishes)
    try:
        quote = _asked(request, wishes)
    except Invalid as refusal:
        return _page(request, wishes, refusal)
    messages.success(request, _("Your request is with your rep, who will answer here and by e-mail."))
    return redirect("portal:quote", number=quote.number)


def _asked(request: HttpRequest, wishes):
    said = request.POST
    told = {
        "message": said.get("message", ""),
        "notes": {each.product.pk: said.get(f"note-{each.product.pk}", "") for each in wishes},
        "files": files_sent(request, services.MOST_FILES),
        "now": request.visit.now,
    }
    if said.get("cart"):
        return services.request_quote(request.actor, **told)
    lines = [(each.product.pk, said.get(f"quantity-{each.product.pk}", each.quantity)) for each in wishes]
    lines = [(pk, quantity) for pk, quantity in lines if str(quantity).strip() not in ("", "0")]
    return services.request_quote_for(request.actor, lines=lines, key=said.get("key", "")[:80], **told)


def _page(request: HttpRequest, wishes, refusal: Invalid | None = None) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    in_readers_language([wish.product for wish in wishes])
    lines = [
        {
            "product": each.product,
            "quantity": asked.get(f"quantity-{each.product.pk}", each.quantity),
            "note": asked.get(f"note-{each.product.pk}", ""),
        }
        for each in wishes
    ]
    context = {
        "section": "quotes",
        "lines": lines,
        "from_cart": bool(asked.get("cart")),
        "fields": [(name, value) for name in SOURCES for value in asked.getlist(name)],
        "key": request.POST.get("key") or uuid4().hex,
        "message": request.POST.get("message", ""),
        "refusal": refusal,
    }
    return render(request, "portal/quotes/new.html", context, status=422 if refusal else 200)
