"""A warehouse at work: this morning's orders in a wave that a picker is halfway through, and a driver under way.

Told by the same services as everywhere, after all that the past left behind; what reactions would do is done at once.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.models import Contact, ShipTo
from apps.availability.models import StockLevel, Warehouse
from apps.core.errors import Refusal
from apps.core.scoping import SYSTEM, Actor
from apps.delivery.models import DeliveryOption
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.demo.parcels import PACKER, named_files, signature
from apps.feedback.services import plan_invitation
from apps.fulfilment import services
from apps.fulfilment.models import PickLocation, Proof, Shipment
from apps.fulfilment.services import Packed, Pictures
from apps.invoicing.services import issue_invoice
from apps.ordering.models import Order
from apps.ordering.services import confirm_order, place_lines

ORDERS, LINES, STOPS, TRIES = 6, 4, 5, 40
DRIVER = Actor(role="system", name="Danny Firth")


def save_picking(clock: Clock) -> None:
    first = Warehouse.objects.order_by("priority", "code").first()
    goods = _goods(first, ORDERS * LINES)
    if not goods:
        return
    _order(first, goods, clock)
    _locate(first, goods)
    try:
        with transaction.atomic():
            wave = services.release_wave(PACKER, first, now=clock.ago(hours=1), size=ORDERS)
    except Refusal:  # on a day on which the house is closed there is nothing to pick
        wave = None
    if wave:
        _pick_half(wave, clock)
    _drive(clock)


def _goods(warehouse: Warehouse, count: int) -> list:
    """What sells best of what lies there in plenty."""
    rows = StockLevel.objects.filter(warehouse=warehouse, product__kind="goods", product__status="active")
    plenty = rows.filter(on_hand__gte=F("reserved") + F("safety_stock") + 12 * F("product__minimum_quantity"))
    levels = plenty.select_related("product").order_by("-product__popularity", "product_id")[:count]
    return [level.product for level in levels]


def _order(warehouse: Warehouse, goods: list, clock: Clock) -> None:
    """An order of each of some accounts at home, confirmed; who may not order this freely is passed over."""
    at_home = ShipTo.objects.filter(country=warehouse.country, is_default=True, is_active=True)
    buyers = Contact.objects.filter(role="buyer", is_active=True, account__ship_tos__in=at_home)
    buyers = buyers.exclude(account=STAGE).order_by("-account_id", "pk").distinct("account_id")[:TRIES]
    placed = 0
    for buyer in buyers:
        wanted = goods[placed * LINES : (placed + 1) * LINES]
        if not wanted:
            return
        lines = [(each.pk, each.minimum_quantity * (n + 1)) for n, each in enumerate(wanted)]
        placed += _ordered(buyer, lines, clock.ago(hours=3) + timedelta(minutes=7 * placed))


def _ordered(buyer: Contact, lines: list[tuple[int, int]], at) -> bool:
    """Whether the order was placed, needs nobody's yes and comes to be picked."""
    actor = Actor(
        role="buyer", account_id=buyer.account_id, account_ids=(buyer.account_id,), contact_id=buyer.pk, name=buyer.name
    )
    dock = ShipTo.objects.filter(account=buyer.account_id, is_default=True).first()
    by_van = DeliveryOption.objects.filter(kind=DeliveryOption.Kind.STANDARD).order_by("position", "pk").first()
    wanted = {"ship_to_id": dock.pk, "option_id": by_van.pk, "key": str(UUID(int=buyer.pk))}
    try:
        with transaction.atomic():
            order = place_lines(actor, lines=lines, **wanted, channel=Order.Channel.PORTAL, now=at)
            confirm_order(SYSTEM, order, now=at + timedelta(minutes=5))
            services.plan_shipments(order.pk, now=at + timedelta(minutes=5))
    except Refusal:
        return False
    return True


def _locate(warehouse: Warehouse, goods: list) -> None:
    PickLocation.objects.bulk_create(
        (
            PickLocation(
                warehouse=warehouse,
                product=each,
                location=f"{'ABCDEF'[each.pk % 6]}-{each.pk % 24 + 1:02d}-{each.pk % 5 + 1}",
            )
            for each in goods
        ),
        ignore_conflicts=True,
    )


def _pick_half(wave, clock: Clock) -> None:
    """The first half is picked, each into a box of its own number, and the first has left."""
    shipments = list(wave.shipments.exclude(account=STAGE).order_by(F("promised_on").asc(nulls_last=True), "id"))
    for n, shipment in enumerate(shipments[: len(shipments) // 2]):
        at = clock.ago(hours=0.75) + timedelta(minutes=9 * n)
        inside = dict(shipment.lines.values_list("pk", "quantity"))
        box = [Packed(f"WF{shipment.pk * 48_271 % 899_999_981 + 100_000_000}GB", inside)]
        services.confirm_picks(PACKER, shipment, {}, parcels=box, now=at)
        if n == 0:
            services.dispatch_shipment(PACKER, shipment, now=at + timedelta(minutes=5))
            issue_invoice(shipment.pk, now=at + timedelta(minutes=6))


def _drive(clock: Clock) -> None:
    """A tour of today with its first stop behind it."""
    going = Shipment.objects.filter(
        status=Shipment.Status.SHIPPED, order__country="GB", shipped_at__lt=clock.ago(hours=12)
    )
    going = going.exclude(account=STAGE).filter(overdue_at=None).order_by("-promised_on", "pk")
    stops = list(going[:STOPS])
    if not stops:
        return
    services.plan_tour(PACKER, stops, driver=DRIVER.name, now=clock.ago(hours=4))
    services.prove_delivery(
        DRIVER,
        stops[0],
        received_by="Goods-in",
        taken_at=clock.ago(hours=2),
        pictures=Pictures(signature=signature()),
        source=Proof.Source.DRIVER,
        key="demo",
        now=clock.ago(hours=2),
    )
    named_files(stops[0])
    plan_invitation(stops[0].pk, now=clock.ago(hours=2))
