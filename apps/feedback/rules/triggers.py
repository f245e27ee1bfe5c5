"""Which deliveries a programme asks about.

1. Every condition has to hold; one that says nothing always holds.
2. A delivery of a currency without a rate has no known value: it does not reach any minimum.
3. A share is drawn by a hash of delivery and programme: the same ones for ever, whenever they are looked at.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.core.comparing import is_held_out


@dataclass(frozen=True, slots=True)
class Trigger:
    """The conditions as operations wrote them. Carriers and segments are casefolded, countries in capitals."""

    minimum_net: Decimal = Decimal(0)
    outcome: str = "any"  # any, perfect, failed
    warehouses: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    share_percent: int = 100

    @property
    def needs_facts(self) -> bool:
        """Whether a condition looks at what was frozen at the handover."""
        return self.minimum_net > 0 or self.outcome != "any"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a delivery; `net` is in the currency of the house, None where it cannot be said."""

    shipment_id: int
    net: Decimal | None = None
    perfect: bool = True
    warehouse: str = ""
    carrier: str = ""
    segment: str = ""
    country: str = ""


def fits(trigger: Trigger, facts: Facts, programme_id: int) -> bool:
    """Whether the programme asks about this delivery."""
    among = (
        (trigger.warehouses, facts.warehouse),
        (trigger.carriers, facts.carrier.strip().casefold()),
        (trigger.segments, facts.segment.strip().casefold()),
        (trigger.countries, facts.country),
    )
    return (
        (not trigger.minimum_net or (facts.net is not None and facts.net >= trigger.minimum_net))
        and (trigger.outcome == "any" or facts.perfect == (trigger.outcome == "perfect"))
        and all(not wanted or value in wanted for wanted, value in among)
        and not is_held_out(facts.shipment_id, programme_id, 100 - trigger.share_percent)
    )
