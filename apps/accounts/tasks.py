from celery import shared_task
from django.utils import timezone

from apps.accounts.models import Contact
from apps.accounts.services import follow_house_key, send_digests
from apps.accounts.services.acting import end_outrun
from apps.accounts.services.people import INVITATION_DAYS, invitation_token
from apps.core.events import event_of
from apps.core.mail import send_once
from apps.core.reactions import reaction


@shared_task
def end_outrun_acting() -> int:
    """Put on the record that the time of whoever acted for a contact has run out."""
    return end_outrun(now=timezone.now())


@shared_task
def keep_key_of_addresses() -> bool:
    """Seal the key of the hashed addresses with the house's present key, where that has changed."""
    return follow_house_key()


@shared_task
def send_notice_digests() -> int:
    """Mail what contacts want to be told once a day, in their morning."""
    return send_digests(now=timezone.now())


@reaction
def send_invitation(event_id: int) -> None:
    """contact.invited: the letter with the link; none where the person came in, was invited anew, or has left since."""
    event = event_of(event_id)
    pk = event.subject.partition(":")[2]
    contact = Contact.objects.filter(pk=pk, is_active=True, user=None).select_related("account").first()
    if contact is None or not contact.invited_at or contact.invited_at.isoformat() != event.facts["invited_at"]:
        return
    send_once(
        f"invitation {contact.pk} {event.pk}",
        to=contact.email,
        template="invitation",
        context={
            "contact": contact,
            "account": contact.account,
            "invited_by": event.actor_name,
            "token": invitation_token(contact),
            "days": INVITATION_DAYS,
        },
        language=contact.language,
        now=timezone.now(),
        account_id=contact.account_id,
    )
