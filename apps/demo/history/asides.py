"""What happens beside orders and deliveries: questions to the service desk, quotes."""

from random import Random

from apps.demo.accounts import STAGE, Party
from apps.demo.chance import dice
from apps.demo.history import voices
from apps.demo.history.care import Care
from apps.demo.history.days import DAY, iso, stamp
from apps.demo.history.ledger import number
from apps.demo.history.orders import PastOrder
from apps.demo.history.pages import Pages
from apps.demo.house import House
from apps.demo.prices import decimal
from apps.ordering.models import Quote, QuoteLine


class Asides:
    def __init__(self, pages: Pages, care: Care, house: House, now: int):
        self.pages, self.care, self.house, self.now = pages, care, house, now

    def tell(self, party: Party, orders: list[PastOrder], *, wants_quote: bool) -> None:
        chance = dice(f"asides {party.pk}")
        if orders:
            self._reports(party, orders, chance)
            self._quotes(party, orders, chance, wants_quote)

    def _reports(self, party: Party, orders: list[PastOrder], chance: Random) -> None:
        """Problems the account reported itself: about two a year, some of them this week."""
        for turn in range(chance.choice((0, 1, 2, 3))):
            cause, title, body = voices.REPORTED[(party.pk + turn) % len(voices.REPORTED)]
            opened = self.now - int(chance.triangular(0.05, 330, 3) * DAY)
            resolved = opened + chance.choice((1, 2, 3, 5, 8, 12)) * DAY
            order = max((order for order in orders if order.placed < opened), key=lambda o: o.placed, default=None)
            if order:
                self.care.case(
                    party, order.contact, opened, resolved, title=title, cause=cause, origin="portal",
                    source_ref=f"portal:{party.pk}:{turn}", body=body, order=order.pk,
                )  # fmt: skip

    def _quotes(self, party: Party, orders: list[PastOrder], chance: Random, wants_quote: bool) -> None:
        """Old ones accepted, declined or expired; for one account in six one waits for the rep or for the buyer."""
        for age in (chance.randint(60, 320), chance.randint(20, 59)):
            if chance.random() < 0.4:
                self.quote(
                    party, chance.choice(orders), age * DAY, chance.choice(("accepted", "declined", "expired")), chance
                )
        fate = chance.random()
        if party.pk == STAGE or fate > 0.84:
            self.quote(party, orders[-1], chance.randint(1, 6) * DAY, "offered", chance)
        elif fate < 0.17 or wants_quote:
            self.quote(party, orders[-1], chance.randint(3, 90) * 60, "requested", chance)

    def quote(self, party: Party, like: PastOrder, age: int, status: str, chance: Random) -> None:
        """A quote over the lines of an order, in three times the quantity; `age` in minutes."""
        pk, asked = self.pages.next_id(Quote), self.now - age
        offered = asked + chance.randint(60, 1300) if status != "requested" else 0
        offered = min(offered, self.now - 10)
        contact, rep = party.who("buyer"), self.house.names[party.rep]
        valid = None if status == "requested" else iso(asked // DAY + (14 if status != "expired" else 10))
        self.pages.add(
            Quote, pk, number("QU", pk), party.pk, contact.pk, status, "GBP", chance.choice(voices.QUOTE_MESSAGES),
            chance.choice(voices.QUOTE_ANSWERS) if offered > 0 else "", valid, stamp(asked),
            stamp(offered) if offered > 0 else None, None,
        )  # fmt: skip
        for line in like.lines[:6]:
            less = decimal(line.offer.price * 93 // 100) if offered > 0 else None
            self.pages.add(QuoteLine, pk, line.goods.pk, line.quantity * 3, line.offer.text, less)
        self._told(party, pk, asked, offered, status, valid, contact, rep, len(like.lines[:6]))

    def _told(self, party, pk, asked, offered, status, valid, contact, rep, lines) -> None:
        subject = f"quote:{number('QU', pk)}"
        buyer = (contact.user, contact.name, None)
        self.pages.tell("quote.requested", subject, party.pk, asked, {"lines": lines}, buyer)
        if offered > 0:
            self.pages.tell("quote.offered", subject, party.pk, offered, {"valid_until": valid}, (party.rep, rep, None))
        if status == "declined":
            facts = {"reason": "Budget moved to next year"}
            self.pages.tell("quote.declined", subject, party.pk, offered + 900, facts, buyer)
        elif status == "expired":
            self.pages.tell("quote.expired", subject, party.pk, offered + 11 * DAY, {})
