"""What an order comes to.

1. Each line is quantity times unit price, rounded once.
2. Freight is one more net amount, at the standard rate of the destination; so is a fee for the way it is paid.
3. What a code takes off the freight is taken off before tax: off the first delivery, then the next, none below 0.
4. Tax is taken per rate on the sum of the nets, rounded once per rate (EN 16931).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import ZERO, tax_by_rate


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Tax at one rate: percent, the net it is taken on, the tax."""

    percent: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    goods_net: Decimal
    freight_net: Decimal
    taxes: tuple[TaxLine, ...]
    tax: Decimal
    gross: Decimal
    fee_net: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Goods, freight and fee before tax."""
        return self.goods_net + self.freight_net + self.fee_net


def freight_off(charges: Sequence[Decimal], up_to: Decimal) -> list[Decimal]:
    """What of each charge is taken off, `up_to` over all of them (see 3)."""
    off = []
    for charge in charges:
        off.append(min(charge, up_to))
        up_to -= off[-1]
    return off


def totals(
    lines: Iterable[tuple[Decimal, Decimal]],
    currency: str,
    *,
    freight_net: Decimal = ZERO,
    freight_percent: Decimal = ZERO,
    fee_net: Decimal = ZERO,
) -> Totals:
    """Totals of (tax percent, net) of each line, of the freight and of a fee, which is taxed like it."""
    lines = tuple(lines)
    goods_net = sum((net for _, net in lines), ZERO)
    charges = freight_net + fee_net
    taxed = (*lines, (freight_percent, charges)) if charges else lines
    taxes = tuple(TaxLine(rate, net, tax) for rate, (net, tax) in tax_by_rate(taxed, currency).items())
    tax = sum((line.tax for line in taxes), ZERO)
    return Totals(goods_net, freight_net, taxes, tax, goods_net + charges + tax, fee_net)
