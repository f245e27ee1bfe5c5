"""Cases, questions and returns as operations see them."""

from apps.cases.admin import cases, owners, prices, returns, service_levels

__all__ = ["cases", "owners", "prices", "returns", "service_levels"]
