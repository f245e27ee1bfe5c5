"""Operations' desk for goods: shipments, waves, what carriers send."""

from apps.fulfilment.admin import facts, inserts, messages, shipments, tours, waves

__all__ = ["facts", "inserts", "messages", "shipments", "tours", "waves"]
