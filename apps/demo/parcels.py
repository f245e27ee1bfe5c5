"""Boxes, proofs and messages of the demo: what the buyer's latest shipments look like, and what carriers said.

Told by the same services as everywhere, of what stands already.
"""

from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.db.models import Model
from PIL import Image, ImageDraw

from apps.core.scoping import Actor
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.fulfilment import services
from apps.fulfilment.models import DeliveryFile, Parcel, ParcelLine, PickLocation, Proof, Shipment, ShipmentLine
from apps.fulfilment.services import Pictures
from apps.fulfilment.services.messages import carrier_actor

PACKER = Actor(role="operations", name="Olive Penrose")
BOXED = 8


def save_parcels(_parties, clock: Clock) -> None:
    recent = Shipment.objects.filter(account=STAGE, shipped_at__isnull=False).order_by("-shipped_at", "-pk")[:BOXED]
    shipments = list(recent.select_related("order").prefetch_related("lines"))
    _boxes(shipments)
    for shipment in [each for each in shipments if each.delivered_at][:2]:
        _proof(shipment)
    _locations()
    _messages(shipments, clock)


def _boxes(shipments: list[Shipment]) -> None:
    """Two boxes where there are several lines, else one."""
    for shipment in shipments:
        lines = list(shipment.lines.all())
        parts = [lines[::2], lines[1::2]] if len(lines) > 1 else [lines]
        for at, inside in enumerate(parts, 1):
            number = f"{shipment.tracking_code}-{at}" if shipment.tracking_code else ""
            parcel = Parcel.objects.create(
                shipment=shipment, position=at, tracking_number=number, status=shipment.status
            )
            ParcelLine.objects.bulk_create(
                ParcelLine(parcel=parcel, line=line, quantity=line.quantity) for line in inside
            )


def _proof(shipment: Shipment) -> None:
    services.prove_delivery(
        Actor(role="system", name="Danny Firth"),
        shipment,
        received_by=shipment.received_by or "Goods-in",
        taken_at=shipment.delivered_at,
        pictures=Pictures(signature=signature()),
        source=Proof.Source.DRIVER,
        key="demo",
        now=shipment.delivered_at,
    )
    Proof.objects.filter(shipment=shipment).update(counts=True)
    named_files(shipment)


def named_files(shipment: Shipment) -> None:
    for row in DeliveryFile.objects.filter(shipment=shipment):
        name_file(row, f"deliveries/demo-{shipment.number}.jpg")


def name_file(row: Model, name: str) -> None:
    """The same day makes the same demo: no name by chance, and no second copy beside an earlier one."""
    storage, before = row.file.storage, row.file.name
    with storage.open(before) as file:
        content = ContentFile(file.read())
    storage.delete(before)
    storage.delete(name)
    type(row).objects.filter(pk=row.pk).update(file=storage.save(name, content))


def signature() -> bytes:
    """A line as a hand draws it."""
    picture = Image.new("RGB", (700, 260), "white")
    points = [(90, 170), (150, 70), (190, 190), (250, 90), (300, 180), (380, 120), (460, 170), (610, 110)]
    ImageDraw.Draw(picture).line(points, fill="#14232a", width=5, joint="curve")
    content = BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def _locations() -> None:
    """Where the goods lie that are planned to leave."""
    planned = ShipmentLine.objects.filter(shipment__status=Shipment.Status.PLANNED, shipment__warehouse__isnull=False)
    places = set(planned.values_list("shipment__warehouse_id", "order_line__product_id"))
    PickLocation.objects.bulk_create(
        PickLocation(
            warehouse_id=warehouse_id, product_id=product_id,
            location=f"{'ABCDEF'[product_id % 6]}-{product_id % 24 + 1:02d}-{product_id % 5 + 1}",
        )
        for warehouse_id, product_id in sorted(places)
    )  # fmt: skip


def _messages(shipments: list[Shipment], clock: Clock) -> None:
    """What a carrier sent: of use, late, and of a shipment that nobody knows."""
    carried = [each for each in shipments if each.carrier and each.delivered_at]
    if not carried:
        return
    at, code = clock.now - timedelta(hours=3), carried[0].number
    rows = [
        {"message_id": "WP-1", "shipment": code, "kind": "in_transit", "happened_at": at.isoformat(), "place": "York"},
        {"message_id": "WP-2", "tracking_number": "WP000", "kind": "delivered", "happened_at": at.isoformat()},
        {"message_id": "WP-3", "shipment": code, "kind": "lost"},
    ]
    services.take_in(carrier_actor(carried[0].carrier), rows, channel="webhook", now=clock.now)
