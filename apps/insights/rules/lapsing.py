"""What may be lost with an account: how likely it is that it orders nothing for a while, times what it orders a year.

1. An account orders at a rate of its own, and each order may be its last: the "BG/NBD" model of buyers without a
   contract (P. Fader, B. Hardie, K. Lee: "Counting Your Customers" the Easy Way, Marketing Science 24, 2005). Whether
   it still buys is told by how long it has been silent against its rate, whether it orders again within the days ahead
   by its rate alone.
2. Gaps of long ago count less (`ordering.rules.rhythms.HALF_LIFE_DAYS`), and the gaps it has are joined by `_PRIOR` of
   the mean gap of the accounts it is compared to: who ordered once is judged by the others.
3. At stake is what it ordered in a year: all of it in so far as it lapses, else a twentieth, for who goes on may order
   less.
4. `_PRIOR`, `_LAST` and `_NOT_LAST` were chosen by likelihood on two days of March 2011 of a real wholesaler, the
   twentieth by what was lost after them; the bench `attention` measures on the months after those.
"""

from decimal import Decimal

AHEAD_DAYS = 90
_PRIOR = 2.0  # gaps of the others that join an account's own
_LAST, _NOT_LAST = 0.05, 10.0  # one order in some two hundred is the last, before anything is known
_OF_WHO_STAYS = 0.05


def chance_of_lapsing(recent_gaps: float, recent_days: float, silent_days: int, mean_gap: float) -> float:
    """That no order comes within `AHEAD_DAYS`: 0 to 1.

    `recent_gaps` and `recent_days` are an account's gaps and the days in them, old ones counted less; `mean_gap` is
    that of the accounts it is compared to, in days.
    """
    shape = _PRIOR + recent_gaps
    known = _PRIOR * max(mean_gap, 1.0) + recent_days
    silent = known + max(silent_days, 0)
    gone = _LAST / (_NOT_LAST + recent_gaps) * (silent / known) ** shape
    still = 1 / (1 + gone)
    return 1 - still * (1 - (silent / (silent + AHEAD_DAYS)) ** shape)


def at_stake(a_year: Decimal, chance: float) -> Decimal:
    """Of what an account orders in a year (any currency, kept as it is), see step 3."""
    return a_year * Decimal(str(round(chance + (1 - chance) * _OF_WHO_STAYS, 4)))
