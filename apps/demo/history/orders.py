"""What an account ordered, when, and what became of each order.

1. An account orders in its own rhythm. Each SKU of its range has a rhythm too: when it is due it goes with the next
   order. Now and then something else is ordered, or a service.
2. Standard goods are promised for two working days after they leave; one order in ten has a part that comes later.
3. Most deliveries keep the promise. How many are late, short or damaged differs from account to account; of late the
   depots are crowded, and one order in twelve comes a day later than it would have.
4. What is not yet delivered today is open: on its way, being picked, or not even confirmed.
"""

from dataclasses import dataclass, field
from random import Random

import numpy as np

from apps.demo import delivery
from apps.demo.accounts import SILENT, STAGE, Party, Place, Someone
from apps.demo.chance import dice, numbers
from apps.demo.history.days import AHEAD, DAY, WorkingDays, local
from apps.demo.history.goods import Goods, Offer
from apps.demo.sizes import Size
from apps.demo.trade import Regulars

LINES_AN_ORDER = 5.0
HOME_TAX = 20
CROWDED_DAYS, CROWDED_OF = 80, 12


@dataclass(slots=True)
class Line:
    position: int
    goods: Goods
    quantity: int
    offer: Offer
    part: int = 0
    pk: int = 0
    ready: int = 0
    promised: int = 0
    net: int = 0  # pence, rounded once, half up

    def __post_init__(self):
        self.net = (self.quantity * self.offer.price + 50) // 100


@dataclass(slots=True)
class Part:
    """What leaves together. Instants are 0 while they have not come."""

    lines: list[Line]
    ready: int
    promised: int
    warehouse: int | None = 1
    shipped: int = 0
    delivered: int = 0
    late: bool = False
    short: Line | None = None
    damaged: Line | None = None
    missing: int = 0  # of the short line
    broken: int = 0  # of the damaged line
    pk: int = 0
    received_by: str = ""

    @property
    def failed(self) -> bool:
        return self.late or self.short is not None or self.damaged is not None


@dataclass(slots=True)
class PastOrder:
    party: Party
    contact: Someone
    placed: int
    lines: list[Line]
    option: int
    tax_percent: int
    ship_to: Place
    status: str = "delivered"
    confirmed: int = 0
    parts: list[Part] = field(default_factory=list)
    freight: int = 0
    pk: int = 0
    waits_for_approval: bool = False
    by_rep: bool = False
    goods_net: int = 0

    def __post_init__(self):
        self.goods_net = sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return tax_on(self.goods_net + self.freight, self.tax_percent)

    @property
    def gross(self) -> int:
        return self.goods_net + self.freight + self.tax

    @property
    def promised(self) -> int:
        return max(line.promised for line in self.lines)


def tax_on(net: int, percent: int) -> int:
    """Pence, half up; `net` is never negative here."""
    return (net * percent + 50) // 100


class Habits:
    """How an account orders and how well it is served, decided once for it."""

    def __init__(self, party: Party, size: Size, regulars: Regulars):
        chance = self.chance = dice(f"habits {party.pk}")
        self.rate = size.orders_per_month * min(max(chance.lognormvariate(-0.15, 0.55), 0.3), 3.5)
        if party.pk == STAGE:
            self.rate = size.orders_per_month * 2
        if party.pk == SILENT:
            self.rate = size.orders_per_month  # often enough that its silence tells
        self.sleeps_since = chance.randint(40, 90) if party.pk > 3 and chance.random() < 0.08 else 0
        self.failure_rate = min(chance.betavariate(2.2, 22), 0.35) if party.pk > 3 else 0.08
        self.mood = chance.gauss(0, 0.7)  # how an account judges, whatever happens
        self.pays_late = max(int(chance.gauss(-1, 9)), -12)
        wished = self.rate / 30 * LINES_AN_ORDER
        is_now = float(np.sum(1 / regulars.gaps)) or 1.0
        self.gaps = np.clip(regulars.gaps * (is_now / wished), 5, 200)


def order_days(habits: Habits, first: int, last: int, days: WorkingDays, country: str) -> list[int]:
    """The working days an account orders on, from `first` to `last`."""
    chance, found, at = habits.chance, [], float(first)
    gap = 30 / habits.rate
    until = last - habits.sleeps_since
    at += chance.uniform(0, gap)
    while at <= until:
        day = days.on(country, int(at))
        if day <= last and (not found or day > found[-1]):
            found.append(day)
        at += max(gap * chance.lognormvariate(-0.05, 0.3), 1.0)
    return found


def baskets(party: Party, habits: Habits, regulars: Regulars, on_days: list[int], first: int) -> list[np.ndarray]:
    """For each order day, which of the regulars are due: indices into their arrays."""
    if not on_days:
        return []
    chance = numbers(f"baskets {party.pk}")
    when = np.array(on_days)
    due: list[np.ndarray] = []
    for at, gap in enumerate(habits.gaps):
        count = int((when[-1] - first) / gap) + 2
        times = first + chance.uniform(0, gap) + np.cumsum(gap * chance.normal(1, 0.12, count)) - gap
        slots = np.unique(np.searchsorted(when, times))
        slots = slots[slots < len(when)]
        due.append(np.stack([slots, np.full(len(slots), at)]))
    pairs = np.concatenate(due, axis=1)
    order = np.argsort(pairs[0], kind="stable")
    cuts = np.searchsorted(pairs[0][order], np.arange(1, len(when)))
    return np.split(pairs[1][order], cuts)


def option_for(party: Party, weight: float, chance: Random) -> int:
    if party.country != "GB":
        return delivery.EXPORT_AIR if weight < 300 and chance.random() < 0.15 else delivery.EXPORT
    if weight > 250:
        return delivery.FREIGHT
    at = chance.random()
    if at < 0.10 and weight <= 40:
        return delivery.EXPRESS
    return delivery.PICK_UP if at > 0.96 else delivery.STANDARD


def freight_for(option: int, goods_net: int, weight: int) -> int:
    """Pence: base and rate for each kilogram, nothing from the free value on; `weight` in ten-thousandths of a kg."""
    base, rate, free_from = delivery.RATES[option]
    if free_from is not None and goods_net >= free_from:
        return 0
    return (base * 1_000_000 + weight * rate + 500_000) // 1_000_000


def arrival(days: WorkingDays, option: int, country: str, ready: int) -> int:
    """The day goods that are ready on a day are received."""
    leaves = days.on("GB", ready)
    arrives = days.on("GB", leaves, delivery.TRANSIT[option].get(country, 12))
    return days.on(country, arrives)


def make(
    party: Party, contact: Someone, placed: int, lines: list[Line], habits: "Habits", days: WorkingDays, option: int = 0
) -> PastOrder:
    """An order with its way, freight, tax and promise."""
    weight = sum(line.goods.weight * line.quantity for line in lines)
    option = option or option_for(party, weight / 10_000, habits.chance)
    tax = HOME_TAX if party.country == "GB" else 0
    order = PastOrder(party, contact, placed, lines, option, tax, habits.chance.choice(party.ship_tos))
    order.freight = freight_for(option, order.goods_net, weight)
    limit = contact.spend_limit
    order.waits_for_approval = limit is not None and order.goods_net > round(float(limit) * 100)
    plan(order, habits, days)
    return order


def plan(order: PastOrder, habits: Habits, days: WorkingDays) -> None:
    """Parts with their dates as promised."""
    chance, country = habits.chance, order.party.country
    day = order.placed // DAY
    today_still = (order.placed % DAY) < 15 * 60
    ready = days.on("GB", day, 0 if today_still else 1)
    later = days.on("GB", ready + chance.randint(5, 13))
    split = len(order.lines) > 2 and chance.random() < 0.10
    for line in order.lines:
        line.part = int(split and line.position == len(order.lines))
        line.ready = later if line.part else ready
        line.promised = arrival(days, order.option, country, line.ready)
    for number in (0, 1) if split else (0,):
        lines = [line for line in order.lines if line.part == number]
        order.parts.append(Part(lines, lines[0].ready, lines[0].promised))


def happen(order: PastOrder, habits: Habits, days: WorkingDays, now: int) -> None:
    """What really happened to each part, up to `now`."""
    chance, party = habits.chance, order.party
    order.confirmed = order.placed + chance.randint(12, 170)
    for part in order.parts:
        leaves = days.on("GB", part.ready)
        shipped = max(leaves * DAY + chance.randint(15 * 60, 18 * 60), order.confirmed + 20)
        arrives = part.promised
        fails = chance.random() < habits.failure_rate
        kind = chance.random() if fails else 1.0
        if kind < 0.55:
            arrives = days.on(party.country, arrives, chance.choice((1, 1, 2, 3)))
        elif party.pk > 3 and not fails and now // DAY - arrives < CROWDED_DAYS and order.placed % CROWDED_OF == 0:
            arrives = days.on(party.country, arrives, 1)
        delivered = local(arrives, chance.randint(8, 15), chance.randint(0, 59), party.country)
        part.shipped = shipped if shipped <= now else 0
        part.delivered = max(delivered, shipped + 90) if delivered <= now and part.shipped else 0
        part.warehouse = _warehouse(chance, party)
        if part.delivered:
            part.received_by = party.who("receiver").name
            part.late = (part.delivered + AHEAD[party.country] * 60) // DAY > part.promised
            _spoil(part, kind, chance)
    order.status = _status(order, now)


def _spoil(part: Part, kind: float, chance: Random) -> None:
    """Short (kind from 0.5 to 0.8) or damaged (to 1): one line of it. Some are late and short."""
    line = chance.choice(part.lines)
    if 0.5 <= kind < 0.8 and not line.goods.is_service:
        part.short, part.missing = line, max(line.quantity // 4, 1)
    elif 0.8 <= kind < 1.0 and not line.goods.is_service:
        part.damaged, part.broken = line, max(line.quantity // 10, 1)


def _warehouse(chance: Random, party: Party) -> int:
    return 1 if chance.random() < 0.75 else 1 + party.pk % 2


def _status(order: PastOrder, now: int) -> str:
    if all(part.delivered for part in order.parts):
        return "delivered"
    if any(part.shipped for part in order.parts):
        return "shipped"
    return "confirmed" if order.confirmed <= now else "placed"
