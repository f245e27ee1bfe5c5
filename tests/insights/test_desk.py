"""What a desk is shown: the accounts by need, the people, the voices, how promises are kept, who may be lost."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.accounts.services import object_to
from apps.cases.models import Case
from apps.cases.services import open_case
from apps.feedback.services import answer, plan_invitation
from apps.insights.selectors import (
    at_risk,
    manager_page,
    people_of,
    portfolio_of,
    responses_of,
    segments_of,
    voices_of,
)
from apps.ordering.models import Order
from apps.ordering.selectors.revenue import LeftOut
from apps.pricing.models import ExchangeRate
from tests.feedback.deliveries import delivered


def said(world, contact, score, *, drivers=(), days_ago=0):
    """A contact's answer about a delivery of their own."""
    at = world.now - timedelta(days=days_ago)
    asked = plan_invitation(delivered(world, contact, days_ago=days_ago + 3).pk, now=at)
    return answer(asked, score=score, drivers=list(drivers), channel="email", now=at)


def trouble(world, account, ref="t:1", **later) -> Case:
    return open_case(
        account_id=account.pk, title="Late", cause="delivery", origin="portal", source_ref=ref,
        now=world.now + timedelta(**later),
    )  # fmt: skip


def listed(world, who, **asked) -> list[str]:
    return [row.account.number for row in portfolio_of(actor_for(who.user), now=world.now, **asked).rows]


def test_the_neediest_account_stands_first_then_they_go_by_name(world):
    assert listed(world, world.mona) == ["AC-1", "AC-2", "AC-3"]
    trouble(world, world.calder)
    assert listed(world, world.mona) == ["AC-3", "AC-1", "AC-2"]
    assert listed(world, world.rhea) == ["AC-1", "AC-2"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "WATER"}, ["AC-1", "AC-2"]),
        ({"text": "ac-3"}, ["AC-3"]),
        ({"segment": "engineering"}, ["AC-3"]),
        ({"text": "water", "segment": "engineering"}, []),
        ({"page": 99}, ["AC-1", "AC-2", "AC-3"]),
    ],
)
def test_the_list_is_searched(asked, found, world):
    assert listed(world, world.mona, **asked) == found
    assert segments_of(actor_for(world.mona.user)) == ["engineering", "facilities"]


def test_a_row_says_what_one_wants_to_know_before_calling(world):
    said(world, world.anna, 4, days_ago=2)
    delivered(world, world.boris)
    Order.objects.filter(contact=world.boris).update(status="placed")
    trouble(world, world.brightwater)

    row = portfolio_of(actor_for(world.rhea.user), now=world.now).rows[0]

    assert (row.account, row.open_orders, row.open_cases, row.last_score) == (world.brightwater, 1, 1, 4)
    assert row.last_order_at == world.now - timedelta(days=3)
    assert row.attention.reasons[0].kind == "case_due"


def test_people_with_whom_was_asked_and_who_never(world):
    given = said(world, world.anna, 9)
    given.invitation.sent_at = world.now - timedelta(days=1)
    given.invitation.save()
    object_to(world.boris, "survey", source="mail", now=world.now)

    found = {person.contact.name: person for person in people_of(actor_for(world.rhea.user), world.brightwater)}

    assert list(found) == ["Anna", "Boris", "Fiona", "Rick"]
    assert (found["Anna"].asked_at, found["Anna"].score) == (world.now - timedelta(days=1), 9)
    assert found["Fiona"].asked_at is None and found["Fiona"].can_be_asked and not found["Boris"].can_be_asked
    assert people_of(actor_for(world.ruben.user), world.brightwater) == []


def test_voices_are_counted_by_score_and_by_what_they_name(world):
    said(world, world.anna, 10, drivers=["delivery", "range"])
    said(world, world.lena, 3, drivers=["delivery"])
    said(world, world.xaver, 8, drivers=["price"])
    period = {"since": world.now - timedelta(days=90), "until": world.now + timedelta(seconds=1)}

    everybody = voices_of(actor_for(world.mona.user), **period)
    rheas = voices_of(actor_for(world.rhea.user), **period)

    assert (everybody.n, rheas.n, rheas.scores[3], rheas.scores[10], rheas.scores[8]) == (3, 2, 1, 1, 0)
    delivery = everybody.drivers[0]
    assert (delivery.code, delivery.promoters, delivery.passives, delivery.detractors) == ("delivery", 1, 0, 1)


def test_a_step_counts_once_taken_or_once_its_time_is_up(world):
    quick = trouble(world, world.brightwater, "quick", days=-20)
    trouble(world, world.brightwater, "slow", days=-20)
    trouble(world, world.brightwater, "fresh")
    Case.objects.filter(pk=quick.pk).update(
        acknowledged_at=quick.opened_at + timedelta(hours=1), answered_at=quick.opened_at + timedelta(hours=3)
    )

    first, second, third = responses_of(
        actor_for(world.mona.user), since=world.now - timedelta(days=90), now=world.now + timedelta(minutes=1)
    )

    assert (first.step, first.counted, first.in_time, first.usual) == ("acknowledge", 2, 0.5, timedelta(hours=1))
    assert (second.counted, second.in_time, second.usual) == (2, 0.5, timedelta(hours=3))
    assert (third.counted, third.in_time, third.usual) == (2, 0.0, None)


def test_money_of_another_currency_is_brought_to_the_houses_or_said_to_be_left_out(world, signed_in):
    said(world, world.anna, 3)
    said(world, world.xaver, 2)
    Order.objects.filter(account=world.brightwater).update(currency="EUR", goods_net=100)
    Order.objects.filter(account=world.calder).update(currency="KRW", goods_net=500_000)
    ExchangeRate.objects.create(currency="EUR", rate="0.85", valid_from="2025-01-01")
    mona, later = actor_for(world.mona.user), world.now + timedelta(hours=1)

    rows = at_risk(mona, now=later)
    page = manager_page(mona, now=later)

    assert [(row.account, row.ordered) for row in rows] == [(world.calder, None), (world.brightwater, D(85))]
    assert (page.at_risk, page.at_risk_accounts, page.left_out) == (D(85), 2, LeftOut(1, ("KRW",)))
    assert {row.name: row.ordered for row in page.reps} == {"Rhea": D(85), "Ruben": D(0)}
    assert page.feedback.weighted.coverage.accounts == 1 and page.feedback.weighted.left_out == page.left_out


def test_the_pages_say_which_accounts_a_sum_leaves_out(world, signed_in):
    said(world, world.xaver, 2)
    Order.objects.filter(account=world.calder).update(currency="KRW", placed_at=timezone.now())
    mona = signed_in(world.mona)

    for name in ("workspace:manager", "workspace:feedback"):
        words = mona.get(reverse(name)).content.decode()
        assert "1 account is left out: no exchange rate for KRW" in words


def test_who_may_be_lost(world):
    for weeks in range(6):  # Leeds ordered every week until five weeks ago
        order = delivered(world, world.lena, days_ago=35 + 7 * weeks).order
        Order.objects.filter(pk=order.pk).update(placed_at=world.now - timedelta(days=35 + 7 * weeks))
    said(world, world.anna, 3)
    said(world, world.xaver, 9)

    rows = at_risk(actor_for(world.mona.user), now=world.now)

    assert [(row.account, row.score, row.days_over, row.ordered) for row in rows] == [
        (world.leeds, None, 28, D(96)),
        (world.brightwater, 3, 0, D(16)),
    ]
    assert at_risk(actor_for(world.ruben.user), now=world.now) == []
