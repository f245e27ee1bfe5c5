from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.fulfilment.models import Shipment
from apps.invoicing import selectors, services
from apps.invoicing.selectors.notices import due_notices, issued_notices


@reaction
def issue_invoice_of_shipment(event_id: int) -> None:
    """shipment.dispatched: what has left is invoiced."""
    number = event_of(event_id).subject.partition(":")[2]
    services.issue_invoice(Shipment.objects.values_list("pk", flat=True).get(number=number), now=timezone.now())


@reaction
def settle_roundings_of_order(event_id: int) -> None:
    """order.amended: what is owed is what the invoices say, where no more of them come."""
    services.settle_roundings(event_of(event_id).subject.partition(":")[2], now=timezone.now())


@shared_task
def chase_prepayments() -> dict[str, int]:
    """Remind of orders that wait for their money, and end those whose day has passed."""
    return services.chase_prepayments(now=timezone.now())


@reaction
def send_invoice_issued(event_id: int) -> None:
    """invoice.issued: tell who pays."""
    tell(issued_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_invoice_due(event_id: int) -> None:
    """invoice.due_soon: tell who pays."""
    tell(due_notices(event_of(event_id)), now=timezone.now())


@shared_task
def tell_of_due() -> int:
    """Tell of the invoices that are due soon."""
    return services.tell_of_due(now=timezone.now())


@reaction
def send_dunning(event_id: int) -> None:
    """dunning.sent: tell who pays."""
    tell(selectors.dunning_letters(event_of(event_id)), now=timezone.now())
