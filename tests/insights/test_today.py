from datetime import timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.cases.services import open_case, propose_follow_up
from apps.core.formatting import about_money
from apps.feedback.services import answer, close_the_loop, plan_invitation
from apps.fulfilment.models import Shipment
from apps.insights.selectors import feedback_page, manager_page, timeline_of, today_for
from apps.ordering.models import Order, Quote
from apps.ordering.rules.rhythms import rhythm_of
from apps.ordering.selectors import rhythms_of
from apps.pricing.models import AccountTerms, Contract
from apps.recommendations.models import Dismissal, Pick, RegularSku
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
    same = rhythm_of((world.today - timedelta(days=10 + 7 * week) for week in range(8)), world.today)
    assert (rhythm.last_on, rhythm.days) == (same.last_on, same.days)
    assert (rhythm.recent_gaps, rhythm.recent_days) == pytest.approx((same.recent_gaps, same.recent_days))
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
    with django_assert_num_queries(19):
        today_for(rhea, now=world.now)
    many = Account.objects.bulk_create(
        Account(number=f"M-{n}", name=f"M {n}", rep=world.rhea, path="/") for n in range(500)
    )
    for account in many[:40]:
        open_case(
            account_id=account.pk, title="Late", cause="delivery", origin="staff", source_ref=account.number,
            now=world.now,
        )  # fmt: skip
    with django_assert_num_queries(19):
        found = today_for(rhea, now=world.now)
    assert len(found) == 42


def regular(world, account, product, *, days_over, gap=20) -> RegularSku:
    return RegularSku.objects.create(
        account=account, product=product, times_bought=4, gap_days=gap, usual_quantity=10,
        due_on=world.today - timedelta(days=days_over), last_on=world.today - timedelta(days=days_over + gap),
    )  # fmt: skip


def said(world, kind: str, who=None, **later) -> dict[str, str]:
    found = today_for(actor_for((who or world.rhea).user), now=world.now + timedelta(**later))
    return {one.account.number: each.text for one in found for each in one.reasons if each.kind == kind}


def test_regular_products_that_are_past_their_day(world):
    bought = place(world, world.anna, (world.gloves, 10)).lines.get()
    Order.objects.update(placed_at=world.now - timedelta(days=30))
    regular(world, world.brightwater, world.gloves, days_over=10)
    regular(world, world.brightwater, world.bolt, days_over=4)  # no more than a quarter of its rhythm
    regular(world, world.brightwater, world.oil, days_over=70)  # given up
    regular(world, world.leeds, world.gloves, days_over=10)
    Dismissal.objects.create(account=world.leeds, product=world.gloves, kind="never", said_at=world.now)
    regular(world, world.leeds, world.bolt, days_over=10)
    worth = about_money(10 * bought.unit_price, "GBP")
    assert said(world, "reorder_due") == {
        "AC-1": f"1 regular product is past its day, worth about {worth}",
        "AC-2": "1 regular product is past its day",
    }
    assert said(world, "reorder_due", world.ruben) == said(world, "reorder_due", world.mona) == {}


def test_an_offer_that_nobody_answers(world):
    offered = {"currency": "GBP", "status": "offered", "requested_at": world.now, "offered_at": world.now}
    lying = Quote.objects.create(
        number="QU-1", account=world.leeds, valid_until=world.today + timedelta(days=30), **offered
    )
    lying.lines.create(product=world.bolt, quantity=100, offered_price=Decimal("12.34"))
    Quote.objects.create(number="QU-2", account=world.brightwater, **offered)
    Quote.objects.filter(number="QU-2").update(valid_until=world.today + timedelta(days=5))
    runs_out = {"AC-1": "Our offer QU-2 over about £0 runs out on 9 Mar"}
    assert said(world, "quote_follow") == said(world, "quote_follow", hours=1) == runs_out
    assert said(world, "quote_follow", days=5) == runs_out, "Monday is the third working day"
    lies = "Our offer QU-1 over about £1,200 lies unanswered since 4 Mar"
    assert said(world, "quote_follow", days=6) == {"AC-2": lies}, "the other one ran out"
    Quote.objects.update(status="accepted")
    assert said(world, "quote_follow", days=6) == {}


@pytest.mark.parametrize(
    "exposure, text",
    [
        ("849", None),
        ("850", "Only £150 of the credit limit is left"),
        ("1000", "All of the credit limit is used: the next order will be held"),
    ],
)
def test_a_credit_limit_that_is_nearly_used(world, exposure, text):
    AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=1000, exposure=Decimal(exposure))
    assert said(world, "credit_near") == ({"AC-1": text} if text else {})
    assert said(world, "credit_near", world.ruben) == {}


def test_a_contract_that_ends_and_none_that_follows(world):
    Contract.objects.all().delete()
    ends = world.today + timedelta(days=60)
    ending = Contract.objects.create(
        number="C-1", name="Gloves", account=world.leeds, valid_from=world.today, valid_until=ends
    )
    assert said(world, "contract_ending") == {"AC-2": "Their contract “Gloves” ends on 3 May, and nothing follows it"}
    assert said(world, "contract_ending", days=61) == {}
    Contract.objects.create(number="C-2", name="Next", account=world.leeds, valid_from=ends)
    assert said(world, "contract_ending") == {}
    Contract.objects.filter(number="C-2").update(valid_until=ends + timedelta(days=1), currency="EUR")
    assert said(world, "contract_ending"), "that one is of other money"
    Contract.objects.filter(pk=ending.pk).update(valid_until=ends + timedelta(days=1))
    assert said(world, "contract_ending") == {}, "not yet"


def test_somebody_new_whom_nobody_has_greeted(world):
    invited = world.now - timedelta(days=3)
    Contact.objects.filter(pk__in=(world.anna.pk, world.lena.pk)).update(invited_at=invited)
    greet = "{} is new there since 1 Mar, and nobody has greeted them"
    assert said(world, "new_contact") == {"AC-1": greet.format("Anna"), "AC-2": greet.format("Lena")}
    assert said(world, "new_contact", days=28) == {}
    Pick.objects.create(account=world.leeds, product=world.bolt, picked_at=world.now)
    open_case(
        account_id=world.brightwater.pk, contact_id=world.anna.pk, title="Hello", cause="invoice", origin="portal",
        source_ref="hello", now=world.now,
    )  # fmt: skip
    assert said(world, "new_contact") == {}


def test_money_decides_among_equals_and_a_promise_before_money(world):
    """Leeds is a small account and has a late delivery; Brightwater is a large one that may be lost."""
    weekly(world, world.anna, until_days_ago=40)
    weekly(world, world.lena, until_days_ago=40)
    Order.objects.filter(account=world.brightwater).update(goods_net=5000)
    Order.objects.filter(account=world.leeds).update(goods_net=10)
    found = today_for(actor_for(world.rhea.user), now=world.now)
    assert [one.account for one in found] == [world.brightwater, world.leeds]
    assert found[0].at_stake > 100 * found[1].at_stake > 0
    assert found[0].stake.a_year == 8 * 5000 >= found[0].at_stake
    late = Shipment.objects.filter(account=world.leeds).first()
    Shipment.objects.filter(pk=late.pk).update(status="shipped", overdue_at=world.now, promised_on=world.today)
    assert [one.account for one in today_for(actor_for(world.rhea.user), now=world.now)] == [
        world.leeds, world.brightwater,
    ]  # fmt: skip


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
