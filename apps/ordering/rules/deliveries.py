"""How a delivery to one ship-to is wanted."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DeliveryWish:
    """A ship-to with the option, and where it has them the slot's code or the branch; the day before which it must not
    come. `is_complete` is on one day, or as it is ready; None: see `OptionQuote.goes_complete`.
    """

    ship_to_id: int | None
    option_id: int | None = None
    slot: str = ""
    branch_id: int | None = None
    is_complete: bool | None = None
    requested_on: date | None = None
