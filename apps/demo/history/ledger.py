"""Orders and what followed from them, as rows: lines, approvals, shipments, tracking, invoices, payments, events."""

from apps.core.numbers import FIRST
from apps.demo.delivery import OPTIONS
from apps.demo.history.days import AHEAD, DAY, iso, stamp
from apps.demo.history.orders import Line, Part, PastOrder, tax_on
from apps.demo.history.pages import Pages
from apps.demo.house import House
from apps.fulfilment.models import Shipment, ShipmentLine, TrackingEvent
from apps.invoicing.models import Invoice, InvoiceLine, Payment
from apps.ordering.models import Approval, Order, OrderLine

CARRIER = {option[0]: option[5] for option in OPTIONS}
CODE = {option[0]: option[1] for option in OPTIONS}
PLACES = {1: "Leeds hub", 2: "Reading hub", 3: "Glasgow hub", 4: "Bristol hub", 5: "Newcastle hub"}
NOTHING_SHIPS = frozenset({"placed", "awaiting_approval", "awaiting_release", "cancelled"})
NET_DAYS = (30, 30, 45, 60, 14)  # as `prices.save_terms` gives them


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def number(prefix: str, pk: int) -> str:
    return f"{prefix}-{FIRST + pk - 1}"


class Ledger:
    """Writes finished orders to `pages`; `now` is an instant."""

    def __init__(self, pages: Pages, house: House, now: int):
        self.pages, self.house, self.now = pages, house, now
        self.today = now // DAY

    def take_number(self, order: PastOrder) -> None:
        order.pk = self.pages.next_id(Order)

    def write(self, order: PastOrder, pays_late: int) -> None:
        self._order(order)
        self._lines(order)
        self._told(order)
        rest = order.freight
        for part in order.parts:
            if order.status in NOTHING_SHIPS or not part.lines:
                continue
            self._shipment(order, part)
            if part.shipped:
                self._invoice(order, part, rest, pays_late)
                rest = 0

    # --- the order ---------------------------------------------------------------------------------------------------

    def _order(self, order: PastOrder) -> None:
        party = order.party
        channel = "rep" if order.by_rep else "api" if order.pk % 11 == 0 else "portal"
        self.pages.add(
            Order, order.pk, number("SO", order.pk), party.pk, order.contact.pk,
            self.house.names[party.rep] if order.by_rep else "", order.ship_to.pk, order.ship_to.text, party.country,
            channel, order.status,
            f"PO-{party.pk:03d}-{order.pk % 9973:04d}" if order.pk % 4 else "", "GBP", order.option, None,
            iso(order.promised), NET_DAYS[party.pk % 5], *_discount(party.pk), pounds(order.goods_net),
            pounds(order.freight), order.tax_percent, pounds(order.tax), pounds(order.gross), stamp(order.placed),
        )  # fmt: skip

    def _lines(self, order: PastOrder) -> None:
        received = {part.short.position: part.missing for part in order.parts if part.short}
        for line in order.lines:
            line.pk = self.pages.next_id(OrderLine)
            part = order.parts[line.part] if line.part < len(order.parts) else None
            shipped = line.quantity if part and part.shipped else 0
            arrived = shipped - received.get(line.position, 0) if part and part.delivered else 0
            goods = line.goods
            self.pages.add(
                OrderLine, line.pk, order.pk, line.position, goods.pk, goods.sku, goods.name, line.quantity, goods.uom,
                line.offer.text, line.offer.source, line.offer.ref, pounds(line.net), order.tax_percent,
                iso(line.promised), iso(line.ready), shipped, arrived,
            )  # fmt: skip

    def _told(self, order: PastOrder) -> None:
        """Approval, placing and confirmation as events, and the approval itself."""
        if not (order.waits_for_approval or order.status == "awaiting_release" or self.pages.is_told(order.confirmed)):
            return
        facts = {"channel": "rep" if order.by_rep else "portal", "gross": pounds(order.gross), "currency": "GBP"}
        subject, account = f"order:{number('SO', order.pk)}", order.party.pk
        who = (order.contact.user, order.contact.name, None)
        if order.by_rep:
            who = (order.party.rep, self.house.names[order.party.rep], order.contact.pk)
        placed = order.placed
        if order.status == "awaiting_release":
            self.pages.add(Approval, order.pk, "credit_limit", "waiting", "", None, "")
            facts |= {"reasons": ["credit_limit"]}
            self.pages.tell("order.approval_needed", subject, account, placed, facts, who)
            return
        if order.waits_for_approval:
            self.pages.tell(
                "order.approval_needed", subject, account, placed, {**facts, "reasons": ["spend_limit"]}, who
            )
            if order.status == "awaiting_approval":
                self.pages.add(Approval, order.pk, "spend_limit", "waiting", "", None, "")
                return
            placed = min(order.placed + 25, self.now)
            boss = order.party.who("approver")
            self.pages.add(Approval, order.pk, "spend_limit", "approved", boss.name, stamp(placed), "")
            who = (boss.user, boss.name, None)
            self.pages.tell("order.approved", subject, account, placed, {"comment": ""}, who)
        self.pages.tell("order.placed", subject, account, placed, facts, who)
        if order.status == "cancelled":
            self.pages.tell("order.cancelled", subject, account, placed + 50, {"reason": "Ordered twice"}, who)
        elif order.status != "placed":
            self.pages.tell("order.confirmed", subject, account, max(order.confirmed, placed + 5), {})

    # --- shipments ---------------------------------------------------------------------------------------------------

    def _shipment(self, order: PastOrder, part: Part) -> None:
        part.pk = self.pages.next_id(Shipment)
        self.pages.add(
            Shipment, part.pk, number("SH", part.pk), order.pk, order.party.pk, part.warehouse,
            "delivered" if part.delivered else "shipped" if part.shipped else "planned", CARRIER[order.option],
            _tracking(part) if part.shipped else "", iso(part.promised), iso(part.ready), _or_none(part.shipped),
            _or_none(part.delivered), part.received_by, part.late, part.short is not None, part.damaged is not None,
            _or_none(self._overdue_since(part)), stamp(order.confirmed),
        )  # fmt: skip
        for line in part.lines:
            came = line.quantity - (part.missing if line is part.short else 0) if part.delivered else None
            broken = part.broken if line is part.damaged else 0
            self.pages.add(ShipmentLine, part.pk, line.pk, line.quantity, came, broken)
        if part.shipped and self.pages.is_told(part.delivered or self.now):
            self._under_way(order, part)

    def _overdue_since(self, part: Part) -> int:
        """When it was noticed that the promised day was over; 0 where it is not, or where it has come."""
        is_overdue = part.shipped and not part.delivered and part.promised < self.today
        return (part.promised + 1) * DAY + 5 if is_overdue else 0

    def _under_way(self, order: PastOrder, part: Part) -> None:
        subject, account = f"shipment:{number('SH', part.pk)}", order.party.pk
        facts = {
            "order": number("SO", order.pk),
            "carrier": CARRIER[order.option],
            "tracking_code": _tracking(part),
            "lines": len(part.lines),
        }
        self.pages.tell("shipment.dispatched", subject, account, part.shipped, facts)
        overdue = self._overdue_since(part)
        if overdue:
            facts = {"order": number("SO", order.pk), "promised_on": iso(part.promised)}
            self.pages.tell("shipment.overdue", subject, account, overdue, facts)
        if part.delivered:
            self.pages.tell("shipment.delivered", subject, account, part.delivered, delivery_facts(order, part))
        if order.option and CARRIER[order.option] and part.shipped >= self.pages.story_from:
            self._tracking_events(order, part)

    def _tracking_events(self, order: PastOrder, part: Part) -> None:
        hub, city = PLACES[part.warehouse or 1], order.ship_to.city
        out = (part.delivered - 150) if part.delivered else part.promised * DAY + 7 * 60
        steps = [("picked_up", hub, part.shipped + 30), ("in_transit", "National sorting centre", part.shipped + 420)]
        if out > part.shipped + 500:
            steps.append(("out_for_delivery", city, out))
        if part.delivered:
            steps.append(("delivered", city, part.delivered))
        for kind, place, at in steps:
            if at <= self.now:
                key = f"{number('SH', part.pk)}-{kind}"
                self.pages.add(TrackingEvent, part.pk, kind, place, "carrier", key, stamp(at), stamp(at))

    # --- invoices ----------------------------------------------------------------------------------------------------

    def _invoice(self, order: PastOrder, part: Part, freight: int, pays_late: int) -> None:
        pk, percent = self.pages.next_id(Invoice), order.tax_percent
        net = sum(line.net for line in part.lines) + freight
        tax = tax_on(net, percent)
        issued = part.shipped // DAY
        due = issued + NET_DAYS[order.party.pk % 5]
        paid_on = due + pays_late + pk * 7 % 11 - 5
        is_paid = paid_on <= self.today
        discount, days = _discount(order.party.pk)
        until = iso(issued + days) if days else None
        self.pages.add(
            Invoice, pk, number("IN", pk), "invoice", order.party.pk, order.pk, part.pk, iso(issued), iso(due),
            discount, until, "GBP", pounds(net), pounds(tax), pounds(net + tax), pounds(net + tax) if is_paid else "0",
        )  # fmt: skip
        for position, line in enumerate(part.lines, 1):
            self.pages.add(InvoiceLine, pk, position, line.pk, *_billed(line), percent)
        if freight:
            row = (pk, len(part.lines) + 1, None, "", "Delivery", 1, "", pounds(freight) + "00", pounds(freight))
            self.pages.add(InvoiceLine, *row, percent)
        self._owed(order, part, pk, net + tax, due, max(paid_on, issued + 1) if is_paid else 0)

    def _owed(self, order: PastOrder, part: Part, pk: int, gross: int, due: int, paid_on: int) -> None:
        """The payment of an invoice, and the events of both."""
        if paid_on and paid_on <= self.today:
            self.pages.add(Payment, "received", pk, pounds(gross), iso(paid_on), f"BACS {pk * 7919 % 999_983:06d}")
        if not self.pages.is_told(max(part.shipped, paid_on * DAY)):
            return
        subject, account = f"invoice:{number('IN', pk)}", order.party.pk
        facts = {
            "order": number("SO", order.pk),
            "shipment": number("SH", part.pk),
            "gross": pounds(gross),
            "currency": "GBP",
            "due_on": iso(due),
        }
        self.pages.tell("invoice.issued", subject, account, part.shipped + 2, facts)
        if paid_on and paid_on <= self.today:
            facts = {"amount": pounds(gross), "discount": "0", "currency": "GBP", "is_settled": True}
            self.pages.tell("payment.received", subject, account, min(paid_on * DAY + 10 * 60, self.now), facts)


def _billed(line: Line) -> tuple:
    goods = line.goods
    return goods.sku, goods.name, line.quantity, goods.uom, line.offer.text, pounds(line.net)


def _discount(account: int) -> tuple[str, int]:
    """As `prices.save_terms` gives it."""
    return ("2.00", 14) if account % 3 == 2 else ("0.00", 0)


def _tracking(part: Part) -> str:
    return f"WF{part.pk * 48_271 % 899_999_981 + 100_000_000}GB"


def _or_none(instant: int) -> str | None:
    return stamp(instant) if instant else None


def delivery_facts(order: PastOrder, part: Part) -> dict:
    """What `fulfilment.selectors.facts_of` says of the delivery."""
    arrived = (part.delivered + AHEAD[order.party.country] * 60) // DAY
    return {
        "shipment": number("SH", part.pk),
        "order": number("SO", order.pk),
        "promised_on": iso(part.promised),
        "delivered_on": iso(arrived),
        "days_late": max(arrived - part.promised, 0),
        "late": part.late,
        "short": part.short is not None,
        "damaged": part.damaged is not None,
        "wrong": False,
        "otif": not part.failed,
        "faults": [_fault(line, part) for line in (part.short, part.damaged) if line],
        "lines": len(part.lines),
        "carrier": CARRIER[order.option],
        "option": CODE[order.option],
        "ship_to": order.ship_to.text.partition("\n")[0].strip(),
        "supplier": "",
        "received_by": part.received_by,
        "net": pounds(sum(line.net for line in part.lines)),
        "currency": "GBP",
    }


def _fault(line: Line, part: Part) -> dict:
    missing = part.missing if line is part.short else 0
    broken = part.broken if line is part.damaged else 0
    return {
        "sku": line.goods.sku,
        "shipped": line.quantity,
        "delivered": line.quantity - missing,
        "damaged": broken,
    }
