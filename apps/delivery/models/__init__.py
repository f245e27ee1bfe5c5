from apps.delivery.models.calendars import Closure, Holiday
from apps.delivery.models.options import DeliveryOption, Lane, Rate, Zone, postal_key
from apps.delivery.models.slots import Slot, SlotBooking, SlotRight, SlotWindow

__all__ = [
    "Closure",
    "DeliveryOption",
    "Holiday",
    "Lane",
    "Rate",
    "Slot",
    "SlotBooking",
    "SlotRight",
    "SlotWindow",
    "Zone",
    "postal_key",
]
