"""Digests: due by the reader's clock, each once, each reader their own, in their language."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.cases.services import open_case
from apps.core.errors import Invalid
from apps.core.models import OutgoingMail
from apps.insights import services
from apps.insights.models import DigestPreference
from apps.insights.rules import due
from apps.insights.selectors import digest_of
from tests.insights.test_counting import said

pytestmark = pytest.mark.django_db
ALL = ("daily", "weekly", "monthly")
MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


def at(day, hour=8, month=3):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "now, zone, found",
    [
        (at(9), "Europe/London", {"daily": "03-06 03-08", "weekly": "03-02 03-08"}),
        (at(9, 6), "Europe/London", {}),
        (at(9, 6), "Asia/Bangkok", {"daily": "03-06 03-08", "weekly": "03-02 03-08"}),
        (at(10), "Europe/London", {"daily": "03-09 03-09", "weekly": "03-02 03-08"}),
        (at(11), "Europe/London", {"daily": "03-10 03-10"}),
        (at(7), "Europe/London", {"daily": "03-05 03-05"}),
        (at(8), "Europe/London", {}),
        (at(1, month=4), "Europe/London", {"daily": "03-31 03-31", "monthly": "03-01 03-31"}),
        (at(31, 23), "Pacific/Auckland", {"daily": "03-31 03-31", "monthly": "03-01 03-31"}),
    ],
)
def test_when_and_of_which_days(now, zone, found):
    told = {each.kind: f"{each.first_on:%m-%d} {each.last_on:%m-%d}" for each in due(ALL, zone=zone, hour=7, now=now)}
    assert told == found


def test_days_begin_and_end_by_the_readers_clock_where_the_clocks_change():
    (week,) = due(["weekly"], zone="Europe/London", hour=7, now=at(30))
    assert (week.since, week.until) == (at(23, 0), datetime(2026, 3, 29, 23, tzinfo=UTC))


@pytest.fixture
def busy(world):
    """An unhappy answer and a case of Brightwater's in the week before MONDAY."""
    given = said(world, world.anna, 2, MONDAY - timedelta(days=4))
    type(given).objects.filter(pk=given.pk).update(comment="The gloves were torn")
    open_case(
        account_id=world.brightwater.pk, title="Torn", cause="delivery", origin="portal", source_ref="t:1",
        now=MONDAY - timedelta(days=3),
    )  # fmt: skip
    return world


def sent_to(user) -> list:
    return [message for message in mail.outbox if message.to == [user.email]]


def test_each_is_told_of_what_is_theirs_once(busy):
    first, again = services.send_digests(now=MONDAY), services.send_digests(now=MONDAY + timedelta(hours=1))

    assert (first, again) == (3, 0)  # Rhea, Sam and Mona; nothing happened at Ruben's
    (rheas,) = sent_to(busy.rhea.user)
    assert "Your week" in rheas.subject and "Brightwater Facilities: The gloves were torn" in rheas.body
    assert "1 answer: too few for a score" in rheas.body and "Cases: 1 opened, 1 open now, 1 overdue." in rheas.body
    assert "- Brightwater Facilities: C" in rheas.body and "is overdue: Torn" in rheas.body
    assert not sent_to(busy.ruben.user) and not sent_to(busy.otto)


def test_in_the_readers_language(busy):
    User.objects.filter(pk=busy.rhea.user.pk).update(language="fa")
    services.send_digests(now=MONDAY)
    html = sent_to(busy.rhea.user)[0].alternatives[0][0]
    assert 'dir="rtl"' in html and 'lang="fa"' in html and "is overdue" not in html


def test_one_that_was_refused_holds_up_nobody_and_is_tried_again(busy, monkeypatch):
    from apps.insights.services import digests

    send, refused = digests.send_once, []

    def refuse_once(key, **message):
        if message["to"] == busy.rhea.user.email and not refused:
            refused.append(key)
            OutgoingMail.objects.create(key=key, to=message["to"], state="failed", claimed_at=message["now"])
            raise OSError("refused")
        return send(key, **message)

    monkeypatch.setattr(digests, "send_once", refuse_once)
    assert (services.send_digests(now=MONDAY), services.send_digests(now=MONDAY)) == (2, 1)
    assert len(sent_to(busy.rhea.user)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_schedules_send_each_once(busy):
    gate = Barrier(2)

    def run():
        gate.wait()
        try:
            services.send_digests(now=MONDAY)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(mail.outbox) == OutgoingMail.objects.filter(key__startswith="digest:").count() == 3


def test_who_wants_none_gets_none_and_who_chose_gets_theirs(busy, signed_in):
    rhea = signed_in(busy.rhea)
    answer = rhea.post(reverse("workspace:digests"), {"time_zone": "Asia/Tokyo", "hour": "5"})
    assert answer.status_code == 302
    services.choose_digests(
        actor_for(busy.otto), busy.otto, daily=True, weekly=False, monthly=False, time_zone="UTC", hour=8
    )

    services.send_digests(now=MONDAY)

    assert not sent_to(busy.rhea.user)
    assert ["Your day" in message.subject for message in sent_to(busy.otto)] == [True]
    page = rhea.get(reverse("workspace:digests")).content.decode()
    assert '<option value="Asia/Tokyo" selected>' in page


@pytest.mark.parametrize("asked", [{"time_zone": "Moon/Crater", "hour": "5"}, {"time_zone": "UTC", "hour": "24"}, {}])
def test_what_cannot_be_chosen_is_refused(asked, world, signed_in):
    answer = signed_in(world.rhea).post(reverse("workspace:digests"), asked)
    assert answer.status_code == 422 and not DigestPreference.objects.exists()


def test_the_service_refuses_it_too(world):
    for zone, hour in (("Moon/Crater", 5), ("UTC", 24)):
        with pytest.raises(Invalid):
            services.choose_digests(
                actor_for(world.mona.user), world.mona.user, daily=True, weekly=True, monthly=True, time_zone=zone,
                hour=hour,
            )  # fmt: skip


def test_a_digest_costs_the_same_however_much_happened(world, django_assert_max_num_queries):
    for contact in (world.anna, world.boris, world.lena):
        said(world, contact, 2, MONDAY - timedelta(days=4))
    rhea = actor_for(world.rhea.user)
    with django_assert_max_num_queries(30):
        found = digest_of(rhea, since=MONDAY - timedelta(days=7), until=MONDAY)
    assert (found.now.n, len(found.unhappy), found.fix) == (3, 3, None)
