"""Who may stand at the desk where money is booked."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.rules import may


def demand_cashier(request: HttpRequest) -> None:
    """`PermissionDenied` for whoever may not record payments."""
    if not may(request.actor.role, "payment.record"):
        raise PermissionDenied
