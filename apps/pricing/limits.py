"""How far somebody may go by themselves with a price they propose.

Who proposes a price goes beyond their limit by its margin, by what it is below the price of now, by its length, or
where no cost is known: each is named.
"""

from decimal import Decimal
from typing import NamedTuple

from apps.core.money import ZERO

_HUNDRED = Decimal(100)


class Limit(NamedTuple):
    """How far somebody may go by themselves: margin and what is taken off in percent, days that a price holds."""

    least_margin: Decimal
    most_off: Decimal
    longest_days: int


#: By desk, where operations has written no limit.
USUAL_LIMITS = {
    "rep": Limit(Decimal(18), Decimal(15), 365),
    "manager": Limit(Decimal(8), Decimal(40), 731),
}


def beyond_limit(
    limit: Limit, *, margin: Decimal | None, own_price: Decimal | None, price: Decimal, days: int
) -> tuple[str, ...]:
    """What of a limit a price goes beyond: no_cost, margin, off, days; empty within it."""
    off = (own_price - price) * _HUNDRED / own_price if own_price else ZERO
    verdicts = (
        ("no_cost", margin is None),
        ("margin", margin is not None and margin < limit.least_margin),
        ("off", off > limit.most_off),
        ("days", days > limit.longest_days),
    )
    return tuple(name for name, applies in verdicts if applies)
