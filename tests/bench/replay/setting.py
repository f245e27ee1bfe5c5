"""The stage of a replay: docks to deliver to, a carrier, what lies in the warehouse and what comes there when."""

from collections import Counter
from datetime import date, timedelta
from math import ceil

from django.db.models import Sum

from apps.accounts.models import Account, Contact, ShipTo
from apps.availability.models import IncomingSupply, Reservation, StockLevel, Warehouse
from apps.availability.services import load_stock
from apps.catalogue.models import Product
from apps.core.scoping import Actor
from apps.delivery.models import DeliveryOption
from apps.fulfilment.services import open_carrier_key
from tests.bench.replay.month import Month

CARRIER = "Parcel Line"
#: Of what is sold in the month, this share lies there at the start; the rest comes in these weeks.
OPENING, WEEKS, EACH_TIME = 0.6, (1, 3), 0.25


class Stage:
    """Who orders, to where and by which way; products by SKU."""

    def __init__(self, operations: Actor):
        if not DeliveryOption.objects.filter(carrier=CARRIER).exists():
            DeliveryOption.objects.update(carrier=CARRIER, base_rate=5)
        self.option = DeliveryOption.objects.order_by("position").first()
        self.warehouse = Warehouse.objects.order_by("priority", "code").first()
        self.operations = operations
        self.products = {product.sku: product for product in Product.objects.all()}
        docks = dict(ShipTo.objects.values_list("account", "pk"))
        contacts = dict(Contact.objects.order_by("-pk").values_list("account", "pk"))
        self.buyers = {
            number: (Actor(role="buyer", account_id=pk, account_ids=(pk,), contact_id=contacts[pk]), docks[pk])
            for pk, number in Account.objects.filter(pk__in=docks).values_list("pk", "number")
        }


def set_up(month: Month, operations: Actor, *, first: date, now) -> Stage:
    """Set the stage, once."""
    without = Account.objects.exclude(pk__in=ShipTo.objects.values("account"))
    ShipTo.objects.bulk_create(
        ShipTo(
            account=account,
            code="MAIN",
            name=account.name,
            street="1 Dock Road",
            city="Leeds",
            postal_code="LS1 1AA",
            country=account.country,
            time_zone=account.time_zone,
            is_default=True,
        )
        for account in without
    )
    stage = Stage(operations)
    if not StockLevel.objects.exists():
        open_carrier_key(operations, CARRIER, now=now)
        _fill(stage, month, first)
    return stage


def _fill(stage: Stage, month: Month, first: date) -> None:
    sold: Counter[int] = Counter()
    for sale in month.sales:
        for sku, (quantity, _price) in sale.lines.items():
            sold[stage.products[sku].pk] += quantity
    load_stock((stage.warehouse.pk, pk, ceil(pieces * OPENING)) for pk, pieces in sold.items())
    monday = first + timedelta(days=-first.weekday() % 7)
    IncomingSupply.objects.bulk_create(
        IncomingSupply(
            number=f"PO-{pk}-{week}",
            warehouse=stage.warehouse,
            product_id=pk,
            quantity=ceil(pieces * EACH_TIME),
            due_on=monday + timedelta(weeks=week),
        )
        for pk, pieces in sold.items()
        for week in WEEKS
    )


def opening_of(month: Month, stage: Stage) -> Counter[int]:
    """Product id -> what lay there at the start."""
    sold: Counter[int] = Counter()
    for sale in month.sales:
        for sku, (quantity, _price) in sale.lines.items():
            sold[stage.products[sku].pk] += quantity
    return Counter({pk: ceil(pieces * OPENING) for pk, pieces in sold.items()})


def source_the_rest(stage: Stage, *, on: date) -> None:
    """What is promised and neither there nor under way is ordered; it comes that day."""
    lacking = Reservation.objects.filter(
        state="held", stock=None, incoming=None, offer=None, product__kind="goods"
    ).values_list("product")
    IncomingSupply.objects.bulk_create(
        (
            IncomingSupply(
                number=f"PO-{pk}-{on:%m%d}", warehouse=stage.warehouse, product_id=pk, quantity=pieces, due_on=on
            )
            for pk, pieces in lacking.annotate(pieces=Sum("quantity")).order_by("product")
        ),
        ignore_conflicts=True,
    )
