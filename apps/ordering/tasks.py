from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.ordering import services
from apps.ordering.selectors import messages
from apps.ordering.services import blankets, quick_orders, standing


@reaction
def send_order_confirmation(event_id: int) -> None:
    """order.placed: tell who ordered."""
    tell(messages.order_confirmations(event_of(event_id)), now=timezone.now())


@reaction
def send_approval_needed(event_id: int) -> None:
    """order.approval_needed: tell who can say yes."""
    tell(messages.approval_requests(event_of(event_id)), now=timezone.now())


@reaction
def send_order_decided(event_id: int) -> None:
    """order.approved, order.declined: tell who ordered."""
    tell(messages.decisions(event_of(event_id)), now=timezone.now())


@reaction
def send_payment_reminder(event_id: int) -> None:
    """order.payment_reminded: tell who ordered, and who pays."""
    tell(messages.payment_reminders(event_of(event_id)), now=timezone.now())


@reaction
def send_payment_missed(event_id: int) -> None:
    """order.cancelled: where no money came, tell who ordered, and who pays."""
    tell(messages.payments_missed(event_of(event_id)), now=timezone.now())


@reaction
def send_quote_requested(event_id: int) -> None:
    """quote.requested: tell the rep."""
    tell(messages.quote_requests(event_of(event_id)), now=timezone.now())


@reaction
def send_quote_offered(event_id: int) -> None:
    """quote.offered: tell who asked."""
    tell(messages.quote_offers(event_of(event_id)), now=timezone.now())


@reaction
def send_quote_expiring(event_id: int) -> None:
    """quote.expiring: tell who asked."""
    tell(messages.quotes_expiring(event_of(event_id)), now=timezone.now())


@reaction
def send_quote_countered(event_id: int) -> None:
    """quote.countered: tell the rep."""
    tell(messages.quote_counters(event_of(event_id)), now=timezone.now())


@reaction
def send_quote_ended(event_id: int) -> None:
    """quote.accepted, declined, withdrawn, expired: tell the other side."""
    tell(messages.quote_ends(event_of(event_id)), now=timezone.now())


@reaction
def send_blanket_agreed(event_id: int) -> None:
    """blanket.agreed: tell who agreed it."""
    tell(messages.blankets_agreed(event_of(event_id)), now=timezone.now())


@reaction
def send_blanket_ending(event_id: int) -> None:
    """blanket.ending: tell who agreed it and the rep."""
    tell(messages.blankets_ending(event_of(event_id)), now=timezone.now())


@reaction
def send_standing_order_held(event_id: int) -> None:
    """standing_order.held: tell whose it is."""
    tell(messages.standing_orders_held(event_of(event_id)), now=timezone.now())


@shared_task
def place_standing_orders() -> int:
    """Place the standing orders that are due."""
    return standing.place_due(now=timezone.now())


@shared_task
def warn_of_ends() -> int:
    """Tell of the blanket orders that end soon with something left."""
    return blankets.warn_of_ends(now=timezone.now())


@shared_task
def lapse_blankets() -> int:
    """End the blanket orders whose last day has passed."""
    return blankets.lapse_blankets(now=timezone.now())


@shared_task
def expire_quotes() -> int:
    """Close the offers whose validity has passed."""
    return services.expire_quotes(now=timezone.now())


@shared_task
def warn_of_expiry() -> int:
    """Tell of the offers that run out soon."""
    return services.warn_of_expiry(now=timezone.now())


@shared_task
def forget_quick_orders() -> int:
    """Drop the quick orders that nobody has touched for two months."""
    return quick_orders.forget_quick_orders(now=timezone.now())
