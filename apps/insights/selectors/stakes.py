"""What is at stake with accounts: see `rules.lapsing`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from apps.insights import rules
from apps.ordering.models import Order
from apps.ordering.rules.rhythms import Rhythm
from apps.ordering.selectors import rhythms_of
from apps.ordering.selectors.revenue import revenue_of

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Stake:
    """How an account orders, the chance that nothing comes in `AHEAD_DAYS`, what it ordered within a year and what of
    that is at stake, in the house's currency; both None where a rate of exchange is missing."""

    rhythm: Rhythm
    chance: float
    a_year: Decimal | None
    at_stake: Decimal | None


def stakes_of(segments: Mapping[int, str], *, now: datetime) -> dict[int, Stake]:
    """Of the accounts (id -> segment) that ever ordered in the last year and a half. Two queries.

    An account is joined by those of its segment that are asked about, or by all of them where it has none.
    """
    rhythms = rhythms_of(segments, now=now)
    if not rhythms:
        return {}
    usual = _mean_gaps(rhythms, segments)
    ordered = revenue_of(Order.objects.filter(account__in=list(rhythms), placed_at__gt=now - _YEAR, placed_at__lte=now))
    on = timezone.localdate(now)
    found = {}
    for account_id, rhythm in rhythms.items():
        mean_gap = usual.get(segments[account_id]) or usual[""]
        silent = (on - rhythm.last_on).days
        chance = rules.chance_of_lapsing(rhythm.recent_gaps, rhythm.recent_days, silent, mean_gap)
        a_year = None if account_id in ordered.unknown else ordered.by_account.get(account_id, Decimal(0))
        at_stake = None if a_year is None else rules.at_stake(a_year, chance)
        found[account_id] = Stake(rhythm, chance, a_year, at_stake)
    return found


def _mean_gaps(rhythms: Mapping[int, Rhythm], segments: Mapping[int, str]) -> dict[str, float]:
    """Segment -> the mean days between two orders; that of all accounts under ""."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for account_id, rhythm in rhythms.items():
        for segment in {segments[account_id], ""}:
            sums[segment][0] += rhythm.days
            sums[segment][1] += rhythm.gaps
    return {segment: days / max(gaps, 1) or rules.AHEAD_DAYS for segment, (days, gaps) in sums.items()}
