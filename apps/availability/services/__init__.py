"""Holding stock for a demand, and what moves it."""

from apps.availability.services.feeding import take_stock
from apps.availability.services.reservations import consume, consume_all, hold_here, lose_all, release, reserve
from apps.availability.services.supply import load_stock, receive, reschedule, set_on_hand

__all__ = [
    "consume",
    "consume_all",
    "hold_here",
    "load_stock",
    "lose_all",
    "receive",
    "release",
    "reschedule",
    "reserve",
    "set_on_hand",
    "take_stock",
]
