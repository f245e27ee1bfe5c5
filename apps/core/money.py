"""Arithmetic of money: decimals only, one rounding a line, half up.

Unit prices carry four places. A line is rounded once, to the places of its currency; tax is taken per rate on the sum
of the nets (EN 16931, BR-CO-17), never on the single line.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
UNIT_PRICE_STEP = Decimal("0.0001")
_CENT, _ONE, _MILL = Decimal("0.01"), Decimal(1), Decimal("0.001")
_STEPS = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "IRR"), _ONE),
    **dict.fromkeys(("BHD", "KWD", "OMR", "TND", "JOD"), _MILL),
}


def step(currency: str) -> Decimal:
    """The smallest amount of a currency (ISO 4217 code)."""
    return _STEPS.get(currency, _CENT)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """`amount` in whole smallest units of `currency`, half up."""
    return amount.quantize(step(currency), ROUND_HALF_UP)


def round_unit_price(price: Decimal) -> Decimal:
    """`price` to four places, half up."""
    return price.quantize(UNIT_PRICE_STEP, ROUND_HALF_UP)


def line_net(quantity: Decimal | int, unit_price: Decimal, currency: str) -> Decimal:
    """Quantity times unit price, rounded once."""
    return round_amount(quantity * unit_price, currency)


def tax_by_rate(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """From (tax rate in percent, net) of each line: rate -> (sum of nets, tax on that sum rounded once)."""
    nets: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for rate, net in lines:
        nets[rate] += net
    return {rate: (net, round_amount(net * rate / 100, currency)) for rate, net in sorted(nets.items())}
