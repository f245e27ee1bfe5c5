from django.utils import timezone

from apps.core.events import event_of
from apps.core.mail import send_once
from apps.core.reactions import reaction
from apps.pricing.selectors import decided_notices, requested_notices


@reaction
def send_match_requested(event_id: int) -> None:
    """price_match.requested: tell the rep."""
    for notice in requested_notices(event_of(event_id)):
        send_once(**notice, now=timezone.now())


@reaction
def send_match_decided(event_id: int) -> None:
    """price_match.granted, price_match.declined: tell who asked."""
    for notice in decided_notices(event_of(event_id)):
        send_once(**notice, now=timezone.now())
