"""A refusal as a JSON problem document (RFC 9457)."""

from rest_framework.views import exception_handler as problem

__all__ = ["problem"]
