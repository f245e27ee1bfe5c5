"""When goods arrive, in which slot, and what that costs."""

from apps.delivery.rules.charges import (
    BEYOND_RATES,
    ENDS,
    FROM_VALUE,
    TOO_HEAVY,
    TOO_LIGHT,
    TWICE,
    Goods,
    RateRow,
    Rates,
    charge,
    flaws,
    refused,
)
from apps.delivery.rules.dates import (
    Calendar,
    Journey,
    Step,
    arrival,
    first_shared,
    latest,
    steps_of,
    working_days,
)
from apps.delivery.rules.slots import SlotOffer, Window, free_slots, slot_named

__all__ = [
    "BEYOND_RATES",
    "ENDS",
    "FROM_VALUE",
    "TOO_HEAVY",
    "TOO_LIGHT",
    "TWICE",
    "Calendar",
    "Goods",
    "Journey",
    "RateRow",
    "Rates",
    "SlotOffer",
    "Step",
    "Window",
    "arrival",
    "charge",
    "first_shared",
    "flaws",
    "free_slots",
    "latest",
    "refused",
    "slot_named",
    "steps_of",
    "working_days",
]
