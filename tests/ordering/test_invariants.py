"""Whatever happens in whatever order: stock, credit and orders stay what they must be."""

from datetime import timedelta
from decimal import Decimal as D
from random import Random
from uuid import uuid4

import pytest
from django.db.models import F, Sum

from apps.accounts.models import Account
from apps.availability.models import IncomingSupply, Reservation, StockLevel, SupplierOffer
from apps.core.errors import Refusal
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import Shipment
from apps.fulfilment.services import cancel_shipments, confirm_delivery, dispatch_shipment, plan_shipments
from apps.invoicing.models import Invoice, Payment
from apps.invoicing.services import issue_invoice, record_payment
from apps.ordering import services
from apps.ordering.models import Approval, Order, OrderLine
from apps.pricing.models import AccountTerms
from tests.ordering.trade import actor


class Trade:
    """A distributor's week: each step is something that may happen, to whatever is there."""

    def __init__(self, world, seed: int):
        self.world, self.dice, self.now = world, Random(seed), world.now
        self.buyers = [(actor(world.anna), world.dock), (actor(world.xaver), world.calder_dock)]
        self.approver, self.desk = actor(world.boris), actor(world.otto)
        self.goods = [world.bolt, world.gloves, world.drill, world.oil, world.cutting]

    def some(self, rows):
        rows = list(rows.order_by("id"))
        return self.dice.choice(rows) if rows else None

    def place(self):
        buyer, ship_to = self.dice.choice(self.buyers)
        wishes = [
            (product.pk, product.order_multiple * self.dice.randint(1, 30))
            for product in self.dice.sample(self.goods, self.dice.randint(1, 3))
        ]
        option = self.dice.choice([self.world.standard, self.world.express])
        services.place_lines(
            buyer, lines=wishes, ship_to_id=ship_to.pk, option_id=option.pk, key=str(uuid4()), now=self.now
        )

    def decide(self):
        order = self.some(Order.objects.filter(status="awaiting_approval"))
        if order:
            self.dice.choice([services.approve, services.decline])(self.approver, order, now=self.now)

    def release(self):
        order = self.some(Order.objects.filter(status__in=["awaiting_release", "awaiting_approval"]))
        if order:
            release = self.dice.choice([services.release_credit_hold, services.decline_credit])
            release(self.desk, order, now=self.now)

    def cancel(self):
        order = self.some(Order.objects.all())
        if order:
            services.cancel_order(self.desk, order, now=self.now)
            cancel_shipments(order.pk)

    def confirm(self):
        order = self.some(Order.objects.filter(status="placed"))
        if order:
            services.confirm_order(SYSTEM, order, now=self.now)
            plan_shipments(order.pk, now=self.now)

    def dispatch(self):
        shipment = self.some(Shipment.objects.all())
        if shipment:
            dispatch_shipment(SYSTEM, shipment, now=self.now)
            issue_invoice(shipment.pk, now=self.now)

    def deliver(self):
        shipment = self.some(Shipment.objects.exclude(status="cancelled"))
        if shipment:
            said = {line.order_line_id: (line.quantity, 0) for line in shipment.lines.all()}
            line_id = self.dice.choice(sorted(said))
            said[line_id] = (self.dice.randint(0, said[line_id][0]), 0)
            confirm_delivery(SYSTEM, shipment, received_by="Goods in", delivered_at=self.now, lines=said, now=self.now)
            issue_invoice(shipment.pk, now=self.now)

    def pay(self):
        invoice = self.some(Invoice.objects.exclude(paid=F("gross")))
        if invoice:
            amount = self.dice.choice([invoice.open_amount, min(invoice.open_amount, D("10.00"))])
            record_payment(self.desk, invoice, amount=amount, received_on=self.now.date(), now=self.now)

    def step(self):
        self.now += timedelta(minutes=self.dice.randint(1, 600))
        happens = self.dice.choice(
            [self.place] * 3
            + [self.decide, self.release, self.cancel, self.confirm, self.confirm]
            + [self.dispatch, self.dispatch, self.deliver, self.pay, self.pay]
        )
        try:
            happens()
        except Refusal:
            return False
        return True


def held(**source):
    return Reservation.objects.filter(state="held", **source).aggregate(sum=Sum("quantity"))["sum"] or 0


def assert_stock_balances():
    for level in StockLevel.objects.all():
        assert 0 <= level.reserved == held(stock=level) <= level.on_hand
    for supply in IncomingSupply.objects.all():
        assert 0 <= supply.reserved == held(incoming=supply) <= supply.quantity
    for offer in SupplierOffer.objects.all():
        assert 0 <= offer.reserved == held(offer=offer) <= offer.stock


def owed(account: Account) -> D:
    """Orders that count, as they were ordered or, once all of them is invoiced, as invoiced; less what was settled."""
    untaken = Approval.objects.filter(reason="credit_limit").exclude(state="approved").values("order")
    orders = Order.objects.filter(account=account).exclude(status__in=["cancelled", "declined"]).exclude(pk__in=untaken)
    sums = D(0)
    for order in orders:
        invoiced = order.invoices.aggregate(sum=Sum("gross"))["sum"] or D(0)
        is_complete = not order.lines.filter(shipped_quantity__lt=F("quantity")).exists()
        sums += invoiced if is_complete and invoiced else order.gross
    settled = Payment.objects.filter(invoice__account=account).aggregate(sum=Sum("amount"))["sum"] or D(0)
    return sums - settled


def assert_credit_balances():
    for terms in AccountTerms.objects.select_related("account"):
        assert terms.exposure == owed(terms.account)


def frozen():
    return {line.pk: (line.quantity, line.unit_price, line.net, line.promised_on) for line in OrderLine.objects.all()}


@pytest.mark.parametrize("seed", range(6))
def test_a_week_of_trade_keeps_its_books(world, seed):
    trade, lines, done = Trade(world, seed), {}, 0
    for _ in range(60):
        done += trade.step()
        now = frozen()
        assert lines.items() <= now.items()  # what was decided never changes
        lines = now
    assert done > 20
    assert_stock_balances()
    assert_credit_balances()
    assert not OrderLine.objects.filter(shipped_quantity__gt=F("quantity")).exists()
    assert not OrderLine.objects.filter(delivered_quantity__gt=F("shipped_quantity")).exists()
