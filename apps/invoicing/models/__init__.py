"""What is owed and what came in: invoices, credit notes, payments, the statements of the bank, reminders."""

from apps.invoicing.models.bank import BankFile, Receipt
from apps.invoicing.models.documents import Instalment, Invoice, InvoiceLine, Issuer
from apps.invoicing.models.dunning import Dunning, DunningHold, DunningLevel, DunningLine, DunningWords
from apps.invoicing.models.payments import Payment

__all__ = [
    "BankFile",
    "Dunning",
    "DunningHold",
    "DunningLevel",
    "DunningLine",
    "DunningWords",
    "Instalment",
    "Invoice",
    "InvoiceLine",
    "Issuer",
    "Payment",
    "Receipt",
]
