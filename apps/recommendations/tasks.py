from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.recommendations import services
from apps.recommendations.selectors import met_notices, products_of_event, shared_notices


@shared_task
def refresh_regulars_after_order(event_id: int) -> int:
    """An order was placed: the rhythms of its account move on, and of what it took others may run short."""
    event = event_of(event_id)
    changed = services.refresh_regulars(event.account_ref)
    services.look_for_shortages(product_ids=products_of_event(event), now=timezone.now())
    return changed


@shared_task
def rebuild_all_regulars() -> int:
    """Every night: rhythms of all accounts, popularity of products, what each segment buys, what ranges lack."""
    services.rebuild_popularity()
    services.rebuild_segment_demand()
    services.rebuild_range_gaps()
    return services.rebuild_regulars()


@shared_task
def refresh_next_order_of_event(event_id: int) -> int:
    """An order came or went, or something is not to be suggested or is again: the account's next order is another."""
    return services.refresh_next_order(event_of(event_id).account_ref, now=timezone.now())


@shared_task
def train_next_order() -> int:
    """Every night: the next orders of all accounts."""
    return services.train(now=timezone.now()).accounts


@reaction
def count_bought(event_id: int) -> int:
    """order.placed, order.approved: which of its lines a suggestion led to."""
    return services.note_bought(event_of(event_id).subject.partition(":")[2])


@shared_task
def keep_lifts() -> int:
    """Every hour: what suggestions earn, where reckoning it takes long."""
    return services.keep_lifts(now=timezone.now())


@shared_task
def send_next_order_letters() -> int:
    """Every ten minutes: the weekly letters in whose readers' morning it is."""
    return services.send_letters(now=timezone.now())


@shared_task
def look_for_all_shortages() -> int:
    """Every night: which regular SKUs of which accounts run short."""
    return services.look_for_all_shortages(now=timezone.now())


@reaction
def look_for_shortages_of_event(event_id: int) -> int:
    """Supply came, moved or went missing: its product runs short for somebody, or does no more."""
    return services.look_for_shortages(product_ids=products_of_event(event_of(event_id)), now=timezone.now())


@shared_task
def meet_watches() -> int:
    """Notice what is back in stock or has become cheaper, for whoever waits for it."""
    return services.meet_watches(now=timezone.now())


@reaction
def send_watch_met(event_id: int) -> None:
    """watch.met: tell who waited, once."""
    tell(met_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_shared_product(event_id: int) -> None:
    """product.shared: to the colleague."""
    tell(shared_notices(event_of(event_id)), now=timezone.now())
