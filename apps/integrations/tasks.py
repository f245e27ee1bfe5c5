from celery import shared_task
from django.utils import timezone

from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.integrations.catalogue_import.runs import COURSE as PRODUCTS
from apps.integrations.imports.runs import work_for
from apps.integrations.pictures.addresses import fetch_due, fetch_for_import
from apps.integrations.pictures.batches import work_on
from apps.integrations.price_import.runs import COURSE as PRICES

#: Well below the time a task may take; what is left then goes on in a task of its own.
_SECONDS = 240


@reaction
def go_on_with_catalogue_import(event_id: int) -> bool:
    """A file was received, approved or revoked, or its work was paused: go on with it."""
    run_id = int(event_of(event_id).subject.partition(":")[2])
    return work_for(PRODUCTS, run_id, _SECONDS, now=timezone.now())


@reaction
def fetch_pictures_of_import(event_id: int) -> bool:
    """An import is live: have what its rows name by address fetched."""
    run_id = int(event_of(event_id).subject.partition(":")[2])
    return fetch_for_import(run_id, now=timezone.now()) is not None


@reaction
def go_on_with_price_import(event_id: int) -> bool:
    """A price file was received, approved or revoked, or its work was paused: go on with it."""
    run_id = int(event_of(event_id).subject.partition(":")[2])
    return work_for(PRICES, run_id, _SECONDS, now=timezone.now())


@reaction
def take_pictures(event_id: int) -> str:
    """Pictures were received, in an archive or as addresses: look at them."""
    fetch_due(_SECONDS, now=timezone.now())
    return work_on(int(event_of(event_id).subject.partition(":")[2]), now=timezone.now())


@shared_task
def fetch_due_pictures() -> int:
    """Sweep: addresses that are due, for the first time or again."""
    return fetch_due(_SECONDS, now=timezone.now())
