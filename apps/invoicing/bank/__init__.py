"""Statements of a bank, read from the files that banks give."""

from apps.invoicing.bank.lines import Found, Line
from apps.invoicing.bank.reading import read

__all__ = ["Found", "Line", "read"]
