from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.insights import services
from apps.insights.selectors.hand_overs import hand_over_notices, held_up_notices
from apps.insights.selectors.notes import mention_notices
from apps.insights.services.hand_overs import carry_out_due
from apps.insights.services.health import keep_health as keep_health_of_day
from apps.insights.services.health import thin_out_health as let_go_of_health


@shared_task
def keep_house_figures() -> bool:
    """Every five minutes: how the house does, where reckoning it takes long."""
    return services.keep_house_figures(now=timezone.now())


@shared_task
def gather_needs() -> int:
    """Every hour: what accounts searched for in vain, asked for, turned down and told us."""
    return services.gather_needs(now=timezone.now())


@shared_task
def reckon_all_completeness() -> int:
    """Every night: popularity has moved, prices have begun and ended."""
    return services.reckon_completeness()


@reaction
def reckon_completeness(event_id: int) -> int:
    """Rules, or a whole file of products or prices, changed."""
    return services.reckon_completeness()


@reaction
def reckon_completeness_of_product(event_id: int) -> int:
    """One product was changed: its subject is product:SKU."""
    return services.reckon_completeness_of([event_of(event_id).subject.partition(":")[2]])


@reaction
def reckon_completeness_of_price(event_id: int) -> int:
    """One price was changed: the event names the SKU."""
    return services.reckon_completeness_of([event_of(event_id).facts["sku"]])


@reaction
def reckon_completeness_of_priced(event_id: int) -> int:
    """A feed of prices was taken; it may come every minute, and few products have their first price in it."""
    return services.reckon_completeness_of_priced()


@reaction
def count_answer(event_id: int) -> int:
    """survey.answered, survey.revised: the answer counts in the sums as it is now."""
    return services.count_answers([event_of(event_id).facts["answer_id"]])


@reaction
def count_account(event_id: int) -> int:
    """An order, a delivery, an answer, an invoice: the sums of its account are made anew."""
    account_id = event_of(event_id).account_ref
    return services.count_accounts([account_id]) if account_id else 0


@reaction
def mark_accounts_stale(event_id: int) -> None:
    """rate.changed: what accounts ordered and were invoiced is worth something else; many rates may change at once."""
    services.mark_accounts_stale(now=timezone.now())


@reaction
def count_accounts_asked(event_id: int) -> int:
    """surveys.sent: some invitations went out, the sums of their accounts are made anew."""
    return services.count_accounts(event_of(event_id).facts["accounts"])


@reaction
def count_journey(event_id: int) -> int:
    """An order, a delivery, an invoice, a quote, a case: its month is counted as it is now."""
    return services.count_journey(event_of(event_id))


@shared_task
def count_recent_journey() -> int:
    """Every night: what counts in the latest months and of which no event told."""
    return services.count_recent_journey(now=timezone.now())


@shared_task
def count_missed_answers() -> int:
    """Every hour: answers of which no event told."""
    return services.count_missed()


@shared_task
def slide_windows() -> bool:
    """Every minute: after midnight (UTC) the windows end a day later, the sums of accounts are as of the new day, and a
    month that is over is added up; where a mark says so, the sums of accounts are made anew."""
    services.keep_months(now=timezone.now())
    services.slide_account_sums(now=timezone.now())
    services.count_stale_accounts()
    return services.slide_windows(now=timezone.now())


@shared_task
def reckon_effects() -> int:
    """Every night: what failed deliveries cost."""
    return services.reckon_effects(now=timezone.now())


@shared_task
def send_digests() -> int:
    """Every ten minutes: the digests that are due by their readers' clocks."""
    return services.send_digests(now=timezone.now())


@shared_task
def keep_health() -> int:
    """Every ten minutes: a lot of the accounts without a score of the day."""
    return keep_health_of_day(now=timezone.now())


@shared_task
def thin_out_health() -> int:
    """Every night: scores that no trend needs any more."""
    return let_go_of_health(now=timezone.now())


@shared_task
def carry_out_hand_overs() -> int:
    """Every minute: the accounts that have another rep from today on; and whose new rep cannot take them is told."""
    now = timezone.now()
    done = carry_out_due(now=now)
    tell(held_up_notices(now=now), now=now)
    return done


@reaction
def send_handed_over(event_id: int) -> None:
    """account.handed_over: tell who takes over, and the customer where they are to be told."""
    tell(hand_over_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_mentions(event_id: int) -> None:
    """note.written: tell the colleagues it names."""
    tell(mention_notices(event_of(event_id)), now=timezone.now())
