from apps.delivery.models.calendars import Closure, Holiday
from apps.delivery.models.options import DeliveryOption, Lane, Rate, Zone, postal_key
from apps.delivery.models.slots import Slot, SlotBooking, SlotWindow

__all__ = [
    "Closure",
    "DeliveryOption",
    "Holiday",
    "Lane",
    "Rate",
    "Slot",
    "SlotBooking",
    "SlotWindow",
    "Zone",
    "postal_key",
]
