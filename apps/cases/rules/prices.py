"""When a line was charged too much.

1. What was charged is compared with what holds for the account on the day of the order, at the quantity ordered.
2. It was too much where the unit price is dearer by 1 % and the line by 1 of the currency, or more: less is rounding.
"""

from decimal import Decimal

from apps.core.money import line_net

DEARER_BY = Decimal("0.01")
WORTH_SAYING = Decimal(1)


def overcharged(quantity: int, charged: Decimal, right: Decimal | None, currency: str) -> Decimal:
    """By how much net a line of `quantity` cost too much; 0 where it did not. Prices are of a unit."""
    if right is None or charged - right < right * DEARER_BY:
        return Decimal(0)
    much = line_net(quantity, charged, currency) - line_net(quantity, right, currency)
    return much if much >= WORTH_SAYING else Decimal(0)
