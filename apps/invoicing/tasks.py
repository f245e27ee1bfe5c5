from celery import shared_task
from django.utils import timezone

from apps.core.events import event_of
from apps.core.mail import send_once
from apps.core.reactions import reaction
from apps.fulfilment.models import Shipment
from apps.invoicing import selectors, services


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
def send_dunning(event_id: int) -> None:
    """dunning.sent: tell who pays."""
    for letter in selectors.dunning_letters(event_of(event_id)):
        send_once(**letter, now=timezone.now())
