"""Goods are handed over with a proof, and what the receiver finds wrong afterwards is taken down.

Pictures are judged before anything is written: a refused one leaves everything as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import PermissionMissing
from apps.accounts.services import demand
from apps.core.attachments import JPEG, AttachmentRefused, attached
from apps.core.events import record
from apps.core.scoping import Actor
from apps.core.text import folded
from apps.fulfilment.errors import DeliveryRefused, FaultRefused, ShipmentMovedOn
from apps.fulfilment.models import DeliveryFile, FaultLine, FaultReport, Proof, Shipment, Tour
from apps.fulfilment.rules import may_report_fault
from apps.fulfilment.selectors.proofs import TOUR_SALT, fault_days_of
from apps.fulfilment.services.deliveries import confirm_delivery
from apps.fulfilment.services.dispatching import locked_shipment
from apps.fulfilment.services.facts import add_faults

MOST_PHOTOS, LONGEST_NOTE = 5, 2000


@dataclass(frozen=True, slots=True)
class Pictures:
    """What was sent along: a signature as a picture (or None), photographs as (name, content)."""

    signature: bytes | None = None
    photos: Sequence[tuple[str, bytes]] = ()


@transaction.atomic
def plan_tour(actor: Actor, shipments: Sequence[Shipment], *, driver: str, now: datetime) -> Tour:
    """A driver brings these shipments: all that have not arrived.

    Raises `ShipmentMovedOn` where none is left, and `DeliveryRefused` for what its supplier sends straight to the
    receiver: no driver of ours ever has it.
    """
    demand(actor, "shipment.dispatch")
    if not driver.strip():
        raise DeliveryRefused(_("Say who drives."))
    open_ones = (Shipment.Status.PLANNED, Shipment.Status.SHIPPED)
    loose = Shipment.objects.visible_to(actor).filter(pk__in=[each.pk for each in shipments], status__in=open_ones)
    if not loose.exists():
        raise ShipmentMovedOn(_("All of these have arrived or were called off."))
    direct = loose.exclude(supplier="").order_by("number").values_list("number", flat=True)
    if direct:
        words = _("Take out %(numbers)s: the supplier sends it straight to the receiver, so no driver of ours has it.")
        raise DeliveryRefused(words % {"numbers": ", ".join(direct)})
    tour = Tour.objects.create(driver=driver.strip()[:80], made_at=now, made_by=actor.name)
    loose.update(tour=tour)
    record("tour.planned", f"tour:{tour.pk}", actor=actor, at=now, driver=tour.driver)
    return tour


def token_of(tour: Tour) -> str:
    """What the link of a tour carries; it opens that tour and nothing else, until it ends."""
    return signing.dumps(tour.pk, salt=TOUR_SALT)


@transaction.atomic
def end_tour(actor: Actor, tour: Tour, *, now: datetime) -> None:
    """The link of a tour opens nothing from now on; safe to repeat."""
    demand(actor, "shipment.dispatch")
    if Tour.objects.filter(pk=tour.pk, ended_at=None).update(ended_at=now):
        record("tour.ended", f"tour:{tour.pk}", actor=actor, at=now, driver=tour.driver)


@transaction.atomic
def prove_delivery(
    actor: Actor,
    shipment: Shipment,
    *,
    received_by: str,
    taken_at: datetime,
    lines: Mapping[int, Sequence[int]] | None = None,
    pictures: Pictures = Pictures(),
    note: str = "",
    source: str = Proof.Source.OPERATIONS,
    key: str,
    now: datetime,
) -> Proof:
    """A shipment was handed over to somebody; `lines` as `confirm_delivery` takes them. The same `key` is one proof.

    Where it was delivered already, the proof is kept and changes nothing. Raises what `confirm_delivery` raises,
    `DeliveryRefused` without a name, `AttachmentRefused` for what is no picture.
    """
    demand(actor, "delivery.confirm")
    if not (name := folded(received_by)[:120]):
        words = _("Say who received it.")
        raise DeliveryRefused(words, fields={"received_by": [words]})
    files = _judged(pictures)
    shipment = locked_shipment(actor, shipment)
    if known := shipment.proofs.filter(key=key[:40]).first():
        return known
    is_first = shipment.status != Shipment.Status.DELIVERED
    if is_first:
        confirm_delivery(actor, shipment, received_by=name, delivered_at=taken_at, lines=lines, source=source, now=now)
    proof = Proof.objects.create(
        shipment=shipment,
        source=source,
        given_by=actor.name,
        received_by=name,
        note=folded(note)[:200],
        key=key[:40],
        taken_at=taken_at,
        heard_at=now,
        counts=is_first,
    )
    _keep(files, shipment, proof=proof)
    return proof


@transaction.atomic
def report_fault(
    actor: Actor,
    shipment: Shipment,
    faults: Mapping[int, tuple[str, int]],
    *,
    note: str = "",
    photos: Sequence[tuple[str, bytes]] = (),
    key: str,
    now: datetime,
) -> FaultReport:
    """A receiver found something wrong: shipment line id -> (kind, quantity). The same `key` is one report.

    Raises `FaultRefused` where it has not arrived or the agreed days are over, for nothing said, and for more than was
    delivered (missing: than was shipped). Records `delivery.faulted`.
    """
    demand(actor, "case.open")
    if actor.account_id is None:
        raise PermissionMissing(_("Only the account reports what it found wrong."))
    files = _judged(Pictures(photos=photos))
    shipment = locked_shipment(actor, shipment)
    if known := shipment.faults.filter(key=key[:40]).first():
        return known
    _refuse_late(shipment, now)
    lines = {line.pk: line for line in shipment.lines.select_related("order_line")}
    _refuse_faults(lines, faults)
    report = FaultReport.objects.create(
        shipment=shipment,
        account_id=shipment.account_id,
        contact_id=actor.contact_id,
        note=note.strip()[:LONGEST_NOTE],
        key=key[:40],
        reported_at=now,
    )
    FaultLine.objects.bulk_create(
        FaultLine(report=report, line=lines[pk], kind=kind, quantity=quantity)
        for pk, (kind, quantity) in sorted(faults.items())
    )
    _keep(files, shipment, fault=report)
    add_faults(faults)
    record(
        "delivery.faulted",
        f"shipment:{shipment.number}",
        account_id=shipment.account_id,
        actor=actor,
        at=now,
        report=report.pk,
        order=shipment.order.number,
        faults=[
            {"sku": lines[pk].order_line.sku, "kind": kind, "quantity": quantity}
            for pk, (kind, quantity) in sorted(faults.items())
        ],
    )
    return report


def _refuse_late(shipment: Shipment, now: datetime) -> None:
    if shipment.status != Shipment.Status.DELIVERED:
        raise FaultRefused(_("This shipment has not arrived yet, as far as we know. Ask the service desk."))
    days = fault_days_of(shipment.account_id)
    today = now.astimezone(ZoneInfo(shipment.time_zone)).date()
    if not may_report_fault(shipment.delivered_on, today, days):
        words = _("Faults can be reported within %(days)s days of the delivery. Ask the service desk about this one.")
        raise FaultRefused(words % {"days": days})


def _refuse_faults(lines: Mapping, faults: Mapping[int, tuple[str, int]]) -> None:
    if not faults:
        raise FaultRefused(_("Say of which line how much is wrong; nothing was sent."))
    for pk, (kind, quantity) in faults.items():
        if pk not in lines or kind not in FaultLine.Kind.values:
            raise FaultRefused(_("One of the lines is not in this shipment."))
        if not 1 <= quantity <= lines[pk].quantity:
            words = _("Of %(sku)s, %(shipped)s were shipped: no more can be wrong, and at least one.")
            raise FaultRefused(words % {"sku": lines[pk].order_line.sku, "shipped": lines[pk].quantity}, line=pk)


def _judged(pictures: Pictures) -> list[tuple[str, bytes]]:
    """(kind, picture as it is kept) of what was sent along."""
    if len(pictures.photos) > MOST_PHOTOS:
        words = _("Send at most %(most)s photographs.") % {"most": MOST_PHOTOS}
        raise AttachmentRefused(words, fields={"file": [words]})
    signature = [(DeliveryFile.Kind.SIGNATURE, pictures.signature)] if pictures.signature else []
    sent = [*signature, *((DeliveryFile.Kind.PHOTO, content) for _name, content in pictures.photos)]
    kept = [(kind, attached(content)) for kind, content in sent]
    if any(file.kind != JPEG for _kind, file in kept):
        words = _("Only a picture (JPEG, PNG, WebP) can be sent here.")
        raise AttachmentRefused(words, fields={"file": [words]})
    return [(kind, file.content) for kind, file in kept]


def _keep(files: Sequence[tuple[str, bytes]], shipment: Shipment, **of) -> None:
    for kind, content in files:
        row = DeliveryFile(shipment=shipment, kind=kind, **of)
        row.file.save("picture.jpg", ContentFile(content))
