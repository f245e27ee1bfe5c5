"""What is owed and what came in: invoices, credit notes, payments, the statements of the bank."""

from apps.invoicing.models.bank import BankFile, Receipt
from apps.invoicing.models.documents import Instalment, Invoice, InvoiceLine, Issuer
from apps.invoicing.models.payments import Payment

__all__ = ["BankFile", "Instalment", "Invoice", "InvoiceLine", "Issuer", "Payment", "Receipt"]
