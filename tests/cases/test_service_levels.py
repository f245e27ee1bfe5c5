"""By when: what was agreed, in the customer's working time, without the days its country is closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import AccountGroup
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.models import ServiceLevel
from apps.cases.rules import Level, WorkingTime, after_day_hours, deadlines
from apps.cases.selectors import service_of
from apps.delivery.models import Holiday

LONDON = WorkingTime("Europe/London")
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "opened, hours, expected",
    [
        ("2026-03-04T10:00", 48, "2026-03-06T10:00"),
        ("2026-03-04T10:00", 4, "2026-03-04T14:00"),
        ("2026-03-04T16:00", 8, "2026-03-05T09:00"),  # midnight: the next opening
        ("2026-03-06T16:00", 12, "2026-03-09T09:00"),  # a Saturday night: Monday
        ("2026-03-05T12:00", 36, "2026-03-09T09:00"),  # Friday noon and twelve hours
        ("2026-03-07T12:00", 48, "2026-03-11T09:00"),  # a Saturday counts from Monday 09:00
        ("2026-03-27T10:00", 24, "2026-03-30T09:00"),  # the same clock time in summer
    ],
)
def test_hours_of_working_days(opened, hours, expected):
    assert after_day_hours(utc(opened), hours, LONDON) == utc(expected)


@given(
    opened=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),
    zone=st.sampled_from(["Europe/London", "Asia/Tehran", "Pacific/Auckland", "America/Santiago", "Asia/Kathmandu"]),
    weekdays=st.sampled_from(["12345", "67123", "71234", "1", "1234567", ""]),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2028, 3, 1)), max_size=30),
    level=st.builds(
        Level, st.integers(1, 80), st.integers(1, 240), st.integers(1, 60),
        st.times(time(5), time(11)), st.times(time(12), time(22)),
    ),
)  # fmt: skip
def test_every_deadline_is_within_working_time_and_none_comes_before_it(opened, zone, weekdays, closed, level):
    working = WorkingTime(zone, weekdays, level.opens, level.closes, closed)
    due = deadlines(opened, working, level)
    for by in (due.acknowledge_by, due.answer_by, due.resolve_by):
        here = by.astimezone(ZoneInfo(zone))
        assert by > opened
        assert working.works_on(here.date()), here
        assert level.opens <= here.time() <= level.closes, here
    later = replace(level, answer_hours=level.answer_hours + 1, acknowledge_hours=level.acknowledge_hours + 1)
    after = deadlines(opened, working, later)
    assert (after.acknowledge_by > due.acknowledge_by, after.answer_by >= due.answer_by) == (True, True)


def case_of(world, account, now):
    facts = {"title": "Torn", "cause": "delivery", "origin": "staff", "source_ref": f"x:{account.pk}:{now}"}
    return services.open_case(account_id=account.pk, **facts, now=now)


def test_public_holidays_of_the_country_are_not_counted(world):
    Holiday.objects.create(country="GB", day_on=EASTER_MONDAY, name="Easter Monday")
    Holiday.objects.create(country="TH", day_on=date(2026, 4, 7), name="Somewhere else")
    thursday = utc("2026-04-02T15:00")  # 16:00 in London
    case = case_of(world, world.brightwater, thursday)
    assert case.acknowledge_by == utc("2026-04-07T11:00")
    assert case.answer_by == utc("2026-04-08T15:00")
    services.answer_case(actor_for(world.sam.user), case, body="On the van.", now=thursday)
    services.reply_to_case(actor_for(world.anna.user), case, body="Where?", now=thursday)
    case.refresh_from_db()
    assert case.answer_by == utc("2026-04-08T15:00")


def test_the_nearest_agreement_holds(world):
    world.leeds.group = AccountGroup.objects.create(code="G", name="Facilities")
    world.leeds.save()

    def level() -> tuple[int, bool]:
        found = service_of(world.leeds, now=world.now)
        return found.level.answer_hours, found.is_agreed

    heard = [level()]
    ServiceLevel.objects.create(group=world.leeds.group, answer_hours=40)
    heard.append(level())
    ServiceLevel.objects.create(account=world.brightwater, answer_hours=32)
    heard.append(level())
    ServiceLevel.objects.create(contract=world.contract, answer_hours=24)
    heard.append(level())
    ServiceLevel.objects.create(account=world.leeds, answer_hours=16)
    heard.append(level())
    assert heard == [(48, False), (40, True), (32, True), (24, True), (16, True)]
    world.contract.valid_until = world.today - timedelta(days=1)
    world.contract.save()
    assert service_of(world.brightwater, now=world.now).level.answer_hours == 32
    assert service_of(world.calder, now=world.now).level.answer_hours == 48


def test_agreed_hours_move_the_deadlines_of_a_case(world, django_assert_max_num_queries):
    ServiceLevel.objects.create(
        account=world.brightwater, acknowledge_hours=1, answer_hours=8, resolve_days=3, opens=time(6), closes=time(22)
    )
    with django_assert_max_num_queries(3):
        service_of(world.brightwater, now=world.now)
    night = utc("2026-03-04T23:00")
    case = case_of(world, world.brightwater, night)
    assert (case.acknowledge_by, case.answer_by, case.resolve_by) == (
        utc("2026-03-05T07:00"), utc("2026-03-05T14:00"), utc("2026-03-10T06:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": None},
        {"contract": True},
        {"answer_hours": 0},
        {"resolve_days": 61},
        {"opens": time(17), "closes": time(9)},
        {"opens": time(9), "closes": time(9, 10)},
    ],
)
def test_what_cannot_be_agreed(world, wrong):
    wrong = {"account": world.brightwater, **wrong}
    if wrong.get("contract"):
        wrong["contract"] = world.contract
    level = ServiceLevel(**wrong)
    with pytest.raises(ValidationError):
        level.full_clean()
    if wrong.get("closes") == time(9, 10):
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        level.save()


def test_both_sides_read_what_was_promised(world, signed_in):
    ServiceLevel.objects.create(account=world.brightwater, acknowledge_hours=2, answer_hours=24, resolve_days=5)
    case = case_of(world, world.brightwater, world.now)
    theirs = signed_in(world.anna).get(reverse("portal:case", args=[case.number])).content.decode()
    ours = signed_in(world.sam).get(reverse("workspace:case", args=[case.number])).content.decode()
    assert "Agreed with you" in theirs and "Agreed with this customer" in ours
    for page in (theirs, ours):
        assert "within 2 opening hours" in page and "within 24 hours of working days" in page
        assert "within 5 working days" in page
