"""Cases, conversations, questions and returns as operations see them."""

from apps.cases.admin import cases, conversations, macros, owners, prices, returns, service_levels

__all__ = ["cases", "conversations", "macros", "owners", "prices", "returns", "service_levels"]
