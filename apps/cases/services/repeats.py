"""When a failure is the second one.

1. A failure is a case about a delivery, or an answer of a detractor. A mail that names a delivery is a question until
   somebody has read it.
2. It is repeated where the account had one of the same kind within 90 days before.
3. Two cases about one and the same delivery are one failure.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from apps.cases.models import Case

REPEATED_WITHIN = timedelta(days=90)


def earlier_failure(account_id: int, *, cause: str, origin: str, shipment_id: int | None, now: datetime) -> Case | None:
    """The latest case that makes one opened now a repeated failure; None where it is the first. One query at most."""
    kinds = Q()
    if cause == Case.Cause.DELIVERY and origin != Case.Origin.MAIL:
        kinds |= Q(cause=Case.Cause.DELIVERY) & ~Q(origin=Case.Origin.MAIL, status__in=Case.UNREAD)
    if origin == Case.Origin.SURVEY:
        kinds |= Q(origin=Case.Origin.SURVEY)
    if not kinds:
        return None
    before = Case.objects.filter(kinds, account=account_id, opened_at__gt=now - REPEATED_WITHIN, opened_at__lte=now)
    if shipment_id is not None:
        before = before.filter(Q(shipment=None) | ~Q(shipment=shipment_id))
    return before.order_by("-opened_at", "-id").first()
