"""The past of all accounts, told in batches of accounts, so that memory does not grow with their number."""

from collections.abc import Callable, Iterator
from datetime import date

from apps.availability.rules import Demand
from apps.availability.services import reserve
from apps.cases.models import Case
from apps.core import numbers
from apps.core.numbers import FIRST
from apps.demo.accounts import Party
from apps.demo.clock import Clock
from apps.demo.history.asides import Asides
from apps.demo.history.care import Care
from apps.demo.history.days import DAY, WorkingDays, instant_of, local
from apps.demo.history.goods import Shop, offers_for
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
from apps.demo.load import laid_aside
from apps.demo.sizes import Size
from apps.demo.trade import Regulars, Trade
from apps.fulfilment.models import Shipment
from apps.invoicing.models import Invoice
from apps.ordering.models import Order, Quote

BATCH = 100
NUMBERED = {"SO": Order, "SH": Shipment, "IN": Invoice, "CA": Case, "QU": Quote}


class History:
    """Everything that happened up to the clock's now."""

    def __init__(self, size: Size, trade: Trade, house: House, clock: Clock):
        self.size, self.trade, self.house = size, trade, house
        self.now = instant_of(clock.now)
        self.today = self.now // DAY
        self.first = self.today - size.months * 365 // 12
        self.days = WorkingDays(self.first - 30, self.today + 400)
        self.pages = Pages(story_from=(self.today - size.story_days) * DAY)
        self.ledger = Ledger(self.pages, house, self.now)
        self.care = Care(self.pages, house, self.now)
        self.asking = Asking(self.pages, self.care, self.now)

    def tell(self, parties: list[Party], say: Callable[..., None]) -> None:
        shop = Shop.open(self.trade)
        asides = Asides(self.pages, self.care, self.house, self.now)
        spotlight = Spotlight(parties, self.size, self.trade, self.days, self.now)
        with laid_aside(self.size.orders * 5, *COLUMNS):
            for done, batch in _batches(parties):
                told = [(party, *self._account(party, shop, spotlight)) for party in batch]
                self._reserve([order for _, _, orders in told for order in orders])
                for party, habits, orders in told:
                    self._write(party, habits, orders, asides, spotlight)
                self.pages.load()
                if len(parties) > BATCH * 5 and done % (BATCH * 10) == 0:
                    say(f"\n  {done:,} of {len(parties):,} accounts, {self.pages.written[Order]:,} orders", ending="")
        for prefix, model in NUMBERED.items():
            numbers.advance(prefix, FIRST + self.pages.written[model])

    # --- one account -------------------------------------------------------------------------------------------------

    def _account(self, party: Party, shop: Shop, spotlight: Spotlight) -> tuple[Habits, list[PastOrder]]:
        regulars = self.trade.regulars_of(party)
        habits = Habits(party, self.size, regulars)
        spotlight.prepare(party, habits)
        on_days = order_days(habits, self.first, self.today, self.days, party.country)
        orders = list(self._orders(party, habits, regulars, on_days, shop))
        orders += spotlight.orders(party, regulars, shop)
        orders.sort(key=lambda order: order.placed)
        return habits, orders

    def _orders(
        self, party: Party, habits: Habits, regulars: Regulars, on_days: list[int], shop: Shop
    ) -> Iterator[PastOrder]:
        chance = habits.chance
        wishes = []
        for day, due in zip(on_days, baskets(party, habits, regulars, on_days, self.first), strict=True):
            placed = local(day, chance.randint(7, 16), chance.randint(0, 59), party.country)
            if placed < self.now:
                wishes.append((placed, self._wishes(due, regulars, habits, shop)))
        offers = offers_for(party.pk, {wish for _, wished in wishes for wish in wished}, date.fromordinal(self.today))
        buyers = [person for person in party.people if person.role in ("buyer", "administrator", "approver")]
        for placed, wished in wishes:
            lines = _lines(wished, offers, shop)
            if lines:
                order = make(party, chance.choice(buyers[:3]), placed, lines, habits, self.days)
                order.by_rep = chance.random() < 0.05
                happen(order, habits, self.days, self.now)
                yield order

    def _wishes(self, due, regulars: Regulars, habits: Habits, shop: Shop) -> list[tuple[int, int]]:
        chance = habits.chance
        wished = {
            int(regulars.products[at]): int(regulars.quantities[at]) * (2 if chance.random() < 0.1 else 1) for at in due
        }
        if not wished or chance.random() < 0.12:
            other = int(chance.choice(self.trade.pool))
            wished.setdefault(other, max(shop.goods[other].multiple, chance.randint(1, 3)))
        if chance.random() < 0.05:
            wished[chance.choice(shop.services)] = chance.randint(1, 6)
        return list(wished.items())

    def _write(self, party: Party, habits: Habits, orders: list[PastOrder], asides, spotlight: Spotlight) -> None:
        for order in orders:
            self.ledger.write(order, habits.pays_late)
        self.asking.go_through(party, habits, orders, spotlight.survey(party, habits))
        asides.tell(party, orders, wants_quote=spotlight.plays(party, "asks_for_a_quote"))

    # --- what is still open ------------------------------------------------------------------------------------------

    def _reserve(self, orders: list[PastOrder]) -> None:
        """Give the orders their numbers, and hold stock for what has not left yet: that decides its parts."""
        for order in orders:
            self.ledger.take_number(order)
        waiting = [
            order for order in orders if any(not part.shipped for part in order.parts) and order.status != "cancelled"
        ]
        held = {}
        demands = [
            Demand(f"{number('SO', order.pk)}/{line.position}", line.goods.pk, line.quantity)
            for order in waiting
            for part in order.parts
            if not part.shipped
            for line in part.lines
            if not line.goods.is_service
        ]
        if demands:
            held = reserve(demands, on=date.fromordinal(self.today))
        for order in waiting:
            self._replan(order, held)

    def _replan(self, order: PastOrder, held: dict) -> None:
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


def _batches(parties: list[Party]) -> Iterator[tuple[int, list[Party]]]:
    for start in range(0, len(parties), BATCH):
        yield start + BATCH, parties[start : start + BATCH]
