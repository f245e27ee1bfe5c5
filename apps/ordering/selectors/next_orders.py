from datetime import datetime

from apps.ordering.models import Order

_CALLED_OFF = (Order.Status.CANCELLED, Order.Status.DECLINED)


def next_order(account_id: int, *, after: datetime) -> Order | None:
    """The first order that an account placed after an instant; one that was called off is none. One query."""
    placed = Order.objects.filter(account=account_id, placed_at__gt=after).exclude(status__in=_CALLED_OFF)
    return placed.order_by("placed_at", "id").first()
