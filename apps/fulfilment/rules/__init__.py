"""Verdicts about goods on their way."""

from apps.fulfilment.rules.deliveries import (
    CANCELLED,
    CLOCKS_DIFFER_BY,
    DELIVERED,
    LEAST_LINES,
    PLANNED,
    RANK,
    SHIPPED,
    STATUS_AFTER,
    PromiseRate,
    Received,
    Verdict,
    can_be,
    disbelief,
    is_overdue,
    promise_rate,
    verdict,
)

__all__ = [
    "CANCELLED",
    "CLOCKS_DIFFER_BY",
    "DELIVERED",
    "LEAST_LINES",
    "PLANNED",
    "RANK",
    "SHIPPED",
    "STATUS_AFTER",
    "PromiseRate",
    "Received",
    "Verdict",
    "can_be",
    "disbelief",
    "is_overdue",
    "promise_rate",
    "verdict",
]
