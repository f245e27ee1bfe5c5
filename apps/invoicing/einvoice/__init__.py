"""An invoice as data: EN 16931 in the syntax of UN/CEFACT (CII), alone or inside the PDF (Factur-X, ZUGFeRD 2)."""

from apps.invoicing.einvoice.building import e_invoice_of, e_invoice_or_refuse
from apps.invoicing.einvoice.checking import problems
from apps.invoicing.einvoice.facturx import with_metadata

__all__ = ["e_invoice_of", "e_invoice_or_refuse", "problems", "with_metadata"]
