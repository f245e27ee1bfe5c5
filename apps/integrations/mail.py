"""What a mail provider tells us through django-anymail's webhooks: mails that came in, and what became of ours.

Its views check the secret of the webhook or the provider's signature; each report is safe to repeat. A report about a
mail that is not ours is passed over.
"""

from django.utils import timezone

from apps.core.incoming import incoming
from apps.feedback.services import reports, take_in

_KINDS = {
    "delivered": reports.ARRIVED,
    "sent": reports.ARRIVED,
    "bounced": reports.CAME_BACK,
    "rejected": reports.CAME_BACK,
    "failed": reports.CAME_BACK,
    "complained": reports.COMPLAINED,
}
_FOR_GOOD = {"bounced", "invalid"}


def mail_came_in(sender, event, esp_name, **_more) -> None:
    """anymail.signals.inbound: an answer to one of our mails."""
    message = event.message
    to = [message.envelope_recipient] if message.envelope_recipient else []
    take_in(incoming(message, envelope_to=to, envelope_from=message.envelope_sender), now=timezone.now())


def mail_was_reported(sender, event, esp_name, **_more) -> None:
    """anymail.signals.tracking: a mail of ours arrived, came back, or was called spam."""
    kind, key = _KINDS.get(event.event_type), (event.metadata or {}).get("key")
    if kind and key:
        now = timezone.now()
        reports.take_report(
            kind,
            key=key,
            address=event.recipient or "",
            for_good=event.reject_reason in _FOR_GOOD,
            at=event.timestamp or now,
            now=now,
        )
