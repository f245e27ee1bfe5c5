"""Answers are counted into sums exactly once; what the sums say is what the answers say."""

from datetime import UTC, datetime, timedelta
from random import Random
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connection

from apps.accounts.selectors import actor_for
from apps.core.scoping import SYSTEM
from apps.feedback.models import Answer, Invitation
from apps.feedback.selectors import heard_from, nps_in
from apps.fulfilment.models import DeliveryFact, LineFact
from apps.fulfilment.services.facts import freeze_facts
from apps.insights import rules
from apps.insights.models import CountedAnswer, MonthOfHouse, SaidOfDay, ScoreMonth, ScorePart, ScoreWindow, SumsStand
from apps.insights.selectors.added_up import said_by_way, said_in
from apps.insights.selectors.rolled import heard_in, months_of
from apps.insights.selectors.voices import voices_of
from apps.insights.services import count_answers, count_missed, keep_months, rebuild_scores, slide_windows
from apps.insights.tasks import count_answer, count_missed_answers
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db


def said(world, contact, score, at=None, *, kind="nps", supplier="") -> Answer:
    """An answer about a delivery of the day before, with that delivery's facts."""
    at = at or world.now
    shipment = delivered(world, contact, at=at - timedelta(days=1), carrier="Swift")
    freeze_facts([shipment.pk], now=at)
    LineFact.objects.filter(fact__shipment=shipment).update(supplier=supplier)
    asked = Invitation.objects.create(
        programme=world.programme, shipment=shipment, account=contact.account, contact=contact, state="answered",
        decided_at=at,
    )  # fmt: skip
    return Answer.objects.create(
        invitation=asked, account=contact.account, contact=contact, shipment=shipment, kind=kind, score=score,
        channel="email", answered_at=at,
    )  # fmt: skip


def sums(model) -> list[tuple]:
    """What is counted, without rows that say nothing."""
    key = "role" if model is ScoreMonth else "part"
    rows = model.objects.values_list("account", "month", key, "promoters", "passives", "detractors")
    return sorted(row for row in rows if any(row[3:]))


def all_sums() -> dict[str, list[tuple]]:
    """Every sum that is kept, without rows that say nothing."""
    windows = ScoreWindow.objects.values_list("name", "way", "key", "account", "promoters", "passives", "detractors")
    return {
        "months": sums(ScoreMonth),
        "parts": sums(ScorePart),
        "windows": sorted(row for row in windows if any(row[4:])),
        "days": sorted(SaidOfDay.objects.exclude(n=0).values_list("day", "said", "n")),
    }


def by_account(heard) -> list[tuple]:
    return sorted((each.account_id, each.rep_id, each.counts, sorted(filter(None, each.roles))) for each in heard)


def at(month, day, hour=9):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_an_answer_is_counted_once_with_what_its_delivery_went_by(world):
    given = said(world, world.anna, 9, at(2, 10), supplier="Fastener Works")

    assert [count_answers([given.pk]) for _ in range(3)] == [1, 0, 0]

    top = world.bolt.category.path.split("/")[1]
    assert sums(ScoreMonth) == [(world.brightwater.pk, at(2, 1).date(), "buyer", 1, 0, 0)]
    assert [row[2] for row in sums(ScorePart)] == [
        "carrier:Swift", f"category:{top}", "persona:operator", "supplier:Fastener Works",
        f"warehouse:{world.north.code}",
    ]  # fmt: skip


def test_a_changed_answer_moves_and_keeps_its_role_and_parts(world):
    given = said(world, world.anna, 9, at(2, 10))
    count_answers([given.pk])
    Answer.objects.update(score=3)
    world.anna.role, world.anna.persona = "approver", "gatekeeper"
    world.anna.save()
    DeliveryFact.objects.update(carrier="Other")

    assert count_answers([given.pk]) == 1

    assert sums(ScoreMonth) == [(world.brightwater.pk, at(2, 1).date(), "buyer", 0, 0, 1)]
    assert {("carrier:Swift", 0, 0, 1), ("persona:operator", 0, 0, 1)} <= {row[2:] for row in sums(ScorePart)}


def test_what_was_counted_before_there_were_personas_is_told_by_them_too(world):
    given = [said(world, contact, score, at(2, 10)) for contact, score in ((world.anna, 9), (world.fiona, 2))]
    count_missed()
    counted = sums(ScorePart)
    ScorePart.objects.filter(part__startswith="persona").delete()
    for each in CountedAnswer.objects.all():
        each.parts = [part for part in each.parts if not part.startswith("persona")]
        each.has_persona, each.day, each.said = False, None, None
        each.save()
    Answer.objects.filter(pk=given[0].pk).update(score=3)
    count_answers([given[0].pk])

    assert [count_missed(), count_missed()] == [2, 0]
    assert {row[2:] for row in sums(ScorePart) if row[2].startswith("persona")} == {
        ("persona:operator", 0, 0, 1), ("persona:gatekeeper", 0, 0, 1),
    }  # fmt: skip
    rebuild_scores()
    Answer.objects.filter(pk=given[0].pk).update(score=9)
    count_answers([given[0].pk])
    assert sums(ScorePart) == counted


def test_only_answers_about_recommending_are_counted(world):
    given = said(world, world.anna, 2, kind="effort")
    assert count_answers([given.pk]) == count_missed() == 0


def test_the_event_counts_and_so_does_the_hour(world):
    from apps.core.events import record

    first, missed = said(world, world.anna, 9), said(world, world.lena, 9)
    event = record("survey.answered", "shipment:1", at=world.now, answer_id=first.pk)
    assert [count_answer(event.pk), count_answer(event.pk), count_missed_answers(), count_missed_answers()] == [
        1, 0, 1, 0,
    ]  # fmt: skip
    assert set(CountedAnswer.objects.values_list("answer", flat=True)) == {first.pk, missed.pk}


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_and_however_often_the_sums_are_those_made_anew(world, seed):
    chance, contacts = Random(seed), [world.anna, world.boris, world.lena, world.xaver]
    given, today = [], at(3, 1)
    slide_windows(now=today)
    for _ in range(60):
        step = chance.random()
        if step < 0.45 or not given:
            ago = timedelta(days=chance.choice((0, 0, 1, 88, 89, 90, 91, 178, 179, 180, 363, 364, 365)))
            given.append(said(world, chance.choice(contacts), chance.randint(0, 10), today - ago).pk)
        elif step < 0.6:
            drivers = chance.sample(["delivery", "price"], chance.randint(0, 2))
            Answer.objects.filter(pk=chance.choice(given)).update(score=chance.randint(0, 10), drivers=drivers)
        elif step < 0.85:
            count_answers(chance.choices(given, k=5))
        elif step < 0.92:
            Answer.objects.filter(pk=given.pop(chance.randrange(len(given)))).delete()
        else:
            today += timedelta(days=chance.choice((1, 1, 2, 95)))
            assert slide_windows(now=today)
            assert not slide_windows(now=today)
            keep_months(now=today)
            assert keep_months(now=today) == 0
    count_answers(given)
    kept = all_sums()
    assert all(kept.values())
    for name in rules.WINDOWS:
        period = rules.period(name, today)._asdict()
        assert by_account(heard_in(SYSTEM, **period)) == by_account(heard_from(SYSTEM, **period))
    spoken = voices_of(SYSTEM, **rules.period("now", today)._asdict())
    year = rules.year_of_months(today)._asdict()
    shown = months_of(SYSTEM, **year)
    MonthOfHouse.objects.all().delete()
    assert months_of(SYSTEM, **year) == shown

    call_command("rebuild_scores", verbosity=0)

    assert all_sums() == kept
    CountedAnswer.objects.all().delete()
    assert not any(all_sums().values())
    assert rebuild_scores() == len(given)
    assert all_sums() == kept
    SumsStand.objects.update(day=None)
    assert voices_of(SYSTEM, **rules.period("now", today)._asdict()) == spoken


def test_what_was_counted_before_days_were_kept_comes_into_the_windows_that_stand(world):
    for contact, score, day in ((world.anna, 9, at(2, 10)), (world.lena, 2, at(1, 10))):
        said(world, contact, score, day)
    count_missed()
    slide_windows(now=at(3, 1))
    kept = all_sums()
    ScoreWindow.objects.all().delete()
    SaidOfDay.objects.all().delete()
    CountedAnswer.objects.update(day=None, said=None)

    assert [count_missed(), count_missed()] == [2, 0]

    assert all_sums() == kept


def test_windows_are_not_made_before_all_that_is_counted_is_told_by_day(world):
    said(world, world.anna, 9, at(2, 10))
    count_missed()
    CountedAnswer.objects.update(day=None, said=None)
    assert not slide_windows(now=at(3, 1))
    count_missed()
    assert slide_windows(now=at(3, 1))


def test_a_window_is_read_from_as_many_rows_as_accounts_and_roles_spoke(world):
    for _ in range(5):
        said(world, world.anna, 9, at(2, 27))
    count_missed()
    slide_windows(now=at(3, 1))
    period = rules.period("now", at(3, 1))._asdict()
    ScoreMonth.objects.all().delete()
    CountedAnswer.objects.update(role="approver")  # read nowhere
    Answer.objects.update(score=0)

    (heard,) = heard_in(SYSTEM, **period)
    ((row,), _total) = said_by_way(SYSTEM, "carrier", None, **period)

    assert (heard.counts, heard.roles, row[:4]) == ((5, 0, 0), ["buyer"], ("Swift", 5, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_rebuild_at_the_same_time_count_once(world):
    given = [said(world, contact, 9).pk for contact in (world.anna, world.lena) for _ in range(4)]
    gate = Barrier(4)

    def work(index):
        gate.wait()
        try:
            for score in (9, 2, 7):
                Answer.objects.filter(pk=given[index]).update(score=score)
                rebuild_scores() if index == 3 else count_answers(given)
                slide_windows(now=world.now + timedelta(days=index + score))
        finally:
            connection.close()

    threads = [Thread(target=work, args=[index]) for index in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    count_answers(given)

    kept = all_sums()
    assert sum(sum(row[3:]) for row in kept["months"]) == 8
    assert sum(row[4] for row in kept["months"]) == 4
    assert sum(sum(row[4:]) for row in kept["windows"] if row[:2] == ("now", "role")) == 8
    rebuild_scores()
    assert all_sums() == kept


@pytest.mark.parametrize(
    "since, until",
    [
        (at(1, 1, 0), at(3, 1, 0)),
        (at(1, 12, 7), at(3, 3, 12)),
        (at(2, 2), at(2, 20)),
        (at(1, 31, 23), at(2, 1, 1)),
        (at(2, 1, 0), at(2, 1, 0)),
        (datetime(2025, 12, 1, tzinfo=UTC), at(4, 1, 0)),
    ],
)
def test_for_any_period_the_sums_say_what_the_answers_say(world, since, until, django_assert_num_queries):
    chance = Random(5)
    for day in (at(1, 1, 0), at(1, 31, 23), at(2, 1, 0), at(2, 14), at(3, 1, 0), at(3, 3)):
        for contact in (world.anna, world.lena, world.xaver):
            said(world, contact, chance.randint(0, 10), day)
    count_missed()
    for actor in (SYSTEM, actor_for(world.rhea.user), actor_for(world.ruben.user)):
        live = heard_from(actor, since=since, until=until)
        with django_assert_num_queries(1):
            rolled = heard_in(actor, since=since, until=until)
        assert by_account(rolled) == by_account(live)
        rows, total = said_by_way(actor, "warehouse", None, since=since, until=until)
        assert sum(row.n for row in rows) == nps_in(live).n and total == len(rows)
        assert said_in(actor, since=since, until=until).nps == nps_in(live)
        assert sum(month.nps.n for month in months_of(actor, since=since, until=until)) == nps_in(live).n


def test_a_month_has_the_interval_of_its_accounts(world):
    for contact in (world.anna, world.xaver):
        for day in range(1, 9):
            said(world, contact, 9 if contact is world.anna else 2, at(2, day))
    count_missed()

    (month,) = months_of(SYSTEM, since=at(2, 1, 0), until=at(3, 1, 0))

    assert month.nps == nps_in(heard_from(SYSTEM, since=at(2, 1, 0), until=at(3, 1, 0)))
    assert month.nps.high - month.nps.low > 150


@pytest.mark.parametrize(
    "way, found",
    [
        ("tree", {"Brightwater": 2, "Calder": 1}),
        ("segment", {"facilities": 2, "engineering": 1}),
        ("role", {"buyer": 3}),
        ("persona", {"operator": 3}),
        ("carrier", {"Swift": 3}),
        ("supplier", {"Works": 1, "": 2}),
    ],
)
def test_told_by(way, found, world):
    said(world, world.anna, 9, at(2, 2), supplier="Works")
    said(world, world.lena, 5, at(3, 2))
    said(world, world.xaver, 5, at(3, 2))
    count_missed()
    names = {str(world.brightwater.pk): "Brightwater", str(world.calder.pk): "Calder"}

    rows, _total = said_by_way(SYSTEM, way, None, since=at(1, 1), until=at(3, 20))

    assert {names.get(row.key, row.key) if way == "tree" else row.key: row.n for row in rows} == found
