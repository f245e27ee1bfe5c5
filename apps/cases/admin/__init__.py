"""Cases, questions and returns as operations see them."""

from apps.cases.admin import cases, returns, service_levels

__all__ = ["cases", "returns", "service_levels"]
