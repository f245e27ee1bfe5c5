"""Where an order stands, and where it may go from there.

1. An order that somebody of its account must say yes to awaits approval; one above the credit limit awaits release; one
   of both kinds awaits the account's own approval first. One that is paid ahead awaits its money.
2. Whoever lets it pass sends it to the next thing it waits for, or it is placed.
3. Operations confirm a placed order; its first shipment makes it shipped, its last delivery delivered. A delivery that
   is taken back makes it shipped again: no other way leads back, and none of them is here.
4. Until something has been shipped it can be cancelled.
"""

AWAITING_APPROVAL, AWAITING_RELEASE, AWAITING_PAYMENT = "awaiting_approval", "awaiting_release", "awaiting_payment"
PLACED, CONFIRMED, SHIPPED, DELIVERED = "placed", "confirmed", "shipped", "delivered"
CANCELLED, DECLINED = "cancelled", "declined"

SPEND_LIMIT, CREDIT_LIMIT, PREPAYMENT = "spend_limit", "credit_limit", "prepayment"
PERIOD_LIMIT, BUDGET, POLICY = "period_limit", "budget", "policy"
NOT_THEIRS = frozenset({CREDIT_LIMIT, PREPAYMENT})  # what nobody of the account can say yes to
WAITING = frozenset({AWAITING_APPROVAL, AWAITING_RELEASE, AWAITING_PAYMENT})

MOVES: dict[str, frozenset[str]] = {
    AWAITING_APPROVAL: frozenset({AWAITING_RELEASE, AWAITING_PAYMENT, PLACED, DECLINED, CANCELLED}),
    AWAITING_RELEASE: frozenset({PLACED, DECLINED, CANCELLED}),
    AWAITING_PAYMENT: frozenset({PLACED, DECLINED, CANCELLED}),
    PLACED: frozenset({CONFIRMED, CANCELLED}),
    CONFIRMED: frozenset({SHIPPED, CANCELLED}),
    SHIPPED: frozenset({DELIVERED}),
    DELIVERED: frozenset(),
    CANCELLED: frozenset(),
    DECLINED: frozenset(),
}


def sources_of(target: str) -> frozenset[str]:
    """The statuses from which an order may become `target`."""
    return frozenset(status for status, targets in MOVES.items() if target in targets)


def status_while_waiting(reasons: frozenset[str] | set[str]) -> str:
    """The status of an order that waits for these approvals; placed where it waits for none."""
    if reasons - NOT_THEIRS:
        return AWAITING_APPROVAL
    if CREDIT_LIMIT in reasons:
        return AWAITING_RELEASE
    return AWAITING_PAYMENT if PREPAYMENT in reasons else PLACED
