"""Earned growth: what grew because customers stayed, came back for more and brought others.

1. Net revenue retention is what the accounts of the year before ordered in this one, over what they ordered then.
2. Earned new customers is what accounts new in this year and won by recommendation ordered, over what all ordered the
   year before. Earned growth = retention + earned new - 100 % (Reichheld, Darnell and Burns 2021, "Net Promoter 3.0",
   Harvard Business Review, November-December). The article leaves open what the second share is of; here both are of
   the year before, so that they add up.
3. How a new account came is not recorded. So earned growth lies between none of them won by recommendation and all.
4. An account that ordered before the year before and again in this one is won back: neither kept nor new.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import ZERO


@dataclass(frozen=True, slots=True)
class Growth:
    """Sums in the house's currency. Shares as of 1: `least` earned growth where no new account was recommended, `most`
    where all were; None where nothing was ordered the year before. `lost` accounts ordered then and not now."""

    before: Decimal
    kept: Decimal
    new: Decimal
    won_back: Decimal
    kept_accounts: int
    lost_accounts: int
    new_accounts: int
    retention: float | None
    least: float | None
    most: float | None


def growth(before: Mapping[int, Decimal], now: Mapping[int, Decimal], known_before: Collection[int]) -> Growth:
    """Of what accounts ordered the year before and in this one; `known_before` ordered earlier than either."""
    whole = sum(before.values(), ZERO)
    came = now.keys() - before.keys()
    new = sum((now[pk] for pk in came if pk not in known_before), ZERO)
    kept = sum((net for pk, net in now.items() if pk in before), ZERO)
    retention = float(kept / whole) if whole > 0 else None
    return Growth(
        before=whole,
        kept=kept,
        new=new,
        won_back=sum((now[pk] for pk in came if pk in known_before), ZERO),
        kept_accounts=len(before.keys() & now.keys()),
        lost_accounts=len(before.keys() - now.keys()),
        new_accounts=sum(pk not in known_before for pk in came),
        retention=retention,
        least=None if retention is None else retention - 1,
        most=None if retention is None else retention - 1 + float(new / whole),
    )
