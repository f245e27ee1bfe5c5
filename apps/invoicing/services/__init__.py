"""Invoices are issued, paid and corrected."""

from apps.invoicing.services.crediting import issue_credit_note
from apps.invoicing.services.issuing import issue_invoice
from apps.invoicing.services.payments import record_payment

__all__ = ["issue_credit_note", "issue_invoice", "record_payment"]
