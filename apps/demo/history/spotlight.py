"""What the people of the demo's log-ins find: deliveries due, an order to approve, an open question."""

from datetime import date

from apps.demo.accounts import Party
from apps.demo.chance import dice
from apps.demo.history.days import DAY, WorkingDays, local
from apps.demo.history.goods import Shop, offers_for
from apps.demo.history.orders import Habits, Line, Part, PastOrder, make
from apps.demo.history.surveys import Survey
from apps.demo.sizes import Size
from apps.demo.trade import Regulars, Trade

STAGE = 2  # the account of the demo's buyer
# (placed so many working days ago, how far it has come, spend in pounds)
SCENES = (
    (5, "delivered", 240),
    (2, "shipped", 320),
    (1, "shipped", 180),
    (1, "confirmed", 410),
    (0, "placed", 150),
    (0, "awaiting_approval", 1900),
)


class Spotlight:
    """The last days of one account, arranged."""

    def __init__(self, size: Size, trade: Trade, days: WorkingDays, now: int):
        self.size, self.trade, self.days, self.now = size, trade, days, now
        self.today = now // DAY

    def orders(self, party: Party, regulars: Regulars, shop: Shop) -> list[PastOrder]:
        if party.pk != STAGE:
            return []
        made, habits = [], Habits(party, self.size, regulars)
        for turn, (ago, stage, spend) in enumerate(SCENES):
            day = self._working_day(ago)
            placed = min(local(day, 8, 10 + turn * 7, "GB"), self.now - 30)
            lines = self._lines(turn, spend, regulars, shop)
            order = make(party, party.who("buyer"), placed, lines, habits, self.days)
            order.waits_for_approval = stage == "awaiting_approval"
            self._arrange(order, stage, placed)
            made.append(order)
        return made

    def _working_day(self, ago: int) -> int:
        day, days = self.today, self.days
        while days.on("GB", day) != day:
            day -= 1
        for _ in range(ago):
            day -= 1
            while days.on("GB", day) != day:
                day -= 1
        return day

    def _lines(self, turn: int, spend: int, regulars: Regulars, shop: Shop) -> list[Line]:
        """Some of the regulars, in quantities that come to about the wished spend."""
        some = range(turn, min(turn + 3, len(regulars.products)))
        wanted = {}
        for at in some:
            goods = shop.goods[int(regulars.products[at])]
            price = self.trade.shelf.base_price[goods.pk] / 10_000
            wanted[goods.pk] = max(round(spend / len(some) / price / goods.multiple), 1) * goods.multiple
        offers = offers_for(STAGE, set(wanted.items()), date.fromordinal(self.today))
        return [
            Line(position, shop.goods[product], quantity, offers[product, quantity])
            for position, (product, quantity) in enumerate(wanted.items(), 1)
        ]

    def _arrange(self, order: PastOrder, stage: str, placed: int) -> None:
        """One part, as far as the scene says."""
        party = order.party
        order.status, order.confirmed = stage, placed + 25
        part = order.parts[0] = Part(order.lines, order.lines[0].ready, order.lines[0].promised)
        del order.parts[1:]
        for line in order.lines:
            line.part, line.ready, line.promised = 0, part.ready, part.promised
        if stage in ("shipped", "delivered"):
            part.shipped = min(placed // DAY * DAY + 16 * 60, self.now - 20)
        if stage == "shipped":
            part.promised = self.days.on("GB", max(self.today, placed // DAY + 2))
            for line in order.lines:
                line.promised = part.promised
        if stage == "delivered":
            day = self.days.on("GB", placed // DAY + 1, 1)
            part.delivered = min(local(day, 10, 40, "GB"), self.now - 2 * DAY)
            part.promised = max(part.promised, part.delivered // DAY)
            part.received_by = party.who("receiver").name
            order.lines[0].promised = part.promised

    def survey(self, party: Party, habits: Habits) -> Survey | None:
        """The buyer was not asked for three months, so that the question about the latest delivery is theirs."""
        if party.pk != STAGE:
            return None
        since = self.now - 96 * DAY
        until = self._working_day(5) * DAY
        survey = Survey(party, habits, dice(f"answers {party.pk}"))
        survey.spared[party.who("buyer").pk] = (since, until)
        return survey
