"""Where an order stands, and where it may go from there.

1. An order that somebody of its account must say yes to awaits approval; one above the credit limit awaits release; one
   of both kinds awaits the account's own approval first.
2. Whoever lets it pass sends it to the next thing it waits for, or it is placed.
3. Operations confirm a placed order; its first shipment makes it shipped, its last delivery delivered.
4. Until something has been shipped it can be cancelled.
"""

AWAITING_APPROVAL, AWAITING_RELEASE = "awaiting_approval", "awaiting_release"
PLACED, CONFIRMED, SHIPPED, DELIVERED = "placed", "confirmed", "shipped", "delivered"
CANCELLED, DECLINED = "cancelled", "declined"

SPEND_LIMIT, CREDIT_LIMIT = "spend_limit", "credit_limit"
PERIOD_LIMIT, BUDGET, POLICY = "period_limit", "budget", "policy"

MOVES: dict[str, frozenset[str]] = {
    AWAITING_APPROVAL: frozenset({AWAITING_RELEASE, PLACED, DECLINED, CANCELLED}),
    AWAITING_RELEASE: frozenset({PLACED, DECLINED, CANCELLED}),
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
    if reasons - {CREDIT_LIMIT}:
        return AWAITING_APPROVAL
    return AWAITING_RELEASE if reasons else PLACED
