"""Whom the programme asked about each delivery, what they answered, and what followed.

The decisions are the feedback domain's own (`rules.may_ask`), taken in the order of time; invented is only what people
do with a question: whether and when they answer, and how they judge what they were sent.
"""

import heapq
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from apps.demo.accounts import TEST_ACCOUNT, Party, Someone
from apps.demo.chance import dice
from apps.demo.history import voices
from apps.demo.history.care import Care
from apps.demo.history.days import DAY, instant_of, moment, stamp
from apps.demo.history.ledger import delivery_facts, number
from apps.demo.history.orders import Habits, Part, PastOrder
from apps.demo.history.pages import Pages
from apps.demo.programmes import LARGE, LARGE_FROM, ROLES_ASKED
from apps.feedback.models import Answer, Invitation, Programme
from apps.feedback.rules import Candidate, Delivery, Policy, expires_at, may_ask, nps_band, reminder_at
from apps.feedback.services import delivery_programme

ANSWERED = 0.5  # of those asked
CAUSES = {"delivery": "delivery", "range": "range", "price": "price", "rep": "people"}
POLICY = Policy()
NAMED = tuple(voices.COMMENTS["passive"])


@dataclass
class Survey:
    """What is known of one account while its deliveries are gone through."""

    party: Party
    habits: Habits
    chance: Random
    asked: list = field(default_factory=list)  # instants of all asks, as datetimes
    last_asked: dict[int, object] = field(default_factory=dict)
    cases: list[tuple[int, int]] = field(default_factory=list)  # from, to
    leaves_open: int = 0  # the contact whose latest question waits for an answer
    unhappy_from: int = 0  # the instant from which a question is answered with a 2
    spared: dict[int, tuple[int, int]] = field(default_factory=dict)  # contact: not asked between these instants
    is_first_order: bool = False  # another programme asks


class Asking:
    """Goes through the deliveries of one account after another."""

    def __init__(self, pages: Pages, care: Care, now: int):
        self.pages, self.care, self.now = pages, care, now
        self.usual_id = delivery_programme().pk
        self.large_id = Programme.objects.get(code=LARGE).pk

    def go_through(self, party: Party, habits: Habits, orders: list[PastOrder], survey: Survey | None = None) -> None:
        survey = survey or Survey(party, habits, dice(f"answers {party.pk}"))
        survey.last_asked = self._asked_before(survey, orders)
        delivered = [
            (part.delivered, part.pk, order, part) for order in orders for part in order.parts if part.delivered
        ]
        self._known_failures(survey, delivered)
        self._overdue(survey, orders)
        queue = [(part.delivered + 1, part.pk, order, part) for _, _, order, part in delivered]
        heapq.heapify(queue)
        while queue:
            at, pk, order, part = heapq.heappop(queue)
            closes = max((to for since, to in survey.cases if since <= at < to), default=0)
            if closes > self.now:
                reason = "known_failure" if part.failed else "open_case"
                self._row(survey, part, at, reason=reason)
            elif closes:
                heapq.heappush(queue, (closes, pk, order, part))
            else:
                self._decide(survey, order, part, at)

    def _asked_before(self, survey: Survey, orders: list[PastOrder]) -> dict[int, datetime]:
        """Most people were asked in the months before the records begin: else all would be asked in the same weeks."""
        begun = moment(min((order.placed for order in orders), default=self.now))
        some = (person.pk for person in survey.party.people if survey.chance.random() < 0.8)
        return {pk: begun - timedelta(days=survey.chance.randint(0, POLICY.contact_rest_days)) for pk in some}

    def _known_failures(self, survey: Survey, delivered: list) -> None:
        """A failed delivery opens a case at once."""
        for at, _, order, part in sorted(delivered, key=lambda found: found[:2]):
            if not part.failed:
                continue
            resolved = at + survey.chance.choice((1, 1, 2, 3, 5, 8)) * DAY + survey.chance.randint(-120, 240)
            survey.cases.append((at, resolved))
            faults = (("late", part.late), ("incomplete", part.short), ("damaged", part.damaged))
            how = ", ".join(word for word, is_so in faults if is_so)
            wrong = f"delivery {number('SH', part.pk)} arrived {how}"
            self._apologise(survey, order, part, at, resolved, wrong, "delivery")

    def _apologise(
        self, survey: Survey, order: PastOrder, part: Part, at: int, resolved: int, wrong: str, by: str
    ) -> None:
        """The case that a delivery opened by itself."""
        apology = (
            f"We are sorry: {wrong} (order {number('SO', order.pk)}). You need not do anything. Somebody of our team "
            "owns this and answers you with what we do about it."
        )
        self.care.case(
            survey.party, order.contact, at, resolved, title=wrong[:1].upper() + wrong[1:], cause="delivery",
            origin="delivery", source_ref=f"{by}:{number('SH', part.pk)}", apology=apology, shipment=part.pk,
            order=order.pk,
        )  # fmt: skip

    def _overdue(self, survey: Survey, orders: list[PastOrder]) -> None:
        """What has not come by its day has a case as well, still open."""
        for order, part in [(each, part) for each in orders for part in each.parts]:
            if not part.shipped or part.delivered or part.promised >= self.now // DAY:
                continue
            opened = (part.promised + 1) * DAY + 6
            survey.cases.append((opened, self.now + DAY))
            wrong = f"delivery {number('SH', part.pk)} is late"
            self._apologise(survey, order, part, opened, self.now + DAY, wrong, "overdue")

    def _decide(self, survey: Survey, order: PastOrder, part: Part, at: int) -> None:
        now = moment(at)
        if survey.is_first_order:
            self._row(survey, part, at, reason="other_programme")
            return
        if self._all_were_just_asked(survey, now):
            self._row(survey, part, at, reason="throttled")
            return
        delivery = Delivery(
            ready_at=now if part.failed else moment(part.delivered),
            is_test_account=survey.party.pk == TEST_ACCOUNT,
            known_failure=part.failed,
            fixed=part.failed,
            asked_at=tuple(survey.asked[-4:]),
            spread=part.pk,
        )
        verdict = may_ask(delivery, self._candidates(survey, order, part, at), POLICY, now=now)
        if verdict.candidate is None:
            self._row(survey, part, at, reason=verdict.reason)
            return
        due = verdict.window.due_at
        survey.asked.append(due)
        survey.last_asked[verdict.candidate.contact_id] = due
        self._asked(survey, order, part, at, verdict)

    def _all_were_just_asked(self, survey: Survey, now: datetime) -> bool:
        """The common verdict, seen without asking the rules: nobody who may be asked will have rested in five days."""
        since = now - timedelta(days=POLICY.contact_rest_days - 6)
        open_to_it = [person.pk for person in survey.party.people if person.consents and not person.objected]
        if survey.party.pk == TEST_ACCOUNT or not open_to_it:
            return False
        return all(survey.last_asked.get(pk, since) > since for pk in open_to_it)

    def _candidates(self, survey: Survey, order: PastOrder, part: Part, at: int) -> list[Candidate]:
        return [
            Candidate(
                contact_id=person.pk,
                took_part=person.pk == order.contact.pk or person.name == part.received_by,
                consents=person.consents,
                objected=person.objected,
                zone=survey.party.zone,
                last_asked_at=survey.last_asked.get(person.pk),
            )
            for person in survey.party.people
            if (person.role in ROLES_ASKED or person.pk == order.contact.pk or person.name == part.received_by)
            and not self._is_spared(survey, person, at)
        ]

    def _is_spared(self, survey: Survey, person: Someone, at: int) -> bool:
        since, until = survey.spared.get(person.pk, (0, 0))
        return since <= at < until

    # --- what became of it -------------------------------------------------------------------------------------------

    def _asked(self, survey: Survey, order: PastOrder, part: Part, at: int, verdict) -> None:
        """Planned, sent, answered or expired, as the time since the question allows."""
        contact = next(person for person in survey.party.people if person.pk == verdict.candidate.contact_id)
        window, hours = verdict.window, POLICY.hours(survey.party.zone, "12345")
        ends = expires_at(window.due_at, hours, POLICY)
        reminder = reminder_at(window.due_at, hours, POLICY, ends_at=ends, spread=part.pk)
        sent = instant_of(window.due_at)
        answered = 0
        if survey.chance.random() < ANSWERED and not self._waits(survey, contact, sent):
            answered = sent + int(survey.chance.expovariate(1 / 900)) + 4
            answered = answered if answered < min(instant_of(ends), self.now) else 0
        if survey.unhappy_from and sent >= survey.unhappy_from:
            answered = min(sent + 40, self.now - 5) if sent < self.now - 10 else 0
        state = self._state(sent, instant_of(ends), answered)
        pk = self._row(
            survey, part, at, contact=contact.pk, state=state, due=window.due_at, ends=ends, window=window.ends_at,
            reminder=reminder if state in ("planned", "sent") else None, sent=sent if sent <= self.now else 0,
        )  # fmt: skip
        if answered:
            self._answer(survey, order, part, contact, pk, answered)

    def _waits(self, survey: Survey, contact: Someone, sent: int) -> bool:
        """The question the demo's buyer finds open."""
        return contact.pk == survey.leaves_open and sent > self.now - 10 * DAY

    def _state(self, sent: int, ends: int, answered: int) -> str:
        if sent > self.now:
            return "planned"
        return "answered" if answered else "expired" if ends <= self.now else "sent"

    def _row(
        self, survey: Survey, part: Part, at: int, *, contact=None, state="suppressed", reason="", due=None, ends=None,
        window=None, reminder=None, sent=0,
    ) -> int:  # fmt: skip
        pk = self.pages.next_id(Invitation)
        is_large = sum(line.net for line in part.lines) >= LARGE_FROM * 100
        rest = f"[{due.isoformat()},{stamp(instant_of(due) + POLICY.contact_rest_days * DAY)})" if due else None
        when = stamp(sent) if sent else None
        reminded = reminder if reminder and sent and instant_of(reminder) <= self.now else None
        self.pages.add(
            Invitation, pk, self.large_id if is_large else self.usual_id, f"shipment:{number('SH', part.pk)}", part.pk,
            survey.party.pk, contact,
            state, reason, due, ends, window, rest, when,
            when, None if reminded else reminder, reminded, stamp(at),
        )  # fmt: skip
        return pk

    def _answer(self, survey: Survey, order: PastOrder, part: Part, contact: Someone, asked: int, at: int) -> None:
        pk = self.pages.next_id(Answer)
        chance, party = survey.chance, survey.party
        is_unhappy = survey.unhappy_from and at >= survey.unhappy_from
        score = 2 if is_unhappy else judge(survey.habits.mood, part, chance)
        band = nps_band(score)
        drivers = _drivers(band, part, chance)
        comment = ""
        if chance.random() < 0.75:
            comment = chance.choice(voices.COMMENTS[band][drivers[0]]).format(rep=self.care.house.names[party.rep])
        self.pages.add(
            Answer, pk, asked, party.pk, contact.pk, part.pk, order.pk, score, json.dumps(drivers), comment,
            "portal" if pk % 4 == 0 else "email", json.dumps(delivery_facts(order, part)), stamp(at),
        )  # fmt: skip
        facts = {
            "answer_id": pk, "kind": "nps", "score": score, "band": band, "contact_id": contact.pk, "revision": 1,
            "contact": contact.name, "comment": comment[:200],
        }  # fmt: skip
        self.pages.tell("survey.answered", f"shipment:{number('SH', part.pk)}", party.pk, at, facts)
        self._follow(survey, order, part, contact, pk, at, score, band, drivers[0], comment)

    def _follow(self, survey, order, part, contact, pk, at, score, band, driver, comment) -> None:
        """A detractor's case, a passive's offer, a promoter's thanks: as `feedback.services.closing` words them."""
        party, ref = survey.party, f"answer:{pk}"
        if band == "detractor":
            resolved = at + survey.chance.choice((1, 2, 3, 4, 6, 9)) * DAY + survey.chance.randint(0, 300)
            if survey.unhappy_from and at >= survey.unhappy_from:
                resolved = self.now + 30 * DAY
            survey.cases.append((at, resolved))
            title = f"{contact.name} gave {score} out of 10 for delivery {number('SH', part.pk)}"
            cause = CAUSES.get(driver, "delivery" if part.failed else "other")
            self.care.case(
                party, contact, at, resolved, title=title, cause=cause, origin="survey", source_ref=ref, body=comment,
                shipment=part.pk, order=order.pk,
            )  # fmt: skip
        elif band == "passive":
            title = f"Make {contact.name} an offer: 7 or 8 can become a 9"
            self.care.follow_up(party, contact, at, kind="offer", title=title, detail=comment, source_ref=ref, days=3)
        else:
            title = f"Thank {contact.name}, ask whom else we could serve and what they need next"
            self.care.follow_up(party, contact, at, kind="thanks", title=title, detail=comment, source_ref=ref, days=5)


def judge(mood: float, part: Part, chance: Random) -> int:
    """A score: the account's mood, what happened to this delivery, and chance."""
    score = 9.0 + mood + chance.gauss(0, 1.1)
    score -= 2.2 * part.late + 2.6 * (part.short is not None) + 2.8 * (part.damaged is not None)
    return min(max(round(score), 0), 10)


def _drivers(band: str, part: Part, chance: Random) -> list[str]:
    """One or two, the weightier first; a failed delivery is named."""
    first = "delivery" if part.failed and band != "promoter" else chance.choice(NAMED)
    if chance.random() < 0.6:
        return [first]
    second = chance.choice(NAMED)
    return [first, second] if second != first else [first]
