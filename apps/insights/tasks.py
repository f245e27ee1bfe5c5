from celery import shared_task
from django.utils import timezone

from apps.insights import services


@shared_task
def keep_house_figures() -> bool:
    """Every five minutes: how the house does, where reckoning it takes long."""
    return services.keep_house_figures(now=timezone.now())
