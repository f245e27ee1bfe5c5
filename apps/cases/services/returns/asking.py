"""A return is asked for, and taken back by who asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import PermissionMissing
from apps.accounts.services import demand
from apps.cases.errors import ReturnMovedOn, ReturnRefused
from apps.cases.models import Return, ReturnFile, ReturnLine
from apps.cases.return_words import refusal_words
from apps.cases.rules.returns import DAMAGED, REASONS, WRONG_ITEM, Asked, Option, is_automatic, we_pay_freight
from apps.cases.selectors.returns import Returnable, returnables, terms_of_returns
from apps.cases.services.returns.deciding import agree
from apps.cases.services.returns.moving import locked, tell
from apps.core.attachments import JPEG, AttachmentRefused, attached
from apps.core.money import line_net
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.fulfilment.models import FaultLine
from apps.fulfilment.services.facts import add_returned
from apps.ordering.models import Order
from apps.ordering.services.returning import free_from_return, hold_for_return

#: Which reasons are faults of a delivery, in the words of its facts.
_FAULTS = {DAMAGED: FaultLine.Kind.DAMAGED, WRONG_ITEM: FaultLine.Kind.WRONG}
MOST_PHOTOS, LONGEST_NOTE, LONGEST_KEY = 5, 2000, 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many pieces of a line are to come back for a reason."""

    quantity: int
    reason: str


@transaction.atomic
def ask_return(
    actor: Actor,
    order: Order,
    lines: Mapping[int, Wanted],
    *,
    note: str = "",
    photos: Sequence[tuple[str, bytes]] = (),
    wish: str = Return.Wish.CREDIT,
    key: str,
    now: datetime,
) -> Return:
    """A return of goods of an order (order line id -> what comes back). The same `key` is one return of it.

    It is agreed to at once where the terms say so, else it waits for a person. Raises `ReturnRefused` for nothing named
    and for what cannot come back for that reason, `NotLeftToReturn` for more than is left, `AttachmentRefused` for what
    is no picture. Records `return.requested`, and `return.approved` where it is agreed to.
    """
    demand(actor, "return.request")
    if actor.account_id is None:
        raise PermissionMissing(_("Only the account asks for a return."))
    pictures = _judged(photos)
    order = Order.objects.select_for_update(of=("self",)).select_related("account", "ship_to").get(pk=order.pk)
    known = Return.objects.filter(order=order, key=key[:LONGEST_KEY]).first()
    if known is not None:
        return known
    found = _allowed(order, lines, wish, now)
    hold_for_return({pk: wanted.quantity for pk, wanted in lines.items()})
    made = _write(actor, order, lines, found, note=note, wish=wish, key=key, now=now)
    for content in pictures:
        ReturnFile(of=made).file.save("picture.jpg", ContentFile(content))
    add_returned(
        order,
        {pk: (_FAULTS[each.reason], each.quantity) for pk, each in lines.items() if each.reason in _FAULTS},
        now=now,
    )
    tell("return.requested", made, actor, now, reason=made.note[:200], lines=_facts(lines, found))
    _agree_by_itself(made, order, lines, found, now)
    return made


@transaction.atomic
def withdraw_return(actor: Actor, shown: Return, *, now: datetime) -> Return:
    """Nothing is sent after all; the pieces can be returned another time. Only before they were sent.

    Saying it twice is once. Records `return.cancelled`.
    """
    demand(actor, "return.request")
    shown = locked(actor, shown)
    if shown.status == Return.Status.CANCELLED:
        return shown
    if not shown.may_be_withdrawn:
        raise ReturnMovedOn(_("It is on its way, or has ended: it can no longer be withdrawn. Ask us about it."))
    waits = shown.status == Return.Status.REQUESTED
    free_from_return({line.order_line_id: line.quantity if waits else line.awaited for line in shown.lines.all()})
    shown.status, shown.ended_at = Return.Status.CANCELLED, now
    shown.save(update_fields=["status", "ended_at"])
    tell("return.cancelled", shown, actor, now)
    return shown


@transaction.atomic
def say_sent(actor: Actor, shown: Return, *, tracking_code: str = "", now: datetime) -> Return:
    """The goods are on their way back; from now on the return does not end by itself. Records `return.sent` once."""
    demand(actor, "return.request")
    shown = locked(actor, shown)
    if shown.sent_at is not None:
        return shown
    if shown.status not in Return.LABELLED:
        raise ReturnMovedOn(_("Only what is agreed to can be sent. Look at the page of the return."))
    shown.sent_at, shown.tracking_code = now, tracking_code.strip()[:60]
    shown.save(update_fields=["sent_at", "tracking_code"])
    tell("return.sent", shown, actor, now, tracking_code=shown.tracking_code)
    return shown


def _judged(photos: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """The pictures as they are kept."""
    if len(photos) > MOST_PHOTOS:
        words = _("Send at most %(most)s photographs.") % {"most": MOST_PHOTOS}
        raise AttachmentRefused(words, fields={"file": [words]})
    kept = [attached(content) for _name, content in photos]
    if any(file.kind != JPEG for file in kept):
        words = _("Only a picture (JPEG, PNG, WebP) can be sent here.")
        raise AttachmentRefused(words, fields={"file": [words]})
    return [file.content for file in kept]


def _allowed(
    order: Order, lines: Mapping[int, Wanted], wish: str, now: datetime
) -> dict[int, tuple[Returnable, Option]]:
    """Each line with the terms on which it comes back; refused with the reason where one does not."""
    if not lines:
        raise ReturnRefused(_("Say of which line how much comes back; nothing was sent."))
    if wish not in Return.Wish.values:
        raise ReturnRefused(_("Say whether you wish a credit or a replacement."))
    asked = {each.line.pk: each for each in returnables(order, now=now, line_ids=list(lines))}
    if set(asked) != set(lines):
        raise ReturnRefused(_("One of the lines is not in this order."))
    allowed = {}
    for pk, wanted in lines.items():
        each = asked[pk]
        option = each.verdict.option(wanted.reason)
        if wanted.reason not in REASONS:
            raise ReturnRefused(_("Say for each line why it comes back."), line=pk)
        if each.verdict.why or option is None or option.refused:
            raise ReturnRefused(refusal_words(each.line.sku, each.verdict, option), line=pk)
        allowed[pk] = (each, option)
    return allowed


def _write(actor: Actor, order: Order, lines, found, *, note: str, wish: str, key: str, now: datetime) -> Return:
    made = Return.objects.create(
        number=next_number("RMA"),
        account_id=order.account_id,
        contact_id=actor.contact_id,
        order=order,
        wish=wish,
        note=note.strip()[:LONGEST_NOTE],
        key=key[:LONGEST_KEY],
        currency=order.currency,
        we_pay_freight=we_pay_freight(option.terms for _each, option in found.values()),
        requested_at=now,
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(
            of=made,
            order_line_id=pk,
            reason=lines[pk].reason,
            quantity=lines[pk].quantity,
            fee_percent=option.terms.fee_percent,
            until=option.until,
            barred=each.verdict.barred,
        )
        for pk, (each, option) in sorted(found.items())
    )
    return made


def _facts(lines: Mapping[int, Wanted], found) -> list[dict]:
    return [
        {"sku": each.line.sku, "reason": lines[pk].reason, "quantity": lines[pk].quantity}
        for pk, (each, _option) in sorted(found.items())
    ]


def _agree_by_itself(made: Return, order: Order, lines: Mapping[int, Wanted], found, now: datetime) -> None:
    terms = terms_of_returns()
    asked = [
        Asked(
            reason=lines[pk].reason,
            terms=option.terms,
            net=line_net(lines[pk].quantity, each.line.unit_price, order.currency),
            barred=each.verdict.barred,
        )
        for pk, (each, option) in found.items()
    ]
    if is_automatic(asked, terms.automatic_below):
        agree(made, {line.pk: line.quantity for line in made.lines.all()}, terms, now=now, by_itself=True)
