from celery import shared_task

from apps.core.events import event_of
from apps.recommendations import services


@shared_task
def refresh_regulars_after_order(event_id: int) -> int:
    """An order was placed: the rhythms of its account move on."""
    return services.refresh_regulars(event_of(event_id).account_ref)


@shared_task
def rebuild_all_regulars() -> int:
    """Every night: rhythms of all accounts, and the popularity of products."""
    services.rebuild_popularity()
    return services.rebuild_regulars()
