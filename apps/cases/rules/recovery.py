"""Whether an account was won back: by what it received and ordered next, never by anybody's word.

1. Proof is owed by a case that a failure opened: a delivery's, or an answer of a detractor.
2. The next delivery is the first of another order after the case was resolved, judged as a whole (`otif`): one fault
   and it failed; while a part of it is under way and none is faulty, it is not judged.
3. The next order must come on the account's rhythm: by its last order plus twice its usual gap (80th percentile), and
   one usual gap after the case was resolved at the earliest. An account without a rhythm is judged by deliveries alone.
4. Proven where both are there; failed with the first that fails; until then it waits.
"""

from datetime import date, timedelta

from apps.ordering.rules.rhythms import GAPS_FOR_A_RHYTHM, LOST_AFTER_DAYS, Rhythm

PROVEN, WAITS = "proven", "waits"
FAILED_AGAIN, STAYED_AWAY = "delivery", "no_order"


def order_due_on(rhythm: Rhythm | None, resolved_on: date) -> date | None:
    """By when the next order is due after a case was resolved; None where the account has no rhythm."""
    if rhythm is None or rhythm.gaps < GAPS_FOR_A_RHYTHM or (resolved_on - rhythm.last_on).days > LOST_AFTER_DAYS:
        return None
    gap = timedelta(days=max(rhythm.usual_gap, 1))
    return max(rhythm.last_on + 2 * gap, resolved_on + gap)


def verdict(delivery: bool | None, ordered_on: date | None, due_on: date | None, *, today: date) -> str:
    """`PROVEN`, `FAILED_AGAIN`, `STAYED_AWAY` or `WAITS`.

    `delivery` says whether the next one was perfect (None: none is judged yet), `ordered_on` when the next order came,
    `due_on` when it was due (None: no rhythm).
    """
    if delivery is False:
        return FAILED_AGAIN
    came = due_on is None or (ordered_on is not None and ordered_on <= due_on)
    if not came and today > due_on:
        return STAYED_AWAY
    return PROVEN if delivery and came else WAITS
