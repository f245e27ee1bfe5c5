"""Operations' desk for goods: shipments, waves."""

from apps.fulfilment.admin import shipments, waves

__all__ = ["shipments", "waves"]
