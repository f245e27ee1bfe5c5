"""What is invoiced, what settles it, how old it is, and to what a payment belongs."""

from apps.invoicing.rules.invoices import (
    AGES,
    Ageing,
    Deadlines,
    Settlement,
    ageing,
    credit_tax,
    deadlines,
    discount_of,
    part_net,
    settlement,
)

__all__ = [
    "AGES",
    "Ageing",
    "Deadlines",
    "Settlement",
    "ageing",
    "credit_tax",
    "deadlines",
    "discount_of",
    "part_net",
    "settlement",
]
