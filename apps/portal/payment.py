"""Payment terms in money and dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import round_amount


@dataclass(frozen=True, slots=True)
class Payment:
    """What terms come to for a sum. Dates are reckoned from `invoiced_on`, the day the goods are expected to leave.

    `discount` is what is saved by paying until `discount_until`; None where the terms give no such discount.
    `credit_after` is what is left on credit after this order; None where there is no limit.
    """

    net_days: int
    due_on: date
    discount_percent: Decimal | None
    discount: Decimal | None
    discounted: Decimal | None
    discount_until: date | None
    credit_after: Decimal | None


def payment_words(terms, chosen, currency: str, on: date) -> Payment:
    """The terms of an account for the order as it stands with the chosen way of delivery (`OptionTotals`)."""
    invoiced_on = chosen.dispatch_on or on
    gross = chosen.totals.gross
    has_discount = bool(terms.discount_percent)
    discount = round_amount(gross * terms.discount_percent / 100, currency) if has_discount else None
    return Payment(
        net_days=terms.net_days,
        due_on=invoiced_on + timedelta(days=terms.net_days),
        discount_percent=terms.discount_percent if has_discount else None,
        discount=discount,
        discounted=gross - discount if has_discount else None,
        discount_until=invoiced_on + timedelta(days=terms.discount_days) if has_discount else None,
        credit_after=None if terms.credit_left is None else terms.credit_left - gross,
    )
