"""What comes later than it was first promised: why, and what the buyer can choose, each with its day and its price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.availability.selectors import promises_for
from apps.catalogue.selectors import product_for, substitutes_for
from apps.core.lists import whole
from apps.core.money import ZERO, line_net
from apps.delivery.selectors import arrivals_for, atlases_of
from apps.fulfilment.errors import ChoiceRefused
from apps.fulfilment.selectors import open_slips_of, slips_of
from apps.fulfilment.selectors.departures import SplitOffer, split_offers
from apps.fulfilment.services import answer_slip
from apps.ordering.selectors import order_for
from apps.ordering.services.amending import AMENDABLE
from apps.ordering.services.instead import way_of_part
from apps.portal.access import in_account
from apps.portal.cards import least_ask
from apps.portal.visit import Visit
from apps.pricing.selectors import prices_for

SUBSTITUTES = 3  # shown for a line, the first to arrive first
DONE = {
    "wait": gettext_lazy("You wait for it; we send it on the new day."),
    "split": gettext_lazy("What is there is sent now, the rest when it is ready."),
    "cancel": gettext_lazy("It is called off: nothing of it is held or charged."),
    "substitute": gettext_lazy("Order %(number)s stands in for it, without a delivery charge."),
    "waits": gettext_lazy("Order %(number)s waits for a yes of your company; until then we hold what was ordered."),
}


@dataclass(frozen=True, slots=True)
class Substitute:
    """What does the same and is there sooner, for the quantity that is late. `more` is what it costs more, net, than
    what it replaces; less than nothing where it is cheaper."""

    product: object
    note: str
    quantity: int
    unit_price: Decimal
    net: Decimal
    more: Decimal
    arrives_on: date

    @property
    def less(self) -> Decimal:
        return -self.more


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is late. `asks` says whether a choice is open; `split_on` is when what is there could be, and
    `split_charge` what that costs more, net."""

    slip: object
    asks: bool
    substitutes: tuple[Substitute, ...]
    split_on: date | None
    split_charge: Decimal
    is_whole_order: bool


@require_safe
@in_account("order.read")
def later(request: HttpRequest, number: str) -> HttpResponse:
    visit, order = request.visit, order_for(request.actor, number)
    slips = slips_of(visit.actor, order)
    asking = [slip for slip in open_slips_of(slips) if not slip.choice and order.status in AMENDABLE]
    may_choose = visit.may("order.place")
    context = {
        "section": "orders",
        "order": order,
        "rows": _rows(visit, order, slips, asking if may_choose else ()),
        "asks": bool(asking),
        "several_places": any(slip.order_line.destination_id for slip in slips) or order.destinations.exists(),
        "may_choose": may_choose,
        "waits_for_yes": order.status in ("awaiting_approval", "awaiting_release", "awaiting_payment"),
        "trail": [
            (_("Orders"), reverse("portal:orders")),
            (number, reverse("portal:order", args=[number])),
            (_("Comes later"), ""),
        ],
    }
    return render(request, "portal/later/page.html", context)


def _rows(visit: Visit, order, slips: Sequence, asking: Sequence) -> list[Row]:
    """A row for each line; the number of queries does not depend on how many there are."""
    instead = _substitutes(visit, order, asking)
    offers = split_offers(order, visit.now) if asking else {}
    still = sum(slip.quantity for slip in asking)
    left = sum(line.quantity for line in order.lines.all()) if asking else 0
    return [
        Row(
            slip,
            slip in asking,
            instead.get(slip.pk, ()),
            *_split(order, slip, offers.get(slip.order_line.destination_id)),
            still == left == slip.quantity,
        )
        for slip in slips
    ]


def _substitutes(visit: Visit, order, slips: Sequence) -> dict[int, tuple[Substitute, ...]]:
    """Slip id -> what could be there sooner, at the account's own price. Nothing where the order was paid ahead, or is
    another account's than the one the visitor stands in: there they can order nothing."""
    if not slips or not order.way.takes_credit or order.account_id != visit.actor.account_id:
        return {}
    known = substitutes_for(visit.actor, [slip.order_line.product_id for slip in slips if slip.reason != "together"])
    asks = {
        (slip.pk, product.pk): least_ask(product, slip.quantity)
        for slip in slips
        for product, _note in known.get(slip.order_line.product_id, ())
    }
    if not asks:
        return {}
    prices, promises = prices_for(visit.actor, asks.values(), visit.on), promises_for(asks.values(), visit.on)
    days = _days(visit, slips, asks, promises)
    found = {}
    for slip in slips:
        offers = []
        for product, note in known.get(slip.order_line.product_id, ()):
            ask = asks[slip.pk, product.pk]
            price, day = prices[ask].unit_price, days.get((slip.goes, ask))
            if price is not None and day is not None and day < slip.comes_on:
                net = line_net(ask.quantity, price, order.currency)
                offers.append(Substitute(product, note, ask.quantity, price, net, net - slip.net, day))
        offers.sort(key=lambda each: (each.arrives_on, each.net))
        found[slip.pk] = tuple(offers[:SUBSTITUTES])
    return found


def _days(visit: Visit, slips: Sequence, asks: Mapping, promises: Mapping) -> dict[tuple, date | None]:
    """(where the line goes, ask) -> when what is ordered instead is there. Two queries at most."""
    places = {slip.goes: way_of_part(slip.goes) for slip in slips if slip.goes.ship_to}
    lots = [lot for promised in promises.values() for lot in promised.lots]
    atlases = atlases_of([goes.ship_to for goes in places], lots, visit.now) if places else []
    found = {}
    for (goes, way), atlas in zip(places.items(), atlases, strict=True):
        wanted = {asks[key] for key in asks for slip in slips if slip.pk == key[0] and slip.goes == goes}
        of_it = {ask: promises[ask] for ask in wanted if ask in promises}
        by = {"option": way, "branch_id": goes.branch_id, "atlas": atlas}
        days = arrivals_for(goes.ship_to, of_it, visit.now, **by)
        found |= {(goes, ask): day for ask, day in days.items()}
    return found


def _split(order, slip, offer: SplitOffer | None) -> tuple[date | None, Decimal]:
    """When what is there could be, and what that costs. Nothing is added to what was paid ahead."""
    if offer is None or offer.first_on >= slip.comes_on or (offer.charge and not order.way.takes_credit):
        return None, ZERO
    return offer.first_on, offer.charge


@require_POST
@in_account("order.place")
def choose_later(request: HttpRequest, number: str) -> HttpResponse:
    """Decide about one line, once."""
    visit, order, said = request.visit, order_for(request.actor, number), request.POST
    choice, _colon, sku = said.get("choice", "").partition(":")
    position, comes_on = whole(said.get("position", "")), _day(said.get("comes_on", ""))
    if position is None or comes_on is None:
        raise ChoiceRefused(_("Go back to the page and choose about one of the lines; nothing was changed."))
    instead = _instead(request, order, sku, position) if sku else {"freight": _amount(said.get("split_charge", ""))}
    slip = answer_slip(visit.actor, order, position, choice, comes_on=comes_on, now=visit.now, **instead)
    waits = choice == "substitute" and slip.ended_at is None
    words = DONE["waits" if waits else choice] % {"number": slip.substitute.number if slip.substitute_id else ""}
    messages.success(request, words)
    return redirect("portal:later", number=number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    """A figure that a page was sent with; None where it is none."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _instead(request: HttpRequest, order, sku: str, position: int) -> dict:
    """The substitute that was chosen, at the price that was shown, in the quantity that is late."""
    product = product_for(request.actor, sku)
    late = next((slip for slip in slips_of(request.actor, order) if slip.order_line.position == position), None)
    shown = _amount(request.POST.get(f"price-{sku}", ""))
    if late is None or shown is None:
        raise ChoiceRefused(_("Go back to the page and choose about one of the lines; nothing was changed."))
    quantity = least_ask(product, late.quantity).quantity
    return {"product_id": product.pk, "quantity": quantity, "unit_price": shown}
