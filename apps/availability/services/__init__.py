"""Holding stock for a demand, and what moves it."""

from apps.availability.services.failing import change_offer, follow_lead_time, give_up_missing
from apps.availability.services.feeding import take_stock
from apps.availability.services.reservations import (
    consume,
    consume_all,
    consume_direct,
    hold_here,
    lose_all,
    release,
    release_last,
    reserve,
    send_directly,
)
from apps.availability.services.supply import load_stock, put_back, receive, reschedule, set_on_hand

__all__ = [
    "change_offer",
    "consume",
    "consume_all",
    "consume_direct",
    "follow_lead_time",
    "give_up_missing",
    "hold_here",
    "load_stock",
    "lose_all",
    "put_back",
    "receive",
    "release",
    "release_last",
    "reschedule",
    "reserve",
    "send_directly",
    "set_on_hand",
    "take_stock",
]
