"""What is invoiced, by when it is due, and what paying early saves.

1. Each shipment is invoiced once. A line that leaves in several shipments costs exactly the line of the order in all:
   the last part is what the earlier ones left of it.
2. Freight stands on the first invoice of an order.
3. An invoice is due its net days after it was issued; paid within the early-payment days, it may be paid less discount.
4. A payment settles what is open. One that comes in time and covers all but the discount settles the rest as discount.
5. A credit note takes back quantities of lines. Parts of a line are priced as in (1). Its tax is what tax on everything
   credited so far comes to, less what earlier notes credited: the parts never come to more than the invoice, and the
   note that credits the last of it takes the remainder.
6. What is open is aged by the days since it was due: not due, 1-30, 31-60, 61-90, over 90.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import ZERO, line_net, round_amount, tax_by_rate

AGES = (0, 30, 60, 90)


def part_net(
    *,
    quantity: int,
    invoiced_quantity: int,
    invoiced_net: Decimal,
    ordered_quantity: int,
    line: Decimal,
    unit_price: Decimal,
    currency: str,
) -> Decimal:
    """The net of `quantity` of an order line of which some was invoiced before; `line` is the net of all of it."""
    if invoiced_quantity + quantity == ordered_quantity:
        return line - invoiced_net
    return line_net(quantity, unit_price, currency)


def credit_tax(
    part: Iterable[tuple[Decimal, Decimal]],
    *,
    credited: Iterable[tuple[Decimal, Decimal]],
    credited_tax: Decimal,
    invoiced: Iterable[tuple[Decimal, Decimal]],
    invoiced_tax: Decimal,
    currency: str,
) -> Decimal:
    """The tax of a credit note of (tax percent, net) lines; notes of `credited` lines and tax came before it."""
    so_far = tax_by_rate([*credited, *part], currency)
    net = sum((net for net, _tax in so_far.values()), ZERO)
    if net == sum((net for _rate, net in invoiced), ZERO):
        return invoiced_tax - credited_tax
    tax = sum((tax for _net, tax in so_far.values()), ZERO)
    return max(min(tax, invoiced_tax) - credited_tax, ZERO)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an invoice is due, and until when it may be paid less discount (None where there is none)."""

    due_on: date
    discount_until: date | None


def deadlines(issued_on: date, *, net_days: int, discount_percent: Decimal, discount_days: int) -> Deadlines:
    """The deadlines of an invoice issued on a day."""
    until = issued_on + timedelta(days=discount_days) if discount_percent else None
    return Deadlines(issued_on + timedelta(days=net_days), until)


def discount_of(gross: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What paying early saves, rounded once."""
    return round_amount(gross * percent / 100, currency)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment does: the money booked, and the early-payment discount it earns."""

    received: Decimal
    discount: Decimal = ZERO

    @property
    def settled(self) -> Decimal:
        return self.received + self.discount


def settlement(
    amount: Decimal, *, open_amount: Decimal, discount: Decimal, discount_until: date | None, received_on: date
) -> Settlement | None:
    """What a payment settles of `open_amount`; None where it is not above zero or more than is open."""
    if not amount.is_finite() or not 0 < amount <= open_amount:
        return None
    in_time = discount_until is not None and received_on <= discount_until
    missing = open_amount - amount
    return Settlement(amount, missing if in_time and missing <= discount else ZERO)


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is open in one currency, by how long it has been due."""

    currency: str
    not_due: Decimal = ZERO
    days_1_30: Decimal = ZERO
    days_31_60: Decimal = ZERO
    days_61_90: Decimal = ZERO
    over_90: Decimal = ZERO

    @property
    def overdue(self) -> Decimal:
        return self.days_1_30 + self.days_31_60 + self.days_61_90 + self.over_90

    @property
    def over_60(self) -> Decimal:
        return self.days_61_90 + self.over_90

    @property
    def total(self) -> Decimal:
        return self.not_due + self.overdue


def ageing(currency: str, open_amounts: Iterable[tuple[date, Decimal]], on: date) -> Ageing:
    """The ages of (due date, open amount) on a day."""
    sums = [ZERO] * (len(AGES) + 1)
    for due_on, amount in open_amounts:
        days = (on - due_on).days
        sums[sum(days > age for age in AGES)] += amount
    return Ageing(currency, *sums)
