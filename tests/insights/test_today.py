from datetime import timedelta

import pytest

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.cases.services import open_case, propose_follow_up
from apps.feedback.services import answer, close_the_loop, plan_invitation
from apps.fulfilment.models import Shipment
from apps.insights.selectors import feedback_page, manager_page, timeline_of, today_for
from apps.ordering.models import Order, Quote
from apps.ordering.selectors import rhythms_of
from tests.feedback.deliveries import delivered
from tests.ordering.trade import place


def reasons(world, who, **later):
    found = today_for(actor_for(who.user), now=world.now + timedelta(**later))
    return {attention.account.name: [reason.kind for reason in attention.reasons] for attention in found}


def weekly(world, contact, *, until_days_ago) -> None:
    for week in range(8):
        order = delivered(world, contact, days_ago=until_days_ago + 7 * week).order
        Order.objects.filter(pk=order.pk).update(placed_at=world.now - timedelta(days=until_days_ago + 7 * week))


def test_a_quiet_day(world):
    assert reasons(world, world.rhea) == {}


def test_an_account_silent_beyond_its_own_rhythm(world):
    weekly(world, world.anna, until_days_ago=10)
    weekly(world, world.lena, until_days_ago=6)
    assert reasons(world, world.rhea) == {"Brightwater Facilities": ["rhythm"]}
    rhythm = rhythms_of([world.brightwater.pk], now=world.now)[world.brightwater.pk]
    assert (rhythm.usual_gap, rhythm.gaps, rhythm.days_over(world.today)) == (7, 7, 3)
    assert reasons(world, world.ruben) == {}


def everything(world) -> None:
    """One reason of each kind for Brightwater; Leeds is over its rhythm and wants a call."""
    weekly(world, world.lena, until_days_ago=30)
    unhappy = plan_invitation(delivered(world, world.anna).pk, now=world.now)
    given = answer(unhappy, score=2, channel="email", now=world.now)
    close_the_loop(given.pk, now=world.now)
    open_case(
        account_id=world.brightwater.pk,
        title="Invoice",
        cause="invoice",
        origin="portal",
        source_ref="p",
        now=world.now,
    )
    late = delivered(world, world.boris, days_ago=20)
    Shipment.objects.filter(pk=late.pk).update(status="shipped", overdue_at=world.now, promised_on=world.today)
    release = delivered(world, world.boris, days_ago=20).order
    Order.objects.filter(pk=release.pk).update(status="awaiting_release", placed_at=world.now)
    Quote.objects.create(number="QU-1", account=world.brightwater, currency="GBP", requested_at=world.now)
    for account in (world.brightwater, world.leeds):
        propose_follow_up(
            account_id=account.pk, kind="call", title="Ring", source_ref=account.name, due_on=world.today, now=world.now
        )


def test_every_reason_in_words_the_worst_first(world):
    everything(world)
    found = today_for(actor_for(world.rhea.user), now=world.now + timedelta(days=3))
    assert [attention.account for attention in found] == [world.brightwater, world.leeds]
    kinds = [reason.kind for reason in found[0].reasons]
    assert set(kinds) == {
        "detractor", "case_due", "delivery_late", "release", "quote_waiting", "follow_up",
    }  # fmt: skip
    assert [reason.kind for reason in found[1].reasons] == ["rhythm", "follow_up"]
    assert kinds[0] == "detractor"
    weights = [reason.weight for reason in found[0].reasons]
    assert weights == sorted(weights, reverse=True)
    assert all(reason.text for reason in found[0].reasons)
    assert "Quote QU-1 has waited for your prices for 3 days" in [reason.text for reason in found[0].reasons]


def test_each_desk_sees_its_own(world):
    everything(world)
    assert reasons(world, world.ruben) == {}
    assert set(reasons(world, world.sam)) == set(reasons(world, world.mona)) == {
        "Brightwater Facilities", "Brightwater Leeds",
    }  # fmt: skip


def test_as_many_queries_for_five_hundred_accounts_as_for_two(world, django_assert_num_queries):
    rhea = actor_for(world.rhea.user)
    everything(world)
    with django_assert_num_queries(11):
        today_for(rhea, now=world.now)
    many = Account.objects.bulk_create(
        Account(number=f"M-{n}", name=f"M {n}", rep=world.rhea, path="/") for n in range(500)
    )
    for account in many[:40]:
        open_case(
            account_id=account.pk, title="Late", cause="delivery", origin="staff", source_ref=account.number,
            now=world.now,
        )  # fmt: skip
    with django_assert_num_queries(11):
        found = today_for(rhea, now=world.now)
    assert len(found) == 42


def test_an_order_that_nobody_at_the_account_can_approve_needs_its_rep(world, signed_in):
    order = place(world, world.anna, (world.drill, 20))
    assert order.status == "awaiting_approval"
    rhea = actor_for(world.rhea.user)

    def held() -> list[str]:
        reasons = [reason for each in today_for(rhea, now=world.now) for reason in each.reasons]
        return [reason.subject for reason in reasons if reason.kind == "no_approver"]

    assert held() == [], "Boris may approve it"
    Contact.objects.filter(role__in=("approver", "administrator")).update(is_active=False)
    assert held() == [f"order:{order.number}"]
    page = signed_in(world.rhea).get("/workspace/").content.decode()
    assert f"Order {order.number} waits for an approval that nobody at the account can give" in page
    page = signed_in(world.rhea).get(f"/workspace/orders/{order.number}/").content.decode()
    assert "Nobody at Brightwater" in page
    Contact.objects.filter(pk=world.boris.pk).update(is_active=True)
    Order.objects.update(contact=world.boris)
    assert held() == [f"order:{order.number}"], "Boris does not approve what he has ordered himself"


def test_one_story_in_words(world, django_assert_num_queries):
    everything(world)
    rhea = actor_for(world.rhea.user)
    with django_assert_num_queries(1):
        story = timeline_of(rhea, world.brightwater)
    texts = [entry.text for entry in story]
    assert any("Anna gave 2 of 10" in text for text in texts)
    assert any(text.startswith("Case CA-") and "was opened" in text for text in texts)
    assert all(entry.at <= world.now and entry.icon for entry in story)
    assert timeline_of(rhea, world.brightwater, before=story[-1].at) == []


@pytest.mark.parametrize("who", ["rhea", "mona"])
def test_pages_of_what_customers_say(world, who):
    everything(world)
    actor, later = actor_for(getattr(world, who).user), world.now + timedelta(hours=1)
    page = feedback_page(actor, now=later)
    assert (page.now.n, page.now.detractors, page.change) == (1, 1, None)
    assert [answer.score for answer in page.answers] == [2]


def test_how_the_house_does(world, django_assert_max_num_queries):
    everything(world)
    late = delivered(world, world.xaver, days_ago=1, is_late=True)
    with django_assert_max_num_queries(24):
        page = manager_page(actor_for(world.mona.user), now=world.now + timedelta(hours=12))
    assert page.late == 1
    assert page.perfect == pytest.approx(1 - 1 / page.deliveries)
    assert (page.open_cases, page.overdue_cases) == (2, 2)
    assert dict(page.causes) == {"invoice": 1, "other": 1}
    assert page.at_risk_accounts == 1
    assert [row.name for row in page.reps] == ["Rhea", "Ruben"]
    assert late.account == world.calder
