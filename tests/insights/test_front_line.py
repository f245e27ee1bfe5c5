"""What those who pick and drive hear of their deliveries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.feedback.models import Answer
from apps.fulfilment.models import DeliveryFact, Shipment
from apps.insights import services
from apps.insights.errors import NothingComesBy
from apps.insights.selectors import front_line
from tests.insights.test_counting import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(world):
    """A promoter's and a detractor's words of this week by two carriers, one of last week, one without words."""
    now = timezone.now()
    for contact, score, days, carrier, words in (
        (world.anna, 10, 0, "Swift", "Packed like eggs."), (world.anna, 2, 1, "Swift", "Box 3 was wet."),
        (world.anna, 7, 2, "100% Rail", "A call before would be good."), (world.anna, 9, 8, "Swift", "Long ago."),
        (world.anna, 0, 3, "Swift", ""),
    ):  # fmt: skip
        answer = said(world, contact, score, now - timedelta(days=days, seconds=1))
        Answer.objects.filter(pk=answer.pk).update(comment=words, facts={"late": score < 7, "days_late": 1})
        Shipment.objects.filter(pk=answer.shipment_id).update(
            carrier=carrier,
            warehouse=world.north,
            delivered_at=now - timedelta(days=days, seconds=1),
            is_damaged=score == 2,
        )
        DeliveryFact.objects.filter(shipment=answer.shipment_id).update(carrier=carrier, warehouse=world.north)
    services.rebuild_scores()
    return now


def heard(actor, way="", key="", *, now):
    line = front_line(actor, way, key, now=now)
    return [one.comment for one in line.praise], [one.comment for one in line.better]


def test_praise_and_blame_of_the_week_by_warehouse_and_carrier(world, week):
    mona, swift = actor_for(world.mona.user), ("carrier", "Swift")
    praise, better = ["Packed like eggs."], ["Box 3 was wet.", "A call before would be good."]
    assert heard(mona, now=week) == (praise, better)
    assert heard(mona, "warehouse", world.north.code, now=week) == (praise, better)
    assert heard(mona, *swift, now=week) == (praise, better[:1])
    assert heard(mona, "carrier", "100% Rail", now=week) == ([], better[1:])
    assert heard(actor_for(world.ruben.user), now=week) == ([], [])
    line = front_line(mona, *swift, now=week)
    assert (line.kept.deliveries, line.kept.damaged, line.nps.n, line.nps.score) == (3, 1, 3, None)
    assert [(one.way, one.key, one.n) for one in line.choices] == [
        ("warehouse", world.north.code, 4), ("carrier", "100% Rail", 1), ("carrier", "Swift", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("way, key", [("warehouse", "NOWHERE"), ("carrier", "%"), ("carrier", "Nobody")])
def test_what_brought_nothing_is_refused_in_words(world, week, signed_in, way, key):
    with pytest.raises(NothingComesBy):
        front_line(actor_for(world.mona.user), way, key, now=week)
    assert signed_in(world.mona).get(reverse("workspace:front_line"), {way: key}).status_code == 404


def test_the_page_names_no_contact_and_costs_the_same_for_many(world, week, signed_in):
    mona, address = signed_in(world.mona), reverse("workspace:front_line")
    page = mona.get(address, {"carrier": "100% Rail"})
    assert "A call before would be good." in page.text and "Box 3" not in page.text
    whole = mona.get(address)
    assert "Packed like eggs." in whole.text and "Today" in whole.text and "under 10 answers" in whole.text
    assert world.anna.name not in whole.text
    with CaptureQueriesContext(connection) as few:
        mona.get(address)
    for _more in range(9):
        answer = said(world, world.anna, 10, timezone.now() - timedelta(hours=1))
        Answer.objects.filter(pk=answer.pk).update(comment="Fine.")
    services.rebuild_scores()
    with CaptureQueriesContext(connection) as many:
        assert "Fine." in mona.get(address).text
    assert len(many) == len(few) <= 16


def test_from_the_pages_of_pickers_and_of_feedback_one_press_leads_there(world, signed_in):
    address = reverse("workspace:front_line")
    assert address in signed_in(world.otto).get(reverse("workspace:picking")).text
    assert address in signed_in(world.mona).get(reverse("workspace:feedback")).text
