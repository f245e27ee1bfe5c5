"""The house on one page: what failures cost, what was earned; and who never answers."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.core.scoping import SYSTEM
from apps.feedback.models import Invitation
from apps.fulfilment.models import LineFact, Shipment
from apps.fulfilment.services.facts import freeze_facts
from apps.insights import services
from apps.insights.models import FailureCost
from apps.insights.rules import EXPERIENCES, PRIOR, expectations, experience
from apps.insights.selectors import failure_costs, silence_of, summary_of
from apps.insights.selectors.account_sums import sums_of
from apps.insights.selectors.growth import growth_of
from apps.insights.selectors.summary import SUMMARY_KEPT_AS
from apps.invoicing.models import Invoice
from apps.ordering.models import Order
from tests.feedback.deliveries import delivered
from tests.insights.test_counting import said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(db):
    cache.delete(SUMMARY_KEPT_AS)


def bought(world, contact, days_ago, net):
    shipment = delivered(world, contact, days_ago=days_ago)
    Order.objects.filter(pk=shipment.order_id).update(goods_net=net)
    return shipment


def accounts(world, number) -> list[Contact]:
    made = [Account(number=f"AC-8{n:02}", name=f"Depot {n}", path="/", rep=world.rhea) for n in range(number)]
    return [
        Contact.objects.create(
            account=Account.objects.create(number=each.number, name=each.name, rep=each.rep), name="B"
        )
        for each in made
    ]


def test_what_a_failure_costs_is_reckoned_from_deliveries_and_orders(world):
    for buyer in accounts(world, 12):
        bought(world, buyer, 400, 10)  # the perfect one, then 100
        bought(world, buyer, 380, 100)
        late = bought(world, buyer, 200, 10)
        Shipment.objects.filter(pk=late.pk).update(is_late=True)
        bought(world, buyer, 150, 40)  # after the late one, 40

    assert services.reckon_effects(now=world.now) == 1

    (cost,) = failure_costs(actor_for(world.mona.user))
    assert (cost.cause, cost.deliveries, cost.matched, cost.own, cost.accounts) == ("late", 12, 12, 12, 12)
    assert cost.of_orders.value == -10  # 40, against 100 after the first and nothing after the second
    assert cost.a_year.value == 120
    assert failure_costs(actor_for(world.rhea.user)) == []


def test_reported_faults_count_and_money_without_a_rate_is_left_out(world):
    wrong = bought(world, world.anna, 150, 10)
    freeze_facts([wrong.pk], now=world.now)
    LineFact.objects.update(wrong=1)
    bought(world, world.xaver, 150, 10)
    Order.objects.filter(account=world.calder).update(currency="KRW")

    services.reckon_effects(now=world.now)
    services.reckon_effects(now=world.now)

    cost = FailureCost.objects.get()
    assert (cost.cause, cost.accounts, cost.left_out, cost.left_out_currencies) == ("wrong", 0, 1, ["KRW"])
    assert (cost.of_orders, cost.of_ordering_again, cost.a_year) == (None, None, None)


def test_the_dearest_shown_cause_comes_first(world):
    common = {
        "deliveries": 10, "matched": 10, "own": 10, "accounts": 10, "currency": "GBP", "reckoned_at": world.now,
        "since_on": world.today - timedelta(365), "until_on": world.today,
    }  # fmt: skip
    for cause, net in (("late", (-5, -9, -1)), ("short", (-90, -200, 20)), ("damaged", (-7, -9, -5)), ("wrong", None)):
        ends = dict(zip(("net", "net_low", "net_high"), net or (None,) * 3, strict=True))
        FailureCost.objects.create(cause=cause, **ends, **common)
    assert [cost.cause for cost in failure_costs(SYSTEM)] == []
    assert [cost.cause for cost in failure_costs(actor_for(world.mona.user))] == ["damaged", "late", "short", "wrong"]


def billed(world, contact, days_ago, net, *, kind="invoice", currency="GBP") -> None:
    on = world.today - timedelta(days_ago)
    Invoice.objects.create(
        number=f"IN-9{Invoice.objects.count():03}", kind=kind, account=contact.account, issued_on=on, due_on=on,
        currency=currency, net=net, tax=0, gross=net,
    )  # fmt: skip


def grown_of(actor, now):
    return growth_of(actor, sums_of(actor, now=now), now=now)


@pytest.mark.parametrize("kept", [False, True])
def test_growth_of_two_years_in_one_currency(kept, world, django_assert_num_queries):
    billed(world, world.anna, 710, 10)
    billed(world, world.anna, 500, 100)
    billed(world, world.anna, 100, 100)
    billed(world, world.anna, 20, -10, kind="credit_note")
    billed(world, world.lena, 100, 30)
    billed(world, world.xaver, 100, 1000, currency="KRW")
    if kept:
        services.slide_account_sums(now=world.now)
    mona = actor_for(world.mona.user)
    with django_assert_num_queries(2):
        grown = grown_of(mona, world.now)
    assert (grown.growth.before, grown.growth.kept, grown.growth.new, grown.growth.new_accounts) == (110, 90, 30, 1)
    assert (grown.left_out.accounts, grown.left_out.currencies) == (1, ("KRW",))
    assert grown_of(actor_for(world.ruben.user), world.now).growth is None


def test_growth_counts_an_account_by_its_invoices_and_money_by_the_day_it_was_issued(world):
    first, second, third = accounts(world, 3)
    billed(world, first, 1000, 70)
    billed(world, first, 100, 15)  # won back: nothing the year before
    billed(world, second, 729, 100)
    billed(world, second, 364, -40, kind="credit_note")  # lost, and credited in this year
    billed(world, third, 365, 60)
    billed(world, third, 364, 50)
    found = grown_of(SYSTEM, world.now).growth
    assert (found.before, found.kept, found.won_back, found.new) == (160, 10, 15, 0)
    assert (found.kept_accounts, found.lost_accounts, found.new_accounts) == (1, 1, 0)
    assert found.retention == found.most + 1 == pytest.approx(10 / 160)


def test_the_page_says_what_is_not_known(world, signed_in):
    said(world, world.anna, 3, timezone.now())
    page = signed_in(world.mona).get(reverse("workspace:summary")).content.decode()
    assert "Nothing was invoiced yet" in page
    assert "Nothing to compare yet" in page
    assert "Too few answers for a score" in page


def test_growth_is_told_as_the_range_that_is_known(world, signed_in):
    days = (timezone.now().date() - world.today).days
    for contact, days_ago, net in ((world.anna, 900, 100), (world.anna, 500, 100), (world.lena, 100, 30)):
        billed(world, contact, days_ago - days, net)
    page = signed_in(world.mona).get(reverse("workspace:summary")).content.decode()
    assert "How new accounts came is not recorded" in page and "Invoiced, net" in page


def test_the_page_costs_the_same_however_large_the_house(world, signed_in):
    mona = signed_in(world.mona)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert mona.get(reverse("workspace:summary")).status_code == 200
        return len(asked)

    said(world, world.anna, 2, timezone.now())
    count()
    few = count()
    for buyer in accounts(world, 5):
        said(world, buyer, 2, timezone.now())
    services.count_missed()
    assert count() == few <= 22


def test_a_summary_that_takes_long_is_kept(world, monkeypatch):
    monkeypatch.setattr(services.house, "PATIENCE", 0)
    services.keep_house_figures(now=world.now)
    said(world, world.anna, 9)
    mona = actor_for(world.mona.user)
    assert summary_of(mona, now=world.now + timedelta(minutes=9)).deliveries == 0
    assert summary_of(mona, now=world.now + timedelta(minutes=11)).deliveries == 1


@pytest.mark.parametrize(
    "deliveries, failed, kind",
    [(0, 0, "no_delivery"), (9, 0, "none"), (10, 2, "some"), (10, 3, "many"), (1, 1, "many")],
)
def test_experience(deliveries, failed, kind):
    assert experience(deliveries, failed) == kind


def test_expectation_by_hand():
    found = expectations([("none", 60, 40), ("many", 10, -8), ("some", 9, 9)])
    mean = 41 / 79
    assert found["none"].expected == pytest.approx(100 * (40 + PRIOR * mean) / 80)
    assert (found["many"].given, found["many"].n) == (-80, 10)
    assert found["many"].expected == pytest.approx(100 * (-8 + PRIOR * mean) / 30)
    assert (found["some"].n, found["some"].expected) == (9, None)
    assert tuple(found) == EXPERIENCES and expectations([])["none"].expected is None


def asked_in_vain(world, contact, at):
    shipment = delivered(world, contact, at=at - timedelta(days=2), is_late=True)
    Invitation.objects.create(
        programme=world.programme, shipment=shipment, account=contact.account, contact=contact, state="expired",
        decided_at=at, sent_at=at,
    )  # fmt: skip


def test_who_orders_and_says_nothing_with_what_is_expected(world):
    for _ in range(12):
        said(world, world.anna, 9, world.now - timedelta(days=30))
    services.count_missed()
    asked_in_vain(world, world.xaver, world.now - timedelta(days=5))
    asked_in_vain(world, world.lena, world.now - timedelta(days=5))
    Order.objects.filter(account=world.leeds).update(goods_net=D(500))

    found = silence_of(actor_for(world.mona.user), now=world.now)

    assert [(row.account, row.asked, row.contacts, row.deliveries, row.failed) for row in found.rows] == [
        (world.leeds, 1, 1, 1, 1), (world.calder, 1, 1, 1, 1),
    ]  # fmt: skip
    assert found.rows[0].expected.expected is None and found.table[0].expected == pytest.approx(100)
    assert found.weighted.coverage.accounts == pytest.approx(1 / 3)
    buyers = next(role for role in found.roles if role.role == "buyer")
    assert (buyers.asked, buyers.answered) == (2, 1)
    mine = silence_of(actor_for(world.ruben.user), now=world.now)
    assert ([row.account for row in mine.rows], mine.total) == ([world.calder], 1)


def test_the_list_of_the_silent_costs_the_same_however_long(world, signed_in):
    rhea, now = signed_in(world.rhea), timezone.now()

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert rhea.get(reverse("workspace:silence")).status_code == 200
        return len(asked)

    asked_in_vain(world, world.lena, now)
    count()
    few = count()
    for buyer in accounts(world, 5):
        asked_in_vain(world, buyer, now)
    assert count() == few <= 22
