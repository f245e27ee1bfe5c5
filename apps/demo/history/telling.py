"""The past of all accounts, told in batches of accounts, so that memory does not grow with their number."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date

from apps.availability.rules import Demand
from apps.availability.services import reserve
from apps.cases.models import Case
from apps.core import numbers
from apps.core.numbers import FIRST
from apps.demo import load
from apps.demo.accounts import Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.history import together
from apps.demo.history.asides import Asides
from apps.demo.history.care import Care
from apps.demo.history.days import DAY, WorkingDays, instant_of, local
from apps.demo.history.goods import Shop, contracts_ended, offers_for
from apps.demo.history.ledger import Ledger, number
from apps.demo.history.orders import (
    Habits,
    Line,
    PastOrder,
    arrival,
    baskets,
    happen,
    make,
    order_days,
)
from apps.demo.history.pages import COLUMNS, Pages
from apps.demo.history.spotlight import Spotlight
from apps.demo.history.surveys import Asking
from apps.demo.house import House
from apps.demo.sizes import Size
from apps.demo.trade import Regulars, Trade
from apps.fulfilment.models import Shipment
from apps.invoicing.models import Invoice
from apps.ordering.models import Order, Quote

BATCH = 100
LARGE_SHARE, LARGE_NET, LARGE_BEFORE = 0.03, 7_500, 24  # of orders; pounds; days ago at least
NUMBERED = {"SO": Order, "SH": Shipment, "IN": Invoice, "CA": Case, "QU": Quote}


class History:
    """Everything that happened up to the clock's now."""

    def __init__(self, size: Size, trade: Trade, house: House, clock: Clock, processes: int = 1):
        self.size, self.trade, self.house, self.processes = size, trade, house, processes
        self.now = instant_of(clock.now)
        self.today = self.now // DAY
        self.first = self.today - size.months * 365 // 12
        self.days = WorkingDays(self.first - 30, self.today + 400)
        self.pages = Pages(story_from=(self.today - size.story_days) * DAY)
        self.ledger = Ledger(self.pages, house, self.now)
        self.care = Care(self.pages, house, self.now)
        self.asking = Asking(self.pages, self.care, self.now)
        self.asides = Asides(self.pages, self.care, house, self.now)
        self.shop = Shop.open(trade)

    def tell(self, parties: Sequence[Party], say: Callable[..., None]) -> None:
        """Everything, loaded; by several processes at once where it is much."""
        self.spotlight = Spotlight(parties, self.size, self.trade, self.days, self.now)
        batches = [parties[start : start + BATCH] for start in range(0, len(parties), BATCH)]
        rows = self.size.orders * 5
        self.is_spread = rows >= load.LAY_ASIDE_FROM
        some = together.apart(self, batches, self.processes) if self.is_spread and self.processes > 1 else nullcontext()
        with some as tellers, load.laid_aside(rows, *COLUMNS, say=lambda words: say(words, ending="")):
            ids = self._tell_batches(batches, tellers or [self], say)
        for prefix, model in NUMBERED.items():
            numbers.advance(prefix, FIRST + ids.get(model._meta.label, 0))

    def _tell_batches(
        self, batches: Sequence[Sequence[Party]], tellers: Sequence[together.Teller], say
    ) -> dict[str, int]:
        """One batch after the other, by the tellers in turn; the last ids used."""
        started, ids = time.monotonic(), {}
        for at, batch in enumerate(batches):
            teller = tellers[at % len(tellers)]
            demands = teller.begin(at, batch)
            teller.finish(reserve(demands, on=date.fromordinal(self.today)) if demands else {})
            ids = teller.load()
            if len(batches) > 5 and (at % 5 == 4 or at + 1 == len(batches)):
                seconds = time.monotonic() - started
                say(f"\n  {at + 1} of {len(batches)} batches of {BATCH} accounts, {seconds:,.0f} s", ending="")
        return ids

    # --- one batch of accounts ---------------------------------------------------------------------------------------

    def begin(self, batch: int, parties: Sequence[Party]) -> list[Demand]:
        """Orders with their numbers, and what of them is to be held in stock."""
        if self.is_spread:
            self.pages.keep_ids(self.size.orders * BATCH // self.size.accounts, batch)
        self._told = [(party, *self._account(party)) for party in parties]
        orders = [order for _, _, told in self._told for order in told]
        for order in orders:
            self.ledger.take_number(order)
        self._waiting = [order for order in orders if _waits(order)]
        return [demand for order in self._waiting for demand in _demands(order)]

    def finish(self, held: together.Held) -> None:
        """Everything as rows, once it is known from where the open orders will come."""
        for order in self._waiting:
            self._replan(order, held)
        for party, habits, orders in self._told:
            self._write(party, habits, orders)
        self._told = self._waiting = []

    def load(self) -> dict[str, int]:
        self.pages.load()
        return {model._meta.label: last for model, last in self.pages.ids.items()}

    # --- one account -------------------------------------------------------------------------------------------------

    def _account(self, party: Party) -> tuple[Habits, list[PastOrder]]:
        regulars = self.trade.regulars_of(party)
        habits = Habits(party, self.size, regulars)
        self.spotlight.prepare(party, habits)
        on_days = order_days(habits, self.first, self.today, self.days, party.country)
        orders = list(self._orders(party, habits, regulars, on_days))
        orders += self.spotlight.orders(party, regulars, self.shop)
        orders.sort(key=lambda order: order.placed)
        return habits, orders

    def _orders(self, party: Party, habits: Habits, regulars: Regulars, on_days: list[int]) -> Iterator[PastOrder]:
        chance, bulk = habits.chance, dice(f"bulk {party.pk}")
        wishes = []
        for day, due in zip(on_days, baskets(party, habits, regulars, on_days, self.first), strict=True):
            placed = local(day, chance.randint(7, 16), chance.randint(0, 59), party.country)
            if placed < self.now:
                wished = self._wishes(due, regulars, habits)
                is_large = bulk.random() < LARGE_SHARE and placed < self.now - LARGE_BEFORE * DAY
                wishes.append((placed, self._for_a_project(wished) if is_large else wished))
        offers = self._offers(party, wishes)
        buyers = [person for person in party.people if person.role in ("buyer", "administrator", "approver")]
        for placed, wished in wishes:
            told = next(found for until, found in offers if placed // DAY <= until)
            lines = _lines(wished, told, self.shop)
            if lines:
                order = make(party, chance.choice(buyers[:3]), placed, lines, habits, self.days)
                order.by_rep = chance.random() < 0.05
                happen(order, habits, self.days, self.now)
                yield order

    def _offers(self, party: Party, wishes: list) -> list[tuple[int, dict]]:
        """(last day, what the account paid up to it): one time for each contract that has ended, and until today."""
        ended = [on.toordinal() for on in contracts_ended(party.path, date.fromordinal(self.today))]
        offers, since = [], 0
        for until in [*ended, self.today]:
            within = {wish for placed, wished in wishes if since < placed // DAY <= until for wish in wished}
            offers.append((until, offers_for(party.pk, within, date.fromordinal(until))))
            since = until
        return offers

    def _wishes(self, due, regulars: Regulars, habits: Habits) -> list[tuple[int, int]]:
        chance = habits.chance
        wished = {
            int(regulars.products[at]): int(regulars.quantities[at]) * (2 if chance.random() < 0.1 else 1) for at in due
        }
        if not wished or chance.random() < 0.12:
            other = int(chance.choice(self.trade.pool))
            wished.setdefault(other, max(self.shop.goods[other].multiple, chance.randint(1, 3)))
        if chance.random() < 0.05:
            wished[chance.choice(self.shop.services)] = chance.randint(1, 6)
        return list(wished.items())

    def _for_a_project(self, wished: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The same goods in whole pallets: what comes to a large delivery."""
        pence = sum(self.trade.shelf.base_price[product] * quantity / 100 for product, quantity in wished)
        times = max(round(LARGE_NET * 100 / max(pence, 1)), 1)
        return [(product, quantity * times) for product, quantity in wished]

    def _write(self, party: Party, habits: Habits, orders: list[PastOrder]) -> None:
        for order in orders:
            self.ledger.write(order, habits.pays_late)
        self.asking.go_through(party, habits, orders, self.spotlight.survey(party, habits))
        self.asides.tell(party, orders, wants_quote=self.spotlight.plays(party, "asks_for_a_quote"))

    # --- what is still open ------------------------------------------------------------------------------------------

    def _replan(self, order: PastOrder, held: together.Held) -> None:
        """What has not left goes from where it is held, once all of it is there."""
        for part in order.parts:
            if part.shipped:
                continue
            for line in part.lines:
                lots = held.get(f"{number('SO', order.pk)}/{line.position}", ())
                if lots:
                    line.ready = max(line.ready, max(lot.ready_on for lot in lots).toordinal())
                    line.promised = max(
                        line.promised, arrival(self.days, order.option, order.party.country, line.ready)
                    )
                    part.warehouse = lots[0].warehouse_id or part.warehouse
            part.ready = max(line.ready for line in part.lines)
            part.promised = max(line.promised for line in part.lines)


def _lines(wished: list[tuple[int, int]], offers: dict, shop: Shop) -> list[Line]:
    priced = [(shop.goods[product], quantity, offers.get((product, quantity))) for product, quantity in wished]
    return [
        Line(position, goods, quantity, offer)
        for position, (goods, quantity, offer) in enumerate((row for row in priced if row[2]), 1)
    ]


def _waits(order: PastOrder) -> bool:
    return order.status != "cancelled" and any(not part.shipped for part in order.parts)


def _demands(order: PastOrder) -> Iterator[Demand]:
    """What has not left yet is held in stock: that decides its parts."""
    for part in order.parts:
        for line in part.lines:
            if not part.shipped and not line.goods.is_service:
                yield Demand(f"{number('SO', order.pk)}/{line.position}", line.goods.pk, line.quantity)
