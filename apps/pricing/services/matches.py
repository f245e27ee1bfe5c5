"""A buyer asks for a price seen elsewhere; the rep grants it for a time or says why not.

1. The same key (the form's) asks once, however often it is sent.
2. A granted price is a contract of its own with one net price, from the quantity it was asked for: it is found,
   explained and replayed like any other, and ends by itself.
3. Granting and declining are decided once, by compare-and-set.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.core import events
from apps.core.attachments import AttachmentRefused, attached
from apps.core.money import round_unit_price
from apps.core.scoping import Actor
from apps.pricing.errors import MatchDecided, MatchRefused
from apps.pricing.models import Contract, ContractPrice, PriceMatch
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for

LARGEST_PRICE = Decimal(10**9)
LONGEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class SeenElsewhere:
    """What a buyer says of another seller's offer."""

    quantity: int
    price: Decimal
    competitor: str
    link: str = ""
    note: str = ""
    file: bytes | None = None


@transaction.atomic
def request_match(actor: Actor, product: Product, seen: SeenElsewhere, *, key: str, now: datetime) -> PriceMatch:
    """Ask the rep for the price; `MatchRefused` by field for what cannot be asked. Records `price_match.requested`."""
    demand(actor, "quote.request")
    ask = Ask(product.pk, seen.quantity)
    own = prices_for(actor, [ask], timezone.localdate(now))[ask]
    _refuse(seen, own)
    match, is_new = PriceMatch.objects.get_or_create(
        account_id=actor.account_id,
        key=key[:40],
        defaults={
            "contact_id": actor.contact_id,
            "product": product,
            "quantity": seen.quantity,
            "competitor": seen.competitor.strip()[:80],
            "competitor_price": round_unit_price(seen.price),
            "own_price": own.unit_price,
            "currency": own.currency,
            "link": seen.link,
            "note": seen.note.strip(),
            "asked_at": now,
            **_file_of(seen),
        },
    )
    if is_new:
        _record("price_match.requested", match, actor, now, competitor=match.competitor)
    return match


def _refuse(seen: SeenElsewhere, own) -> None:
    wrong = {}
    if not 1 <= seen.quantity <= MAX_QUANTITY:
        wrong["quantity"] = [_("A quantity must be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}]
    if not seen.price.is_finite() or not 0 < round_unit_price(seen.price) < LARGEST_PRICE:
        wrong["price"] = [_("Say the price of one as a number above 0.")]
    elif own.unit_price is not None and seen.price >= own.unit_price:
        wrong["price"] = [_("You pay no more than that already for this quantity.")]
    if not seen.competitor.strip():
        wrong["competitor"] = [_("Say who offers it.")]
    if wrong:
        raise MatchRefused(fields=wrong)


def _file_of(seen: SeenElsewhere) -> dict:
    if not seen.file:
        return {}
    try:
        kept = attached(seen.file)
    except AttachmentRefused as refusal:
        raise MatchRefused(fields=refusal.fields) from None
    return {"file": kept.content, "file_kind": kept.kind}


@transaction.atomic
def grant_match(
    actor: Actor, match: PriceMatch, *, price: Decimal, valid_from: date, valid_until: date, answer: str, now: datetime
) -> Contract:
    """Let the account pay `price` from the asked quantity on, for a time. Records `price_match.granted`."""
    demand(actor, "quote.offer")
    _refuse_grant(price, valid_from, valid_until, timezone.localdate(now))
    _decide(actor, match, PriceMatch.State.GRANTED, now, granted_price=round_unit_price(price), answer=answer.strip())
    contract = Contract.objects.create(
        number=f"PM-{match.pk:06d}",
        account_id=match.account_id,
        name=(_("Price match with %(competitor)s") % {"competitor": match.competitor})[:120],
        currency=match.currency,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    ContractPrice.objects.create(
        contract=contract, product_id=match.product_id, min_quantity=match.quantity, unit_price=match.granted_price
    )
    match.contract = contract
    match.save(update_fields=["contract"])
    _record("price_match.granted", match, actor, now, unit_price=str(match.granted_price), until=str(valid_until))
    return contract


def _refuse_grant(price: Decimal, valid_from: date, valid_until: date, today: date) -> None:
    wrong = {}
    if not price.is_finite() or not 0 <= price < LARGEST_PRICE:
        wrong["price"] = [_("Say the price of one as a number, 0 or above.")]
    if valid_from < today:
        wrong["valid_from"] = [_("A price cannot begin in the past: what was ordered stays as it was.")]
    if not valid_from <= valid_until <= today + LONGEST:
        wrong["valid_until"] = [_("Let it end after it begins, within two years.")]
    if wrong:
        raise MatchRefused(fields=wrong)


@transaction.atomic
def decline_match(actor: Actor, match: PriceMatch, *, reason: str, now: datetime) -> None:
    """Say why not; a reason is owed. Records `price_match.declined`."""
    demand(actor, "quote.offer")
    if not reason.strip():
        raise MatchRefused(fields={"answer": [_("Say why not, so that the buyer knows what to do.")]})
    _decide(actor, match, PriceMatch.State.DECLINED, now, answer=reason.strip())
    _record("price_match.declined", match, actor, now)


def _decide(actor: Actor, match: PriceMatch, state: str, now: datetime, **fields) -> None:
    fields |= {"state": state, "answered_at": now, "answered_by_name": actor.name[:120]}
    mine = PriceMatch.objects.filter(pk=match.pk, state=PriceMatch.State.WAITING)
    if not mine.update(**fields):
        raise MatchDecided()
    for name, value in fields.items():
        setattr(match, name, value)


def _record(name: str, match: PriceMatch, actor: Actor, now: datetime, **facts) -> None:
    events.record(
        name,
        f"price_match:{match.pk}",
        account_id=match.account_id,
        actor=actor,
        at=now,
        sku=match.product.sku,
        **facts,
    )
