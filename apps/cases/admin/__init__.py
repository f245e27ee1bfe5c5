"""Cases, questions and returns as operations see them."""

from apps.cases.admin import cases, returns

__all__ = ["cases", "returns"]
