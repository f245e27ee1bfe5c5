"""Which mails an event about incoming mail calls for."""

from apps.accounts.selectors import operations
from apps.core.models import Event


def held_back_notices(event: Event) -> list[dict]:
    """mail.held_back: to operations."""
    return [
        {
            "key": f"mail-held:{event.pk}:{user.pk}",
            "to": user.email,
            "template": "mail_held_back",
            "context": {"case": event.facts.get("case", "")},
            "language": user.language,
        }
        for user in operations()
    ]
