"""An account's first order is asked about as a whole, once all of it has arrived, in the place of its deliveries."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from apps.accounts.models import Contact
from apps.cases.models import Case
from apps.feedback.models import Invitation, Programme, ProgrammeVersion
from apps.feedback.services.programmes import active_programme, ensure_programmes, of_first_orders
from apps.feedback.services.subjects import PASSING, Subject, decide
from apps.fulfilment.models import Shipment
from apps.ordering.models import Order

_MISSED_FOR = timedelta(days=14)


def plan_first_order(shipment_id: int, *, now: datetime) -> Invitation | None:
    """Decide about an account's first order once all of it is delivered; a failed one after the fix. Safe to repeat.

    None where the delivery belongs to a later order, or something is still to come. Asked is who ordered it or received
    some of it.
    """
    ensure_programmes()
    programme = active_programme(Programme.Kind.FIRST_ORDER)
    return decide_first_order(programme, shipment_id, now=now) if programme else None


def decide_first_order(
    programme: Programme,
    shipment_id: int,
    *,
    now: datetime,
    again: Collection[str] = PASSING,
    version: ProgrammeVersion | None = None,
) -> Invitation | None:
    """The same by this programme, and anew where the reason was one of `again`; `version` as for `subjects.decide`."""
    if not of_first_orders([shipment_id]):
        return None
    order = Order.objects.select_related("account").get(shipments=shipment_id)
    if order.status != Order.Status.DELIVERED:
        return None
    subject = _subject(order)
    decide(programme, [subject], now=now, again=again, version=version)
    return Invitation.objects.filter(programme=programme, subject_ref=subject.ref).first()


def replan_first_order(account_id: int, *, now: datetime) -> Invitation | None:
    """Decide anew about the first order of an account that a case kept from being asked about."""
    waits = (Invitation.Reason.KNOWN_FAILURE, Invitation.Reason.OPEN_CASE)
    waiting = Invitation.objects.filter(account=account_id, programme__kind=Programme.Kind.FIRST_ORDER)
    order_id = waiting.filter(reason__in=waits).values_list("order", flat=True).first()
    shipment_id = Shipment.objects.filter(order=order_id).values_list("pk", flat=True).first() if order_id else None
    return plan_first_order(shipment_id, now=now) if shipment_id else None


def plan_missed_first_orders(*, now: datetime, size: int = 500) -> int:
    """Decide about first orders delivered lately that no event led to a decision about; how many."""
    about = Invitation.objects.filter(order=OuterRef("shipment__order"), programme__kind=Programme.Kind.FIRST_ORDER)
    missed = Invitation.objects.filter(
        ~Exists(about), reason=Invitation.Reason.OTHER_PROGRAMME, decided_at__gt=now - _MISSED_FOR,
        shipment__order__status=Order.Status.DELIVERED,
    )  # fmt: skip
    shipments = list(missed.order_by("decided_at").values_list("shipment", flat=True)[:size])
    return sum(plan_first_order(pk, now=now) is not None for pk in shipments)


def _subject(order: Order) -> Subject:
    shipments = list(order.shipments.filter(status=Shipment.Status.DELIVERED))
    failed = [each for each in shipments if each.is_late or each.is_short or each.is_damaged]
    fixed_at = dict(
        Case.objects.closed()
        .filter(shipment__in=failed, resolved_at__isnull=False)
        .order_by("resolved_at")
        .values_list("shipment", "resolved_at")
    )
    fixed = all(each.pk in fixed_at for each in failed)
    return Subject(
        ref=f"order:{order.number}",
        account=order.account,
        ready_at=max([*(each.delivered_at for each in shipments), *(fixed_at.values() if fixed else ())]),
        people=_who_took_part(order, shipments),
        order=order,
        failed=bool(failed),
        fixed=fixed,
        spread=order.pk,
        nobody=Invitation.Reason.NO_PERSON,
    )


def _who_took_part(order: Order, shipments: list[Shipment]) -> list[Contact]:
    received = {each.received_by.strip().lower() for each in shipments}
    people = Contact.objects.filter(is_active=True).annotate(folded_name=Lower("name"))
    ordered = people.filter(pk=order.contact_id or 0)  # a contact of the parent may have
    return list(ordered | people.filter(account=order.account_id, folded_name__in=received - {""}))
