"""What customers need and we lack: heard once, sized with its reckoning said, owned, and met by what sells."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.cases.models import Case, Return, SourcingRequest
from apps.catalogue.models import MissedSearch
from apps.core.models import Event
from apps.insights.errors import NeedNotFound, NeedRefused
from apps.insights.models import Need, NeedKey, NeedMention
from apps.insights.selectors import Asked, need_for, needs_of
from apps.insights.services import gather_needs, merge_needs, settle_need
from apps.ordering.models import Order, OrderLine, Quote
from apps.ordering.services import decline_quote, withdraw_offer
from apps.pricing.models import PriceMatch
from apps.pricing.services import decline_match
from tests.workspace.desk import look, press, words


def missed(world, account, text, *, days_ago=1, category=None):
    day = world.today - timedelta(days=days_ago)
    return MissedSearch.objects.create(account=account, text=text, day_on=day, category=category)


def sourced(world, account, text, **fields):
    at = world.now - timedelta(days=2)
    n = Case.objects.count() + 1
    case = Case.objects.create(
        number=f"CA-9{n}", account=account, origin="portal", source_ref=f"portal:9{n}", title="Find it", opened_at=at,
        acknowledge_by=at, answer_by=at, resolve_by=at,
    )  # fmt: skip
    return SourcingRequest.objects.create(case=case, text=text, **fields)


def quoted(world, account, product, quantity, price, status="offered", **fields):
    quote = Quote.objects.create(
        number=f"QU-9{Quote.objects.count()}", account=account, currency=fields.pop("currency", "GBP"), status=status,
        requested_at=world.now - timedelta(days=9), round=1, **fields,
    )  # fmt: skip
    quote.lines.create(product=product, quantity=quantity, offered_price=price)
    return quote


def ordered(world, account, product, net, *, days_ago=5, currency="GBP"):
    n = Order.objects.count() + 1
    at = world.now - timedelta(days=days_ago)
    order = Order.objects.create(
        number=f"SO-9{n}", account=account, currency=currency, placed_at=at, status="confirmed", goods_net=net,
        gross=net,
    )  # fmt: skip
    return OrderLine.objects.create(
        order=order, position=1, product=product, sku=product.sku, name=product.name, quantity=1, unit_price=net,
        price_source="list", net=net,
    )  # fmt: skip


def found(world, who="mona", **asked):
    since = world.today - timedelta(days=365)
    return needs_of(actor_for(getattr(world, who).user), Asked(since=since, **asked))


def settle(client, need, said):
    return client.post(reverse("workspace:need", args=[need.pk]), said)


def names(needs):
    return [row.need.name for row in needs.rows]


def test_each_source_tells_once_however_often_it_is_gathered(world):
    missed(world, world.brightwater, "titanium flange", category=world.bolts)
    sourced(world, world.calder, "Flange, titanium")
    decline_quote(
        actor_for(world.anna.user), quoted(world, world.brightwater, world.oil, 10, "30.00"), reason="Too dear",
        now=world.now,
    )  # fmt: skip
    match = PriceMatch.objects.create(
        account=world.calder, product=world.oil, quantity=4, competitor="Elsewhere", currency="GBP",
        competitor_price="25", key="k", asked_at=world.now,
    )  # fmt: skip
    decline_match(actor_for(world.ruben.user), match, reason="Below cost", now=world.now)

    assert gather_needs(now=world.now) == 4
    assert gather_needs(now=world.now) == 0

    needs = found(world)
    assert names(needs) == ["Hydraulic oil 5 litres", "titanium flange"]
    oil, flange = needs.rows
    assert oil.size.by_basis == {"quoted": 300, "elsewhere": 100}
    assert oil.sources == {"quote": 1, "price_match": 1}
    assert (oil.accounts, oil.segments) == (2, ("engineering", "facilities"))
    assert flange.sources == {"search": 1, "sourcing": 1}
    assert (flange.need.category, flange.size.amount, flange.size.unsized) == (world.bolts, 0, 2)
    assert set(NeedMention.objects.values_list("said", flat=True)) >= {"Too dear", "Below cost"}


def test_a_search_is_heard_once_its_day_is_over(world):
    missed(world, world.brightwater, "titanium flange", days_ago=0)
    assert gather_needs(now=world.now) == 0
    assert gather_needs(now=world.now + timedelta(days=1)) == 1


def test_a_search_is_worth_the_usual_order_line_of_its_account(world):
    for net in (10, 40, 900):
        ordered(world, world.brightwater, world.gloves, net)
    missed(world, world.brightwater, "titanium flange")
    missed(world, world.brightwater, "titanium flange", days_ago=3)
    gather_needs(now=world.now)
    (row,) = found(world).rows
    assert row.size.by_basis == {"usual": 40}
    assert row.sources == {"search": 2}


def test_what_is_to_be_replaced_gives_a_request_its_price(world):
    sourced(world, world.brightwater, "Thinner gloves", product=world.gloves, quantity=10)
    gather_needs(now=world.now)
    (row,) = found(world).rows
    assert row.size.by_basis == {"replaced": Decimal("79.00")}
    assert row.need.category == world.safety


def test_what_the_rep_had_no_offer_for_is_lost_and_what_the_buyer_took_back_is_not(world):
    ours = quoted(world, world.brightwater, world.oil, 1, None, status="requested")
    theirs = quoted(world, world.brightwater, world.drill, 1, None, status="requested")
    withdraw_offer(actor_for(world.rhea.user), ours, reason="No supplier", now=world.now)
    decline_quote(actor_for(world.anna.user), theirs, now=world.now)
    gather_needs(now=world.now)
    assert names(found(world)) == [world.oil.name]


def test_what_came_back_because_it_did_not_do_is_told_and_what_was_damaged_on_the_way_is_not(world):
    bought = ordered(world, world.brightwater, world.drill, 189)
    late = ordered(world, world.brightwater, world.oil, 30)
    for n, (line, reason) in enumerate(((bought, "faulty"), (late, "damaged"))):
        back = Return.objects.create(
            number=f"RMA-9{n}", account=world.brightwater, order=line.order, currency="GBP", key="1",
            requested_at=world.now, status="received", note="Stalls under load",
        )  # fmt: skip
        back.lines.create(
            order_line=line, reason=reason, quantity=1, approved_quantity=1, received_quantity=1, fee_percent=0,
            until=world.today,
        )  # fmt: skip
    gather_needs(now=world.now)
    (row,) = found(world).rows
    assert (row.need.name, row.size.by_basis) == (world.drill.name, {"returned": 189})


def test_a_currency_without_a_rate_is_not_added_up(world):
    quoted(world, world.brightwater, world.oil, 10, "30.00", status="expired", currency="EUR")
    gather_needs(now=world.now)
    (row,) = found(world).rows
    assert (row.size.by_basis, row.size.unsized) == ({}, 1)


def test_a_rep_reads_the_needs_of_their_own_accounts_and_what_they_are_worth_there(world):
    missed(world, world.brightwater, "titanium flange")
    quoted(world, world.calder, world.oil, 10, "30.00", status="expired")
    quoted(world, world.leeds, world.oil, 1, "30.00", status="expired")
    gather_needs(now=world.now)
    assert [(row.need.name, row.size.amount) for row in found(world, "rhea").rows] == [
        ("Hydraulic oil 5 litres", 30),
        ("titanium flange", 0),
    ]
    assert [row.size.amount for row in found(world, "ruben").rows] == [300]
    with pytest.raises(NeedNotFound):
        need_for(actor_for(world.ruben.user), Need.objects.get(name="titanium flange").pk)


def test_by_category_and_segment(world):
    quoted(world, world.brightwater, world.oil, 1, "30.00", status="expired")
    quoted(world, world.calder, world.oil, 1, "50.00", status="expired")
    missed(world, world.calder, "titanium flange")
    gather_needs(now=world.now)
    needs = found(world)
    assert [(g.name, g.needs, g.accounts, g.amount) for g in needs.by_category] == [
        ("Lubricants", 1, 2, 80),
        ("", 1, 1, 0),
    ]
    assert [(g.name, g.needs, g.amount) for g in needs.by_segment] == [("engineering", 2, 50), ("facilities", 1, 30)]
    assert names(found(world, segment="engineering", text="flange")) == ["titanium flange"]
    assert names(found(world, category_id=world.oil.category_id)) == [world.oil.name]


def test_a_met_need_says_what_its_product_has_sold_since(world):
    missed(world, world.brightwater, "thin gloves")
    gather_needs(now=world.now)
    need = Need.objects.get()
    ordered(world, world.brightwater, world.gloves, 100, days_ago=5)
    mona = actor_for(world.mona.user)
    settle_need(mona, need, name="Thin gloves", owner_id=world.rhea.pk, state="in_range", product=world.gloves,
                now=world.now)  # fmt: skip
    ordered(world, world.calder, world.gloves, 70, days_ago=0)
    ordered(world, world.calder, world.gloves, 30, days_ago=-1)
    (row,) = found(world, state="in_range").rows
    assert (row.sold.net, row.sold.orders) == (100, 2)
    assert (row.need.category, row.need.met_on) == (world.safety, world.today)
    settle_need(mona, need, name="Thin gloves", owner_id=None, state="in_range", product=world.gloves,
                now=world.now + timedelta(days=30))  # fmt: skip
    need.refresh_from_db()
    assert need.met_on == world.today
    assert Event.objects.filter(name="need.settled").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "in_range"}, "product"),
        ({"state": "not_for_us"}, "reason"),
        ({"name": " "}, "name"),
        ({"owner_id": 10_000_000}, "owner"),
    ],
)
def test_an_outcome_is_refused_in_words(said, field, world):
    missed(world, world.brightwater, "thin gloves")
    gather_needs(now=world.now)
    told = {"name": "x", "owner_id": None, "state": "open", "now": world.now} | said
    with pytest.raises(NeedRefused) as refused:
        settle_need(actor_for(world.mona.user), Need.objects.get(), **told)
    assert field in refused.value.fields
    assert Need.objects.get().name == "thin gloves"


def test_the_database_keeps_no_outcome_without_its_reason(world):
    for wrong in ({"state": "not_for_us"}, {"state": "in_range"}, {"met_on": world.today}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.create(name="x", first_on=world.today, **wrong)


def test_two_that_are_the_same_become_one_now_and_from_now_on(world):
    missed(world, world.brightwater, "thin gloves")
    missed(world, world.calder, "gloves, very thin", days_ago=4)
    gather_needs(now=world.now)
    into, same = Need.objects.get(name="thin gloves"), Need.objects.get(name="gloves, very thin")
    mona = actor_for(world.mona.user)
    merge_needs(mona, into, same.pk, now=world.now)
    missed(world, world.leeds, "very thin gloves", days_ago=2)
    gather_needs(now=world.now)
    (row,) = found(world).rows
    assert (row.accounts, row.need.first_on) == (3, world.today - timedelta(days=4))
    assert NeedKey.objects.filter(need=into).count() == 2
    with pytest.raises(NeedRefused):
        merge_needs(mona, into, into.pk, now=world.now)
    with pytest.raises(NeedNotFound):
        merge_needs(mona, into, same.pk, now=world.now)


def test_the_page_is_worked_from(world, signed_in):
    quoted(world, world.brightwater, world.oil, 10, "30.00", status="expired")
    missed(world, world.brightwater, "hydraulic fluid")
    missed(world, world.brightwater, "hydraulic fluid food grade")
    gather_needs(now=world.now)
    need = Need.objects.get(name="hydraulic fluid")
    mona = signed_in(world.mona)
    page = words(mona, "needs")
    assert "hydraulic fluid" in page
    assert "quoted and lost" in page
    page = words(mona, "need", need.pk)
    assert "hydraulic fluid food grade" in page
    said = {"name": "Hydraulic fluid", "owner": world.rhea.pk, "state": "in_range", "product": "no-such", "reason": ""}
    answer = settle(mona, need, said)
    assert answer.status_code == 422
    assert "must be on sale" in answer.content.decode()
    assert settle(mona, need, said | {"product": world.oil.sku}).status_code == 302
    other = Need.objects.get(name="hydraulic fluid food grade")
    assert press(mona, "merge_need", need.pk, same=other.pk).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.owner, need.product) == ("in_range", world.rhea, world.oil)
    assert "nothing sold since" in words(mona, "needs", status="in_range")


def test_who_owns_it_settles_it_and_no_other_rep(world, signed_in):
    missed(world, world.brightwater, "thin gloves")
    gather_needs(now=world.now)
    need = Need.objects.get()
    rhea = signed_in(world.rhea)
    said = {"name": "Thin gloves", "owner": "", "state": "looked_into", "product": "", "reason": ""}
    assert "Keep it" not in words(rhea, "need", need.pk)
    assert settle(rhea, need, said).status_code == 403
    Need.objects.update(owner=world.rhea)
    assert "Keep it" in words(rhea, "need", need.pk)
    assert settle(rhea, need, said).status_code == 302
    assert look(signed_in(world.ruben), "need", need.pk).status_code == 404


def test_the_export_holds_all_of_them_and_no_formula(world, signed_in):
    quoted(world, world.brightwater, world.oil, 10, "30.00", status="expired")
    missed(world, world.brightwater, "=1+1 flange")
    gather_needs(now=world.now)
    answer = signed_in(world.mona).get(reverse("workspace:export_needs"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Need"], row["Worth"], row["By"]) for row in rows] == [
        ("Hydraulic oil 5 litres", "300.00", "quoted and lost: 300.00"),
        ("'=1+1 flange", "0", ""),
    ]


def test_the_page_costs_the_same_for_any_number(world, signed_in):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert look(signed_in(world.mona), "needs").status_code == 200
        return len(asked)

    missed(world, world.brightwater, "thin gloves")
    gather_needs(now=world.now)
    cost()
    few = cost()
    for n in range(30):
        account = Account.objects.create(number=f"AC-6{n:02}", name=f"Depot {n}", rep=world.rhea, segment=f"s{n}")
        missed(world, account, f"flange {n}")
    with CaptureQueriesContext(connection) as asked:
        gather_needs(now=world.now)
    assert len(asked) < 60
    assert cost() == few <= 20
