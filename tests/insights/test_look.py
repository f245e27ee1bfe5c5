"""An account in one look."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.cases.models import Case
from apps.fulfilment.models import DeliveryFact, LineFact
from apps.fulfilment.services.facts import freeze_missing
from apps.insights.rules.health import WEIGHTS, cases_share, growth_share, health_of
from apps.insights.selectors.look import look_of
from apps.ordering.models import Order
from apps.pricing.models import ProductCost
from tests.feedback.deliveries import delivered
from tests.ordering.trade import place
from tests.workspace.desk import case_of, look, words

ALL = dict.fromkeys(WEIGHTS, 1.0)


@pytest.mark.parametrize(
    "shares, score, tone",
    [
        ({}, None, ""),
        ({"rhythm": 0.9, "cases": 1.0}, None, ""),  # one order and no case: neither well nor ill
        (ALL, 100, "ok"),
        (dict.fromkeys(WEIGHTS, 0.0), 0, "bad"),
        (ALL | {"rhythm": 0.0}, 75, "ok"),
        (ALL | {"rhythm": 0.0, "service": 0.0}, 55, "warn"),
        ({"rhythm": 1.0, "growth": 9.0, "cases": -3.0}, 80, "ok"),  # shares end at 0 and 1: (25 + 15) of 50
    ],
)
def test_the_score_of_what_is_known(shares, score, tone):
    health = health_of(shares)
    assert (health.score, health.tone) == (score, tone)
    assert [part.name for part in health.parts] == list(WEIGHTS)
    assert all((part.score is None) == (shares.get(part.name) is None) for part in health.parts)


def test_shares_of_growth_and_of_cases():
    assert [growth_share(this, 100) for this in (50, 100, 150)] == [0, 0.5, 1]
    assert growth_share(100, 0) is None
    assert [cases_share(*many) for many in ((0, 0), (1, 0), (2, 1), (9, 9))] == pytest.approx([1, 0.8, 0.4, -2.6])


@pytest.fixture
def lively(world):
    """Brightwater has bought gloves and bolts and waits for more; six others of its segment bought bolts for 500."""
    for days in (200, 100, 30):
        delivered(world, world.anna, days_ago=days)
    freeze_missing(since=world.today - timedelta(days=300), now=world.now)
    Order.objects.update(placed_at=world.now - timedelta(days=30))
    waiting = place(world, world.boris, (world.bolt, 10))
    for n in range(6):
        other = Account.objects.create(number=f"L-{n}", name=f"Like it {n}", segment="facilities", rep=world.ruben)
        order = Order.objects.create(
            number=f"L-{n}", account=other, currency="GBP", placed_at=world.now - timedelta(days=9), status="delivered",
            goods_net=500,
        )  # fmt: skip
        order.lines.create(
            position=1, product=world.bolt, sku="b", name="Bolt", quantity=100, unit_price=5, net=500,
            price_source="list",
        )  # fmt: skip
    return waiting


def look_at(world, account=None, who=None, margins=True):
    actor = actor_for((who or world.rhea).user)
    return look_of(actor, account or world.brightwater, now=world.now + timedelta(hours=1), margins=margins)


def test_what_it_is_made_of(world, lively):
    case_of(world.brightwater, world.anna, now=world.now)
    Case.objects.update(answer_by=world.now)
    found = look_at(world)
    known = {part.name: part.score for part in found.health.parts}
    assert known["cases"] == 60 and known["service"] == 100 and known["rhythm"] > 0
    assert known["growth"] is None and known["voice"] is None
    assert found.facts.open_cases == found.facts.overdue_cases == 1
    assert found.facts.otif.lines == 3
    assert found.health.score is not None


def test_the_share_of_what_accounts_like_it_buy(world, lively):
    wallet = look_at(world).wallet
    assert wallet.alike == 6
    shares = {share.category.pk: share for share in wallet.shares}
    bolts = shares[int(world.bolt.category.path.split("/")[1])]
    assert bolts.usual == 500 and bolts.own > 0
    assert bolts.share == pytest.approx(float(bolts.own) / 500)
    gaps = [share.own - share.usual for share in wallet.shares]
    assert gaps == sorted(gaps)
    Order.objects.filter(number__in=("L-0", "L-1")).update(status="cancelled")
    assert look_at(world).wallet.shares == (), "four are too few to say what is usual"


def test_what_is_left_of_the_list_and_above_cost(world, lively):
    ProductCost.objects.all().delete()
    ProductCost.objects.create(product=world.bolt, unit_cost=Decimal("0.01"), valid_from=world.today)
    line = lively.lines.get()
    Order.objects.exclude(pk=lively.pk).filter(account=world.brightwater).update(status="cancelled")
    (found,) = look_at(world).realised
    assert found.net == line.net and found.before is None
    assert found.share == found.lately == pytest.approx(float(line.net / found.at_list))
    assert found.room == line.net - line.quantity * Decimal("0.01")
    assert look_at(world, margins=False).realised[0].room is None


def test_its_companies_with_figures_only_of_those_one_looks_after(world, lively):
    tree = look_at(world, world.leeds).tree
    assert [(one.account, one.depth, one.is_seen) for one in tree] == [
        (world.brightwater, 0, True), (world.leeds, 1, True),
    ]  # fmt: skip
    assert tree[0].a_year > 0 == tree[1].a_year
    Account.objects.filter(pk=world.brightwater.pk).update(rep=world.ruben)
    hidden = look_at(world, world.leeds).tree[0]
    assert (hidden.is_seen, hidden.a_year, hidden.owed) == (False, None, ())
    assert look_at(world, world.calder, who=world.ruben).tree == ()


def test_goods_that_are_held_for_an_open_order(world, lively):
    (promised,) = look_at(world).promised
    assert promised.line.order == lively
    assert sum(quantity for quantity, _source, _on in promised.lots) == lively.lines.get().quantity


def test_as_many_queries_for_much_as_for_little(world, lively, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        look_at(world)


def test_the_page_says_why_and_a_new_account_is_neither_well_nor_ill(world, lively, signed_in):
    lately = timezone.now() - timedelta(days=9)
    Order.objects.update(placed_at=lately)
    DeliveryFact.objects.update(delivered_on=lately.date())
    LineFact.objects.update(first_promised_on=lately.date())
    page = words(signed_in(world.rhea), "look", "AC-1")
    assert "Health " in page and "3 of 3 lines on time and in full within a year" in page
    assert "Share of what accounts like it buy" in page and "Room above cost" in page
    assert "Room above cost" not in words(signed_in(world.sam), "look", "AC-1")
    assert "Too little is known for a health score." in words(signed_in(world.rhea), "look", "AC-2")
    fragment = signed_in(world.rhea).get("/workspace/accounts/AC-1/look/", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode() and 'id="health"' in fragment.content.decode()
    assert look(signed_in(world.ruben), "look", "AC-1").status_code == 404
