"""Invoices are issued, paid and corrected; money of the bank is taken in and confirmed."""

from apps.invoicing.services.crediting import issue_credit_note
from apps.invoicing.services.due import tell_of_due
from apps.invoicing.services.dunning import remind_account, remind_overdue
from apps.invoicing.services.issuing import issue_invoice, settle_roundings
from apps.invoicing.services.payments import record_payment, undo_payment
from apps.invoicing.services.prepayments import chase_prepayments
from apps.invoicing.services.receipts import book_receipt, enter_receipt, hold_for_order, set_aside, undo_receipt
from apps.invoicing.services.statements import take_in_file

__all__ = [
    "book_receipt",
    "chase_prepayments",
    "enter_receipt",
    "hold_for_order",
    "issue_credit_note",
    "issue_invoice",
    "record_payment",
    "remind_account",
    "remind_overdue",
    "set_aside",
    "settle_roundings",
    "take_in_file",
    "tell_of_due",
    "undo_payment",
    "undo_receipt",
]
