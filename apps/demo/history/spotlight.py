"""What the people of the demo's log-ins find: deliveries due, an order to approve, an open question."""

from datetime import date

from apps.demo.accounts import NEW, SILENT, STAGE, TEST_ACCOUNT, Party
from apps.demo.chance import dice
from apps.demo.delivery import STANDARD
from apps.demo.history.days import DAY, WorkingDays, local
from apps.demo.history.goods import Shop, offers_for
from apps.demo.history.orders import Habits, Line, Part, PastOrder, make
from apps.demo.history.surveys import Survey
from apps.demo.sizes import Size
from apps.demo.trade import Regulars, Trade

# What an account shows: orders placed so many working days ago, how far each has come, its spend in pounds.
SCENES: dict[str, tuple[tuple[int, str, int], ...]] = {
    "buyer": (
        (5, "delivered", 240),
        (2, "shipped", 320),
        (1, "shipped", 180),
        (1, "confirmed", 410),
        (0, "placed", 150),
        (0, "awaiting_approval", 1900),
        (0, "awaiting_approval", 3600),
    ),
    "unhappy": ((6, "delivered", 380),),
    "late": ((5, "overdue", 520),),
    "over_limit": ((0, "awaiting_release", 2600),),
    "quiet": (),
    "silent": ((76, "delivered", 310),),
    "new": ((6, "delivered", 640),),
    "asks_for_a_quote": (),
}
NEVER = 100_000
SLEEPS = {"quiet": 55, "silent": 112, "new": NEVER}  # days without an order, beside those arranged


class Spotlight:
    """The last days of some accounts, arranged: the buyer's, and one for each reason why their rep is needed."""

    def __init__(self, parties: list[Party], size: Size, trade: Trade, days: WorkingDays, now: int):
        self.size, self.trade, self.days, self.now = size, trade, days, now
        self.today = now // DAY
        rep = parties[STAGE - 1].rep
        others = [
            party.pk for party in parties if party.rep == rep and party.pk > TEST_ACCOUNT and party.country == "GB"
        ]
        needed = [name for name in SCENES if name not in ("buyer", "silent", "new")]
        self.cast = {STAGE: "buyer", SILENT: "silent", NEW: "new", **dict(zip(others, needed, strict=False))}

    def plays(self, party: Party, part: str) -> bool:
        return self.cast.get(party.pk) == part

    def prepare(self, party: Party, habits: Habits) -> None:
        if party.pk in self.cast:
            habits.sleeps_since = SLEEPS.get(self.cast[party.pk], 0)

    def orders(self, party: Party, regulars: Regulars, shop: Shop) -> list[PastOrder]:
        made, habits = [], Habits(party, self.size, regulars)
        for turn, (ago, stage, spend) in enumerate(SCENES.get(self.cast.get(party.pk, ""), ())):
            day = self._working_day(ago)
            placed = min(local(day, 8, 10 + turn * 7, "GB"), self.now - 30)
            lines = self._lines(party, turn, spend, regulars, shop)
            who = party.who("administrator" if self.plays(party, "silent") else "buyer")
            order = make(party, who, placed, lines, habits, self.days, option=STANDARD)
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

    def _lines(self, party: Party, turn: int, spend: int, regulars: Regulars, shop: Shop) -> list[Line]:
        """Some of the regulars, in quantities that come to about the wished spend."""
        some = range(turn, min(turn + 3, len(regulars.products)))
        wanted = {}
        for at in some:
            goods = shop.goods[int(regulars.products[at])]
            price = self.trade.shelf.base_price[goods.pk] / 10_000
            wanted[goods.pk] = max(round(spend / len(some) / price / goods.multiple), 1) * goods.multiple
        offers = offers_for(party.pk, set(wanted.items()), date.fromordinal(self.today))
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
        if stage in ("shipped", "delivered", "overdue"):
            part.shipped = min(placed // DAY * DAY + 16 * 60, self.now - 20)
        if stage == "shipped":
            part.promised = self.days.on("GB", max(self.today, placed // DAY + 2))
            for line in order.lines:
                line.promised = part.promised
        if stage == "overdue":
            order.status = "shipped"
            part.promised = min(part.promised, self._working_day(2))
            for line in order.lines:
                line.promised = part.promised
        if stage == "delivered":
            day = self.days.on("GB", placed // DAY + 1, 1)
            part.delivered = min(local(day, 10, 40, "GB"), self.now - 2 * DAY)
            part.promised = max(part.promised, part.delivered // DAY)
            part.received_by = party.who("receiver").name
            order.lines[0].promised = part.promised

    def survey(self, party: Party, habits: Habits) -> Survey | None:
        """Who is asked about the latest delivery was not asked for three months; the unhappy one answers at once."""
        if not any(self.plays(party, part) for part in ("buyer", "unhappy", "new")):
            return None
        survey = Survey(party, habits, dice(f"answers {party.pk}"), is_first_order=self.plays(party, "new"))
        since, until = self.now - 96 * DAY, self._working_day(6) * DAY
        if self.plays(party, "unhappy"):
            survey.unhappy_from = until
            survey.spared = dict.fromkeys((person.pk for person in party.people), (since, until))
        elif self.plays(party, "buyer"):
            survey.leaves_open = party.who("buyer").pk
            survey.spared[survey.leaves_open] = (since, until)
            survey.spared[party.who("approver").pk] = (self.now - 106 * DAY, self.now)  # asked how we do
        return survey
