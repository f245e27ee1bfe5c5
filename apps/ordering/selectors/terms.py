"""How an order is to be received, as it was agreed when it was placed: for whoever picks, packs and drives."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.accounts.models import ShipTo
from apps.core.money import ZERO
from apps.ordering.models.destinations import GoesSomewhere


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What the ship-to asked for, the slot, and whether it goes on one day. Hours are by the clock of `time_zone`.

    Texts are "" where nothing was said. `branch` is where it is picked up; then nobody drives. `part_charge` is what
    each delivery after the first costs, net, in the currency of the order.
    """

    contact_name: str = ""
    phone: str = ""
    receiving_days: str = ""
    receiving_from: str = ""
    receiving_to: str = ""
    closed_days: str = ""
    time_zone: str = ""
    gate: str = ""
    unloading: str = ""
    markings: str = ""
    delivery_note: str = ""
    is_blind: bool = False
    preferred_weekday: int | None = None
    is_complete: bool = False
    slot_from: datetime | None = None
    slot_to: datetime | None = None
    branch: str = ""
    part_charge: Decimal = ZERO

    @property
    def slot_day(self) -> date | None:
        """The day of the slot there."""
        return self.slot_from and self.slot_from.date()


_OF_THE_SHIP_TO = (
    *("contact_name", "phone", "receiving_days", "closed_days", "time_zone", "gate", "unloading", "markings"),
    *("delivery_note", "is_blind", "preferred_weekday"),
)
_KNOWN = {field.name for field in fields(DeliveryTerms)}


def terms_of_ship_to(ship_to: ShipTo) -> dict:
    """What an order keeps of its ship-to, as JSON."""
    hours = {name: f"{getattr(ship_to, name):%H:%M}" for name in ("receiving_from", "receiving_to")}
    return {name: getattr(ship_to, name) for name in _OF_THE_SHIP_TO} | hours


def delivery_terms_of(goes: GoesSomewhere) -> DeliveryTerms:
    """How an order, or what goes to a further ship-to of it, is to be received; the slot by the clock there.

    No query where the order comes with its ship-to: everything stands on the order. One that was placed before terms
    were kept has those of its address.
    """
    said = goes.delivery_terms or (terms_of_ship_to(goes.ship_to) if goes.ship_to else {})
    zone = ZoneInfo(said.get("time_zone") or "UTC")
    kept = {name: value for name, value in said.items() if name in _KNOWN}
    return DeliveryTerms(**kept | {
        "is_complete": goes.is_complete,
        "slot_from": goes.slot_from and goes.slot_from.astimezone(zone),
        "slot_to": goes.slot_to and goes.slot_to.astimezone(zone),
        "branch": goes.branch_text,
        "part_charge": Decimal(said.get("part_charge") or ZERO),
    })  # fmt: skip
