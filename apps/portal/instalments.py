"""The instalments of an invoice, as far as they are paid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.ordering.rules.payment import Part, open_parts


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of an invoice: what is left of it, and how it stands."""

    part: Part
    left: Decimal
    state: str


def open_instalments(invoice, on: date) -> list[Shown]:
    """Each instalment of an invoice; empty where it is due in one."""
    parts = invoice.parts
    if len(parts) < 2:
        return []
    paid, shown = invoice.paid, []
    for part in parts:
        left = sum((each.amount for each in open_parts([part], paid)), Decimal(0))
        paid = max(paid - part.amount, Decimal(0))
        state = (
            "paid" if not left else "overdue" if part.due_on < on else "partly_paid" if left < part.amount else "open"
        )
        shown.append(Shown(part, left, state))
    return shown
