"""What is reckoned ahead of its readers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import perf_counter

from django.core.cache import cache

from apps.core.scoping import SYSTEM
from apps.insights.selectors.house import KEPT_AS, KEPT_FOR, reckoned
from apps.insights.selectors.journey import JOURNEY_KEPT_AS, journey_reckoned
from apps.insights.selectors.scoreboard import KEPT_WAYS, scoreboard_reckoned, scores_kept_as
from apps.insights.selectors.summary import SUMMARY_KEPT_AS, summary_reckoned

PATIENCE = 0.25  # seconds that a reader waits without noticing


def keep_house_figures(*, now: datetime) -> bool:
    """Reckon how the house does, and keep it where that takes longer than `PATIENCE`. Whether any of it is kept."""
    tables = ((scores_kept_as(way), partial(scoreboard_reckoned, way=way)) for way in KEPT_WAYS)
    pages = ((KEPT_AS, reckoned), (SUMMARY_KEPT_AS, summary_reckoned), (JOURNEY_KEPT_AS, journey_reckoned))
    kept = [_keep(name, reckon, now) for name, reckon in (*pages, *tables)]
    return any(kept)


def _keep(name: str, reckon: Callable, now: datetime) -> bool:
    begun = perf_counter()
    found = reckon(SYSTEM, now=now)
    if perf_counter() - begun < PATIENCE:
        cache.delete(name)
        return False
    cache.set(name, found, KEPT_FOR.total_seconds())
    return True
