"""What is due soon is told beforehand, each due day once: of instalments as of the whole."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.core.events import record
from apps.invoicing.models import Invoice

TELL_DAYS = 3  # before an invoice is due
_AT_ONCE = 500


@transaction.atomic
def tell_of_due(*, now: datetime) -> int:
    """Tell of the open invoices due within `TELL_DAYS`; how many. Safe to repeat. Records `invoice.due_soon`.

    One that was issued so shortly before is not told of again.
    """
    today = timezone.localdate(now)
    soon = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, due_on__range=(today, today + timedelta(days=TELL_DAYS)))
    soon = soon.exclude(paid=F("gross")).exclude(told_due_on=F("due_on"))
    soon = soon.filter(issued_on__lt=today - timedelta(days=TELL_DAYS))
    invoices = list(soon.select_for_update(skip_locked=True).order_by("due_on", "pk")[:_AT_ONCE])
    for invoice in invoices:
        invoice.told_due_on = invoice.due_on
        record(
            "invoice.due_soon",
            f"invoice:{invoice.number}",
            account_id=invoice.account_id,
            at=now,
            gross=str(invoice.open_amount),
            currency=invoice.currency,
            due_on=invoice.due_on.isoformat(),
        )
    Invoice.objects.bulk_update(invoices, ["told_due_on"])
    return len(invoices)
