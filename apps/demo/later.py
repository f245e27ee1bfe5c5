"""Promises that slipped: a purchase order comes nine days later, and the buyer's orders wait for it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum

from apps.accounts.models import Contact, ShipTo
from apps.accounts.selectors import actor_for
from apps.availability.models import IncomingSupply, StockLevel
from apps.availability.services import reschedule
from apps.catalogue.models import Product, ProductRelation
from apps.core.errors import Refusal
from apps.core.scoping import SYSTEM
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.demo.delivery import STANDARD
from apps.fulfilment.services import follow_supply, plan_shipments
from apps.ordering.models import Order
from apps.ordering.selectors import cost_centres_for
from apps.ordering.services import confirm_order, place_lines

ORDERS, LATER_DAYS, MULTIPLES, NET = 2, 9, 3, range(40, 900)  # how many, by how much, late multiples, in pounds


def save_slips(clock: Clock) -> None:
    """Ordered, confirmed, rescheduled and noticed by the same services as everywhere."""
    made = 0
    for supply in _supplies(clock):
        if made == ORDERS:
            return
        made += _slips(supply, f"later {made}", clock)


def _supplies(clock: Clock) -> Iterator[IncomingSupply]:
    """What is under way of goods that something else can stand in for, the least dear first."""
    replaced = ProductRelation.objects.filter(
        kind=ProductRelation.Kind.SUBSTITUTE, other__status=Product.Status.ACTIVE, other__stock__on_hand__gte=100
    )
    under_way = IncomingSupply.objects.filter(
        product__in=replaced.values("product"), product__status=Product.Status.ACTIVE, reserved=0, received_on=None,
        due_on__range=(clock.day(4), clock.day(20)),
    )  # fmt: skip
    yield from under_way.select_related("product").order_by("due_on", "pk")[:60]


def _slips(supply: IncomingSupply, key: str, clock: Clock) -> bool:
    """Whether the buyer could order all there is of it, and a little more that comes late now."""
    product = supply.product
    there = StockLevel.objects.filter(product=product).aggregate(sum=Sum("on_hand") - Sum("reserved"))["sum"] or 0
    multiple = product.order_multiple
    quantity = max((-(-there // multiple) + MULTIPLES) * multiple, product.minimum_quantity)
    if quantity - there > supply.quantity:
        return False
    buyer = (
        Contact.objects.filter(account=STAGE, role=Contact.Role.BUYER, user__isnull=False)
        .select_related("account", "user")
        .order_by("pk")
        .first()
    )
    ship_to = ShipTo.objects.filter(account=STAGE, is_default=True).first()
    if buyer is None or ship_to is None:
        return False
    centres = cost_centres_for(buyer.account, buyer)
    try:
        with transaction.atomic():
            order = place_lines(
                actor_for(buyer.user),
                lines=[(product.pk, quantity)],
                ship_to_id=ship_to.pk,
                option_id=STANDARD,
                key=key,
                channel=Order.Channel.PORTAL,
                cost_centre_id=centres[0].pk if centres else None,
                now=clock.ago(days=1),
            )
            if order.status != Order.Status.PLACED or int(order.goods_net) not in NET:
                raise Refusal
    except Refusal:
        return False
    confirm_order(SYSTEM, order, now=clock.now)
    plan_shipments(order.pk, now=clock.now)
    later = supply.due_on + timedelta(days=LATER_DAYS)
    reschedule(supply, later, now=clock.now, on=clock.today)
    return follow_supply(product.sku, because="supply_late", now=clock.now) > 0
