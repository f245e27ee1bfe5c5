"""What a delivery costs, and what an option carries.

1. Pallets, where the option counts them: as many as the heavier of weight and volume fills.
2. Without a rate table: the base rate plus the rate for each kilogram.
3. With one: the rows of the zone with the longest fitting postal code, else those for anywhere. Of the rows whose
   limits of weight and volume hold the goods and whose value they reach, the cheapest counts: its price, so much for
   each kilogram and so much for each pallet. Where no row holds them, the option does not carry them.
4. Rounded once, half up. Nothing from the option's free value on.
5. Sent in parts as it is ready, each delivery after the first adds the option's charge for it, free freight or not.
6. What a supplier sends straight to the receiver is not in these deliveries: it costs what the option for it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from apps.availability.rules import Lot
from apps.core.money import ZERO, round_amount

TOO_LIGHT, TOO_HEAVY, BEYOND_RATES = "too_light", "too_heavy", "beyond_rates"
TWICE, FROM_VALUE, ENDS = "twice", "from_value", "ends"
_LITRES = Decimal(1000)  # in a cubic metre


@dataclass(frozen=True, slots=True)
class Goods:
    """What is to be delivered at once: the lots of each line, and what they weigh, measure and cost net together.

    `dangerous` and `bulky` name the products that are. Where suppliers can send a part straight to the receiver, that
    is `direct` and the rest `ours`; the rest counts for free freight as if all were in it.
    """

    lines: tuple[tuple[Lot, ...], ...] = ()
    weight_kg: Decimal = ZERO
    volume_m3: Decimal = ZERO
    net: Decimal = ZERO
    dangerous: tuple[str, ...] = ()
    bulky: tuple[str, ...] = ()
    direct: "Goods | None" = None
    ours: "Goods | None" = None

    @property
    def lots(self) -> tuple[Lot, ...]:
        return tuple(lot for lots in self.lines for lot in lots)

    @classmethod
    def of(cls, lines: Sequence[tuple[object, int, Decimal, Sequence[Lot]]]) -> "Goods":
        """Of (product, quantity, net, lots) lines; the lots of services do not travel."""
        if not any(lot.is_direct for *_, lots in lines for lot in lots):
            return cls._of(lines)
        direct = [_part(line, is_direct=True) for line in lines]
        ours = cls._of([part for line in lines if (part := _part(line, is_direct=False))[1]])
        whole = cls._of(lines)
        return replace(whole, direct=cls._of([part for part in direct if part[1]]), ours=replace(ours, net=whole.net))

    @classmethod
    def _of(cls, lines: Sequence[tuple[object, int, Decimal, Sequence[Lot]]]) -> "Goods":
        goods = [(product, lots) for product, _quantity, _net, lots in lines if not product.is_service]
        return cls(
            lines=tuple(tuple(lots) for _product, lots in goods if lots),
            weight_kg=sum((product.weight_kg * quantity for product, quantity, *_ in lines), ZERO),
            volume_m3=sum((product.volume_l * quantity for product, quantity, *_ in lines), ZERO) / _LITRES,
            net=sum((net for _product, _quantity, net, _lots in lines), ZERO),
            dangerous=tuple(product.name for product, _lots in goods if product.is_dangerous),
            bulky=tuple(product.name for product, _lots in goods if product.is_bulky),
        )


def _part(line: tuple[object, int, Decimal, Sequence[Lot]], *, is_direct: bool) -> tuple:
    """What of a line its supplier can send straight to the receiver, or the rest; services are of the rest."""
    product, quantity, net, lots = line
    fitting = [lot for lot in lots if lot.is_direct == is_direct]
    if not lots:
        return product, 0 if is_direct else quantity, net, fitting
    part = sum(lot.quantity for lot in fitting)
    return product, part, net * part / quantity, fitting


class RateRow(NamedTuple):
    """A row of a rate table; None is no limit, or anywhere."""

    price: Decimal
    per_kg: Decimal = ZERO
    per_pallet: Decimal = ZERO
    zone_id: int | None = None
    up_to_kg: Decimal | None = None
    up_to_m3: Decimal | None = None
    from_net: Decimal = ZERO

    def holds(self, goods: Goods) -> bool:
        return (
            (self.up_to_kg is None or goods.weight_kg <= self.up_to_kg)
            and (self.up_to_m3 is None or goods.volume_m3 <= self.up_to_m3)
            and goods.net >= self.from_net
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """What an option costs and carries, in its currency and in kilograms. None is no limit, or never free."""

    base: Decimal
    per_kg: Decimal
    free_from: Decimal | None
    min_weight_kg: Decimal
    max_weight_kg: Decimal | None
    pallet_kg: Decimal | None = None
    pallet_m3: Decimal | None = None
    table: tuple[RateRow, ...] = ()

    def pallets(self, goods: Goods) -> int:
        """How many pallets the goods fill; 0 where the option does not count them."""
        filled = [
            measure / size
            for measure, size in ((goods.weight_kg, self.pallet_kg), (goods.volume_m3, self.pallet_m3))
            if size
        ]
        return max(int(max(filled).to_integral_value(ROUND_CEILING)), 1) if filled else 0

    def row(self, goods: Goods, depths: dict[int, int] | None = None) -> RateRow | None:
        """The row that counts in the zones of the destination (id -> how much of the postal code they fit)."""
        zones = {row.zone_id for row in self.table}
        zone = max((z for z in zones if z in (depths or {})), key=(depths or {}).__getitem__, default=None)
        pallets = self.pallets(goods)
        holding = (row for row in self.table if row.zone_id == zone and row.holds(goods))
        return min(holding, key=lambda row: _price(row, goods.weight_kg, pallets), default=None)


def flaws(table: Sequence[RateRow], max_weight_kg: Decimal | None) -> list[tuple[str, RateRow]]:
    """What is wrong with a rate table, with a row it shows in; each zone, and anywhere, is a table of its own.

    TWICE: two rows have the same limits. FROM_VALUE: nothing is said of goods below some value. ENDS: the rows end
    below the weight that the option says it carries.
    """
    found = []
    for zone in dict.fromkeys(row.zone_id for row in table):
        rows = [row for row in table if row.zone_id == zone]
        seen = set()
        for row in rows:
            limits = row.up_to_kg, row.up_to_m3, row.from_net
            if limits in seen:
                found.append((TWICE, row))
            seen.add(limits)
        of_all = [row for row in rows if not row.from_net]
        if not of_all:
            found.append((FROM_VALUE, min(rows, key=lambda row: row.from_net)))
        elif max_weight_kg is not None and all(row.up_to_kg is not None for row in of_all):
            largest = max(of_all, key=lambda row: row.up_to_kg)
            if largest.up_to_kg < max_weight_kg:
                found.append((ENDS, largest))
    return found


def _price(row: RateRow, weight_kg: Decimal, pallets: int) -> Decimal:
    return row.price + row.per_kg * weight_kg + row.per_pallet * pallets


def charge(
    rates: Rates, goods: Goods, *, currency: str, depths: dict[int, int] | None = None
) -> tuple[Decimal, Decimal | None]:
    """The net charge, and how much more the goods would have to cost for it to fall away (None: never, or it has).

    Zero where the rate table does not hold the goods: `refused` says so.
    """
    row = rates.row(goods, depths) if rates.table else RateRow(rates.base, rates.per_kg)
    full = round_amount(_price(row, goods.weight_kg, rates.pallets(goods)), currency) if row else ZERO
    if rates.free_from is None or not full:
        return full, None
    if goods.net >= rates.free_from:
        return ZERO, None
    return full, rates.free_from - goods.net


def refused(rates: Rates, goods: Goods, depths: dict[int, int] | None = None) -> str | None:
    """Why an option does not carry so much: too_light, too_heavy, beyond_rates, or None when it does."""
    if goods.weight_kg < rates.min_weight_kg:
        return TOO_LIGHT
    if rates.max_weight_kg is not None and goods.weight_kg > rates.max_weight_kg:
        return TOO_HEAVY
    return BEYOND_RATES if rates.table and rates.row(goods, depths) is None else None
