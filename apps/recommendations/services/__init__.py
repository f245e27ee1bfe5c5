"""Suggestions kept up to date: rhythms from orders, picks by the rep, what a buyer does not want to see."""

from apps.recommendations.services.demand import rebuild_segment_demand
from apps.recommendations.services.dismissals import Way, dismiss, take_back
from apps.recommendations.services.gaps import rebuild_range_gaps
from apps.recommendations.services.letters import put_into_cart, send_letters, write_letter
from apps.recommendations.services.lift import keep_lifts
from apps.recommendations.services.measuring import Noted, note_added, note_bought, note_suggestions
from apps.recommendations.services.next_order import refresh_next_order, train
from apps.recommendations.services.picks import block, pick, unblock, unpick
from apps.recommendations.services.regulars import rebuild_popularity, rebuild_regulars, refresh_regulars
from apps.recommendations.services.sharing import share_product
from apps.recommendations.services.shortages import look_for_all_shortages, look_for_shortages
from apps.recommendations.services.watches import begin_watch, meet_watches, stop_watch

__all__ = [
    "Noted",
    "Way",
    "begin_watch",
    "block",
    "dismiss",
    "keep_lifts",
    "look_for_all_shortages",
    "look_for_shortages",
    "meet_watches",
    "note_added",
    "note_bought",
    "note_suggestions",
    "pick",
    "put_into_cart",
    "rebuild_popularity",
    "rebuild_range_gaps",
    "rebuild_regulars",
    "rebuild_segment_demand",
    "refresh_next_order",
    "refresh_regulars",
    "send_letters",
    "share_product",
    "stop_watch",
    "take_back",
    "train",
    "unblock",
    "unpick",
    "write_letter",
]
