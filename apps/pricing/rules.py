"""Which of the agreed prices an account pays, and why not another.

1. Every agreement that reaches the account is a tariff: contracts of the account and of each account above it, the
   price list its terms name, the list of its group, the base list. A tariff holds steps: a unit price from a quantity on.
2. Within a tariff a quantity costs the lowest of the steps it reaches. A step that costs more than a smaller one
   therefore never applies, and a negative one is no price at all.
3. A tariff of which no step is reached does not compete.
4. Where an exclusive contract competes, only exclusive contracts do.
5. The lowest price wins. Between equals: the nearest contract, then the account's list, the group's, the base list,
   then the smaller reference.
6. The ladder is the price at every quantity where it changes. It falls with the quantity; only where an exclusive
   contract begins to apply may it rise. The next break is the first step above the quantity that costs less.
7. What did not win is passed over, each with its reason: it costs more, it costs the same, an exclusive contract
   outvoted it, or its next step is not reached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from apps.catalogue.rules import Ask

__all__ = ["Agreement", "Ask", "Break", "Decision", "PassedOver", "Tariff", "decide"]

CONTRACT, ACCOUNT, GROUP, LIST = "contract", "account", "group", "list"
_RANK = {CONTRACT: 0, ACCOUNT: 1, GROUP: 2, LIST: 3}
HIGHER, EQUAL, OUTVOTED, NOT_REACHED = "higher", "equal", "outvoted", "not_reached"


class Break(NamedTuple):
    """A unit price from a quantity on."""

    min_quantity: int
    unit_price: Decimal


class Agreement(NamedTuple):
    """Where a tariff comes from. `distance` counts the accounts between the contract's account and the buyer's."""

    source: str
    ref: str
    name: str
    distance: int = 0
    exclusive: bool = False


class Tariff(NamedTuple):
    """The steps of one agreement for one product, in any order."""

    agreement: Agreement
    steps: Sequence[Break]


class PassedOver(NamedTuple):
    """A price that was not taken. `why` is higher, equal, outvoted or not_reached (then `min_quantity` is its step)."""

    source: str
    source_name: str
    unit_price: Decimal
    why: str
    min_quantity: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What one unit costs at the asked quantity. `unit_price` is None where nothing is agreed: price on request.

    `list_price` is what the base list says for the same quantity, None where it says nothing.
    """

    unit_price: Decimal | None
    currency: str
    source: str
    source_name: str
    source_ref: str
    list_price: Decimal | None
    breaks: tuple[Break, ...]
    next_break: Break | None
    passed_over: tuple[PassedOver, ...]
    quantity: int


def decide(tariffs: Iterable[Tariff], quantity: int, currency: str) -> Decision:
    """The decision for `quantity` out of `tariffs`, all of them in `currency` and for one product."""
