"""What is owed, as it is read."""

from apps.invoicing.selectors.invoices import (
    Creditable,
    ageing_of,
    creditable,
    early_payment,
    invoice_for,
    invoices_of,
    invoices_of_order,
    totals_of,
)

__all__ = [
    "Creditable",
    "ageing_of",
    "creditable",
    "early_payment",
    "invoice_for",
    "invoices_of",
    "invoices_of_order",
    "totals_of",
]
