from celery import shared_task
from django.utils import timezone

from apps.accounts.services.acting import end_outrun


@shared_task
def end_outrun_acting() -> int:
    """Put on the record that the time of whoever acted for a contact has run out."""
    return end_outrun(now=timezone.now())
