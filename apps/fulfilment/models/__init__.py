"""What happened to the goods."""

from apps.fulfilment.models.facts import DeliveryFact, LineFact
from apps.fulfilment.models.inserts import (
    BoxTerms,
    Complaint,
    Insert,
    InsertBudget,
    InsertRule,
    PromisedInsert,
    ShipmentInsert,
)
from apps.fulfilment.models.messages import CarrierKey, CarrierMessage
from apps.fulfilment.models.parcels import Parcel, ParcelLine
from apps.fulfilment.models.promises import PromiseRecord
from apps.fulfilment.models.proofs import (
    DeliveryFile,
    FaultLine,
    FaultReport,
    Proof,
    ReceivingTerms,
    Tour,
)
from apps.fulfilment.models.shipments import Shipment, ShipmentLine
from apps.fulfilment.models.slips import Slip
from apps.fulfilment.models.tracking import TrackingEvent
from apps.fulfilment.models.waves import PickLocation, ShippingChoice, Wave

__all__ = [
    "BoxTerms",
    "CarrierKey",
    "CarrierMessage",
    "Complaint",
    "DeliveryFact",
    "DeliveryFile",
    "FaultLine",
    "FaultReport",
    "Insert",
    "InsertBudget",
    "InsertRule",
    "LineFact",
    "Parcel",
    "ParcelLine",
    "PickLocation",
    "PromiseRecord",
    "PromisedInsert",
    "Proof",
    "ReceivingTerms",
    "Shipment",
    "ShipmentInsert",
    "ShipmentLine",
    "ShippingChoice",
    "Slip",
    "Tour",
    "TrackingEvent",
    "Wave",
]
