"""Operations' desk for goods: shipments, waves, what carriers send."""

from apps.fulfilment.admin import facts, messages, shipments, tours, waves

__all__ = ["facts", "messages", "shipments", "tours", "waves"]
