"""What suggestions earn, reckoned ahead of its readers where it takes long."""

from datetime import datetime
from time import perf_counter

from django.core.cache import cache
from django.utils import timezone

from apps.recommendations.earning import DAYS, KEPT_FOR, kept_as, lift_reckoned
from apps.recommendations.models import SuggestionTerms

PATIENCE = 0.05  # seconds of a page


def keep_lifts(*, now: datetime) -> int:
    """Reckon for each period what suggestions earn, and keep it where that takes longer than `PATIENCE`; how many are
    kept. In a smaller house the page is always of this moment.

    Where operations set no share, accounts are compared from the day of the first run.
    """
    SuggestionTerms.objects.get_or_create(pk=1, defaults={"held_out_since": timezone.localdate(now)})
    kept = 0
    for days in DAYS:
        begun = perf_counter()
        found = lift_reckoned(days=days, now=now)
        if perf_counter() - begun < PATIENCE:
            cache.delete(kept_as(days))
        else:
            cache.set(kept_as(days), found, KEPT_FOR.total_seconds())
            kept += 1
    return kept
