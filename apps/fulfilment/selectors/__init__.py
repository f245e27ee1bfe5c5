"""Shipments and what is told of them."""

from apps.fulfilment.selectors.shipments import (
    UNDER_WAY,
    deliveries_due,
    dispatch_notices,
    facts_of,
    late_shipments,
    promise_rate_of,
    received_of,
    shipment_for,
    shipments_of,
    shipments_page,
    shipping_of,
    short_pick_notices,
    tracking_of,
    verdict_of,
)
from apps.fulfilment.selectors.slips import (
    open_slips_of,
    slip_notices,
    slips_ahead,
    slips_by_account,
    slips_of,
    slips_page,
)

__all__ = [
    "UNDER_WAY",
    "deliveries_due",
    "dispatch_notices",
    "facts_of",
    "late_shipments",
    "open_slips_of",
    "promise_rate_of",
    "received_of",
    "shipment_for",
    "shipments_of",
    "shipments_page",
    "shipping_of",
    "short_pick_notices",
    "slip_notices",
    "slips_ahead",
    "slips_by_account",
    "slips_of",
    "slips_page",
    "tracking_of",
    "verdict_of",
]
