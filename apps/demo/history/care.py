"""Cases and follow-ups of the past, with their messages and events."""

from random import Random

from apps.cases.models import Case, CaseMessage, FollowUp
from apps.cases.rules import WorkingTime, deadlines
from apps.demo.accounts import Party, Someone
from apps.demo.history import voices
from apps.demo.history.days import DAY, iso, moment, stamp
from apps.demo.history.ledger import number
from apps.demo.history.pages import Pages
from apps.demo.house import House

DESK_CAUSES = frozenset({"delivery", "invoice", "other"})


class Care:
    """Opens cases and follow-ups and lets time pass over them up to `now`."""

    def __init__(self, pages: Pages, house: House, now: int):
        self.pages, self.house, self.now = pages, house, now

    def case(
        self, party: Party, contact: Someone, opened: int, resolved: int, *, title: str, cause: str, origin: str,
        source_ref: str, body: str = "", apology: str = "", shipment: int | None = None, order: int | None = None,
    ) -> int:  # fmt: skip
        """A case opened at an instant; `resolved` may lie ahead: then it is as far as it has come by now."""
        pk = self.pages.next_id(Case)
        chance = Random(pk)
        owner = self._owner(party, cause, pk)
        due = deadlines(moment(opened), WorkingTime(party.zone, "12345"))
        is_slow = chance.random() < 0.12
        seen = opened + (chance.randint(300, 1800) if is_slow else chance.randint(20, 200))
        answered = min(seen + chance.randint(60, 6000 if is_slow else 1500), resolved - 30)
        if resolved >= self.now + 20 * DAY:  # nobody has looked at it yet
            seen = answered = resolved
        steps = [at if at <= self.now else 0 for at in (min(seen, answered), answered, resolved)]
        status = ("open", "acknowledged", "answered", "resolved")[sum(1 for at in steps if at)]
        self.pages.add(
            Case, pk, number("CA", pk), party.pk, contact.pk, shipment, order, origin, source_ref, cause, status,
            title[:160], owner, stamp(opened), due.acknowledge_by.isoformat(), due.answer_by.isoformat(),
            due.resolve_by.isoformat(), *(stamp(at) if at else None for at in steps),
            voices.RESOLUTIONS[cause] if steps[2] else "",
        )  # fmt: skip
        self._messages(pk, party, contact, owner, cause, body, apology, opened, steps)
        self._told(pk, party, owner, title[:160], cause, origin, opened, steps)
        return pk

    def _owner(self, party: Party, cause: str, pk: int) -> int:
        desk = self.house.service_ids
        return desk[pk % len(desk)] if cause in DESK_CAUSES else party.rep

    def _messages(self, pk, party, contact, owner, cause, body, apology, opened, steps) -> None:
        if body:
            self.pages.add(CaseMessage, pk, contact.name, False, False, body, stamp(opened))
        if apology:
            self.pages.add(CaseMessage, pk, "Tradewell", True, False, apology, stamp(opened))
        if steps[0] and pk % 3 == 0:
            note = "Checked with the warehouse; photo of the pallet is in the file."
            self.pages.add(CaseMessage, pk, self.house.names[owner], True, True, note, stamp(steps[0]))
        if steps[1]:
            text = voices.ANSWERS[cause].format(city="Leeds")
            self.pages.add(CaseMessage, pk, self.house.names[owner], True, False, text, stamp(steps[1]))
        if steps[2] and pk % 2:
            self.pages.add(
                CaseMessage, pk, contact.name, False, False, "Thank you, that settles it.", stamp(steps[2] - 10)
            )

    def _told(self, pk, party, owner, title, cause, origin, opened, steps) -> None:
        subject, who = f"case:{number('CA', pk)}", (owner, self.house.names[owner], None)
        opening = {"title": title, "cause": cause, "origin": origin}
        self.pages.tell("case.opened", subject, party.pk, opened, opening)
        names = ("case.acknowledged", "case.answered", "case.resolved")
        for name, at in zip(names, steps, strict=True):
            if at:
                facts = {"title": title}
                if name == "case.resolved":
                    facts |= {"cause": cause, "resolution": voices.RESOLUTIONS[cause]}
                self.pages.tell(name, subject, party.pk, at, facts, who)

    def follow_up(
        self,
        party: Party,
        contact: Someone,
        made: int,
        *,
        kind: str,
        title: str,
        detail: str,
        source_ref: str,
        days: int,
    ) -> None:
        """A task for the rep; four in five are settled within a week of its making."""
        pk = self.pages.next_id(FollowUp)
        chance = Random(pk)
        settled = made + chance.randint(1, 7) * DAY
        if (chance.random() < 0.2 and made > self.now - 40 * DAY) or settled > self.now:
            settled = 0
        outcome = chance.choice(voices.OUTCOMES) if settled else ""
        state = "open" if not settled else "dropped" if chance.random() < 0.12 else "done"
        self.pages.add(
            FollowUp, pk, party.pk, contact.pk, party.rep, kind, state, title[:160], detail, source_ref,
            iso(made // DAY + days), stamp(made), stamp(settled) if settled else None, outcome,
        )  # fmt: skip
        facts, subject = {"title": title[:160], "kind": kind}, f"follow_up:{pk}"
        self.pages.tell("follow_up.proposed", subject, party.pk, made, facts)
        if settled:
            who = (party.rep, self.house.names[party.rep], None)
            facts = {**facts, "state": state, "outcome": outcome}
            self.pages.tell("follow_up.settled", subject, party.pk, settled, facts, who)
