"""What an option comes to for one delivery."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from apps.core.money import ZERO
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import Journey, SlotOffer, slot_named
from apps.delivery.selectors.ways import Atlas


class BranchOffer(NamedTuple):
    """A branch at which everything can be picked up, from when, and the hours of its counter."""

    id: int
    name: str
    city: str
    opens_at: time | None
    closes_at: time | None
    journey: Journey

    @property
    def ready_on(self) -> date:
        return self.journey.arrives_on


@dataclass(frozen=True, slots=True)
class OptionQuote:
    """An option for one delivery. `refused` says in words why it cannot be chosen.

    The dates are None where nothing goes that way. `free_gap` is how much more the goods would have to cost for the
    charge to fall away; None where it never does or has. `branches` are where a pick-up can be, the first to be ready
    first; `slots` the free ones of an option that `has_slots`. `days` are those on which something arrives where it is
    sent as it is ready, and `parts_charge` what it costs then. `pallets` is 0 where they are not counted.
    Where suppliers then send a part of it straight to the receiver, `direct` is the option by which they do and
    `direct_charge` what of the `parts_charge` that is; `first_charge` is what the first delivery from us costs then.
    `only_in_parts` says that the option does not carry that part.
    `atlas` is what it was worked out from, for `arrivals_for`.
    """

    option: DeliveryOption
    charge: Decimal
    dispatch_on: date | None
    arrives_on: date | None
    free_gap: Decimal | None = None
    refused: str | None = None
    branches: tuple[BranchOffer, ...] = ()
    has_slots: bool = False
    slots: tuple[SlotOffer, ...] = ()
    days: tuple[date, ...] = ()
    parts_charge: Decimal = ZERO
    pallets: int = 0
    first_charge: Decimal = ZERO
    direct: DeliveryOption | None = None
    direct_charge: Decimal = ZERO
    only_in_parts: bool = False
    atlas: Atlas | None = field(default=None, repr=False, compare=False)

    @property
    def pick_up_at(self) -> str:
        """The branch of a pick-up that is ready first."""
        return self.branches[0].name if self.branches else ""

    def branch(self, branch_id: int | None) -> BranchOffer | None:
        """The branch with this id; without one, that which is ready first."""
        if branch_id is None:
            return self.branches[0] if self.branches else None
        return next((each for each in self.branches if each.id == branch_id), None)

    @property
    def first_slot(self) -> SlotOffer | None:
        """The slot that is chosen where nobody says: the first priority slot there is a right to, else the first."""
        return next((each for each in self.slots if each.is_priority), next(iter(self.slots), None))

    def slot(self, code: str) -> SlotOffer | None:
        """The free slot that a code names."""
        return next((each for each in self.slots if (each.window_id, each.day_on) == slot_named(code)), None)

    def goes_complete(self, said: bool | None, *, prefers: bool) -> bool:
        """Whether it goes on one day: as was said, else as the ship-to prefers; nobody pays for parts unasked."""
        if self.only_in_parts:
            return False
        return prefers or self.parts_charge > self.charge if said is None else said

    def comes_on(self, *, is_complete: bool) -> date | None:
        """When the last of it is there, on one day or in parts."""
        return self.arrives_on if is_complete or not self.days else self.days[-1]

    def charged(self, *, is_complete: bool) -> Decimal:
        """What it costs, on one day or in parts."""
        return self.charge if is_complete else self.parts_charge
