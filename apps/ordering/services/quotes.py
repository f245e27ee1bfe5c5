"""A buyer asks for better prices, the rep offers, the buyer accepts once: into an order at the offered prices."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.errors import Invalid
from apps.core.events import record
from apps.core.money import ZERO, round_unit_price
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.ordering.errors import CartEmpty, NoAccountChosen, QuoteExpired, QuoteNotFound, WrongStatus
from apps.ordering.models import Cart, CartLine, Order, Quote, QuoteLine
from apps.ordering.selectors.carts import lines_of
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.wishes import Wanted, Wish, refuse_outside_assortment
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for


@transaction.atomic
def request_quote(actor: Actor, *, message: str = "", now: datetime) -> Quote:
    """Ask the rep for prices of what is in the cart; the cart is handed over and then empty."""
    demand(actor, "quote.request")
    if actor.account_id is None or actor.contact_id is None:
        raise NoAccountChosen()
    Cart.objects.select_for_update().filter(contact=actor.contact_id).first()  # a second click waits
    lines = lines_of(actor)
    if not lines:
        raise CartEmpty(_("Put into the cart what you want a quote for."))
    refuse_outside_assortment(actor, [line.product for line in lines])
    asks = {line.pk: Ask(line.product_id, line.quantity) for line in lines}
    prices = prices_for(actor, asks.values(), timezone.localdate(now))
    quote = Quote.objects.create(
        number=next_number("QU"),
        account_id=actor.account_id,
        contact_id=actor.contact_id,
        currency=prices[asks[lines[0].pk]].currency,
        message=message.strip(),
        requested_at=now,
    )
    QuoteLine.objects.bulk_create(
        [
            QuoteLine(
                quote=quote,
                product=line.product,
                quantity=line.quantity,
                current_price=prices[asks[line.pk]].unit_price,
            )
            for line in lines
        ]
    )
    CartLine.objects.filter(pk__in=asks).delete()
    _record("quote.requested", actor, quote, now, lines=len(lines))
    return quote


@transaction.atomic
def offer_quote(
    actor: Actor, quote: Quote, *, prices: Mapping[int, Decimal], valid_until: date, answer: str = "", now: datetime
) -> Quote:
    """The rep offers a unit price for each line (quote line id -> price), valid through `valid_until`."""
    demand(actor, "quote.offer")
    quote = _locked(actor, quote, Quote.Status.REQUESTED)
    if valid_until < timezone.localdate(now):
        raise Invalid(_("The validity has passed already."), fields={"valid_until": [_("Choose a day to come.")]})
    lines = list(quote.lines.all())
    for line in lines:
        line.offered_price = _offered(prices.get(line.pk))
    QuoteLine.objects.bulk_update(lines, ["offered_price"])
    quote.status, quote.valid_until, quote.answer = Quote.Status.OFFERED, valid_until, answer.strip()
    quote.offered_at = now
    quote.save(update_fields=["status", "valid_until", "answer", "offered_at"])
    _record("quote.offered", actor, quote, now, valid_until=valid_until.isoformat())
    return quote


def _offered(price: Decimal | None) -> Decimal:
    offered = round_unit_price(price) if price is not None and price.is_finite() and abs(price) < 10**9 else ZERO
    if offered <= 0:
        said = _("Offer a unit price above zero for each line.")
        raise Invalid(said, fields={"prices": [_("A price is missing or wrong.")]})
    return offered


@transaction.atomic
def accept_quote(
    actor: Actor,
    quote: Quote,
    *,
    ship_to_id: int,
    option_id: int | None,
    key: str,
    requested_on: date | None = None,
    po_number: str = "",
    notes: str = "",
    cost_centre_id: int | None = None,
    now: datetime,
) -> Order:
    """Order what was offered, at the offered prices, once; approvals and credit are those of every order.

    Raises `QuoteExpired` after its validity, `WrongStatus` where it was accepted or declined before.
    """
    demand(actor, "quote.accept")
    demand(actor, "order.place")
    if actor.account_id != quote.account_id:
        raise QuoteNotFound()
    if earlier := order_of_key(quote.account_id, key):
        return earlier
    quote = _locked(actor, quote, Quote.Status.OFFERED)
    if quote.valid_until < timezone.localdate(now):
        raise QuoteExpired()
    wishes = [
        Wish(line.product, line.quantity, quoted_price=line.offered_price)
        for line in quote.lines.select_related("product").order_by("id")
    ]
    wanted = Wanted(
        ship_to_id,
        option_id,
        key,
        requested_on,
        po_number,
        notes,
        channel=Order.Channel.QUOTE,
        quote_number=quote.number,
        cost_centre_id=cost_centre_id,
    )
    order = place(actor, wishes, wanted, now=now)
    quote.status, quote.order = Quote.Status.ACCEPTED, order
    quote.save(update_fields=["status", "order"])
    _record("quote.accepted", actor, quote, now, order=order.number)
    return order


@transaction.atomic
def decline_quote(actor: Actor, quote: Quote, *, reason: str = "", now: datetime) -> Quote:
    """The buyer turns the offer down, or withdraws the request."""
    demand(actor, "quote.accept")
    quote = _locked(actor, quote, Quote.Status.OFFERED, Quote.Status.REQUESTED)
    quote.status = Quote.Status.DECLINED
    quote.save(update_fields=["status"])
    _record("quote.declined", actor, quote, now, reason=reason.strip())
    return quote


@transaction.atomic
def expire_quotes(*, now: datetime) -> int:
    """Close the offers whose validity has passed; how many. Safe to repeat."""
    over = Quote.objects.filter(status=Quote.Status.OFFERED, valid_until__lt=timezone.localdate(now))
    quotes = list(over.select_for_update(skip_locked=True)[:500])
    Quote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(status=Quote.Status.EXPIRED)
    for quote in quotes:
        record("quote.expired", f"quote:{quote.number}", account_id=quote.account_id, at=now)
    return len(quotes)


def _locked(actor: Actor, quote: Quote, *statuses: str) -> Quote:
    found = Quote.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=quote.pk).first()
    if found is None:
        raise QuoteNotFound()
    if found.status not in statuses:
        raise WrongStatus(status=found.status)
    return found


def _record(name: str, actor: Actor, quote: Quote, now: datetime, **facts) -> None:
    record(name, f"quote:{quote.number}", account_id=quote.account_id, actor=actor, at=now, **facts)
