"""Suggestions kept up to date: rhythms from orders, picks by the rep, what a buyer does not want to see."""

from apps.recommendations.services.picks import dismiss, pick, unpick
from apps.recommendations.services.regulars import rebuild_popularity, rebuild_regulars, refresh_regulars

__all__ = ["dismiss", "pick", "rebuild_popularity", "rebuild_regulars", "refresh_regulars", "unpick"]
