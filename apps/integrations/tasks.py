from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import operations
from apps.core.events import event_of
from apps.core.mail import send_once
from apps.core.reactions import reaction
from apps.integrations.catalogue_import.runs import COURSE as PRODUCTS
from apps.integrations.imports.runs import work_for
from apps.integrations.pictures.addresses import fetch_due, fetch_for_import
from apps.integrations.pictures.batches import work_on
from apps.integrations.price_import.owning import own_what_it_priced
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
def send_import_stuck(event_id: int) -> None:
    """An import was refused, or too many of its rows are in quarantine: tell operations before anybody misses it."""
    event = event_of(event_id)
    course = PRICES if event.name.startswith("price_import.") else PRODUCTS
    run = course.run(int(event.subject.partition(":")[2]))
    page = reverse(f"admin:{run._meta.app_label}_{run._meta.model_name}_change", args=[run.pk])
    for user in operations():
        send_once(
            f"import-stuck:{event.pk}:{user.pk}",
            to=user.email,
            template="import_stuck",
            context={"run": run, "facts": event.facts, "page": page},
            language=user.language,
            now=timezone.now(),
        )


@reaction
def own_undone_prices(event_id: int) -> int:
    """price_import.undone: put right what was ordered by its prices, before the customers ask."""
    return own_what_it_priced(int(event_of(event_id).subject.partition(":")[2]), now=timezone.now())


@reaction
def take_pictures(event_id: int) -> str:
    """Pictures were received, in an archive or as addresses: look at them."""
    fetch_due(_SECONDS, now=timezone.now())
    return work_on(int(event_of(event_id).subject.partition(":")[2]), now=timezone.now())


@shared_task
def fetch_due_pictures() -> int:
    """Sweep: addresses that are due, for the first time or again."""
    return fetch_due(_SECONDS, now=timezone.now())
