"""Operations' desk for money: documents, what came in at the bank, what is open."""

from apps.invoicing.admin import bank, documents, dunning

__all__ = ["bank", "documents", "dunning"]
