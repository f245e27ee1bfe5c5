from celery import shared_task
from django.utils import timezone

from apps.privacy import services


@shared_task
def forget_what_has_served() -> dict[str, int]:
    """Forget what has been kept as long as operations has set."""
    return services.sweep(now=timezone.now())
