from celery import shared_task
from django.utils import timezone

from apps.catalogue import services
from apps.catalogue.index import sweep_marks


@shared_task
def sweep_search_marks() -> int:
    """Drop the marks that the search index of every machine has followed long ago."""
    return sweep_marks(timezone.now())


@shared_task
def forget_missed_searches() -> int:
    """Drop the searches without a result that are older than anybody asks about."""
    return services.forget_missed_searches(on=timezone.localdate())
