"""Earned growth: what grew because customers stayed, came back for more and brought others.

1. Revenue is what the ledger says: invoices less credit notes, each in the year in which it was issued.
2. Net revenue retention is what the accounts of the year before were invoiced in this one, over what all were invoiced
   then. An account is of a year in which an invoice was issued to it.
3. Earned new customers is what accounts new in this year and won by recommendation were invoiced, over what all were
   the year before. Earned growth = retention + earned new - 100 % (Reichheld, Darnell and Burns 2021, "Net Promoter
   3.0", Harvard Business Review, November-December). The article leaves open what the second share is of; here both are
   of the year before, so that they add up.
4. How a new account came is not recorded. So earned growth lies between none of them won by recommendation and all.
5. An account that was invoiced before the year before and again in this one is won back: neither kept nor new.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Growth:
    """Sums in the house's currency. Shares as of 1: `least` earned growth where no new account was recommended, `most`
    where all were; None where nothing was invoiced the year before. `lost` accounts were invoiced then and not now."""

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


def growth(
    before: Decimal,
    kept: Decimal,
    new: Decimal,
    won_back: Decimal,
    kept_accounts: int,
    lost_accounts: int,
    new_accounts: int,
) -> Growth:
    """Of what all were invoiced the year before, and in this one those of then, the new ones, those won back."""
    retention = float(kept / before) if before > 0 else None
    return Growth(
        before=before,
        kept=kept,
        new=new,
        won_back=won_back,
        kept_accounts=kept_accounts,
        lost_accounts=lost_accounts,
        new_accounts=new_accounts,
        retention=retention,
        least=None if retention is None else retention - 1,
        most=None if retention is None else retention - 1 + float(new / before),
    )
