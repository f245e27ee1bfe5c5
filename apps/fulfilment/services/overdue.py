"""Deliveries that have not come by the promised day are noticed before the buyer complains."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.core.events import record
from apps.fulfilment.models import Shipment
from apps.fulfilment.rules import is_overdue
from apps.fulfilment.selectors import UNDER_WAY

FARTHEST_EAST = timedelta(hours=14)


@transaction.atomic
def notice_overdue(*, now: datetime, size: int = 500) -> int:
    """Record `shipment.overdue` once for each shipment whose promised day is over where it is awaited; how many."""
    waiting = Shipment.objects.filter(
        status__in=UNDER_WAY, overdue_at=None, promised_on__lt=(now + FARTHEST_EAST).date()
    ).select_related("order__ship_to", "destination__ship_to", "account")
    rows = waiting.select_for_update(of=("self",), skip_locked=True).order_by("promised_on", "id")[:size]
    overdue = [row for row in rows if is_overdue(row.promised_on, now, row.time_zone)]
    Shipment.objects.filter(pk__in=[row.pk for row in overdue]).update(overdue_at=now)
    for row in overdue:
        record(
            "shipment.overdue",
            f"shipment:{row.number}",
            account_id=row.account_id,
            at=now,
            order=row.order.number,
            promised_on=row.promised_on.isoformat(),
        )
    return len(overdue)
