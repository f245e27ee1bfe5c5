"""Cases, questions and returns as operations see them."""

from apps.cases.admin import cases, macros, owners, prices, returns, service_levels

__all__ = ["cases", "macros", "owners", "prices", "returns", "service_levels"]
