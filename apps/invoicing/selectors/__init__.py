"""What is owed, as it is read."""

from apps.invoicing.selectors.ageing import AccountAge, ageing_by_account, totals_by_currency
from apps.invoicing.selectors.dunning import dunning_letters, dunning_of, reminders_of, reminders_of_invoice
from apps.invoicing.selectors.invoices import (
    Creditable,
    ageing_of,
    creditable,
    early_payment,
    invoice_for,
    invoices_of,
    invoices_of_order,
    issuer,
    to_pay_next,
    totals_of,
)
from apps.invoicing.selectors.statements import Row, Sheet, Statement, statement_of

__all__ = [
    "AccountAge",
    "Creditable",
    "Row",
    "Sheet",
    "Statement",
    "ageing_by_account",
    "ageing_of",
    "creditable",
    "dunning_letters",
    "dunning_of",
    "early_payment",
    "invoice_for",
    "invoices_of",
    "invoices_of_order",
    "issuer",
    "reminders_of",
    "reminders_of_invoice",
    "statement_of",
    "to_pay_next",
    "totals_by_currency",
    "totals_of",
]
