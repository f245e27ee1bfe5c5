"""A return is agreed to, in whole or less of it, or refused; what is agreed to and never sent ends by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.cases.errors import ReturnMovedOn, ReturnRefused
from apps.cases.models import Return, ReturnLine, ReturnTerms
from apps.cases.selectors.returns import address_on_label, receiving_warehouse, terms_of_returns
from apps.cases.services.returns.moving import by_order_line, locked, tell
from apps.core.scoping import SYSTEM, Actor
from apps.ordering.services.returning import free_from_return, hold_for_return

LONGEST_ANSWER = 2000
#: What somebody can still agree to: what waits, and what ended because nothing was sent.
_DECIDABLE = (Return.Status.REQUESTED, Return.Status.EXPIRED)


@transaction.atomic
def approve_return(
    actor: Actor, shown: Return, *, quantities: Mapping[int, int] | None = None, answer: str = "", now: datetime
) -> Return:
    """Agree to a return: to all of it, or to `quantities` (id of its line -> pieces), saying why it is less.

    What ended because nothing was sent can be agreed to again, as far as it is left. Raises `ReturnRefused` for more
    than was asked, for nothing at all and for less without a word; `ReturnMovedOn` where it was decided. Records
    `return.approved`.
    """
    demand(actor, "return.decide")
    shown = locked(actor, shown)
    if shown.status not in _DECIDABLE:
        raise ReturnMovedOn(_("It was decided already: look at it again."))
    lines = list(shown.lines.all())
    agreed = {line.pk: line.quantity for line in lines} if quantities is None else dict(quantities)
    _refuse_quantities(lines, agreed, answer)
    if shown.status == Return.Status.EXPIRED:
        hold_for_return({line.order_line_id: line.quantity for line in lines})
    shown.answer = answer.strip()[:LONGEST_ANSWER]
    shown.decided_by_name = actor.name
    agree(shown, agreed, terms_of_returns(), now=now, actor=actor)
    return shown


def agree(
    shown: Return,
    agreed: Mapping[int, int],
    terms: ReturnTerms,
    *,
    now: datetime,
    actor: Actor = SYSTEM,
    by_itself: bool = False,
) -> None:
    """Write down on what was agreed, where it goes to and by when; the pieces that were not agreed to are free."""
    lines = list(shown.lines.all())
    free_from_return(by_order_line(lines, {line.pk: line.quantity - agreed.get(line.pk, 0) for line in lines}))
    for line in lines:
        line.approved_quantity = agreed.get(line.pk, 0)
    ReturnLine.objects.bulk_update(lines, ["approved_quantity"])
    warehouse = receiving_warehouse(terms)
    shown.status, shown.decided_at, shown.is_automatic, shown.ended_at = Return.Status.APPROVED, now, by_itself, None
    shown.warehouse, shown.send_to = warehouse, address_on_label(terms, warehouse)
    shown.send_by = timezone.localdate(now) + timedelta(days=terms.send_within_days)
    shown.save()
    tell("return.approved", shown, actor, now, send_by=shown.send_by.isoformat(), reason=shown.answer[:200])


@transaction.atomic
def refuse_return(actor: Actor, shown: Return, *, answer: str, now: datetime) -> Return:
    """Refuse a return that waits, with a reason that the customer reads. Records `return.refused`."""
    demand(actor, "return.decide")
    if not answer.strip():
        words = _("Say why, in words for the customer.")
        raise ReturnRefused(words, fields={"answer": [words]})
    shown = locked(actor, shown)
    if shown.status != Return.Status.REQUESTED:
        raise ReturnMovedOn(_("It was decided already: look at it again."))
    free_from_return({line.order_line_id: line.quantity for line in shown.lines.all()})
    shown.status, shown.decided_at, shown.decided_by_name = Return.Status.REFUSED, now, actor.name
    shown.answer, shown.ended_at = answer.strip()[:LONGEST_ANSWER], now
    shown.save(update_fields=["status", "decided_at", "decided_by_name", "answer", "ended_at"])
    tell("return.refused", shown, actor, now, reason=shown.answer[:200])
    return shown


def expire_returns(*, now: datetime, size: int = 200) -> int:
    """End what was agreed to and not sent by its day; how many ended. Each in a transaction of its own."""
    due = Return.objects.filter(status=Return.Status.APPROVED, sent_at=None, send_by__lt=timezone.localdate(now))
    return sum(_expire(pk, now) for pk in list(due.order_by("send_by", "pk").values_list("pk", flat=True)[:size]))


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    shown = locked(SYSTEM, Return(pk=pk))
    if shown.status != Return.Status.APPROVED or shown.sent_at or shown.send_by >= timezone.localdate(now):
        return False
    free_from_return({line.order_line_id: line.awaited for line in shown.lines.all()})
    ReturnLine.objects.filter(of=shown).update(approved_quantity=0)
    shown.status, shown.ended_at = Return.Status.EXPIRED, now
    shown.save(update_fields=["status", "ended_at"])
    tell("return.expired", shown, SYSTEM, now, send_by=shown.send_by.isoformat())
    return True


def _refuse_quantities(lines, agreed: Mapping[int, int], answer: str) -> None:
    asked = {line.pk: line.quantity for line in lines}
    if set(agreed) - set(asked) or any(not 0 <= quantity <= asked[pk] for pk, quantity in agreed.items()):
        raise ReturnRefused(_("No more can be agreed to than was asked for."))
    if not any(agreed.values()):
        raise ReturnRefused(_("Nothing is left of it: refuse the return instead, with a reason."))
    if agreed != asked and not answer.strip():
        words = _("Say why it is less than was asked for, in words for the customer.")
        raise ReturnRefused(words, fields={"answer": [words]})
