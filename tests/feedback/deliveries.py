"""Deliveries for the tests of what follows from them."""

from datetime import timedelta
from itertools import count

from apps.fulfilment.models import Shipment, ShipmentLine
from apps.ordering.models import Order, OrderLine

_numbers = count(1)


def delivered(world, contact=None, *, days_ago=0, received_by="", at=None, **more) -> Shipment:
    """A delivery of a hundred bolts to the contact's account, so many days ago; `more` of it as `is_late`."""
    contact = contact or world.anna
    number = next(_numbers)
    delivered_at = at or world.now - timedelta(days=days_ago)
    order = Order.objects.create(
        number=f"SO-{number}", account=contact.account, contact=contact, status="delivered", currency="GBP",
        po_number="PO-77", goods_net=16, gross=16, placed_at=delivered_at - timedelta(days=3),
    )  # fmt: skip
    line = OrderLine.objects.create(
        order=order, position=1, product=world.bolt, sku=world.bolt.sku, name=world.bolt.name, quantity=100,
        unit_price="0.1600", price_source="contract", net=16, promised_on=delivered_at.date(), shipped_quantity=100,
        delivered_quantity=100,
    )  # fmt: skip
    shipment = Shipment.objects.create(
        number=f"SH-{number}", order=order, account=contact.account, warehouse=world.north, status="delivered",
        shipped_at=delivered_at - timedelta(days=1), delivered_at=delivered_at, received_by=received_by,
        created_at=delivered_at - timedelta(days=2), **{"promised_on": delivered_at.date(), **more},
    )  # fmt: skip
    ShipmentLine.objects.create(shipment=shipment, order_line=line, quantity=100, delivered_quantity=100)
    return shipment
