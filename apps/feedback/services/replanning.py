"""Deliveries are decided about anew where they are no longer what they were: put right, corrected, taken back.

1. A delivery that was corrected is decided about as it is now, as long as nothing about it is on its way: with another
   hour, or not at all, or after all.
2. What was taken back as never received, or has come back whole, is not asked about. A question that is out already
   can be answered by its link, without a reminder, and an answer stays. Received again, it is decided about anew.
3. Each looks at how things are and not at what was said to have happened: it can be repeated, in any order.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from apps.accounts.models import Account
from apps.feedback.models import Invitation, Programme
from apps.feedback.services.asking import (
    decide_all,
    decided,
    delivered,
    delivery_programmes,
    programmes_in_use,
    row_of,
    withhold,
)
from apps.feedback.services.first_orders import decide_first_order
from apps.feedback.services.programmes import active_programme, of_first_orders
from apps.feedback.services.subjects import PASSING
from apps.feedback.services.versions import InUse, versions_in_use
from apps.fulfilment.models import Shipment
from apps.ordering.models import Order, OrderLine

_State, _Reason = Invitation.State, Invitation.Reason
_WAITS_FOR_CASE = (_Reason.KNOWN_FAILURE, _Reason.OPEN_CASE)
#: What follows from how a delivery went; who was asked enough or may not be asked stays so.
_BY_DELIVERY = (*_WAITS_FOR_CASE, _Reason.TOO_LATE, _Reason.NOT_MEANT, _Reason.VOIDED)
_OUT = (_State.SENDING, _State.SENT, _State.UNKNOWN)


@transaction.atomic
def replan_after_case(account_id: int, *, now: datetime) -> int:
    """Decide anew about deliveries of an account that were not asked about because of a case; how many now are.

    Safe to repeat: the account is locked before the rows are read, so who comes second finds what the first decided.
    """
    waiting = decided().filter(account_id=account_id, reason__in=_WAITS_FOR_CASE, state=_State.SUPPRESSED)
    if not waiting.exists():
        return 0
    used = programmes_in_use(now)
    _lock_account(account_id)
    return _decide_anew(_locked(waiting), used, now)


@transaction.atomic
def follow_delivery(shipment_id: int, *, now: datetime) -> None:
    """Let what was decided about a delivery, and about the first order it belongs to, follow from how it is now.

    The delivery is locked, so that nobody confirms or takes it back meanwhile; then its account, as by everybody who
    decides; then the rows, so that what is claimed at this moment is either stopped or left.
    """
    about = decided().filter(shipment=shipment_id)
    of_order = Invitation.objects.filter(programme__kind=Programme.Kind.FIRST_ORDER, order__shipments=shipment_id)
    if not about.exists() and not of_order.exists():  # whoever decides from now on sees how it is
        return
    first = active_programme(Programme.Kind.FIRST_ORDER)
    programmes = delivery_programmes()
    used = InUse(programmes, versions_in_use([*programmes, first] if first else programmes, now))
    shipment = Shipment.objects.select_for_update(of=("self",), no_key=True).get(pk=shipment_id)
    _lock_account(shipment.account_id)
    if shipment.status != Shipment.Status.DELIVERED:
        _call_off(about, suppressed=_Reason.values)
    elif _all_back(OrderLine.objects.filter(shipment_lines__shipment=shipment)):
        _call_off(about, suppressed=_WAITS_FOR_CASE)
    else:
        _decide_anew(_locked(about.filter(_follows_from_delivery())), used, now)
    _follow_first_order(shipment, first, used, now)


def _follow_first_order(shipment: Shipment, programme: Programme | None, used: InUse, now: datetime) -> None:
    about = Invitation.objects.filter(programme__kind=Programme.Kind.FIRST_ORDER, order=shipment.order_id)
    status = Order.objects.values_list("status", flat=True).get(pk=shipment.order_id)
    if status != Order.Status.DELIVERED:
        _call_off(about, suppressed=_Reason.values)
    elif _all_back(OrderLine.objects.filter(order=shipment.order_id)):
        _call_off(about, suppressed=_WAITS_FOR_CASE)
    elif programme and (rows := _locked(about.filter(_follows_from_delivery()))):
        _set_aside(rows)
        version, again = used.versions[programme.pk], (*PASSING, *_BY_DELIVERY)
        decide_first_order(programme, shipment.pk, now=now, again=again, version=version)


def _follows_from_delivery() -> Q:
    waits = Q(state__in=[_State.SUPPRESSED, _State.CANCELLED], reason__in=_BY_DELIVERY)
    return Q(state=_State.PLANNED) | waits


def _call_off(about: QuerySet[Invitation], *, suppressed: Collection[str]) -> None:
    """Ask nobody of these any more; those `suppressed` for one of these reasons have another one now."""
    waits = Q(state=_State.SUPPRESSED, reason__in=suppressed)
    _set_aside(_locked(about.filter(Q(state__in=[_State.PLANNED, _State.CLAIMED]) | waits)))
    out = [row.pk for row in _locked(about.filter(state__in=_OUT))]
    Invitation.objects.filter(pk__in=out).update(reminder_due_at=None)


def _set_aside(rows: list[Invitation]) -> None:
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=_State.CANCELLED, reason=_Reason.VOIDED, rest=None, reminder_due_at=None, claimed_at=None
    )


def _decide_anew(rows: list[Invitation], used: InUse, now: datetime) -> int:
    """Decide about the deliveries of these locked rows as about new ones; how many are asked about that were not."""
    before = {row.shipment_id: row for row in rows}
    if not before:
        return 0
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(rest=None)  # an ask is not in its own way
    voided = [pk for pk, row in before.items() if row.reason == _Reason.VOIDED]
    asked = 0
    for decision in decide_all(delivered(before), now, of_first_orders(voided), used):
        fresh, row = row_of(decision, now), before[decision.shipment.pk]
        fresh.pk = row.pk
        if (fresh.state, fresh.reason) != (row.state, row.reason) or fresh.state == _State.PLANNED:
            _keep(fresh)
        asked += fresh.state == _State.PLANNED and row.state != _State.PLANNED
    return asked


def _keep(row: Invitation) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody planned the contact first, by another account
        withhold(row, _Reason.THROTTLED)
        row.save()


def _all_back(lines: QuerySet[OrderLine]) -> bool:
    """Whether something was received of these lines, and all of it is back."""
    received = lines.filter(delivered_quantity__gt=0)
    return received.exists() and not received.filter(returned_quantity__lt=F("delivered_quantity")).exists()


def _lock_account(account_id: int) -> None:
    list(Account.objects.select_for_update(no_key=True).filter(pk=account_id).values_list("pk"))


def _locked(rows: QuerySet[Invitation]) -> list[Invitation]:
    """As they are once nobody else holds them: what was claimed meanwhile is judged as claimed."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
