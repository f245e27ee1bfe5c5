"""The account asks for prices: of its cart, or of lines named one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.errors import QuantityRefused
from apps.catalogue.rules import MAX_QUANTITY
from apps.catalogue.selectors import sold_by_id
from apps.core.errors import Invalid
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.ordering.errors import CartEmpty, NoAccountChosen
from apps.ordering.models import (
    Cart,
    CartLine,
    Quote,
    QuoteLine,
)
from apps.ordering.selectors.carts import lines_of
from apps.ordering.services.carts import orderable_or_refused
from apps.ordering.services.quotes.files import attach
from apps.ordering.services.quotes.keeping import BUYER, note_of, tell, words_of
from apps.ordering.services.wishes import refuse_outside_assortment
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for

MOST_LINES = 500


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
    lines = [line for line in lines_of(actor) if line.blanket_line is None]  # those have their price
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
        message=words_of(message),
        requested_at=now,
        waiting_since=now,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            product=product,
            quantity=quantity,
            current_price=prices[asks[product.pk]].unit_price,
            note=note_of(notes.get(product.pk, "")),
        )
        for product, quantity in wishes
    )
    attach(actor, quote, BUYER, files, now)
    tell("quote.requested", actor, quote, now, lines=len(wishes))
    return quote
