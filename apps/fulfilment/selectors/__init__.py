"""Shipments and what is told of them."""

from apps.fulfilment.selectors.arriving import Arriving, arriving
from apps.fulfilment.selectors.facts import Outcome, facts_of, outcomes_of
from apps.fulfilment.selectors.next_deliveries import NextDelivery, next_delivery
from apps.fulfilment.selectors.shipments import (
    UNDER_WAY,
    deliveries_due,
    delivery_notices,
    dispatch_notices,
    late_shipments,
    parcels_of,
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
    new_days_of,
    open_slips_of,
    orders_at_risk,
    slip_notices,
    slips_ahead,
    slips_of,
    slips_page,
)

__all__ = [
    "UNDER_WAY",
    "Arriving",
    "NextDelivery",
    "Outcome",
    "arriving",
    "deliveries_due",
    "delivery_notices",
    "dispatch_notices",
    "facts_of",
    "late_shipments",
    "new_days_of",
    "next_delivery",
    "open_slips_of",
    "orders_at_risk",
    "outcomes_of",
    "parcels_of",
    "promise_rate_of",
    "received_of",
    "shipment_for",
    "shipments_of",
    "shipments_page",
    "shipping_of",
    "short_pick_notices",
    "slip_notices",
    "slips_ahead",
    "slips_of",
    "slips_page",
    "tracking_of",
    "verdict_of",
]
