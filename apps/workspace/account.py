"""One account: facts, money, people, what is open, everything that happened; and what its buyers are shown."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import services
from apps.accounts.selectors import account_for
from apps.cases.selectors import cases_of, follow_ups_of
from apps.catalogue.selectors import assortment_of, product_for, products_by_code
from apps.core.lists import clean
from apps.feedback.selectors import answers_of
from apps.fulfilment.selectors import deliveries_due
from apps.fulfilment.selectors.otif import otif_of_account
from apps.insights.selectors import people_of, timeline_of
from apps.invoicing.selectors import ageing_of
from apps.ordering.selectors import latest_quotes, open_orders
from apps.pricing.selectors import terms_of
from apps.recommendations.selectors import blocks_of, picks_of
from apps.recommendations.services import block as block_product
from apps.recommendations.services import pick as pick_product
from apps.recommendations.services import unblock as unblock_product
from apps.recommendations.services import unpick as unpick_product
from apps.workspace.desk import Desk, at_desk
from apps.workspace.story import lines_of

LISTED, STORY = 6, 25


@require_safe
@at_desk()
def account(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    before = _moment(request.GET.get("before", ""))
    story = timeline_of(desk.actor, shown, limit=STORY, before=before)
    context = {
        "section": "accounts",
        "account": shown,
        "trail": [(_("Accounts"), reverse("workspace:accounts")), (shown.name, "")],
        "on": desk.on,
        "now": desk.now,
        "entries": lines_of(story),
        "is_older": before is not None,
        "older": story[-1].at.isoformat() if story else "",
        "people": people_of(desk.actor, shown),
        **_money(desk, shown),
        **_open(desk, shown),
    }
    return render(request, "workspace/account/page.html", context)


def _moment(text: str) -> datetime | None:
    """The instant up to which the story was read already; None where there is none that makes sense."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _money(desk: Desk, shown) -> dict:
    return {"terms": terms_of(shown.pk), "ageing": ageing_of([shown.pk], desk.on)}


def _open(desk: Desk, shown) -> dict:
    """What is open or was said lately, and what its buyers are shown."""
    inside = desk.inside(shown)
    return {
        "orders": open_orders(inside, LISTED),
        "deliveries": deliveries_due(inside, LISTED),
        "cases": cases_of(inside, status="unresolved", limit=LISTED),
        "quotes": latest_quotes(inside, status="requested", limit=LISTED),
        "answers": answers_of(inside, limit=LISTED),
        "follow_ups": follow_ups_of(inside, limit=LISTED),
        "picks": picks_of(inside),
        "blocks": blocks_of(inside),
        "sees_part": not assortment_of(inside).is_everything,
        "can_act": desk.may("account.act_for"),
        "can_curate": desk.may("account.curate"),
        "task_key": uuid4(),
    }


@require_safe
@at_desk()
def promises(request: HttpRequest, number: str) -> HttpResponse:
    """How the year's promises to an account were kept: a fragment of its page, or a page by itself."""
    desk = request.desk
    shown = account_for(desk.actor, number)
    context = {
        "section": "accounts",
        "account": shown,
        "otif": otif_of_account(desk.inside(shown), shown.pk, desk.on),
        "trail": [
            (_("Accounts"), reverse("workspace:accounts")),
            (shown.name, reverse("workspace:account", args=[number])),
            (_("On time, in full"), ""),
        ],
    }
    return render(request, f"workspace/account/{'_promises' if request.htmx else 'promises'}.html", context)


@require_POST
@at_desk("account.curate")
def welcome(request: HttpRequest, number: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    services.write_welcome(desk.actor, shown, text=request.POST.get("text", ""), now=desk.now)
    messages.success(request, _("This is how %(account)s is greeted from now on.") % {"account": shown.name})
    return _back(number)


@require_POST
@at_desk("account.curate")
def pick(request: HttpRequest, number: str) -> HttpResponse:
    """Show a product on the account's home page."""
    return _curate(request, number, pick_product, _("%(product)s is on their home page."))


@require_POST
@at_desk("account.curate")
def unpick(request: HttpRequest, number: str) -> HttpResponse:
    return _take_back(request, number, unpick_product, _("%(product)s is no longer on their home page."))


@require_POST
@at_desk("account.curate")
def block(request: HttpRequest, number: str) -> HttpResponse:
    """Let a product be suggested to nobody of the account."""
    return _curate(request, number, block_product, _("%(product)s is not suggested to them."))


@require_POST
@at_desk("account.curate")
def unblock(request: HttpRequest, number: str) -> HttpResponse:
    return _take_back(request, number, unblock_product, _("%(product)s may be suggested to them again."))


def _curate(request: HttpRequest, number: str, deed: Callable, done: str) -> HttpResponse:
    """Do it to the product that is found by any code somebody knows it by, with a note."""
    desk, code = request.desk, clean(request.POST.get("code", ""))
    shown = account_for(desk.actor, number)
    found = products_by_code(desk.inside(shown), [code])[code]
    if found:
        deed(desk.actor, shown, found[0].product, request.POST.get("note", ""), desk.now)
        messages.success(request, done % {"product": found[0].product.name})
    else:
        messages.error(request, _("No product is known by the code “%(code)s”.") % {"code": code})
    return _back(number)


def _take_back(request: HttpRequest, number: str, deed: Callable, done: str) -> HttpResponse:
    desk = request.desk
    shown = account_for(desk.actor, number)
    product = product_for(desk.actor, request.POST.get("sku", ""))
    deed(desk.actor, shown, product, desk.now)
    messages.info(request, done % {"product": product.name})
    return _back(number)


def _back(number: str) -> HttpResponse:
    """To where it was done: the page is long."""
    return redirect(f"{reverse('workspace:account', args=[number])}#home")
