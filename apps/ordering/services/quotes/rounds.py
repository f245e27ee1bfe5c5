"""Both sides name their prices, turn by turn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.errors import Invalid
from apps.core.money import ZERO, round_unit_price
from apps.core.scoping import Actor
from apps.ordering.errors import QuoteNotFound
from apps.ordering.models import (
    Quote,
    QuoteLine,
    QuoteVersion,
    QuoteVersionLine,
)
from apps.ordering.rules.quotes import MOST_ROUNDS
from apps.ordering.services.quotes.files import attach
from apps.ordering.services.quotes.keeping import BUYER, REP, Status, locked, note_of, refuse_expired, tell, words_of


@transaction.atomic
def offer_quote(
    actor: Actor,
    quote: Quote,
    *,
    prices: Mapping[int, Decimal],
    valid_until: date,
    answer: str = "",
    notes: Mapping[int, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    seen: int | None = None,
    now: datetime,
) -> Quote:
    """The rep offers a unit price for each line (quote line id -> price), valid through `valid_until`.

    It answers a request or a counter-offer. `seen` is the round that was read; `QuoteChanged` where it is another now.
    """
    demand(actor, "quote.offer")
    quote = locked(actor, quote, *Quote.WITH_THE_REP, seen=seen)
    if valid_until < timezone.localdate(now):
        raise Invalid(_("The validity has passed already."), fields={"valid_until": [_("Choose a day to come.")]})
    lines = list(quote.lines.all())
    for line in lines:
        line.offered_price = _named(prices.get(line.pk))
    QuoteLine.objects.bulk_update(lines, ["offered_price"])
    quote.status, quote.valid_until, quote.answer = Status.OFFERED, valid_until, words_of(answer)
    quote.offered_at = now
    take_turn(actor, quote, REP, {line.pk: line.offered_price for line in lines}, quote.answer, notes or {}, now)
    quote.save(update_fields=["status", "valid_until", "answer", "offered_at", "round"])
    attach(actor, quote, REP, files, now)
    tell("quote.offered", actor, quote, now, valid_until=valid_until.isoformat(), round=quote.round)
    return quote


@transaction.atomic
def counter_quote(
    actor: Actor,
    quote: Quote,
    *,
    prices: Mapping[int, Decimal],
    words: str = "",
    notes: Mapping[int, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    seen: int | None = None,
    now: datetime,
) -> Quote:
    """The account names its own unit prices (quote line id -> price); a line left out keeps what was offered.

    The offer no longer stands: the rep answers. Raises `QuoteExpired`, `QuoteChanged`, and `Invalid` where nothing is
    asked for that was not offered.
    """
    demand(actor, "quote.accept")
    if actor.account_id != quote.account_id:
        raise QuoteNotFound()
    quote = locked(actor, quote, Status.OFFERED, seen=seen)
    refuse_expired(quote, now)
    lines = list(quote.lines.all())
    wished = {line.pk: _named(prices.get(line.pk, line.offered_price)) for line in lines}
    if all(wished[line.pk] == line.offered_price for line in lines) and not (words.strip() or notes):
        raise Invalid(_("Name at least one other price, or write what you would like to be different."))
    quote.status, quote.waiting_since = Status.COUNTERED, now
    take_turn(actor, quote, BUYER, wished, words, notes or {}, now)
    quote.save(update_fields=["status", "waiting_since", "round"])
    attach(actor, quote, BUYER, files, now)
    tell("quote.countered", actor, quote, now, round=quote.round)
    return quote


def take_turn(actor: Actor, quote: Quote, side: str, prices: Mapping[int, Decimal], words: str, notes, now) -> None:
    """Keep what was sent as the next round."""
    if quote.round >= MOST_ROUNDS:
        raise Invalid(_("This has gone to and fro often enough: speak to one another, and ask anew."))
    quote.round += 1
    version = QuoteVersion.objects.create(
        quote=quote,
        round=quote.round,
        side=side,
        by_name=actor.name[:120],
        words=words_of(words),
        valid_until=quote.valid_until if side == REP else None,
        made_at=now,
    )
    QuoteVersionLine.objects.bulk_create(
        QuoteVersionLine(version=version, line_id=pk, unit_price=price, note=note_of(notes.get(pk, "")))
        for pk, price in prices.items()
    )


def _named(price: Decimal | None) -> Decimal:
    named = round_unit_price(price) if price is not None and price.is_finite() and abs(price) < 10**9 else ZERO
    if named <= 0:
        said = _("Offer a unit price above zero for each line.")
        raise Invalid(said, fields={"prices": [_("A price is missing or wrong.")]})
    return named
