"""Suggestions kept up to date: rhythms from orders, picks by the rep, what a buyer does not want to see."""

from apps.recommendations.services.demand import rebuild_segment_demand
from apps.recommendations.services.picks import dismiss, pick, unpick
from apps.recommendations.services.regulars import rebuild_popularity, rebuild_regulars, refresh_regulars
from apps.recommendations.services.sharing import share_product
from apps.recommendations.services.watches import begin_watch, meet_watches, stop_watch

__all__ = [
    "begin_watch",
    "dismiss",
    "meet_watches",
    "pick",
    "rebuild_popularity",
    "rebuild_regulars",
    "rebuild_segment_demand",
    "refresh_regulars",
    "share_product",
    "stop_watch",
    "unpick",
]
