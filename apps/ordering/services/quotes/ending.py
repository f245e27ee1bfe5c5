"""A quote ends: accepted, declined, withdrawn, expired."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.errors import Invalid
from apps.core.events import record
from apps.core.money import line_net
from apps.core.scoping import Actor
from apps.ordering.errors import QuoteChanged, QuoteNotFound, WrongStatus
from apps.ordering.models import (
    Order,
    Quote,
)
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.quotes.keeping import BUYER, REP, Status, locked, refuse_expired, tell, words_of
from apps.ordering.services.wishes import Wanted, Wish

WARN_DAYS = 2  # before an offer runs out


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
    slot: str = "",
    branch_id: int | None = None,
    is_complete: bool | None = None,
    seen: int | None = None,
    total: Decimal | None = None,
    now: datetime,
) -> Order:
    """Order what was offered, at the offered prices, once; approvals and credit are those of every order.

    `seen` and `total` are the round and the goods' net that were read: `QuoteChanged` where they are not the offer's.
    It goes as `place_order` lets any order go: in a `slot`, at a branch, complete or in parts.
    Raises `QuoteExpired` after its validity, `WrongStatus` where it was accepted or declined before.
    """
    demand(actor, "quote.accept")
    demand(actor, "order.place")
    if actor.account_id != quote.account_id:
        raise QuoteNotFound()
    if not 1 <= len(key) <= 80:
        raise Invalid(_("An order needs a key of 1 to 80 characters, so that a retry is not a second order."))
    earlier = order_of_key(quote.account_id, key)
    if earlier and Quote.objects.filter(pk=quote.pk, order=earlier).exists():
        return earlier
    if earlier:
        raise WrongStatus(_("That key belongs to another order; nothing was ordered. Open the quote anew."))
    quote = locked(actor, quote, Status.OFFERED, Status.EXPIRED, seen=seen)
    refuse_expired(quote, now)
    if quote.currency != quote.account.currency:
        raise QuoteChanged(_("It was offered in another currency than yours is now: ask your rep for a new offer."))
    lines = list(quote.lines.select_related("product").order_by("id"))
    if total is not None and total != sum(line_net(one.quantity, one.offered_price, quote.currency) for one in lines):
        raise QuoteChanged(_("The total you confirmed is not that of the offer. Look at the prices again."))
    wishes = [
        Wish(line.product, line.quantity, note=line.note[:120], quoted_price=line.offered_price) for line in lines
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
        slot=slot,
        branch_id=branch_id,
        is_complete=is_complete,
    )
    order = place(actor, wishes, wanted, now=now)
    quote.status, quote.order = Status.ACCEPTED, order
    quote.save(update_fields=["status", "order"])
    tell("quote.accepted", actor, quote, now, order=order.number)
    return order


@transaction.atomic
def decline_quote(actor: Actor, quote: Quote, *, reason: str = "", now: datetime) -> Quote:
    """The buyer turns the offer down, or withdraws the request or counter-offer the rep has not answered yet."""
    demand(actor, "quote.accept")
    quote = locked(actor, quote, *Quote.OPEN)
    status = Status.DECLINED if quote.status == Status.OFFERED else Status.WITHDRAWN
    return _ended(actor, quote, status, BUYER, reason, now)


@transaction.atomic
def withdraw_offer(actor: Actor, quote: Quote, *, reason: str = "", now: datetime) -> Quote:
    """The rep takes an offer back, or says that there will be none; the account is told why."""
    demand(actor, "quote.offer")
    return _ended(actor, locked(actor, quote, *Quote.OPEN), Status.WITHDRAWN, REP, reason, now)


def _ended(actor: Actor, quote: Quote, status: str, side: str, reason: str, now: datetime) -> Quote:
    quote.status = status
    quote.save(update_fields=["status"])
    tell(f"quote.{status}", actor, quote, now, reason=words_of(reason), side=side)
    return quote


@transaction.atomic
def warn_of_expiry(*, now: datetime) -> int:
    """Tell of the offers that run out within `WARN_DAYS`, each day of validity once; how many. Safe to repeat."""
    today = timezone.localdate(now)
    soon = Quote.objects.filter(status=Status.OFFERED, valid_until__range=(today, today + timedelta(days=WARN_DAYS)))
    soon = soon.exclude(offered_at__gt=now - timedelta(days=1)).exclude(warned_of=F("valid_until"))
    quotes = list(soon.select_for_update(skip_locked=True).order_by("pk")[:500])
    for quote in quotes:
        quote.warned_of = quote.valid_until
        facts = {"valid_until": quote.valid_until.isoformat()}
        record("quote.expiring", f"quote:{quote.number}", account_id=quote.account_id, at=now, **facts)
    Quote.objects.bulk_update(quotes, ["warned_of"])
    return len(quotes)


@transaction.atomic
def expire_quotes(*, now: datetime) -> int:
    """Close the offers whose validity has passed; how many. Safe to repeat."""
    over = Quote.objects.filter(status=Status.OFFERED, valid_until__lt=timezone.localdate(now))
    quotes = list(over.select_for_update(skip_locked=True)[:500])
    Quote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(status=Status.EXPIRED)
    for quote in quotes:
        record("quote.expired", f"quote:{quote.number}", account_id=quote.account_id, at=now)
    return len(quotes)
