"""What comes back is counted, looked at and dealt with: on the shelf again, scrap, or back to the customer."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.services import put_back
from apps.cases.errors import ReceiptOfReturnRefused, ReturnMovedOn
from apps.cases.models import Return, ReturnLine, ReturnReceipt, ReturnReceiptLine
from apps.cases.rules.returns import CONDITIONS, DECISIONS, RESTOCK, SEND_BACK, is_credited, possible
from apps.cases.services.returns.moving import by_order_line, locked, tell
from apps.core.scoping import Actor
from apps.ordering.services.returning import free_from_return, take_back_for_good


class Arrived(NamedTuple):
    """Pieces of a line (its id) that came in one condition, and what is done with them."""

    line_id: int
    quantity: int
    condition: str
    decision: str


@transaction.atomic
def receive_return(
    actor: Actor, shown: Return, arrived: Sequence[Arrived], *, note: str = "", key: str, now: datetime
) -> ReturnReceipt:
    """Goods of an agreed return have come in, all or some. The same `key` is one receipt, however often it is sent.

    What goes back on the shelf can be promised at once; what goes back to the customer can be asked for again. Raises
    `ReceiptOfReturnRefused` for more than is awaited and for what cannot be done with that condition, `ReturnMovedOn`
    where nothing is awaited. Records `return.received`.
    """
    demand(actor, "return.receive")
    shown = locked(actor, shown)
    known = shown.receipts.filter(key=key[:40]).first()
    if known is not None:
        return known
    if shown.status not in Return.LABELLED:
        raise ReturnMovedOn(_("Nothing is awaited for %(number)s: ask the service desk.") % {"number": shown.number})
    if shown.warehouse_id is None:
        raise ReceiptOfReturnRefused(_("No warehouse receives returns: operations name one in the terms of returns."))
    lines = {line.pk: line for line in shown.lines.all()}
    _refuse(lines, arrived)
    receipt = _write(actor, shown, lines, arrived, note, key, now)
    _move(actor, shown, lines, arrived, now)
    is_complete = _count(shown, lines, arrived)
    tell("return.received", shown, actor, now, receipt=receipt.pk, complete=is_complete, lines=_facts(lines, arrived))
    return receipt


@transaction.atomic
def end_receiving(actor: Actor, shown: Return, *, now: datetime) -> Return:
    """Nothing more comes of what was agreed to: the rest can be asked for again. Records `return.closed`."""
    demand(actor, "return.decide")
    shown = locked(actor, shown)
    if shown.status != Return.Status.ARRIVING:
        raise ReturnMovedOn(_("Only a return of which some has come can be ended so."))
    lines = list(shown.lines.all())
    free_from_return({line.order_line_id: line.awaited for line in lines})
    for line in lines:
        line.approved_quantity = line.received_quantity
    ReturnLine.objects.bulk_update(lines, ["approved_quantity"])
    waits = shown.receipts.filter(credited_at=None).exists()
    shown.status = Return.Status.RECEIVED if waits else Return.Status.SETTLED
    shown.ended_at = None if waits else now
    shown.save(update_fields=["status", "ended_at"])
    tell("return.closed", shown, actor, now)
    return shown


def _refuse(lines: dict[int, ReturnLine], arrived: Sequence[Arrived]) -> None:
    if not arrived:
        raise ReceiptOfReturnRefused(_("Say how many pieces of which line came in."))
    counted: Counter[int] = Counter()
    for each in arrived:
        if each.line_id not in lines or each.quantity < 1:
            raise ReceiptOfReturnRefused(_("One of the lines is not in this return."))
        if each.condition not in CONDITIONS or each.decision not in DECISIONS:
            raise ReceiptOfReturnRefused(_("Say in which condition it came and what is done with it."))
        if not possible(each.condition, each.decision):
            words = _("%(sku)s: what is damaged is not sold again, and what is not from us goes back.")
            raise ReceiptOfReturnRefused(words % {"sku": lines[each.line_id].order_line.sku}, line=each.line_id)
        counted[each.line_id] += each.quantity
    for pk, quantity in counted.items():
        if quantity > lines[pk].awaited:
            words = _(
                "%(sku)s: %(counted)s were counted together, and %(awaited)s are awaited. Count again, keep what is"
                " more apart, and ask the service desk what to do."
            )
            said = {"sku": lines[pk].order_line.sku, "counted": quantity, "awaited": lines[pk].awaited}
            raise ReceiptOfReturnRefused(words % said, line=pk)


def _write(actor: Actor, shown: Return, lines, arrived, note: str, key: str, now: datetime) -> ReturnReceipt:
    receipt = ReturnReceipt.objects.create(
        of=shown,
        warehouse_id=shown.warehouse_id,
        key=key[:40],
        received_at=now,
        received_by=actor.name[:120],
        note=note.strip()[:200],
    )
    ReturnReceiptLine.objects.bulk_create(
        ReturnReceiptLine(
            receipt=receipt,
            line_id=pk,
            quantity=quantity,
            condition=condition,
            decision=decision,
            is_credited=is_credited(lines[pk].reason, decision),
        )
        for (pk, condition, decision), quantity in sorted(_summed(arrived).items())
    )
    return receipt


def _summed(arrived: Sequence[Arrived]) -> Counter[tuple[int, str, str]]:
    sums: Counter[tuple[int, str, str]] = Counter()
    for each in arrived:
        sums[each.line_id, each.condition, each.decision] += each.quantity
    return sums


def _move(actor: Actor, shown: Return, lines: dict[int, ReturnLine], arrived: Sequence[Arrived], now) -> None:
    kept, sent_back, shelved = Counter(), Counter(), Counter()
    for each in arrived:
        (sent_back if each.decision == SEND_BACK else kept)[each.line_id] += each.quantity
        if each.decision == RESTOCK:
            shelved[lines[each.line_id].order_line.product_id] += each.quantity
    take_back_for_good(by_order_line(lines.values(), kept))
    free_from_return(by_order_line(lines.values(), sent_back))
    if shelved:
        put_back(shelved, warehouse_id=shown.warehouse_id, now=now, reason=shown.number, actor=actor)


def _count(shown: Return, lines: dict[int, ReturnLine], arrived: Sequence[Arrived]) -> bool:
    """Whether all that is awaited has come."""
    for each in arrived:
        lines[each.line_id].received_quantity += each.quantity
    ReturnLine.objects.bulk_update(lines.values(), ["received_quantity"])
    is_complete = not any(line.awaited for line in lines.values())
    shown.status = Return.Status.RECEIVED if is_complete else Return.Status.ARRIVING
    shown.save(update_fields=["status"])
    return is_complete


def _facts(lines: dict[int, ReturnLine], arrived: Sequence[Arrived]) -> list[dict]:
    return [
        {
            "sku": lines[each.line_id].order_line.sku,
            "quantity": each.quantity,
            "condition": each.condition,
            "decision": each.decision,
        }
        for each in arrived
    ]
