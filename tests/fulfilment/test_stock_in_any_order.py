"""Whatever happens to stock in whatever order, no piece is promised twice and none is lost from the books."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.availability import services as stock
from apps.availability.models import IncomingSupply, Reservation, StockLevel, SupplierOffer
from apps.core.errors import Refusal
from apps.core.feeds import Told
from apps.core.scoping import SYSTEM
from apps.fulfilment import services as warehouse
from apps.fulfilment.errors import NothingToRelease
from apps.fulfilment.models import Shipment
from apps.ordering import services as ordering
from apps.ordering.models import Order, OrderLine, PaymentPlan
from tests.ordering.trade import actor

SOME = st.integers(0, 9)
DRAWN = {"max_examples": 12, "stateful_step_count": 18, "deadline": None, "database": None}


def held(**of) -> int:
    return Reservation.objects.filter(state="held", **of).aggregate(sum=Sum("quantity"))["sum"] or 0


class Stock(RuleBasedStateMachine):
    """Each step is something that may happen to whatever is there; `there` is what must be on hand because of it."""

    world = None

    def __init__(self):
        super().__init__()
        self.stage = transaction.atomic()
        self.stage.__enter__()
        self.now, self.version = self.world.now, 100
        PaymentPlan.objects.create(code="AHEAD", name="Pay ahead", kind="ahead")
        self.goods = [self.world.gloves, self.world.drill, self.world.oil]
        self.there = Counter({(row.product_id, row.warehouse_id): row.on_hand for row in StockLevel.objects.all()})

    def teardown(self):
        transaction.set_rollback(True)
        self.stage.__exit__(None, None, None)

    def some(self, rows, at: int):
        rows = list(rows.order_by("pk"))
        return rows[at % len(rows)] if rows else None

    @rule(first=SOME, quantity=st.integers(1, 30), ahead=st.booleans())
    def place(self, first, quantity, ahead):
        wishes = [(self.goods[(first + n) % 3].pk, quantity + n) for n in range(1 + first % 2)]
        wanted = {"ship_to_id": self.world.dock.pk, "option_id": self.world.standard.pk, "key": str(uuid4())}
        ways = {"payment": "AHEAD"} if ahead else {}
        order = ordering.place_lines(actor(self.world.boris), lines=wishes, **wanted, **ways, now=self.now)
        if order.status == Order.Status.PLACED:
            ordering.confirm_order(SYSTEM, order, now=self.now)
            warehouse.plan_shipments(order.pk, now=self.now)

    @rule(at=SOME)
    def cancel(self, at):
        order = self.some(Order.objects.exclude(status__in=("cancelled", "shipped", "delivered")), at)
        if order:
            ordering.cancel_order(SYSTEM, order, now=self.now)
            warehouse.cancel_shipments(order.pk)

    @rule(at=SOME)
    def expire(self, at):
        order = self.some(Order.objects.filter(status="awaiting_payment"), at)
        if order:
            long_after = self.now + timedelta(days=60)
            told = [ordering.prepayment.remind_or_end(order.pk, now=long_after) for _ in range(2)]
            assert told[0] == "reminded" and ordering.prepayment.remind_or_end(
                order.pk, now=long_after + timedelta(days=5)
            ) in ("ended", "")

    @rule(at=SOME, share=st.sampled_from([0, 50, 100]))
    def receive_supply(self, at, share):
        supply = self.some(IncomingSupply.objects.filter(received_on=None), at)
        if supply:
            came = supply.quantity * share // 100
            stock.receive(supply, now=self.now, on=self.now.date(), quantity=came)
            self.there[supply.product_id, supply.warehouse_id] += came
            warehouse.follow_supply(supply.product.sku, because="supply_short", now=self.now)

    @rule(at=SOME, days=st.integers(-3, 20))
    def move_supply(self, at, days):
        supply = self.some(IncomingSupply.objects.filter(received_on=None), at)
        if supply:
            due_on = self.world.today + timedelta(days=days)
            stock.reschedule(supply, due_on, now=self.now, on=self.now.date())
            warehouse.follow_supply(supply.product.sku, because="supply_late", now=self.now)

    @rule(at=SOME, quantity=st.integers(1, 40))
    def order_supply(self, at, quantity):
        IncomingSupply.objects.create(
            number=str(uuid4())[:20],
            warehouse=self.world.north,
            product=self.goods[at % 3],
            quantity=quantity,
            due_on=self.now.date() + timedelta(days=at),
        )

    @rule(at=SOME, on_hand=st.integers(0, 60), back=st.sampled_from([0, 0, 50]))
    def hear_from_the_erp(self, at, on_hand, back):
        """A stock file; `back` by which its version goes backwards: then it says nothing."""
        level = self.some(StockLevel.objects.filter(product__in=self.goods), at)
        self.version += 1
        row = {"sku": level.product.sku, "warehouse": level.warehouse.code, "on_hand": on_hand}
        report = stock.take_stock([row | {"version": self.version - back}], Told("test"), now=self.now)
        if level.version <= self.version - back:
            lost = warehouse.follow_missing_stock(level.product.sku, level.warehouse.code, now=self.now)
            self.there[level.product_id, level.warehouse_id] = max(on_hand, level.reserved) - lost
        else:
            assert report.applied == 0

    @rule()
    def release_wave(self):
        for place in (self.world.north, self.world.south):
            try:
                with transaction.atomic():
                    warehouse.release_wave(SYSTEM, place, now=self.now)
            except NothingToRelease:
                pass

    def waiting(self):
        return Shipment.objects.filter(status="planned", wave__isnull=False, picked_at=None)

    @precondition(lambda self: self.waiting().exists())
    @rule(at=SOME, short=st.integers(0, 3))
    def pick(self, at, short):
        shipment = self.some(self.waiting(), at)
        line = shipment.lines.order_by("pk")[0]
        found = max(line.quantity - short, 0)
        self.there[line.order_line.product_id, shipment.warehouse_id] -= line.quantity - found
        warehouse.confirm_picks(SYSTEM, shipment, {line.pk: found}, now=self.now)

    @rule(at=SOME)
    def ship(self, at):
        shipment = self.some(Shipment.objects.filter(status="planned", picked_at__isnull=False), at)
        if shipment:
            for line in shipment.lines.select_related("order_line"):
                self.there[line.order_line.product_id, shipment.warehouse_id] -= line.quantity
            warehouse.dispatch_shipment(SYSTEM, shipment, now=self.now)

    @rule(hours=st.sampled_from([1, 30, 200]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @invariant()
    def nothing_is_promised_twice(self):
        for level in StockLevel.objects.all():
            assert 0 <= level.reserved == held(stock=level) <= level.on_hand
            assert level.on_hand == self.there[level.product_id, level.warehouse_id]
            assert level.missing <= level.reserved
        for supply in IncomingSupply.objects.all():
            assert 0 <= supply.reserved == held(incoming=supply) <= supply.quantity
        for offer in SupplierOffer.objects.all():
            assert 0 <= offer.reserved == held(offer=offer) <= offer.stock

    @invariant()
    def what_is_ordered_is_held_until_it_leaves(self):
        for line in OrderLine.objects.select_related("order"):
            ref = OrderLine.ref_of(line.order.number, line.position)
            wanted = 0 if line.order.status == "cancelled" else line.quantity - line.shipped_quantity
            assert held(demand_ref=ref) == wanted
        assert not OrderLine.objects.filter(shipped_quantity__gt=F("quantity")).exists()


@pytest.mark.django_db
def test_no_piece_is_promised_twice_and_none_is_lost(world):
    Stock.world = world
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(Stock, settings=settings(suppress_health_check=checks, **DRAWN))


def test_a_refused_step_leaves_the_books_as_they_were(world):
    """What one step of the machine may not do: ship what was never picked, count below what is promised."""
    Stock.world = world
    machine = Stock()
    try:
        machine.place(first=0, quantity=5, ahead=False)
        level = StockLevel.objects.filter(product=world.gloves, reserved__gt=0).get()
        with pytest.raises(Refusal):
            stock.set_on_hand(level, level.reserved - 1, now=world.now)
        machine.nothing_is_promised_twice()
    finally:
        machine.teardown()
