"""Tours, proofs of delivery and faults, each behind the door of its shipment."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing

from apps.core.scoping import Actor
from apps.fulfilment.errors import ShipmentNotFound, TourNotFound
from apps.fulfilment.models import DeliveryFile, FaultLine, FaultReport, Proof, ReceivingTerms, Shipment, Tour
from apps.fulfilment.rules import FAULT_DAYS, may_report_fault

FAULT_KINDS = FaultLine.Kind.choices
TOUR_SALT, TOUR_LASTS = "fulfilment.tour", timedelta(hours=36)


def tour_by_token(token: str) -> Tour:
    """The tour that a driver's link opens; `TourNotFound` for a link that was never given, ran out or has ended."""
    try:
        pk = signing.loads(token, salt=TOUR_SALT, max_age=TOUR_LASTS)
    except signing.BadSignature:
        raise TourNotFound() from None
    tour = Tour.objects.filter(pk=pk, ended_at=None).first()
    if tour is None:
        raise TourNotFound()
    return tour


def stops_of(tour: Tour) -> list[Shipment]:
    """The shipments of a tour, what is still to be brought first. Three queries."""
    stops = Shipment.objects.filter(tour=tour).exclude(status=Shipment.Status.CANCELLED)
    stops = stops.select_related("order__ship_to", "destination__ship_to", "account").prefetch_related(
        "lines__order_line", "parcels"
    )
    return sorted(stops, key=lambda stop: (stop.status == Shipment.Status.DELIVERED, stop.goes.ship_to_text, stop.pk))


def stop_of(tour: Tour, number: str) -> Shipment:
    """A shipment of a tour; `ShipmentNotFound` for any other."""
    found = [stop for stop in stops_of(tour) if stop.number == number]
    if not found:
        raise ShipmentNotFound()
    return found[0]


def proofs_of(shipments: Iterable[Shipment]) -> dict[int, list[Proof]]:
    """Shipment id -> its proofs with their pictures, the one that counts first. Two queries."""
    proofs: dict[int, list[Proof]] = {}
    found = Proof.objects.filter(shipment__in=[each.pk for each in shipments]).prefetch_related("files")
    for proof in found.order_by("-counts", "heard_at", "id"):
        proofs.setdefault(proof.shipment_id, []).append(proof)
    return proofs


def file_of(actor: Actor, number: str, file_id: int) -> DeliveryFile:
    """A picture of a shipment that the actor may see; `ShipmentNotFound` for absent and not yours."""
    seen = Shipment.objects.visible_to(actor).filter(number=number)
    file = DeliveryFile.objects.filter(pk=file_id, shipment__in=seen).first()
    if file is None:
        raise ShipmentNotFound()
    return file


def fault_days_of(account_id: int) -> int:
    """Within how many days after a delivery an account may report a fault. One query."""
    days = ReceivingTerms.objects.filter(account=account_id).values_list("fault_days", flat=True).first()
    return FAULT_DAYS if days is None else days


def may_be_faulted(shipments: Iterable[Shipment], now: datetime) -> set[int]:
    """Ids of the shipments of one account of which a fault may still be reported. One query at most."""
    delivered = [each for each in shipments if each.delivered_on]
    if not delivered:
        return set()
    days = fault_days_of(delivered[0].account_id)
    return {each.pk for each in delivered if may_report_fault(each.delivered_on, _today(each, now), days)}


def _today(shipment: Shipment, now: datetime) -> date:
    return now.astimezone(ZoneInfo(shipment.time_zone)).date()


def fault_report(report_id: int) -> FaultReport:
    """The report with its shipment, lines and contact. Two queries."""
    reports = FaultReport.objects.select_related("shipment__order", "account", "contact")
    return reports.prefetch_related("lines__line__order_line").get(pk=report_id)
