"""What a weekly letter was about, with the prices and dates of now: into the cart by one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core.errors import Invalid
from apps.portal.access import in_account
from apps.portal.next_order import PAGE, rows_of, tell_added, ticked
from apps.recommendations import services
from apps.recommendations.letters import letter_for, still_due

FROM_LETTER = "next_order:mail"  # kind and place


@never_cache  # Back must not bring what is in the cart by now
@require_http_methods(["GET", "HEAD", "POST"])
@in_account("cart.edit")
def page(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The lines that are still worth ordering, all ticked; POST puts them into the cart, once, all or nothing."""
    letter = letter_for(request.actor, letter_id)
    if request.method != "POST":
        return _page(request, letter)
    wishes = ticked(request.POST)
    if letter.used_at or not wishes:
        nothing, again = _("Nothing was ticked, so nothing was put into your cart."), _("That is in your cart already.")
        messages.info(request, again if letter.used_at else nothing)
        return redirect("portal:cart") if letter.used_at else redirect("portal:next_order_letter", letter_id=letter.pk)
    try:
        added = services.put_into_cart(request.actor, letter, wishes, now=request.visit.now)
    except Invalid as refusal:
        if "sku" not in refusal.facts:
            raise
        return _page(request, letter, refusal=refusal)
    services.note_added(request.actor, [each.line.product.sku for each in added], FROM_LETTER, now=request.visit.now)
    tell_added(request, added)
    return redirect("portal:cart")


def _page(request: HttpRequest, letter, *, refusal=None) -> HttpResponse:
    visit = request.visit
    found = [] if letter.used_at else still_due(visit.actor, letter, visit.on)
    context = {
        "section": PAGE,
        "letter": letter,
        "lines": rows_of(visit, found, request.POST, refusal, {each.product.id for each in found}),
        "missing": len(letter.lines) - len(found),
        "refusal": refusal,
    }
    return render(request, "portal/next_order/letter.html", context, status=422 if refusal else 200)
