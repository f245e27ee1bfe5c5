"""What is reckoned ahead of its readers."""

from datetime import datetime
from time import perf_counter

from django.core.cache import cache

from apps.core.scoping import SYSTEM
from apps.insights.selectors.house import KEPT_AS, KEPT_FOR, reckoned

PATIENCE = 0.25  # seconds that a reader waits without noticing


def keep_house_figures(*, now: datetime) -> bool:
    """Reckon how the house does, and keep it where that takes longer than `PATIENCE`. Whether it is kept."""
    begun = perf_counter()
    house = reckoned(SYSTEM, now=now)
    if perf_counter() - begun < PATIENCE:
        cache.delete(KEPT_AS)
        return False
    cache.set(KEPT_AS, house, KEPT_FOR.total_seconds())
    return True
