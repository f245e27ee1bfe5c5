"""A buyer asks for better prices and both sides name theirs, round by round, until one offer is accepted, once.

1. A request is the cart handed over, or lines named one by one (a product's page, a list). With it go a comment for
   each line and files.
2. The rep offers a unit price for each line until a day. The account accepts, declines, or names its own prices: then
   the offer no longer stands, and it is the rep's turn again.
3. Each turn is kept as it was sent. Whoever acts says which round they read: where the other side has moved on since,
   nothing happens.
4. Accepting makes an order at exactly the prices of the offer, through the one way every order goes.
5. Until it is accepted the account may withdraw a request and the rep an offer.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.services import demand
from apps.catalogue.errors import QuantityRefused
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import sold_by_id
from apps.core.attachments import AttachmentRefused, attached, shown_name
from apps.core.errors import Invalid
from apps.core.events import record
from apps.core.money import ZERO, line_net, round_unit_price
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.core.text import folded, plain
from apps.ordering.errors import CartEmpty, NoAccountChosen, QuoteChanged, QuoteExpired, QuoteNotFound, WrongStatus
from apps.ordering.models import (
    Cart,
    CartLine,
    Order,
    Quote,
    QuoteFile,
    QuoteLine,
    QuoteVersion,
    QuoteVersionLine,
)
from apps.ordering.rules.quotes import MOST_ROUNDS
from apps.ordering.selectors.carts import lines_of
from apps.ordering.services.carts import orderable_or_refused
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.wishes import Wanted, Wish, refuse_outside_assortment
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for

MOST_LINES, MOST_FILES, LONGEST_NOTE, LONGEST_WORDS = 500, 5, 200, 4000
Status, BUYER, REP = Quote.Status, QuoteVersion.Side.BUYER, QuoteVersion.Side.REP


@transaction.atomic
def request_quote(
    actor: Actor,
    *,
    message: str = "",
    notes: Mapping[int, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    now: datetime,
) -> Quote:
    """Ask the rep for prices of what is in the cart; the cart is handed over and then empty.

    `notes` are comments by product id, `files` are (name, content). Raises `CartEmpty`, `AttachmentRefused`.
    """
    _demand_contact(actor)
    Cart.objects.select_for_update().filter(contact=actor.contact_id).first()  # a second click waits
    lines = lines_of(actor)
    if not lines:
        raise CartEmpty(_("Put into the cart what you want a quote for."))
    said = {line.product_id: line.note for line in lines if line.note} | dict(notes or {})
    quote = _asked(actor, [(line.product, line.quantity) for line in lines], message, said, files, now)
    CartLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    return quote


@transaction.atomic
def request_quote_for(
    actor: Actor,
    *,
    lines: Sequence[tuple[int, object]],
    key: str = "",
    message: str = "",
    notes: Mapping[int, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
    now: datetime,
) -> Quote:
    """Ask the rep for prices of (product id, quantity) lines; the cart stays as it is. The same key asks once.

    Quantities are raised to what can be ordered. Raises `Invalid` for none or too many, `QuantityRefused`,
    `OutsideAssortment`, `AttachmentRefused`.
    """
    _demand_contact(actor)
    if key and (earlier := _asked_with(actor, key)):
        return earlier
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(_("Ask for 1 to %(most)s products at once.") % {"most": MOST_LINES})
    products = sold_by_id(actor, (product_id for product_id, _quantity in lines))
    quantities: dict[int, int] = {}
    for product_id, wished in lines:
        if product_id not in products:
            raise Invalid(_("One of the lines names a product that is not sold to you."))
        amount = orderable_or_refused(products[product_id], wished).quantity
        quantities[product_id] = quantities.get(product_id, 0) + amount
        if quantities[product_id] > MAX_QUANTITY:
            raise QuantityRefused(sku=products[product_id].sku)
    wishes = [(products[product_id], quantity) for product_id, quantity in quantities.items()]
    return _asked(actor, wishes, message, notes or {}, files, now, key)


def _asked_with(actor: Actor, key: str) -> Quote | None:
    """The quote this key has asked for, after waiting for whoever is asking with it now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"quote {actor.account_id} {key[:80]}"]
        )
    return Quote.objects.filter(account=actor.account_id, request_key=key[:80]).first()


def _demand_contact(actor: Actor) -> None:
    demand(actor, "quote.request")
    if actor.account_id is None or actor.contact_id is None:
        raise NoAccountChosen()


def _asked(actor: Actor, wishes, message: str, notes: Mapping[int, str], files, now, key: str = "") -> Quote:
    refuse_outside_assortment(actor, [product for product, _quantity in wishes])
    asks = {product.pk: Ask(product.pk, quantity) for product, quantity in wishes}
    prices = prices_for(actor, asks.values(), timezone.localdate(now))
    quote = Quote.objects.create(
        number=next_number("QU"),
        account_id=actor.account_id,
        contact_id=actor.contact_id,
        currency=next(iter(prices.values())).currency,
        request_key=key[:80],
        message=_words(message),
        requested_at=now,
        waiting_since=now,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            product=product,
            quantity=quantity,
            current_price=prices[asks[product.pk]].unit_price,
            note=_note(notes.get(product.pk, "")),
        )
        for product, quantity in wishes
    )
    _attach(actor, quote, BUYER, files, now)
    _record("quote.requested", actor, quote, now, lines=len(wishes))
    return quote


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
    quote = _locked(actor, quote, *Quote.WITH_THE_REP, seen=seen)
    if valid_until < timezone.localdate(now):
        raise Invalid(_("The validity has passed already."), fields={"valid_until": [_("Choose a day to come.")]})
    lines = list(quote.lines.all())
    for line in lines:
        line.offered_price = _named(prices.get(line.pk))
    QuoteLine.objects.bulk_update(lines, ["offered_price"])
    quote.status, quote.valid_until, quote.answer = Status.OFFERED, valid_until, _words(answer)
    quote.offered_at = now
    _turn(actor, quote, REP, {line.pk: line.offered_price for line in lines}, quote.answer, notes or {}, now)
    quote.save(update_fields=["status", "valid_until", "answer", "offered_at", "round"])
    _attach(actor, quote, REP, files, now)
    _record("quote.offered", actor, quote, now, valid_until=valid_until.isoformat(), round=quote.round)
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
    quote = _locked(actor, quote, Status.OFFERED, seen=seen)
    _refuse_expired(quote, now)
    lines = list(quote.lines.all())
    wished = {line.pk: _named(prices.get(line.pk, line.offered_price)) for line in lines}
    if all(wished[line.pk] == line.offered_price for line in lines) and not (words.strip() or notes):
        raise Invalid(_("Name at least one other price, or write what you would like to be different."))
    quote.status, quote.waiting_since = Status.COUNTERED, now
    _turn(actor, quote, BUYER, wished, words, notes or {}, now)
    quote.save(update_fields=["status", "waiting_since", "round"])
    _attach(actor, quote, BUYER, files, now)
    _record("quote.countered", actor, quote, now, round=quote.round)
    return quote


def _turn(actor: Actor, quote: Quote, side: str, prices: Mapping[int, Decimal], words: str, notes, now) -> None:
    """Keep what was sent as the next round."""
    if quote.round >= MOST_ROUNDS:
        raise Invalid(_("This has gone to and fro often enough: speak to one another, and ask anew."))
    quote.round += 1
    version = QuoteVersion.objects.create(
        quote=quote,
        round=quote.round,
        side=side,
        by_name=actor.name[:120],
        words=_words(words),
        valid_until=quote.valid_until if side == REP else None,
        made_at=now,
    )
    QuoteVersionLine.objects.bulk_create(
        QuoteVersionLine(version=version, line_id=pk, unit_price=price, note=_note(notes.get(pk, "")))
        for pk, price in prices.items()
    )


def _named(price: Decimal | None) -> Decimal:
    named = round_unit_price(price) if price is not None and price.is_finite() and abs(price) < 10**9 else ZERO
    if named <= 0:
        said = _("Offer a unit price above zero for each line.")
        raise Invalid(said, fields={"prices": [_("A price is missing or wrong.")]})
    return named


@transaction.atomic
def attach_to_quote(actor: Actor, quote: Quote, *, files: Sequence[tuple[str, bytes]], now: datetime) -> Quote:
    """Send files along afterwards, while the quote is open: the account's buyers and its rep may."""
    demand(actor, "quote.offer" if actor.account_id is None else "quote.request")
    if actor.account_id not in (None, quote.account_id):
        raise QuoteNotFound()
    if not files:
        raise AttachmentRefused(_("Choose a file first."))
    quote = _locked(actor, quote, *Quote.OPEN)
    _attach(actor, quote, REP if actor.account_id is None else BUYER, files, now)
    return quote


def _attach(actor: Actor, quote: Quote, side: str, files: Sequence[tuple[str, bytes]], now: datetime) -> None:
    if not files:
        return
    if quote.files.count() + len(files) > MOST_FILES:
        most = ngettext("A quote takes %(most)s file.", "A quote takes %(most)s files at most.", MOST_FILES)
        raise Invalid(most % {"most": MOST_FILES}, fields={"files": [most % {"most": MOST_FILES}]})
    kept = [(name, attached(content)) for name, content in files]
    QuoteFile.objects.bulk_create(
        QuoteFile(
            quote=quote, name=shown_name(name) or file.kind, kind=file.kind, size=len(file.content),
            content=file.content, side=side, by_name=actor.name[:120], sent_at=now,
        )
        for name, file in kept
    )  # fmt: skip


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
    seen: int | None = None,
    total: Decimal | None = None,
    now: datetime,
) -> Order:
    """Order what was offered, at the offered prices, once; approvals and credit are those of every order.

    `seen` and `total` are the round and the goods' net that were read: `QuoteChanged` where they are not the offer's.
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
    quote = _locked(actor, quote, Status.OFFERED, Status.EXPIRED, seen=seen)
    _refuse_expired(quote, now)
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
    )
    order = place(actor, wishes, wanted, now=now)
    quote.status, quote.order = Status.ACCEPTED, order
    quote.save(update_fields=["status", "order"])
    _record("quote.accepted", actor, quote, now, order=order.number)
    return order


def _refuse_expired(quote: Quote, now: datetime) -> None:
    if quote.status == Status.EXPIRED or quote.valid_until < timezone.localdate(now):
        raise QuoteExpired(_("Its validity has passed. Ask your rep for a new offer."))


@transaction.atomic
def decline_quote(actor: Actor, quote: Quote, *, reason: str = "", now: datetime) -> Quote:
    """The buyer turns the offer down, or withdraws the request or counter-offer the rep has not answered yet."""
    demand(actor, "quote.accept")
    quote = _locked(actor, quote, *Quote.OPEN)
    status = Status.DECLINED if quote.status == Status.OFFERED else Status.WITHDRAWN
    return _ended(actor, quote, status, BUYER, reason, now)


@transaction.atomic
def withdraw_offer(actor: Actor, quote: Quote, *, reason: str = "", now: datetime) -> Quote:
    """The rep takes an offer back, or says that there will be none; the account is told why."""
    demand(actor, "quote.offer")
    return _ended(actor, _locked(actor, quote, *Quote.OPEN), Status.WITHDRAWN, REP, reason, now)


def _ended(actor: Actor, quote: Quote, status: str, side: str, reason: str, now: datetime) -> Quote:
    quote.status = status
    quote.save(update_fields=["status"])
    _record(f"quote.{status}", actor, quote, now, reason=_words(reason), side=side)
    return quote


@transaction.atomic
def expire_quotes(*, now: datetime) -> int:
    """Close the offers whose validity has passed; how many. Safe to repeat."""
    over = Quote.objects.filter(status=Status.OFFERED, valid_until__lt=timezone.localdate(now))
    quotes = list(over.select_for_update(skip_locked=True)[:500])
    Quote.objects.filter(pk__in=[quote.pk for quote in quotes]).update(status=Status.EXPIRED)
    for quote in quotes:
        record("quote.expired", f"quote:{quote.number}", account_id=quote.account_id, at=now)
    return len(quotes)


def _locked(actor: Actor, quote: Quote, *statuses: str, seen: int | None = None) -> Quote:
    found = Quote.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=quote.pk).first()
    if found is None:
        raise QuoteNotFound()
    if found.status not in statuses:
        raise WrongStatus(status=found.status)
    if seen is not None and seen != found.round:
        raise QuoteChanged()
    return found


def _words(text: str) -> str:
    return plain(text).strip()[:LONGEST_WORDS]


def _note(text: str) -> str:
    return folded(plain(text))[:LONGEST_NOTE]


def _record(name: str, actor: Actor, quote: Quote, now: datetime, **facts) -> None:
    record(name, f"quote:{quote.number}", account_id=quote.account_id, actor=actor, at=now, **facts)
