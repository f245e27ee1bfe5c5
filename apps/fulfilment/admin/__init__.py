"""Operations' desk for goods: shipments, waves, what carriers send."""

from apps.fulfilment.admin import messages, shipments, tours, waves

__all__ = ["messages", "shipments", "tours", "waves"]
