"""A call that a customer asks for: which hours, who calls, and what becomes of it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from apps.accounts.models import Rep
from apps.accounts.selectors import actor_for
from apps.cases import rules
from apps.cases.errors import CallBackNotFound, CallBackRefused, TaskRefused
from apps.cases.models import FollowUp
from apps.cases.selectors.call_backs import reach_of, windows_of
from apps.cases.services import settle_follow_up
from apps.cases.services.call_backs import notice_missed, request_call_back, withdraw_call_back
from apps.cases.tasks import send_call_back
from apps.core.models import Event

LONDON = ZoneInfo("Europe/London")
BERLIN = rules.WorkingTime("Europe/Berlin", "12345", time(8), time(17), frozenset({date(2026, 3, 6)}))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


# now in London; from, until: away -> state, hour in London or first day back
PRESENCES = [
    (at(4, 10), None, None, ("there", at(4, 16))),
    (at(4, 6), None, None, ("later", at(4, 7))),
    (at(4, 16), None, None, ("later", at(5, 7))),
    (at(5, 17), None, None, ("later", at(9, 7))),  # Friday is a holiday
    (at(4, 10), date(2026, 3, 4), date(2026, 3, 5), ("away", date(2026, 3, 9))),
    (at(4, 10), date(2026, 3, 4), None, ("away", None)),
    (at(4, 10), date(2026, 3, 5), None, ("there", at(4, 16))),
]


@pytest.mark.parametrize(("now", "away_from", "away_until", "said"), PRESENCES)
def test_presence(now, away_from, away_until, said):
    found = rules.presence(now, BERLIN, away_from=away_from, away_until=away_until)

    assert (found.state, found.back_on if found.state == "away" else found.at) == said


def hours(now, is_away=lambda day: False) -> list[tuple[int, int, int]]:
    found = rules.windows(now, BERLIN, is_away)
    return [(w.from_at.astimezone(LONDON).day, w.from_at.astimezone(LONDON).hour, w.until_at.astimezone(LONDON).hour)
            for w in found]  # fmt: skip


def test_windows_are_of_two_days_on_which_somebody_works():
    whole = [(7, 9), (9, 11), (11, 13), (13, 15), (15, 16)]
    assert hours(at(4, 11)) == [(4, 13, 15), (4, 15, 16), *((5, *each) for each in whole)]
    assert hours(at(4, 18)) == [*((5, *each) for each in whole), *((9, *each) for each in whole)]
    assert hours(at(4, 11), lambda day: day == date(2026, 3, 4))[0] == (5, 7, 9)
    assert hours(at(4, 11), lambda day: True) == []


@pytest.fixture
def anna(world):
    world.rhea.deputy = world.ruben
    world.rhea.save()
    return actor_for(world.anna.user)


def offered(world, now=None):
    now = now or world.now
    return windows_of(reach_of(world.brightwater, world.anna.pk, now=now), now=now)


def ask(world, anna, at=0, phone="+44 113 496 0199"):
    key = offered(world)[at].window.key
    return request_call_back(anna, window=key, phone=phone, about="The quote", now=world.now)


def test_it_is_with_the_rep_on_the_timeline_and_confirmed(world, anna):
    asked = ask(world, anna)
    event = Event.objects.get(name="call_back.requested")
    send_call_back(event.pk)
    send_call_back(event.pk)

    assert (asked.owner, asked.due_on, asked.until_at - asked.from_at) == (world.rhea, world.today, timedelta(hours=2))
    assert [sorted(each.to) for each in mail.outbox] == [[world.anna.email], [world.rhea.user.email]]
    assert "Rhea calls you on" in mail.outbox[0].subject
    assert reach_of(world.brightwater, world.anna.pk, now=world.now).call_back.owner_name == "Rhea"
    assert reach_of(world.brightwater, world.boris.pk, now=world.now).call_back is None


WRONG = [({"phone": "call me"}, "phone"), ({"window": "20260304T0000"}, "window"), ({"window": ""}, "window")]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_cannot_be_kept_is_said(change, field, world, anna):
    asked = {"window": offered(world)[0].window.key, "phone": "+44 113 496 0199"} | change
    with pytest.raises(CallBackRefused) as refused:
        request_call_back(anna, **asked, now=world.now)

    assert list(refused.value.fields) == [field]


def test_one_waits_at_a_time_until_it_is_taken_back(world, anna):
    asked = ask(world, anna)
    with pytest.raises(CallBackRefused):
        ask(world, anna, at=1)
    with pytest.raises(CallBackNotFound):
        withdraw_call_back(actor_for(world.boris.user), asked.pk, now=world.now)

    assert withdraw_call_back(anna, asked.pk, now=world.now).state == "dropped"
    assert ask(world, anna, at=1).state == "open"


def test_the_deputy_calls_on_days_the_rep_is_away(world, anna):
    Rep.objects.filter(pk=world.rhea.pk).update(away_from=world.today, away_until=world.today)
    reach = reach_of(world.brightwater, world.anna.pk, now=world.now)

    assert (reach.presence.state, reach.deputy) == ("away", world.ruben)
    assert [each.rep.user.name for each in (offered(world)[0], offered(world)[-1])] == ["Ruben", "Rhea"]
    assert ask(world, anna).owner == world.ruben


def test_a_missed_one_is_somebody_elses_once(world, anna):
    asked = ask(world, anna)
    late = asked.until_at + timedelta(minutes=1)

    assert (notice_missed(now=asked.until_at), notice_missed(now=late), notice_missed(now=late)) == (0, 1, 0)
    asked.refresh_from_db()
    assert asked.owner == world.ruben
    send_call_back(Event.objects.get(name="call_back.missed").pk)
    assert "Nobody called" in mail.outbox[0].subject


def test_without_a_deputy_it_is_a_managers(world, anna):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=None)
    asked = ask(world, anna)
    notice_missed(now=asked.until_at + timedelta(minutes=1))
    asked.refresh_from_db()
    assert asked.owner == world.mona


def test_it_is_done_with_a_note(world, anna):
    asked, rhea = ask(world, anna), actor_for(world.rhea.user)
    with pytest.raises(TaskRefused):
        settle_follow_up(rhea, asked, done=True, now=world.now)

    settle_follow_up(rhea, asked, done=True, outcome="Agreed on Friday", now=world.now)
    assert FollowUp.objects.get().state == "done"
    assert reach_of(world.brightwater, world.anna.pk, now=world.now).call_back is None
