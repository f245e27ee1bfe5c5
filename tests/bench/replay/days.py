"""A distributor's day, from the morning's supply to the evening's payments, through the services of the product.

Each step is safe to repeat, so a replay that was stopped goes on with the day it was stopped in.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Sum

from apps.availability.models import IncomingSupply
from apps.availability.services import receive
from apps.core.events import record
from apps.core.models import Event
from apps.fulfilment.errors import NothingToRelease
from apps.fulfilment.models import Proof, Shipment
from apps.fulfilment.services import (
    Packed,
    cancel_shipments,
    confirm_picks,
    dispatch_shipment,
    follow_supply,
    plan_shipments,
    prove_delivery,
    release_wave,
    take_in,
)
from apps.fulfilment.services.messages import carrier_actor
from apps.invoicing.models import Invoice, InvoiceLine
from apps.invoicing.selectors.invoices import creditable
from apps.invoicing.services import issue_credit_note, issue_invoice, record_payment
from apps.ordering.models import Order
from apps.ordering.services import cancel_order, confirm_order
from apps.ordering.services.placing import order_of_key, place
from apps.ordering.services.wishes import Wanted, Wish
from tests.bench.replay.month import SETTING, Return, Sale
from tests.bench.replay.setting import CARRIER, Stage, source_the_rest

ZONE = ZoneInfo(SETTING.time_zone)
PAID_AFTER = timedelta(days=7)


class Day:
    """One day of the stage. Chances are drawn from what they are about, so that they fall out alike each time."""

    def __init__(self, stage: Stage, on: date):
        self.stage, self.on, self.operations = stage, on, stage.operations

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.on, time(hour, minute), ZONE)

    @property
    def is_done(self) -> bool:
        return Event.objects.filter(name="replay.day_ended", subject=f"day:{self.on}").exists()

    def run(self, sales: Sequence[Sale], returns: Sequence[Return], *, is_last: bool) -> None:
        if is_last:
            source_the_rest(self.stage, on=self.on)
        self.receive_supply()
        for sale in sales:
            self.sell(sale)
        for each in returns:
            self.call_off(each)
        self.send_off()
        self.carry()
        for each in returns:
            self.credit(each)
        self.collect()
        with transaction.atomic():
            record("replay.day_ended", f"day:{self.on}", at=self.at(23))

    def receive_supply(self) -> None:
        due = IncomingSupply.objects.filter(due_on__lte=self.on, received_on=None)
        for supply in due.select_related("product", "warehouse").order_by("product_id", "id"):
            receive(supply, now=self.at(6), on=self.on)
        came = IncomingSupply.objects.filter(received_on=self.on).values_list("product__sku", flat=True)
        follow_supply(*came, because="supply_short", now=self.at(6, 30))

    @transaction.atomic
    def sell(self, sale: Sale) -> None:
        """At the price it was sold at."""
        buyer, dock_id = self.stage.buyers[sale.customer]
        if order_of_key(buyer.account_id, sale.key):
            return
        wishes = [
            Wish(self.stage.products[sku], quantity, quoted_price=price)
            for sku, (quantity, price) in sale.lines.items()
        ]
        wanted = Wanted(dock_id, self.stage.option.pk, sale.key, channel=Order.Channel.API, quote_number=sale.key)
        order = place(buyer, wishes, wanted, now=sale.at)
        confirm_order(self.operations, order, now=sale.at)
        plan_shipments(order.pk, now=sale.at)

    def send_off(self) -> None:
        while self._release():
            pass
        waiting = Shipment.objects.filter(status="planned", wave__isnull=False).order_by("pk")
        for shipment in waiting:
            if shipment.picked_at is None:
                self.pick(shipment)
                shipment.refresh_from_db()
            if shipment.status == Shipment.Status.PLANNED:
                dispatch_shipment(self.operations, shipment, now=self.at(17))
        left = Shipment.objects.filter(status="shipped", invoice=None).order_by("pk")
        for pk in left.values_list("pk", flat=True):
            issue_invoice(pk, now=self.at(17, 30))

    def _release(self) -> bool:
        try:
            release_wave(self.operations, self.stage.warehouse, now=self.at(15))
        except NothingToRelease:
            return False
        return True

    def pick(self, shipment: Shipment) -> None:
        """Now and then a line is short by half; what is long goes into two boxes."""
        lines = list(shipment.lines.order_by("pk"))
        chance = random.Random(shipment.pk)
        picked = {line.pk: line.quantity // 2 if chance.random() < 0.004 else line.quantity for line in lines}
        there = {pk: quantity for pk, quantity in picked.items() if quantity}
        if len(there) > 20:
            longest = max(there, key=there.get)
            second = {longest: there[longest] // 2} if there[longest] > 1 else {}
            first = there | {longest: there[longest] - second.get(longest, 0)}
            boxes = [first, *([second] if second else [])]
        else:
            boxes = [there]
        parcels = [Packed(f"{shipment.number}-{at}", box) for at, box in enumerate(boxes, 1) if box]
        confirm_picks(self.operations, shipment, picked, parcels=parcels, now=self.at(16))

    def carry(self) -> None:
        """What left before today arrives: most by the carrier's word, in any order and twice; some by a driver's."""
        way = Shipment.objects.filter(status="shipped", shipped_at__lt=self.at(0)).order_by("pk")
        said = []
        for shipment in way.prefetch_related("parcels", "lines__order_line"):
            chance = random.Random(f"carry {shipment.pk}")
            if chance.random() < 0.1:
                self._hand_over(shipment, chance)
            else:
                said += self._messages(shipment, chance)
        random.Random(self.on.toordinal()).shuffle(said)
        carrier = carrier_actor(CARRIER)
        take_in(carrier, said, channel="file", now=self.at(18))
        take_in(carrier, said[::10], channel="file", now=self.at(18, 5))

    def _hand_over(self, shipment: Shipment, chance: random.Random) -> None:
        lines = {line.order_line_id: (line.quantity, 0) for line in shipment.lines.all()}
        if chance.random() < 0.1:
            first = next(iter(lines))
            lines[first] = (lines[first][0] - 1, 0, 1)
        prove_delivery(
            self.operations,
            shipment,
            received_by="Goods in",
            taken_at=self.at(12),
            lines=lines,
            source=Proof.Source.DRIVER,
            key=f"pod-{shipment.pk}",
            now=self.at(12, 1),
        )

    def _messages(self, shipment: Shipment, chance: random.Random) -> list[dict]:
        found = []
        for parcel in shipment.parcels.all():
            for hour, kind in ((8, "picked_up"), (10, "out_for_delivery"), (12 + chance.randint(0, 4), "delivered")):
                found.append(
                    {
                        "message_id": f"{parcel.tracking_number}-{kind}",
                        "tracking_number": parcel.tracking_number,
                        "kind": kind,
                        "happened_at": self.at(hour).isoformat(),
                        "received_by": "Goods in" if kind == "delivered" else "",
                    }
                )
        return found

    def call_off(self, back: Return) -> None:
        """What cancels a whole order of which nothing has left calls it off."""
        buyer, _dock = self.stage.buyers[back.customer]
        wanted: dict[str, int] = {}
        for _row, sku, pieces in back.lines:
            wanted[sku] = wanted.get(sku, 0) + pieces
        orders = Order.objects.filter(account=buyer.account_id, status="confirmed", placed_at__lt=back.at)
        for order in orders.prefetch_related("lines").order_by("-placed_at"):
            if {line.sku: line.quantity for line in order.lines.all()} == wanted:
                if order.shipments.filter(status="planned", wave__isnull=False).exists():
                    continue
                cancel_order(self.operations, order, reason=back.document, now=self.at(14))
                cancel_shipments(order.pk)
                return

    def credit(self, back: Return) -> None:
        """What was invoiced and comes back is credited, the latest invoice first; no more than is left of it."""
        if Event.objects.filter(name="order.cancelled", facts__reason=back.document).exists():
            return
        buyer, _dock = self.stage.buyers[back.customer]
        for row, sku, pieces in back.lines:
            key = f"{back.document}/{row}"
            done = InvoiceLine.objects.filter(invoice__account=buyer.account_id, invoice__key=key)
            left = pieces + (done.aggregate(sum=Sum("quantity"))["sum"] or 0)
            lines = InvoiceLine.objects.filter(
                invoice__account=buyer.account_id, invoice__kind="invoice", sku=sku, order_line__isnull=False
            )
            for line in lines.select_related("invoice").order_by("-pk"):
                part = min(left, next(each.quantity for each in creditable(line.invoice) if each.line.pk == line.pk))
                if part > 0:
                    about = {"quantities": {line.pk: part}, "reason": back.document, "key": key}
                    issue_credit_note(self.operations, line.invoice, **about, now=self.at(19))
                    left -= part

    def collect(self) -> None:
        """Every third account pays what is a week old."""
        due = Invoice.objects.filter(kind="invoice", issued_on__lte=self.on - PAID_AFTER, paid__lt=F("gross"))
        due = due.annotate(third=F("account_id") % 3).filter(third=0)
        for invoice in due.order_by("pk"):
            record_payment(
                self.operations,
                invoice,
                amount=invoice.open_amount,
                received_on=self.on,
                key=f"paid-{invoice.number}"[:40],
                now=self.at(20),
            )
